"""`b24-import check`: its arguments and its printing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from functools import partial
from pathlib import Path

import click

from importer.access import Access, open_access, unreachable
from importer.batcher.progress import Progress
from importer.check import Checked, check_file
from importer.cli import options, signals
from importer.cli.inbox_mode import files_named
from importer.cli.logs import start_logging
from importer.cli.one_object import print_object
from importer.cli.progress import shown
from importer.cli.run_command import job_of, report_folders
from importer.cli.signals import interrupted
from importer.company_links import CompanyLinks, Note, open_company_links
from importer.errors import ImporterError, Interrupted, PortalStopped, UsageError
from importer.findings import Findings, Group, skipped_lines
from importer.job import Job
from importer.journal.history import History
from importer.journal.memory import Known
from importer.mapping.contact_fields import offline_catalogue
from importer.mapping.mapping_file import LoadedMapping, read_mapping, with_its_faults
from importer.matching import Matching, open_matching
from importer.mending import NOTHING_EARLIER, Earlier
from importer.pacing.plans import VIBECODE, Plan
from importer.portals.connection import lacks_anywhere
from importer.portals.portal import Failure
from importer.preparing import Preparation, source_folder
from importer.records import Catalogue
from importer.report.checking import PROBLEMS, REJECTS, CheckReport
from importer.report.wording import counted, duration

# After one of these the next file would end the same way.
_ENDS_ALL = (Interrupted, PortalStopped)

# New companies, and entries of a list, that are named on the terminal; all of them are in `--json`.
_NAMED = 8


@click.command("check", short_help="Read, map and validate files; write nothing.")
@options.files_argument
@options.planning_options
@click.option("--offline", "is_offline", is_flag=True, help="Ask no portal: its custom fields and lists stay unchecked.")
@options.journal_option
@options.report_dir_option
@options.connection_options
@options.saying_options
def command(files: tuple[Path, ...], is_offline: bool, **given) -> int:
    """Read, map, validate and look up each FILE as `run` would; print the plan and every problem; write nothing to the portal.

    With --report-dir all problems are in check-problems.csv there, and the rows that would be rejected in check-rejects.csv:
    mended, it imports with the same mapping.
    """
    saying = options.saying(given)
    named = files_named(files)
    objects: list[dict[str, object]] = []
    codes: list[int] = []
    # What is wrong with the command line or the mapping would be for every file.
    jobs = [job_of(given, folder) for folder in report_folders(named)]
    start_logging(saying)
    loaded = read_mapping(given["mapping"])
    for file, job in zip(named, jobs, strict=True):
        try:
            progress = Progress()
            with shown(progress, saying), with_its_faults(loaded), _report(job, file) as report:
                checked, limits, notes = signals.run(_checked(job, file, loaded, progress, report, is_offline=is_offline))
                told = _object(checked, limits, notes, job.report_dir)
                if report is not None:
                    report.write(checked.header, told)
        except (ImporterError, KeyboardInterrupt) as why:
            error = why if isinstance(why, ImporterError) else interrupted()
            why_not = options.sentence(error)
            if why_not not in (earlier.get("error") for earlier in objects):
                click.echo(why_not, err=True)
            objects.append({"file": file.name, "exit_code": error.exit_code, "error": why_not})
            codes.append(error.exit_code)
            if isinstance(error, _ENDS_ALL):
                break
            continue
        objects.append(told)
        codes.append(checked.exit_code)
        if not saying.is_json:
            click.echo("\n".join(_lines(checked, limits, notes, job.report_dir)))
    if saying.is_json:
        whole = objects[0] if len(objects) == 1 else {"exit_code": max(codes), "files": objects}
        print_object(whole)
    return max(codes)


def _report(job: Job, file: Path) -> AbstractContextManager[CheckReport | None]:
    return nullcontext() if job.report_dir is None else closing(CheckReport(job.report_dir, file))


async def _checked(job: Job, file: Path, loaded: LoadedMapping, progress: Progress, report: CheckReport | None, *,
                   is_offline: bool) -> tuple[Checked, Plan, list[str]]:  # fmt: skip
    """What is found in the file, the limits it is sent under, and the notes about the portal."""
    if is_offline:
        return await check_file(file, loaded, job.choices, _offline(job), job.rails, progress, report=report), job.limits, []
    access = open_access(job.environment, job.to, job.limits, progress, is_watched=True)
    access.portal.marker = loaded.marker
    history = History.open(job.journal) if job.journal.is_file() else None
    try:
        description = await access.describe(with_companies=loaded.needs_companies)
        if description.identity.is_read_only:
            raise UsageError(f"{access.portal.display}: the key may only read, so nothing can be imported with it. Make one with access READWRITE.")
        await access.newest_id()
        earlier = Earlier.of(history, access.portal.host) if history else NOTHING_EARLIER
        match_with = partial(_matching, access, history, earlier)
        links_with = partial(_links, access)
        checked = await check_file(file, loaded, job.choices, description.catalogue, job.rails, progress, earlier, match_with, links_with, report)
        return checked, access.plan, description.notes
    except Failure as failure:
        raise unreachable(failure, access.portal) from None
    finally:
        await access.portal.close()
        if history is not None:
            history.close()


def _matching(access: Access, history: History | None, earlier: Earlier, preparation: Preparation) -> Matching:
    def recall(identities: Sequence[str]) -> Mapping[str, Known]:
        return history.known_rows(access.portal.host, preparation.loaded.sha256, identities) if history else {}

    return open_matching(preparation.terms, preparation.differences, source_folder(preparation.source.path), access, recall, earlier)


def _links(access: Access, preparation: Preparation, note: Note) -> CompanyLinks | None:
    return open_company_links(preparation.loaded, preparation.catalogue, access, note)


def _offline(job: Job) -> Catalogue:
    catalogue = offline_catalogue()
    catalogue.lacks = lacks_anywhere(job.environment, job.to)
    return catalogue


def _lines(checked: Checked, limits: Plan, notes: list[str], report_dir: Path | None) -> Iterator[str]:
    findings = checked.findings
    yield f"{checked.place} with {checked.mapping}: {counted(findings.rows, 'row')}"
    for note in [*checked.notes, *notes]:
        yield f"  · {note}"
    yield ""
    yield f"  {findings.creates:,} to create, {findings.updates:,} to update, {findings.skips:,} to skip, {findings.rejects:,} to reject"
    yield from (f"  {line}" for line in skipped_lines(findings))
    if findings.companies:
        named = _first_of(list(findings.companies))
        yield f"  {len(findings.companies):,} compan{'y' if len(findings.companies) == 1 else 'ies'} to create before them: {named}"
    for name, texts in _entries(findings).items():
        yield f"  {len(texts):,} entr{'y' if len(texts) == 1 else 'ies'} to add to the list of {name} before them: {_first_of(texts)}"
    yield f"  The portal's limits ({_called(limits)}) allow it in {duration(checked.least_duration_s(limits))} at the least."
    if checked.in_order and findings.creates:
        yield "  DATE_CREATE is mapped: rows are sent by it, one batch after another, which takes the longest; the report keeps the file's order."
    for is_warning, heading in ((False, "Rows that would be rejected"), (True, "Warnings; by themselves they keep no row from going")):
        groups = [group for group in findings.sorted_groups() if group.is_warning is is_warning]
        if groups:
            yield ""
            yield f"{heading}:"
            for group in groups:
                yield from _group(group)
    if findings.groups:
        yield ""
        yield _where_all_are(findings, report_dir)
    if checked.broken_rail:
        yield ""
        yield checked.broken_rail
    yield ""
    yield _verdict(checked)


def _where_all_are(findings: Findings, report_dir: Path | None) -> str:
    if report_dir is None:
        return "With --report-dir DIR every one of them is listed in a file there, and the rows that would be rejected stand ready to be mended."
    mending = f"; rows to mend, and to import with the same mapping: {report_dir / REJECTS}" if findings.rejects else ""
    return f"Every one of them: {report_dir / PROBLEMS}{mending}."


def _first_of(texts: list[str]) -> str:
    more = f" and {len(texts) - _NAMED:,} more" if len(texts) > _NAMED else ""
    return ", ".join(f'"{text}"' for text in texts[:_NAMED]) + more


def _entries(findings: Findings) -> dict[str, list[str]]:
    """Field → the texts that are to be added to its list."""
    texts: dict[str, list[str]] = {}
    for (_, text), name in findings.entries.items():
        texts.setdefault(name, []).append(text)
    return texts


def _group(group: Group) -> Iterator[str]:
    yield f"  {group.code}: {counted(group.rows, 'row')}"
    for row, column, problem in group.examples:
        where = f'row {row}, column "{column}"' if column else f"row {row}"
        yield f"    {where}: {problem}"
    if group.rows > len(group.examples):
        yield f"    … and {group.rows - len(group.examples):,} more"


def _verdict(checked: Checked) -> str:
    if checked.broken_rail:
        return "`b24-import run` would stop before sending."
    if checked.findings.rejects:
        return "`b24-import run` would send the others and write the rejected ones to rejects.csv. Nothing was sent now."
    if not checked.findings.rows:
        return "The file has a header and no rows: `b24-import run` would send nothing. Nothing was sent now."
    may_refuse = checked.findings.groups.get(("required_by_portal", True))
    if may_refuse:
        return (
            f"The portal may refuse {counted(may_refuse.rows, 'row')} for fields it requires: whether it does is a setting of its CRM, "
            "which cannot be asked for. Fill them, or try with `b24-import run --limit 10`. Nothing was sent now."
        )
    if checked.is_right_unknown:
        return "Nothing that can be asked for stands in the way; whether the portal's user may write cannot. Nothing was sent now."
    return "Nothing stands in the way. Nothing was sent now."


def _called(limits: Plan) -> str:
    return "300 requests a minute of a VibeCode key" if limits is VIBECODE else f"{limits.name} plan"


def _object(checked: Checked, limits: Plan, notes: list[str], report_dir: Path | None) -> dict[str, object]:
    findings = checked.findings

    def told(groups: list[Group]) -> list[dict[str, object]]:
        return [
            {"code": g.code, "rows": g.rows, "examples": [{"row": r, "column": c, "problem": p} for r, c, p in g.examples]}
            for g in groups
        ]

    groups = findings.sorted_groups()
    return {
        "file": checked.file, "mapping": checked.mapping, "rows": findings.rows,
        "counts": {"create": findings.creates, "update": findings.updates, "skip": findings.skips, "reject": findings.rejects},
        "companies_to_create": len(findings.companies), "new_companies": list(findings.companies), "entries_to_create": _entries(findings),
        "least_duration_s": round(checked.least_duration_s(limits), 1), "plan": limits.name,
        "problems": told([g for g in groups if not g.is_warning]), "warnings": told([g for g in groups if g.is_warning]),
        "notes": [*checked.notes, *notes], "guard_rail": checked.broken_rail, "report_dir": report_dir and str(report_dir),
        "exit_code": checked.exit_code,
    }  # fmt: skip
