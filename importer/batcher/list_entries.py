"""Entries that rows need in directories and list fields: asked for, and only what is missing is added.

    read the lists ─▶ what is there by now is settled ─▶ the rest is journaled as leaving, and added ─▶ read again …

What tells an entry is its text: one that a person or another run added meanwhile is used, and no second one is made.
After a lost answer the lists are read once nothing can be written any more, before anything is added again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from importer.batcher.asking import failure_of, read_all
from importer.batcher.fates import given_up, refusal
from importer.batcher.line import Cargo, Line
from importer.batcher.settle import wait_s
from importer.batcher.stopping import Stop, Stopped
from importer.journal.entries import EntryRecord, QueuedRow, Settled
from importer.journal.history import History
from importer.portals.list_entries import AddToDirectory, AddToListField, ListEntry, NewEntry, ReadDirectory, ReadListField
from importer.portals.operations import PAGE_ROWS
from importer.portals.portal import Answer, Done, Failure, NotRun, Refused, Result, Verdict
from importer.records import RowProblem

# How often lists are read and completed without getting any further before the portal is given up, as lost rows are.
_MOST_ROUNDS = 8

_FIRST_WAIT_S = 2.0

# Our own choice. An item takes four variables of a query, of which PHP reads 1,000 unless its owner set another number
# (php.net, max_input_vars); it drops the rest without a word.
_ITEMS_AT_ONCE = 100

#: the name of a directory, or of a field with a list of its own, and which of the two it is
List = tuple[str, bool]
#: text → what is sent in its place, or why rows with it cannot go
Sent = dict[str, str | RowProblem]


@dataclass(slots=True)
class _Open:
    """One entry that is not settled."""

    row: QueuedRow
    list: List
    text: str
    #: code it gets, numbered when another text has it
    code: str
    #: it may be in the portal by a request of ours
    is_unsettled: bool
    #: the portal has said that it added it
    is_answered: bool = False
    #: refused together with others: it is not known which of them is to blame
    is_alone: bool = False
    refused: Refused | None = None
    #: the code it was sent with last
    sent_as: str = ""


@dataclass(slots=True)
class _Held:
    """What a list holds in the portal."""

    entries: list[ListEntry] = field(default_factory=list)
    #: of a list field; None of a directory, and of a field that is not there
    field_id: int | None = None

    @property
    def codes(self) -> set[str]:
        """The codes in use; the portal's comparison knows no case."""
        return {entry.code.upper() for entry in self.entries}


#: an entry's operation, and the entries it adds
_Adding = tuple[AddToDirectory | AddToListField, list[_Open]]


