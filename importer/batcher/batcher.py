"""Contacts become outcomes: batches leave as the limits allow, and every row ends with what happened to it.

    take from the queue ─▶ journal `sending` ─▶ send ─┬─▶ answered: outcomes journaled
                ▲                                      ├─▶ certainly not run: waits, and goes again (retry.py)
                └──────────── not in the portal ◀──────┴─▶ lost: looked up once the portal has finished (settle.py)
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Coroutine, Sequence

from importer.batcher.addresses import Completion
from importer.batcher.fates import Fates, fates, given_up, refusal, stopped_by
from importer.batcher.likeness import look_alike
from importer.batcher.line import Cargo, Line
from importer.batcher.loading import MOST_BYTES_AT_ONCE, Load, Loader
from importer.batcher.losses import MOST_LOSSES, Losses
from importer.batcher.queue import Queue
from importer.batcher.retry import MOST_ATTEMPTS, repeat
from importer.batcher.settle import look_up, lost_answer, wait_s, whole_s
from importer.batcher.stopping import Stop, Stopped
from importer.batcher.terms import Terms
from importer.errors import ImporterError, PortalStopped
from importer.journal.entries import QueuedRow, Settled
from importer.pacing.sizing import Measured, Sizing
from importer.portals.portal import Answer, Failure, NotRun, Refused, Verdict

_log = logging.getLogger("b24-import")

#: outcomes that are final when the portal has answered
_COUNTED = {"created", "updated", "deleted", "restored", "skipped", "rejected"}


class Batcher:
    """Sends the queued rows of one run. `run` returns when none is left to send, or raises what ended it."""

    def __init__(self, line: Line, stop: Stop, sizing: Sizing, terms: Terms) -> None:
        self._line, self._stop, self._sizing, self._terms = line, stop, sizing, terms
        self._journal, self._run_id, self._progress = line.journal, line.run_id, line.progress
        self._entity = line.kind.entity
        self._has_dollar = any("$" in str(value) for value in terms.params.values())
        self._loader = Loader(line.kind, terms, line.portal)
        self._queue = Queue(self._journal, self._run_id, self._travels_alone, self._entity, line.kind.action, self._loader.prepare)
        self._method = line.portal.method_of(line.kind.operation({}))
        #: base64 of files in the requests on their way
        self._bytes = 0
        self._losses = Losses()
        #: rows refused one by one for the moment, and how often
        self._postponements: dict[int, int] = {}
        # A person who resumes a run that --max-rejects had stopped wants it to go on: past rejects are forgiven.
        limit, rejected = terms.max_rejects, line.progress.rejected
        self._forgiven = rejected if limit is not None and rejected > limit else 0
        self._on_the_line = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._moved = asyncio.Event()
        self._bug: BaseException | None = None

    def _travels_alone(self, row: QueuedRow) -> bool:
        # The journal has seen all of the row as one text, which is quicker than looking at every value of every row.
        return (row.has_dollar or self._has_dollar) and self._line.portal.travels_alone(self._loader.bare(row))

    # -- sending ------------------------------------------------------------------------------

    async def run(self, doubtful: Sequence[QueuedRow] = ()) -> None:
        """Sends every queued row; `doubtful` rows of an earlier death are looked up meanwhile.

        Raises the ImporterError that ended the run early, after the calls in flight were answered and journaled.
        """
        if doubtful:
            self._start(self._settle(doubtful))
        try:
            if doubtful and self._terms.in_order:
                await self._any_done()
            while not self._stop.is_set and await self._next():
                continue
        except Stopped:
            pass
        finally:
            await self._drain()
        if self._stop.reason is not None:
            raise self._stop.reason

    async def _next(self) -> bool:
        """Starts one more batch, or waits until something changes; False when nothing is left."""
        limit = 1 if self._terms.in_order else self._sizing.width
        busy = len(self._tasks) if self._terms.in_order else self._on_the_line
        if self._queue.is_empty() or busy >= limit or self._bytes >= MOST_BYTES_AT_ONCE:
            if not self._tasks:
                return False
            await self._any_done()
            return True
        granted = await self._stop.cutting(self._line.reserve(self._method, self._sizing.size))
        if self._stop.is_set:
            return False
        load = self._load(self._queue.take(granted))
        self._line.pace.release(self._method, granted - len(load.rows))
        if load.rows:
            await self._reserve_rest(load)
            self._on_the_line += 1
            self._bytes += load.size
            self._start(self._deliver(load))
        return True

    async def _reserve_rest(self, load: Load) -> None:
        """The budgets of what goes along with contacts: always after the contacts' own, so that nobody waits in a ring."""
        if not any(row.address for row in load.rows):
            return
        along = [method for operation in load.operations for method in self._line.portal.methods_of(operation)[1:]]
        for method in dict.fromkeys(along):
            count = along.count(method)
            await self._stop.cutting(self._line.reserve(method, count, least=count))

    def _load(self, rows: list[QueuedRow]) -> Load:
        """These rows as one request, without those that do not fit it and those that cannot leave at all."""
        load = self._loader.load(self._company(rows), self._sizing.size)
        self._queue.give_back(load.left)
        if load.refused:
            self._journal.settle(self._run_id, load.refused, self._entity)
            self._progress.count("rejected", len(load.refused))
            self._stop_past_max_rejects()
        return load

    def _company(self, rows: list[QueuedRow]) -> list[QueuedRow]:
        """As many of these rows as may share a request: one that was lost before travels with half as many."""
        count = self._losses.company(rows, self._line.portal.batch_capacity)
        self._queue.give_back(rows[count:])
        return rows[:count]

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(lambda _: self._moved.set())

    async def _any_done(self) -> None:
        """Waits until a task ends or a place on the line is free."""
        self._moved.clear()
        await self._stop.cutting(self._moved.wait())
        self._collect()

    def _collect(self) -> None:
        """Forgets ended tasks. What stops a run ends it in good order; a bug is raised once all have ended."""
        for task in [task for task in self._tasks if task.done()]:
            self._tasks.discard(task)
            error = task.exception()
            if isinstance(error, ImporterError):
                self._stop.because(error)
            elif error is not None:
                self._bug = self._bug or error
        if self._bug is not None and not self._stop.is_set:
            self._stop.because(ImporterError("a fault of b24-import"))

    async def _drain(self) -> None:
        """Lets the calls in flight end and be journaled."""
        while self._tasks:
            await asyncio.wait(self._tasks)
            self._collect()
        if self._bug is not None:
            raise self._bug

    async def _deliver(self, load: Load) -> None:
        """Sends one batch until each of its rows is settled, given back, or the run stops."""

        rows = load.rows
        doubtful: list[QueuedRow] = []

        async def once(attempt: int) -> Fates:
            if self._stop.is_set:
                raise Stopped
            if attempt > 1:
                await self._stop.cutting(self._line.reserve(self._method, len(rows), least=len(rows)))
                await self._reserve_rest(load)
            return await self._send(load, attempt)

        try:
            if await self._prepare(load):
                made = await repeat(once, lambda seconds: self._stop.cutting(self._line.clock.sleep(seconds)), is_read=False)
                self._after(made)
                doubtful = made.doubtful
        except Failure as failure:
            doubtful = self._failed(rows, failure)
        except Stopped:
            pass
        finally:
            self._on_the_line -= 1
            self._bytes -= load.size
            load.operations.clear()
            self._moved.set()
        if doubtful:
            await self._settle(doubtful)

    async def _prepare(self, load: Load) -> bool:
        """The last look at a batch before it leaves; False when nothing of it is left to send. What is created needs none."""
        return True

    async def _send(self, load: Load, attempt: int) -> Fates:
        made, rows = Fates(), load.rows

        def of_answer(answer: Answer) -> list[Settled]:
            nonlocal made
            made = fates(rows, answer, self._line.kind.word, self._line.kind.outcome, self._line.kind.thing)
            for one in made.settled if load.warnings else ():
                one.warning = one.warning or load.warnings.get(one.row)
            return made.settled

        def of_failure(failure: Failure) -> list[Settled]:
            lost = failure.verdict is Verdict.DOUBT
            return [Settled(row.row, "unsettled", problem=lost_answer(row)) if lost else Settled(row.row, "new") for row in rows]

        # What has no identity in the portal could not be looked up after a power cut.
        is_found_again = all(row.origin is not None or row.contact_id is not None for row in rows) and self._line.portal.keeps_origin(self._line.kind.operation)
        cargo = Cargo(tuple(row.row for row in rows), of_answer, of_failure, is_found_again)
        try:
            answer = await self._line.ask(self._line.kind.purpose, load.operations, self._stop.cutting, attempt=attempt, cargo=cargo)
        finally:
            # Not when we first wanted to send: the wait for the bucket must not shorten the wait before the lookup.
            for row in rows:
                row.last_sent = cargo.left_at if cargo.left_at is not None else row.last_sent
        self._sizing.answered(_measured(answer, cargo.took_s))
        self._progress.batch_size, self._progress.width = self._sizing.size, self._sizing.width
        return made

    # -- outcomes -----------------------------------------------------------------------------

    def _after(self, made: Fates) -> None:
        states = Counter(settled.state for settled in made.settled)
        for state in states.keys() & _COUNTED:
            self._progress.count(state, states[state])
            self._losses.answered += states[state]
        self._queue.give_back(made.again)
        self._postpone(made.postponed)
        if made.is_budget_refused:
            self._line.pace.budget_refused(self._method)
        if made.stops is not None:
            self._stop.because(stopped_by(made.stops))
        self._stop_past_max_rejects()

    def _stop_past_max_rejects(self) -> None:
        limit = self._terms.max_rejects
        if limit is not None and self._progress.rejected - self._forgiven > limit:
            self._stop.because(PortalStopped(
                f"{self._progress.rejected} row{'s are' if self._progress.rejected != 1 else ' is'} rejected, more than --max-rejects {limit} allows: sending is stopped. "
                "See why in the report, then `b24-import resume` goes on with the rest."
            ))  # fmt: skip

    def _postpone(self, rows: list[QueuedRow]) -> None:
        """Rows the portal refuses one by one for the moment go again, but not for ever."""
        if not rows:
            return
        self._queue.give_back(rows)
        self._line.pace.bucket_refused()
        for row in rows:
            self._postponements[row.row] = self._postponements.get(row.row, 0) + 1
        if max(self._postponements[row.row] for row in rows) >= MOST_ATTEMPTS:
            last = Failure(Verdict.AGAIN, "refused_again", "it refuses single rows again and again as too much for now")
            self._stop.because(given_up(last, self._line.portal.host))

    def _failed(self, rows: list[QueuedRow], failure: Failure) -> list[QueuedRow]:
        """What a request without an answer means for its rows; those to be looked up."""
        if failure.verdict is Verdict.DOUBT:
            self._sizing.cut_off()
            return rows
        if failure.verdict is Verdict.APART:
            self._part(rows, failure)
            return []
        self._queue.give_back(rows)
        self._stop.because(given_up(failure, self._line.portal.host))
        return []

    def _part(self, rows: list[QueuedRow], failure: Failure) -> None:
        """Rows refused together for what is wrong with one of them: halves, until that one stands alone."""
        if len(rows) > 1:
            self._losses.part(rows)
            self._queue.give_back(rows)
            return
        problem = refusal(failure.code, failure.text, self._line.kind.word)
        self._journal.settle(self._run_id, [Settled(rows[0].row, "rejected", problem=problem)], self._entity)
        self._progress.count("rejected")
        self._stop_past_max_rejects()

    async def _settle(self, rows: Sequence[QueuedRow]) -> None:
        """Finds out what became of doubtful rows; those not in the portal go back to the queue."""
        self._progress.count("unsettled", len(rows))
        known = [row for row in rows if row.origin is not None or row.contact_id is not None]
        if not known and not self._terms.in_order:
            return
        may_still_be_written = [row for row in rows if row.is_address_begun]
        try:
            await self._until_final(rows, may_still_be_written)
            lost = [row for row in known if row.contact_id is None]
            look = look_up if self._line.portal.keeps_origin(self._line.kind.operation) else look_alike
            findings = await look(self._line, self._stop, lost, self._terms.last_id_before)
        except Stopped:
            return
        except Failure as failure:
            self._stop.because(given_up(failure, self._line.portal.host))
            return
        outcomes, again = self._losses.verdicts(findings.missing)
        with_address = {row.row for row in known if row.address}
        found = [settled for settled in findings.found if settled.row not in with_address]
        self._settled(found + outcomes)
        self._journal.settle(self._run_id, findings.open, self._entity)
        self._queue.give_back(again)
        self._stop_if_nothing_gets_through(again)
        ids = {settled.row: settled.contact_id for settled in findings.found}
        await self._complete([(row, ids.get(row.row, row.contact_id)) for row in known if row.row in ids or row.contact_id is not None])

    async def _until_final(self, rows: Sequence[QueuedRow], may_still_be_written: Sequence[QueuedRow]) -> None:
        """Waits until the portal's word on doubtful rows is final. Raises Stopped."""
        clock = self._line.clock
        seconds = wait_s(may_still_be_written, clock.now(), self._terms.finishes_s)
        _log.info("in_doubt", extra={"facts": {"rows": len(rows), "asked_in_s": round(seconds, 1)}})
        with self._progress.looking_up(clock.now() + seconds, len(rows)):
            await self._stop.cutting(clock.sleep(seconds))

    def _settled(self, outcomes: Sequence[Settled]) -> None:
        """Journals and counts what became of rows that were unsettled."""
        self._journal.settle(self._run_id, outcomes, self._entity)
        self._progress.count("unsettled", -len(outcomes))
        for state in _COUNTED:
            self._progress.count(state, sum(outcome.state == state for outcome in outcomes))

    async def _complete(self, rows: Sequence[tuple[QueuedRow, int | None]]) -> None:
        """Brings the addresses of contacts that are there to an end."""
        needing = [(row, contact_id, address) for row, contact_id in rows if contact_id and (address := self._loader.address(row))]
        completion = Completion(self._line, self._stop, whole_s(self._terms.finishes_s))
        try:
            await completion.complete(needing)
        except Stopped:
            pass
        except Failure as failure:
            self._stop.because(given_up(failure, self._line.portal.host))
        finally:
            self._settled(completion.settled)

    def _stop_if_nothing_gets_through(self, missing: list[QueuedRow]) -> None:
        """A portal that answers for no row at all fails as a whole: no row is to blame, the run stops."""
        if self._losses.is_hopeless(missing):
            last = Failure(Verdict.DOUBT, "portal_fails", f"{MOST_LOSSES} answers to the same row were lost, and none to another came")
            self._stop.because(given_up(last, self._line.portal.host))


def _measured(answer: Answer, took_s: float) -> Measured:
    """What an answer says of the portal's pace; commands it refused took no time."""
    ran = len(answer.command_s) or sum(not isinstance(result, (Refused, NotRun)) for result in answer.results)
    return Measured(took_s, ran, sum(answer.command_s) / ran if answer.command_s else None)
