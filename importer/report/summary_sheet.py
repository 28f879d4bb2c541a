"""What the sheet Summary says, as plain rows; as_xlsx.py gives them their look."""

from __future__ import annotations

from collections.abc import Iterator

from importer.report.facts import Facts, Group, local_time
from importer.report.wording import advice, duration, headline

#: A row: its kind (`title`, `heading`, `line`) and its cells.
Line = tuple[str, list[str | int | float | None]]


def summary_rows(facts: Facts, most_columns: int) -> Iterator[Line]:
    """The rows of the sheet from top to bottom; `most_columns` is how many source columns the sheet Rejects can show."""
    run = facts.run
    yield "title", [headline(facts)]
    if run.stopped_by:
        yield "line", ["why it ended", None, run.stopped_by]
    yield "line", []
    yield "heading", ["Rows", "number"]
    for outcome, rows in facts.counts.items():
        yield "line", [outcome, rows]
    for heading, groups in (
        ("Rejected", facts.rejected),
        ("Unsettled", facts.unsettled),
        ("Skipped", facts.skipped),
        ("Warnings (these rows went on)", facts.warnings),
    ):
        yield from _groups(heading, groups)
    if todo := advice(facts):
        yield "line", []
        yield "heading", ["What to do next"]
        yield from (("line", [f"{n}.", None, line]) for n, line in enumerate(todo, start=1))
    if facts.stays:
        yield "line", []
        yield "heading", ["Not deleted"]
        yield from (("line", [None, None, sentence]) for sentence in facts.stays)
    yield from _about(facts)
    if facts.reject_width > most_columns:
        yield "line", ["rejects", None, f"A sheet shows {most_columns:,} of the {facts.reject_width:,} columns; rejects.csv has them all."]


def _groups(heading: str, groups: list[Group]) -> Iterator[Line]:
    if groups:
        yield "line", []
        yield "heading", [heading, "rows", "meaning"]
        yield from (("line", [group.code, group.rows, group.title]) for group in groups)


def _about(facts: Facts) -> Iterator[Line]:
    run = facts.run
    yield "line", []
    yield "heading", ["About this run"]
    said = {
        "run": run.run,
        "takes back run": facts.undoes,
        "taken back by": ", ".join(facts.undone_by),
        "state": run.state,
        "started": _time(run.started),
        "finished": _time(run.finished),
        "time spent": duration(facts.spent_s),
        "source": facts.run.source_path,
        "source sheet": run.source_sheet,
        "source sha256": run.source_sha256,
        "mapping": run.mapping_path,
        "mapping sha256": run.mapping_sha256,
        "portal": run.portal_host,
        "portal user": run.portal_user,
    }
    yield from (("line", [name, None, value]) for name, value in said.items() if value)
    yield from (("line", [f"requests {name}", n]) for name, n in facts.requests.items())
    yield "line", ["rows per second", round(facts.rows_per_s, 2)]
    if run.exit_code is not None:
        yield "line", ["exit code", run.exit_code]


def _time(moment: float | None) -> str | None:
    local = local_time(moment)
    return local and local.strftime("%Y-%m-%d %H:%M:%S %z")