class ListEntries:
    """The entries of one run. `create` returns when each is in its list, once, or refused for good."""

    def __init__(self, line: Line, stop: Stop, folded: Callable[[str], str], finishes_s: float) -> None:
        """`folded` makes equal the texts that are one entry. `line` carries ENTRIES."""
        self._line, self._stop, self._folded, self._finishes_s = line, stop, folded, finishes_s
        self._history = History(line.journal.database)

    async def create(self) -> dict[str, Sent]:
        """Directory or field → text → what is sent in its place. Raises the ImporterError that ended it early."""
        try:
            made = await self._create()
        except Stopped:
            made = {}
        except Failure as failure:
            self._stop.because(given_up(failure, self._line.portal.host))
        if self._stop.reason is not None:
            raise self._stop.reason
        return made

    async def _create(self) -> dict[str, Sent]:
        lists = dict.fromkeys((record.list, record.is_directory) for record in self._history.entries(self._line.run_id))
        pending, rounds = self._pending(), 0
        while True:
            await self._let_finish(pending)
            held = await self._read(lists)
            left = self._settle(pending, held)
            if not left:
                return self._sent(held)
            rounds = rounds + 1 if len(left) == len(pending) else 1
            pending = left
            failure = await self._add(pending, held)
            if failure is None:
                continue
            if failure.verdict is Verdict.STOP or rounds == _MOST_ROUNDS:
                raise failure
            wait = 0.0 if failure.verdict is Verdict.DOUBT else max(failure.wait_s or 0.0, _FIRST_WAIT_S * 2**rounds)
            await self._stop.cutting(self._line.clock.sleep(wait))

    def _pending(self) -> list[_Open]:
        journal, run_id, entity = self._line.journal, self._line.run_id, self._line.kind.entity
        unsettled = [self._open(row, is_unsettled=True) for row in journal.unsettled(run_id, entity)]
        return unsettled + [self._open(row, is_unsettled=False) for row in journal.queued(run_id, -1, entity=entity)]

    def _open(self, row: QueuedRow, *, is_unsettled: bool) -> _Open:
        name, code = row.origin or ("", "")
        return _Open(row, (name, bool(row.fields["is_directory"])), str(row.fields["text"]), code, is_unsettled)

    async def _let_finish(self, pending: Sequence[_Open]) -> None:
        """Waits until what was lost on the way can write nothing any more."""
        lost = [one.row for one in pending if one.is_unsettled and not one.is_answered]
        await self._stop.cutting(self._line.clock.sleep(wait_s(lost, self._line.clock.now(), self._finishes_s)))

    # -- what is there ------------------------------------------------------------------------

    async def _read(self, lists: Iterable[List]) -> dict[List, _Held]:
        held = {one: _Held() for one in lists}
        pending = [ReadDirectory(name) if is_directory else ReadListField(name) for name, is_directory in held]
        while pending:
            now, pending = pending[: self._line.portal.batch_capacity], pending[self._line.portal.batch_capacity :]
            for operation, found in zip(now, await read_all(self._line, self._stop, now), strict=True):
                if isinstance(operation, ReadListField):
                    there = held[operation.name, False]
                    there.field_id, there.entries = (found.id, list(found.entries)) if found else (None, [])
                    continue
                there = held[operation.directory, True]
                known = {entry.id for entry in there.entries}
                fresh = [entry for entry in found if entry.id not in known]
                there.entries += fresh
                # A portal that does not page brings the same again: nothing fresh, and that is the end.
                if fresh and len(there.entries) % PAGE_ROWS == 0:
                    pending.append(ReadDirectory(operation.directory, len(there.entries)))
        return held

    def _find(self, there: _Held, text: str, code: str) -> ListEntry | None:
        """The entry of a text; of several the one with our code, else the oldest."""
        found = [entry for entry in there.entries if self._folded(entry.text) == self._folded(text)]
        return min(found, key=lambda entry: (not _is_of(entry.code, code), entry.id), default=None)

    def _settle(self, pending: Sequence[_Open], held: dict[List, _Held]) -> list[_Open]:
        """Journals what became of entries, as far as the lists tell; those that are still to be added."""
        outcomes: list[Settled] = []
        left: list[_Open] = []
        for one in pending:
            outcome = self._outcome(one, held[one.list])
            if outcome is None:
                left.append(one)
                outcome = Settled(one.row.row, "new") if one.is_unsettled else None
                one.is_unsettled, one.refused = False, None
            if outcome is not None:
                outcomes.append(outcome)
        self._line.journal.settle(self._line.run_id, outcomes, self._line.kind.entity)
        return left

    def _outcome(self, one: _Open, there: _Held) -> Settled | None:
        number, found = one.row.row, self._find(there, one.text, one.code)
        if found is not None:
            is_ours = one.is_unsettled and (one.is_answered or _is_of(found.code, one.code))
            return Settled(number, "created", found.id) if is_ours else Settled(number, "skipped", problem=_THERE)
        if not one.list[1] and there.field_id is None:
            return Settled(number, "rejected", problem=RowProblem("list_item_refused", "The portal has no such field any more."))
        # Another text may have got our code meanwhile: that was refused, and the next code will do.
        if one.refused is not None and one.sent_as.upper() not in there.codes:
            return Settled(number, "rejected", problem=refusal(one.refused.code, one.refused.text, self._line.kind.word))
        if one.is_answered:
            return Settled(number, "rejected", problem=RowProblem("list_item_refused", "The portal said it added the entry, and does not list it."))
        return None

    def _sent(self, held: dict[List, _Held]) -> dict[str, Sent]:
        tables: dict[str, Sent] = {}
        for record in self._history.entries(self._line.run_id):
            found = self._find(held[record.list, record.is_directory], record.text, record.code)
            value = _refused(record) if found is None else found.code if record.is_directory else str(found.id)
            tables.setdefault(record.list, {})[record.text] = value
        return tables

    # -- what is missing ----------------------------------------------------------------------

    async def _add(self, pending: Sequence[_Open], held: dict[List, _Held]) -> Failure | None:
        """Adds entries, one request after another, up to the first that fails: its failure."""
        adding: list[_Adding] = []
        for name in dict.fromkeys(one.list for one in pending):
            adding += _addings(name, [one for one in pending if one.list == name], held[name])
        for request in self._requests(adding):
            if (failure := await self._send(request)) is not None:
                return failure
        return None

    def _requests(self, adding: Sequence[_Adding]) -> Iterator[list[_Adding]]:
        together = [one for one in adding if not self._line.portal.travels_alone(one[0])]
        for at in range(0, len(together), self._line.portal.batch_capacity):
            yield together[at : at + self._line.portal.batch_capacity]
        for one in adding:
            if self._line.portal.travels_alone(one[0]):
                yield [one]

    async def _send(self, request: list[_Adding]) -> Failure | None:
        failures: list[Failure] = []

        def of_answer(answer: Answer) -> list[Settled]:
            for (operation, entries), result in zip(request, answer.results, strict=True):
                _take(entries, result)
                if not isinstance(result, Done) and not (isinstance(result, Refused) and result.verdict is Verdict.REJECT):
                    failures.append(failure_of(self._line, result, operation))
            return _journaled(request)

        def of_failure(failure: Failure) -> list[Settled]:
            for _, entries in request:
                for one in entries:
                    one.is_unsettled = failure.verdict is Verdict.DOUBT
            return _journaled(request)

        cargo = Cargo(tuple(one.row.row for _, entries in request for one in entries), of_answer, of_failure)
        operations = [operation for operation, _ in request]
        try:
            await self._line.read(operations, self._stop.cutting, purpose=self._line.kind.purpose, cargo=cargo)
        except Failure as failure:
            failures.append(failure)
        for _, entries in request:
            for one in entries:
                one.row.last_sent = cargo.left_at
        return max(failures, key=lambda failure: failure.verdict is Verdict.STOP, default=None)


