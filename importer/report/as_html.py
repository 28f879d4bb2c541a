"""report.html: one page with everything in it (no script, no font, no image from elsewhere), for screen and paper.

Every text is escaped by the template engine; addresses become links only when they are web addresses. What is
shown of each problem is bounded, so that the page stays under 300 kB whatever the run was like.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from importer.report import wording
from importer.report.chart import Chart, draw
from importer.report.commands import completed
from importer.report.facts import Facts, local_time

# Longest text of a cell or sentence on the page; the whole of it is in results.csv.
_MOST_CHARACTERS = 400

# Groups shown with examples in one section; a portal may make up codes of its own.
_MOST_GROUPS = 25

# So few slices without a row are one block from side to side.
_BLOCK_SLICES = 2

_BADGES = {wording.GOOD: "Finished", wording.ATTENTION: "Finished, some rows need a person", wording.STOPPED: "Not finished"}


_TILES = (
    ("created", "new contacts"),
    ("updated", "changed contacts"),
    ("skipped", "left alone, as asked"),
    ("rejected", "not sent or refused"),
    ("unsettled", "not sent yet or in doubt"),
)

_UNDO_TILES = (
    ("deleted", "contacts the run had created"),
    ("restored", "contacts the run had changed"),
    ("skipped", "left as they are, or gone already"),
    ("rejected", "refused by the portal"),
    ("unsettled", "not taken back yet"),
)


def write_page(facts: Facts, path: Path) -> None:
    """Writes report.html. OSError when the disk will not take it."""
    path.write_text(page(facts), encoding="utf-8")


def page(facts: Facts) -> str:
    """The whole page."""
    folder = files("importer.report")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(brief=_brief, number=wording.number, clock=_clock, day=_day, code=_with_code)
    environment.globals.update(counted=wording.counted, duration=wording.duration, rate=wording.rate)
    template = environment.from_string(folder.joinpath("page.html.j2").read_text(encoding="utf-8"))
    shade = wording.tone(facts)
    return template.render(
        facts=facts,
        run=facts.run,
        counts=facts.counts,
        css=Markup(folder.joinpath("page.css").read_text(encoding="utf-8")),
        tone=shade,
        tiles=_TILES if facts.undoes is None else _UNDO_TILES,
        badge=_BADGES[shade] if facts.run.state != "running" else "Not ended",
        headline=wording.headline(facts),
        advice=[completed(line, facts.repeated, is_anywhere=True) for line in wording.advice(facts, _rejects(facts))],
        why=completed(facts.run.stopped_by or "", facts.repeated, is_anywhere=True),
        undo=completed(f"`b24-import undo {facts.run.run}`", facts.repeated, is_anywhere=True),
        chart=_picture(facts),
        speed=_speed(facts),
        most_groups=_MOST_GROUPS,
    )


def _rejects(facts: Facts) -> str:
    # Wherever the page is read from: the command stands beside it.
    return str(Path(facts.run.report_dir) / "rejects.csv") if facts.run.report_dir else "rejects.csv"


def _picture(facts: Facts) -> Chart | None:
    """The run over time; None where it would be one block from side to side: a moment in which no row was sent."""
    slices = [bucket for stretch in facts.throughput.buckets for bucket in stretch]
    return draw(facts.throughput) if len(slices) > _BLOCK_SLICES or any(bucket.rows for bucket in slices) else None


def _speed(facts: Facts) -> str:
    """What the picture shows, in a sentence."""
    over_time, requests = facts.throughput, facts.requests
    said = f"{wording.counted(requests['sent'], 'request')} in {wording.duration(over_time.active_s)}"
    if facts.rows_per_s:
        said += f", {wording.rate(facts.rows_per_s)} on average"
    # In a short run the first burst decides, and a share of the lasting allowance would say nothing.
    if over_time.leak_per_s and over_time.active_s >= 60:
        share = requests["sent"] / (over_time.leak_per_s * over_time.active_s + (over_time.capacity or 0))
        said += f"; {share:.0%} of the requests the portal allows in that time"
    refused = f"{wording.counted(requests['limited'], 'request')} refused by a limit" if requests["limited"] else "none was refused by a limit"
    return f"{said}; {refused}."


def _brief(text: str | None) -> str:
    text = text or ""
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]} … ({len(text):,} characters)"


def _clock(moment: float | None) -> str:
    local = local_time(moment)
    return f"{local:%H:%M:%S}" if local else "not yet"


def _day(moment: float) -> str:
    local = local_time(moment)
    return f"{local.day} {local:%B %Y}" if local else ""


def _with_code(sentence: str) -> Markup:
    """The sentence with what stands between backquotes as code."""
    parts = sentence.split("`")
    # An unpaired backquote, from a file's name, is left as it is.
    if len(parts) % 2 == 0:
        return escape(sentence)
    return Markup("").join(Markup("<code>{}</code>").format(part) if nth % 2 else escape(part) for nth, part in enumerate(parts))
