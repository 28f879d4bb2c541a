"""What every face of a report shows, gathered from the journal once: counts, problems, requests, speed.

The rows themselves are not here; the faces that list them stream them. Memory is bounded by the number of
different codes, never by the number of rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import PurePath

from importer.journal import states
from importer.journal.entries import RunRecord
from importer.journal.history import History
from importer.journal.taking_back import AS_BEFORE, GONE
from importer.report.commands import told_of
from importer.report.outcomes import OPEN_STATES, reported, reported_rows
from importer.report.throughput import Throughput, throughput
from importer.report.titles import title_of

# Sentences shown for each code, and rows named for each sentence: enough to see the pattern, few enough to read.
_EXAMPLES, _NAMED_ROWS = 5, 3

# Codes with examples. Codes are our own words and far fewer; the bound is for a portal that makes up its own.
_MOST_GROUPS = 40


_NAMED_STAYS = 20


@dataclass(slots=True)
class Example:
    """Rows of a group that have column and sentence in common."""

    column: str | None
    problem: str
    #: how many rows say so
    rows: int = 0
    #: the first of them, in source order
    first: list[int] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many rows are not named in `first`."""
        return self.rows - len(self.first)


@dataclass(slots=True)
class Group:
    """The rows that have one code in common."""

    code: str
    title: str
    rows: int = 0
    #: its first sentences, each with its rows
    examples: list[Example] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many rows of the group say something else than its examples."""
        # A row may say several of them.
        return max(0, self.rows - sum(example.rows for example in self.examples))


@dataclass(slots=True)
class Facts:
    """One run, as all its reports tell it."""

    run: RunRecord
    #: rows, created, updated, skipped, rejected, unsettled
    counts: dict[str, int]
    #: rows that never left; they are among the unsettled
    not_sent: int
    #: the most frequent code first, in each of the four
    rejected: list[Group]
    unsettled: list[Group]
    skipped: list[Group]
    warnings: list[Group]
    #: sent, retried, limited, failed
    requests: dict[str, int]
    #: seconds spent on it, over all the processes that worked on it
    spent_s: float
    #: rows whose outcome came from the portal, for each second of work; 0.0 when none did
    rows_per_s: float
    throughput: Throughput
    #: (ORIGINATOR_ID or None, rows) of the contacts created
    originators: list[tuple[str | None, int]]
    #: companies that rows needed, by state
    companies: dict[str, int]
    #: entries of directories and lists that rows needed, by state; `skipped` are somebody else's
    entries: dict[str, int]
    #: of an undo: the run that it takes back; None of an import
    undoes: str | None
    #: runs that took this one back, wholly or in part
    undone_by: list[str]
    #: why companies and list entries that an undo was to delete stay, the first of them
    stays: list[str]
    #: cells of the longest rejected row, at least as many as the source has columns
    reject_width: int

    @property
    def source_name(self) -> str:
        """The source's file name without its folder."""
        return file_name(self.run.source_path)

    @property
    def mapping_file(self) -> str:
        """The mapping's file name without its folder."""
        return file_name(self.run.mapping_path)

    @property
    def is_journal_kept(self) -> bool:
        """False of a demo, whose journal went with it: nothing can be resumed or taken back."""
        return self.run.settings.get("is_journal_kept", True) is not False

    @property
    def in_doubt(self) -> int:
        """Rows that left and whose fate is not known."""
        return self.counts["unsettled"] - self.not_sent

    @property
    def done(self) -> int:
        """Rows that are in the portal as asked: created, updated or skipped; of an undo deleted, restored or skipped."""
        return sum(n for outcome, n in self.counts.items() if outcome not in ("rows", states.REJECTED, states.UNSETTLED))

    @property
    def is_matched(self) -> bool:
        """True where rows may be about contacts that were there before."""
        return "match" in self.run.settings

    @property
    def repeated(self) -> Mapping[str, str]:
        """The options that a command about the run must be told, see `commands`."""
        return told_of(self.run.settings)

    @property
    def left(self) -> int:
        """Of an undo: contacts that people, or later runs, have changed since and that are as they were."""
        return sum(group.rows for group in self.skipped if group.code not in (GONE, AS_BEFORE))


