"""The dry verb: the whole file read, mapped and validated; nothing is written to a portal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from importer.batcher.loading import COMMANDS_WITH_ADDRESS
from importer.company_links import CompanyLinks, Note
from importer.errors import GuardRail
from importer.findings import Findings, GuardRails, hold, note_planned
from importer.journal.entries import PlannedRow
from importer.mapping.contact_fields import offline_catalogue
from importer.mapping.mapping_file import LoadedMapping
from importer.matching import Matching
from importer.mending import NOTHING_EARLIER, Earlier
from importer.pacing.plans import BATCH_COMMANDS, TYPICAL_COMMAND_S, Plan, least_seconds
from importer.planning import Watching, plan, plan_matched
from importer.preparing import Choices, Preparation, open_and_prepare
from importer.records import Catalogue
from importer.report.checking import CheckReport


@dataclass(slots=True)
class Checked:
    """What `check` found out about one file."""

    file: str
    mapping: str
    #: the file, and its sheet where it has any
    place: str
    findings: Findings
    #: what was guessed or should be known, a sentence each
    notes: list[str]
    #: rows go by DATE_CREATE, one batch after another
    in_order: bool
    #: a row's address takes three commands, so that a batch carries a third of the rows
    has_addresses: bool = False
    #: whether we may write to the portal is known only to it: its user is no administrator
    is_right_unknown: bool = False
    #: the source's columns
    header: tuple[str, ...] = ()
    #: the guard rail that would stop the run before sending, in a sentence
    broken_rail: str | None = None

    @property
    def exit_code(self) -> int:
        """0 when every row would be sent, 1 when some would be rejected, 2 when a guard rail would stop the run."""
        return 2 if self.broken_rail else 1 if self.findings.rejects else 0

    def least_duration_s(self, limits: Plan) -> float:
        """The shortest time in which the portal's limits let the plan through."""
        rows_a_batch = BATCH_COMMANDS // COMMANDS_WITH_ADDRESS if self.has_addresses else BATCH_COMMANDS
        least = least_seconds(self.findings.creates, limits, batch=rows_a_batch) + least_seconds(len(self.findings.companies), limits)
        # A batch of updates is read before it leaves: two requests for 50 rows.
        least += least_seconds(self.findings.updates, limits, batch=rows_a_batch // 2)
        # One after another, the portal's own seconds for every command add up.
        return max(least, self.findings.creates * TYPICAL_COMMAND_S) if self.in_order else least


#: what looks up the companies that rows link; None where they link none
LinksWith = Callable[[Preparation, Note], CompanyLinks | None]


async def check_file(file: Path, loaded: LoadedMapping, choices: Choices, catalogue: Catalogue | None, rails: GuardRails,
                     progress: Watching, earlier: Earlier = NOTHING_EARLIER, match_with: Callable[[Preparation], Matching] | None = None,
                     links_with: LinksWith | None = None, report: CheckReport | None = None) -> Checked:  # fmt: skip
    """Everything that can be found without writing, over the whole file. `catalogue` None asks no portal, nor does
    `match_with` and `links_with` None, which else make what matches rows with contacts and looks their companies up.
    `report` is told each problem and each row that would be rejected.

    Raises SourceError or MappingError with all faults at once, Failure when the portal cannot be asked.
    """
    preparation = open_and_prepare(file, loaded, choices, catalogue or offline_catalogue())
    findings = Findings(heard=report.note if report is not None else None)
    matching = match_with(preparation) if match_with is not None and preparation.terms is not None else None
    links = links_with(preparation, findings.note) if links_with is not None else None
    try:
        async for rows in plan_matched(plan(preparation, "check", findings, earlier), matching, _uncut, progress, links):
            note_planned(findings, rows, preparation.mapper)
            # Told here and not in the plan: a run would keep the same warning with every row.
            for row, problem in product(rows, preparation.mapper.lacks):
                if (row.state, row.action) == ("new", "create"):
                    findings.note(row.row, problem)
            if report is not None:
                report.take(rows)
    finally:
        if matching is not None:
            matching.close()
    looked = [*(matching.notes if matching is not None else []), *(links.notes if links is not None else [])]
    source, mapper = preparation.source, preparation.mapper
    checked = Checked(file.name, preparation.loaded.path.name, str(source.place()), findings, [*preparation.notes, *looked], mapper.sorts_by_date_create,
                      mapper.has_addresses, is_right_unknown=catalogue is not None and not catalogue.is_admin,
                      header=source.header)  # fmt: skip
    try:
        hold(findings, rails)
    except GuardRail as broken:
        checked.broken_rail = str(broken)
    return checked


async def _uncut(waiting: Awaitable[list[PlannedRow]]) -> list[PlannedRow]:
    return await waiting