_THERE = RowProblem("exists", "Somebody added it after the file was read; it is used.")


def _addings(name: List, pending: Sequence[_Open], there: _Held) -> Iterator[_Adding]:
    """The operations that add entries to one list, after those it has: the first of a directory is its default."""
    taken, last = there.codes, max((entry.sort for entry in there.entries), default=0)
    fresh: list[NewEntry] = []
    for nth, one in enumerate(pending, start=1):
        one.sent_as = _free_code(one.code, taken)
        fresh.append(NewEntry(one.text, one.sent_as, last + 10 * nth))
    paired = list(zip(fresh, pending, strict=True))
    if name[1]:
        yield from ((AddToDirectory(name[0], entry), [one]) for entry, one in paired)
        return
    assert there.field_id is not None, "without its field an entry is settled"
    some = [pair for pair in paired if not pair[1].is_alone]
    groups = [some[at : at + _ITEMS_AT_ONCE] for at in range(0, len(some), _ITEMS_AT_ONCE)] + [[pair] for pair in paired if pair[1].is_alone]
    for group in groups:
        yield AddToListField(there.field_id, tuple(entry for entry, _ in group)), [one for _, one in group]


def _free_code(code: str, taken: set[str]) -> str:
    """The code, numbered where it is taken: a person may have given another text to an entry that was ours."""
    nth = 1
    while (numbered := code if nth == 1 else f"{code}_{nth}").upper() in taken:
        nth += 1
    return numbered


def _is_of(found: str, code: str) -> bool:
    return found.upper() == code.upper() or found.upper().startswith(f"{code.upper()}_")


def _take(entries: Sequence[_Open], result: Result) -> None:
    """What one operation's result says of the entries it was to add."""
    for one in entries:
        match result:
            case Done():
                one.is_unsettled = one.is_answered = True
            case Refused(verdict=Verdict.REJECT):
                one.is_unsettled, one.is_alone = False, True
                one.refused = result if len(entries) == 1 else None
            case Refused(verdict=Verdict.AGAIN | Verdict.AFTER_RESET | Verdict.STOP) | NotRun():
                one.is_unsettled = False
            case _:
                one.is_unsettled = True


def _journaled(request: Sequence[_Adding]) -> list[Settled]:
    return [Settled(one.row.row, "unsettled" if one.is_unsettled else "new") for _, entries in request for one in entries]


def _refused(record: EntryRecord) -> RowProblem:
    """What the person of a row reads whose entry is not in its list."""
    where = f"the directory {record.list}" if record.is_directory else f"the list of {record.list}"
    why = record.problem or "It was there, and somebody has removed it."
    sentence = f'"{record.text}" is not in {where}, so this row was not sent. {why.rstrip(".")}. Correct the cell, or add the entry in the portal, and send the row again.'
    return RowProblem("list_item_refused", sentence)