def gather(history: History, run: RunRecord) -> Facts:
    """The facts of a run in any state; streams the rows that are not in the portal as asked."""
    by_state = history.counts(run.id)
    counts = _outcome_counts(by_state, states.OUTCOMES if run.undoes is None else states.UNDO_OUTCOMES)
    rejected, width = _rejected(history, run)
    over_time = throughput(history, run)
    # A process that was killed has noted nothing of its time; and what was asked while rows were planned is none of sending.
    sent, spent_s = history.settled_by_sending(run.id), max(run.busy_s, over_time.active_s)
    return Facts(
        run=run,
        counts=counts,
        not_sent=by_state.get(states.NEW, 0),
        rejected=rejected,
        unsettled=_unsettled(history, run, by_state),
        skipped=_skipped(history, run),
        warnings=_warnings(history, run),
        requests=history.request_counts(run.id),
        spent_s=spent_s,
        rows_per_s=sent / spent_s if spent_s > 0 else 0.0,
        throughput=over_time,
        originators=history.created_by_originator(run.id),
        companies=history.company_counts(run.id),
        entries=history.entry_counts(run.id),
        undoes=None if run.undoes is None else history.run(run.undoes).run,
        undone_by=[undo.run for undo in history.undos_of(run.id)],
        stays=[] if run.undoes is None else list(islice(history.left_beside(run.id), _NAMED_STAYS)),
        reject_width=max(width, len(run.source_header)),
    )


def _outcome_counts(by_state: dict[str, int], outcomes: tuple[str, ...]) -> dict[str, int]:
    counts = {outcome: by_state.get(outcome, 0) for outcome in outcomes}
    counts[states.UNSETTLED] += sum(by_state.get(state, 0) for state in OPEN_STATES)
    return {"rows": sum(by_state.values()), **counts}


def _rejected(history: History, run: RunRecord) -> tuple[list[Group], int]:
    groups: dict[str, Group] = {}
    width = 0
    for row in reported_rows(history, run, (states.REJECTED,)):
        width = max(width, len(row.cells))
        _count(groups, row.code or "", row.row, (row.column, row.problem))
    return _by_size(groups), width


def _unsettled(history: History, run: RunRecord, by_state: dict[str, int]) -> list[Group]:
    groups: dict[str, Group] = {}
    for row in reported_rows(history, run, (states.UNSETTLED,)):
        _count(groups, row.code or "", row.row, (row.column, row.problem))
    # A run that stopped early may leave a million rows, which all say the same: a few of them are read.
    for state in OPEN_STATES:
        first = [reported(row, run) for row in islice(history.rows(run.id, (state,)), _NAMED_ROWS)]
        for nth, row in enumerate(first, start=1):
            rest = by_state[state] - len(first) if nth == len(first) else 0
            _count(groups, row.code or "", row.row, (row.column, row.problem), rows=1 + rest)
    return _by_size(groups)


def _skipped(history: History, run: RunRecord) -> list[Group]:
    groups = {code: Group(code, title_of(code), rows) for (state, code), rows in history.problems(run.id).items() if state == states.SKIPPED}
    if run.undoes is not None and groups.keys() - {GONE, AS_BEFORE}:
        # Why contacts were left is what whoever undoes asks first; rows of an import are skipped by the thousand, all alike.
        groups = {code: group for code, group in groups.items() if code in (GONE, AS_BEFORE)}
        for row in reported_rows(history, run, (states.SKIPPED,)):
            if row.code not in (GONE, AS_BEFORE):
                _count(groups, row.code or "", row.row, (row.column, row.problem))
    return _by_size(groups)


def _warnings(history: History, run: RunRecord) -> list[Group]:
    groups: dict[str, Group] = {}
    last: dict[str, int] = {}
    for row, code, column, problem in history.warnings(run.id):
        _count(groups, code, row, (column, problem), is_another=last.get(code) != row)
        last[code] = row
    return _by_size(groups)


def _count(groups: dict[str, Group], code: str, row: int, said: tuple[str | None, str | None], *, rows: int = 1, is_another: bool = True) -> None:
    """Counts `rows` rows, of which `row` is the first, that say (column, problem) under the code; not `is_another`: the row has
    said something else under it, and counts once."""
    column, problem = said[0], said[1] or ""
    group = groups.get(code)
    if group is None:
        group = groups[code] = Group(code, title_of(code))
    group.rows += rows if is_another else 0
    example = next((one for one in group.examples if one.problem == problem and one.column == column), None)
    if example is None:
        if len(group.examples) >= _EXAMPLES or len(groups) > _MOST_GROUPS:
            return
        example = Example(column, problem)
        group.examples.append(example)
    example.rows += rows
    if len(example.first) < _NAMED_ROWS:
        example.first.append(row)


def _by_size(groups: dict[str, Group]) -> list[Group]:
    return sorted(groups.values(), key=lambda group: (-group.rows, group.code))


def file_name(path: str) -> str:
    """The last part of a path as it was journaled; both kinds of slash, for a journal carried to another system."""
    return PurePath(path.replace("\\", "/")).name or path


def local_time(moment: float | None) -> datetime | None:
    """Unix seconds as the local time of this machine, with its offset."""
    return None if moment is None else datetime.fromtimestamp(moment).astimezone()


def iso_time(moment: float | None) -> str | None:
    """Unix seconds as ISO 8601 with the local offset, to the second."""
    local = local_time(moment)
    return local and local.isoformat(timespec="seconds")
