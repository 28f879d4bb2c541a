"""What planning a file found: counts, problems by kind, what is needed beside the rows; and the guard rails it must hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from importer.errors import GuardRail
from importer.journal.entries import PlannedRow
from importer.mapping.binding import Mapper
from importer.mapping.companies import new_titles_in
from importer.mapping.new_items import ItemList, new_items_in
from importer.matching import MATCHING_CODES
from importer.records import RowProblem
from importer.report.wording import counted

_EXAMPLES = 5


@dataclass(slots=True)
class GuardRails:
    """Limits of an unattended run; each None for no limit."""

    #: rejected rows, or their share of all rows when `max_rejects_percent` is set
    max_rejects: int | None = None
    max_rejects_percent: float | None = None
    max_creates: int | None = None
    max_updates: int | None = None
    min_rows: int | None = None


@dataclass(slots=True)
class Group:
    """One kind of problem in a file."""

    code: str
    is_warning: bool
    rows: int = 0
    #: the row counted last: one with several such problems is one row
    last_row: int | None = None
    #: (row, column, sentence) of the first ones
    examples: list[tuple[int, str | None, str]] = field(default_factory=list)


def _add_to_last(group: Group, problem: RowProblem) -> None:
    row, column, sentence = group.examples[-1]
    more = problem.problem if problem.column in (None, column) else f'Column "{problem.column}": {problem.problem}'
    if row == group.last_row and more not in sentence:
        group.examples[-1] = (row, column, f"{sentence} {more}")


@dataclass(slots=True)
class Findings:
    """What planning a file found, in memory that does not grow with its rows but for what is to be created beside them."""

    rows: int = 0
    creates: int = 0
    updates: int = 0
    skips: int = 0
    #: why they are skipped: code → rows
    skipped: dict[str, int] = field(default_factory=dict)
    rejects: int = 0
    #: titles of companies to be created, in the order in which rows need them
    companies: dict[str, None] = field(default_factory=dict)
    #: (list, text) of its entries to be created → the first field that needs it, in the order in which rows need them
    entries: dict[tuple[ItemList, str], str] = field(default_factory=dict)
    groups: dict[tuple[str, bool], Group] = field(default_factory=dict)
    #: row → number, code and sentence that a rejects file has for it
    rejects_of: dict[int, tuple[int, str, str]] = field(default_factory=dict)
    #: told each problem as it is found; None where nobody keeps them all
    heard: Callable[[int, RowProblem], None] | None = None

    def note(self, row: int, problem: RowProblem) -> None:
        """Counts the row of a problem once a kind, and keeps the first such rows as examples, each with all it has of the kind.

        Rows come one after another.
        """
        if self.heard is not None:
            self.heard(row, problem)
        group = self.groups.setdefault((problem.code, problem.is_warning), Group(problem.code, problem.is_warning))
        if row == group.last_row:
            _add_to_last(group, problem)
            return
        group.last_row = row
        group.rows += 1
        if len(group.examples) < _EXAMPLES:
            group.examples.append((row, problem.column, problem.problem))

    def sorted_groups(self) -> list[Group]:
        """Rejecting kinds first, the most frequent first."""
        return sorted(self.groups.values(), key=lambda group: (group.is_warning, -group.rows, group.code))


def skipped_lines(findings: Findings) -> Iterator[str]:
    """Why rows are skipped, a sentence a reason."""
    why = {"unchanged": "nothing in them, or in their contacts, has changed", "exists": "their contacts are there already"}
    for code, rows in findings.skipped.items():
        yield f"{rows:,} row{'s' if rows != 1 else ''} skipped: {why.get(code, code)}."


def note_planned(findings: Findings, rows: Sequence[PlannedRow], mapper: Mapper) -> None:
    """Counts what is to be done, and collects what the rows that are sent need beside them."""
    for row in rows:
        if row.rejected is not None:
            findings.rejects_of[row.row] = (row.rejected.row, row.rejected.code, row.rejected.problem)
        if row.state == "rejected":
            findings.rejects += 1
            if row.problem is not None and row.problem.code in MATCHING_CODES:
                findings.note(row.row, row.problem)
        elif row.state == "skipped":
            findings.skips += 1
            findings.skipped[row.problem.code] = findings.skipped.get(row.problem.code, 0) + 1
        else:
            findings.creates += row.action == "create"
            findings.updates += row.action == "update"
            findings.companies.update(dict.fromkeys(new_titles_in(row.fields or {}, mapper.company_prefixes)))
            for name, text in new_items_in(row.fields or {}, mapper.item_lists):
                findings.entries.setdefault((mapper.item_lists[name], text), name)


def most_rejects(findings: Findings, rails: GuardRails) -> int | None:
    """How many rows may be rejected, before sending and during it; None for any number."""
    if rails.max_rejects_percent is not None:
        return int(findings.rows * rails.max_rejects_percent / 100)
    return rails.max_rejects


def hold(findings: Findings, rails: GuardRails) -> None:
    """Raises GuardRail when the plan passes a limit the person set; nothing was sent yet."""
    allowed = most_rejects(findings, rails)
    share = f" ({rails.max_rejects_percent:g}% of {counted(findings.rows, 'row')})" if rails.max_rejects_percent is not None else ""
    if rails.min_rows is not None and findings.rows < rails.min_rows:
        raise GuardRail(f"The file has {counted(findings.rows, 'row')}, --min-rows asks for {rails.min_rows}. Nothing was sent; is the export complete?")
    if allowed is not None and findings.rejects > allowed:
        raise GuardRail(f"{counted(findings.rejects, 'row')} would be rejected, --max-rejects allows {allowed}{share}. Nothing was sent; `b24-import check` lists them.")
    if rails.max_creates is not None and findings.creates > rails.max_creates:
        raise GuardRail(f"{counted(findings.creates, 'contact')} would be created, --max-creates allows {rails.max_creates}. Nothing was sent; `b24-import check` tells what would be; allow more if that is right.")
    if rails.max_updates is not None and findings.updates > rails.max_updates:
        raise GuardRail(f"{counted(findings.updates, 'contact')} would be updated, --max-updates allows {rails.max_updates}. Nothing was sent; `b24-import check` tells what would be; allow more if that is right.")
