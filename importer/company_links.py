"""Ids of companies that rows give themselves, asked for in bulk: the portal keeps a link to none without a word.

What `lookup: company` found is in the portal's list already. Here it is ids of other rules: only those that rows name are
asked for, 50 a command, each once, whatever number of companies the portal has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from importer.access import Access
from importer.batcher.reading import Reading
from importer.journal.entries import PlannedRow
from importer.mapping.mapping_file import LoadedMapping
from importer.portals.existing import ReadCompanies
from importer.portals.operations import PAGE_ROWS
from importer.portals.portal import Failure, Verdict
from importer.records import Catalogue, RowProblem, joined

Note = Callable[[int, RowProblem], None]


def open_company_links(loaded: LoadedMapping, catalogue: Catalogue, access: Access, note: Note) -> CompanyLinks | None:
    """What checks the rows of one file; None where no rule gives ids of companies. `note` is told each problem found."""
    columns: dict[str, str | None] = {}
    for name, known in catalogue.fields.items():
        rules = loaded.rules.fields.get(name)
        if known.type not in ("crm", "crm_company") or not isinstance(rules, list):
            continue
        own = [rule for rule in rules if rule.lookup != "company"]
        if own:
            columns[name] = own[0].column if len(own) == 1 else None
    reading = Reading(access.portal, access.pace, access.clock, access.enquiry)
    return CompanyLinks(reading, columns, note, sees_all=catalogue.is_admin) if columns else None


@dataclass(slots=True)
class CompanyLinks:
    """Planned rows, a chunk at a time, without those that link a company which is not there."""

    reading: Reading
    #: field → the column its ids come from; None for several
    columns: Mapping[str, str | None]
    note: Note
    #: False where a company may be there although our user cannot see it
    sees_all: bool = True
    notes: list[str] = field(default_factory=list)
    _is_refused: bool = False
    #: id → whether the portal has it
    _known: dict[int, bool] = field(default_factory=dict)

    async def checked(self, rows: Sequence[PlannedRow]) -> list[PlannedRow]:
        """The rows, those that would lose a link rejected; with a warning instead where not every company can be seen. One
        that is rejected already is looked at as well: a person should mend it once.

        Raises Failure when the portal cannot be asked. A portal that refuses to show companies is asked once.
        """
        links = {row.row: list(self._links(row)) for row in rows if row.state in ("new", "rejected")}
        await self._ask({number for found in links.values() for _name, _text, number in found} - self._known.keys())
        return [self._judged(row, links.get(row.row, [])) for row in rows]

    def _links(self, row: PlannedRow) -> Iterator[tuple[str, str, int]]:
        """(field, text, id) of every company in the row's fields."""
        for name in self.columns:
            value = (row.fields or {}).get(name)
            for text in value if isinstance(value, list) else [value]:
                digits = str(text).removeprefix("CO_")
                if digits.isdecimal():
                    yield name, str(text), int(digits)

    async def _ask(self, ids: set[int]) -> None:
        if self._is_refused or not ids:
            return
        wanted = sorted(ids)
        try:
            pages = await self.reading.values([ReadCompanies(tuple(wanted[at : at + PAGE_ROWS]), ids_only=True) for at in range(0, len(wanted), PAGE_ROWS)])
        except Failure as failure:
            if failure.verdict is not Verdict.STOP:
                raise
            self._is_refused = True
            self.notes.append(f"{', '.join(self.columns)}: ids of companies are not checked, the portal does not show its companies ({failure.code}).")
            return
        there = {stored.id for page in pages for stored in page or []}
        self._known |= {number: number in there for number in wanted}

    def _judged(self, row: PlannedRow, links: Sequence[tuple[str, str, int]]) -> PlannedRow:
        lost = [(name, text) for name, text, number in links if not self._known.get(number, True)]
        if not lost:
            return row
        problem = self._problem(*lost[0])
        self.note(row.row, problem)
        if problem.is_warning:
            # As all warnings of a rejected row this one is told by `check` alone.
            return row if row.state == "rejected" else replace(row, warnings=(*row.warnings, problem))
        return replace(row, state="rejected", fields=None, address=None, problem=joined([*([row.problem] if row.problem else []), problem]))

    def _problem(self, name: str, text: str) -> RowProblem:
        where = f'{name}: "{text}" is no company of the portal'
        if self.sees_all:
            return RowProblem("unknown_company", f"{where}. Correct the id, or find companies by title with `lookup: company`.", self.columns[name])
        sentence = f"{where} that our user there can see. It is sent as written; the portal leaves a link to nothing out."
        return RowProblem("unknown_company", sentence, self.columns[name], is_warning=True)
