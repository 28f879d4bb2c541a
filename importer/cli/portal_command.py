"""`b24-import portal`: who we are there, limits, fields, directories and users."""

from __future__ import annotations

from collections.abc import Iterator

import click

from importer.access import Seen, look_at_portal
from importer.batcher.progress import Progress
from importer.cli import options, signals
from importer.cli.one_object import print_object
from importer.cli.progress import shown
from importer.cli.run_command import job_of
from importer.pacing.plans import PLANS, VIBECODE
from importer.portals.describe import Description
from importer.records import PortalField
from importer.report.commands import DEFAULT_JOURNAL

_MOST_CHOICES = 12


class _WithLogin(click.Group):
    """`portal` alone, or `portal login`, whose module is loaded when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return ["login"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name != "login":
            return None
        from importer.cli.portal_login import command as login

        return login


@click.group("portal", cls=_WithLogin, invoke_without_command=True, short_help="Who we are in the portal, its fields, statuses and users.")
@options.connection_options
@options.json_option
@click.pass_context
def command(context: click.Context, is_json: bool, **given) -> int:
    """What the portal says of itself and of us; changes nothing there. `portal login` authorises an OAuth application."""
    if context.invoked_subcommand is not None:
        return 0
    job = job_of({**given, "journal": DEFAULT_JOURNAL, "report_dir": None, "is_yes": False})
    progress = Progress("asking")
    with shown(progress, options.Saying()):
        seen = signals.run(look_at_portal(job.environment, job.to, job.limits, progress))
    if is_json:
        print_object(_object(seen))
    else:
        click.echo("\n".join(_lines(seen)))
    return 0


def _lines(seen: Seen) -> Iterator[str]:
    description = seen.description
    who, catalogue = description.identity, description.catalogue
    yield f"{seen.display}"
    yield f"  user {who.user_id}, {who.name or 'without a name'}{', administrator' if who.is_admin else ''}"
    if description.scopes:
        yield f"  scopes: {', '.join(description.scopes)}"
    for note in description.notes:
        yield f"  note: {note}"
    yield ""
    if seen.plan is VIBECODE:
        yield f"Limits: {seen.plan.capacity} requests a minute with this key, 50 calls a batch; the portal behind it takes what it can."
    else:
        yield "Limits, by plan (the portal does not say which it has; --plan does):"
        for plan in PLANS.values():
            yield f"  {plan.name}: {plan.leak_per_s:g} requests/s over a bucket of {plan.capacity}, 50 commands a batch, 60 s a request"
    for method, used_s in sorted(seen.operating_s.items()):
        yield f"  {method}: {used_s:.2f} s of operating time used in the last ten minutes, of some {PLANS['standard'].operating_limit_s:g}"
    yield ""
    yield f"Contact fields ({len(catalogue.fields)}):"
    for field in catalogue.fields.values():
        yield f"  {field.name:<28} {_kind(field):<22} {field.label if field.label != field.name else ''}".rstrip()
        if field.items:
            yield f"      {_choices([f'{item.text} ({item.id})' for item in field.items])}"
    for directory, entries in catalogue.statuses.items():
        yield ""
        yield f"{directory}:"
        for item in entries:
            yield f"  {item.id:<20} {item.text}"
    yield ""
    yield f"Users ({len(catalogue.users)}):"
    for user in catalogue.users:
        name = f"{user.name} {user.last_name}".strip()
        yield f"  {user.id:>6}  {name:<30} {user.email:<32} {'' if user.is_active else 'dismissed'}".rstrip()


def _kind(field: PortalField) -> str:
    marks = [field.type + ("[]" if field.is_multiple else "")]
    marks += [word for word, is_so in (("required", field.is_required), ("read-only", field.is_read_only)) if is_so]
    return " ".join(marks)


def _choices(texts: list[str]) -> str:
    shown = ", ".join(texts[:_MOST_CHOICES])
    return shown + (f" and {len(texts) - _MOST_CHOICES} more" if len(texts) > _MOST_CHOICES else "")


def _object(seen: Seen) -> dict[str, object]:
    description: Description = seen.description
    who, catalogue = description.identity, description.catalogue
    return {
        "portal": seen.display,
        "user": {"id": who.user_id, "name": who.name, "is_admin": who.is_admin},
        "scopes": list(description.scopes),
        "operating_s": seen.operating_s,
        "fields": {
            f.name: {
                "type": f.type, "label": f.label, "required": f.is_required, "read_only": f.is_read_only, "multiple": f.is_multiple,
                "status_type": f.status_type, "items": [{"id": i.id, "text": i.text} for i in f.items],
            }
            for f in catalogue.fields.values()
        },
        "statuses": {name: [{"id": i.id, "text": i.text} for i in entries] for name, entries in catalogue.statuses.items()},
        "users": [
            {"id": u.id, "name": u.name, "last_name": u.last_name, "second_name": u.second_name, "email": u.email, "is_active": u.is_active}
            for u in catalogue.users
        ],
        "notes": description.notes,
    }  # fmt: skip
