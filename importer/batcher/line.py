"""One request with everything around it: paced, journaled before and after, its costs learnt."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from importer.batcher.kinds import CONTACTS, Kind
from importer.batcher.progress import Progress
from importer.journal.entries import RequestRecord, Settled
from importer.journal.journal import Journal
from importer.pacing.clock import Clock
from importer.pacing.pace import Pace
from importer.portals.operations import Operation
from importer.portals.portal import Answer, Failure, Portal, Refused, Verdict

_log = logging.getLogger("b24-import")

#: What a failure of a request makes of the request's record.
_STATES = {
    Verdict.AGAIN: "refused",
    Verdict.AFTER_RESET: "limited",
    Verdict.DOUBT: "lost",
    Verdict.STOP: "refused",
    Verdict.REJECT: "refused",
    Verdict.APART: "refused",
}

_RATE_CODES = ("query_limit_exceeded", "rate_limited", "rate_limit", "queue_overflow", "error_loop_detected")

# A portal behind VibeCode that gives way under the load; whether it wrote is another question.
_BUSY_CODES = (*_RATE_CODES, "bitrix_unavailable", "queue_timeout")

#: Outcomes of the rows a request carried, from its answer.
Outcomes = Callable[[Answer], Sequence[Settled]]
#: Outcomes of the rows a request carried, from its failure.
FailedOutcomes = Callable[[Failure], Sequence[Settled]]


#: Makes a wait end early when the run does, by an exception.
Cutting = Callable[[Awaitable[object]], Awaitable[object]]


@dataclass(slots=True)
class Cargo:
    """The rows a request carries, and what becomes of them."""

    rows: tuple[int, ...]
    of_answer: Outcomes
    of_failure: FailedOutcomes
    #: True where each of them can be looked up again, so that what its answer said need not be on the disk at once
    is_found_again: bool = False
    #: Unix seconds at which the request left, after its wait for the bucket; None while it has not
    left_at: float | None = None
    #: seconds from leaving to the answer
    took_s: float = 0.0


def is_busy(failure: Failure) -> bool:
    """True when requests must leave more slowly."""
    return failure.code.lower() in _BUSY_CODES


def learn_minute(pace: Pace, answer: Answer) -> None:
    """Takes what an answer says of the key's minute, where requests are counted by key."""
    told = answer.allowance
    pace.answered(*(told.limit, told.remaining, told.resets_in_s) if told else (None, None, None))


def _purpose(request: RequestRecord, kind: Kind) -> str:
    """What the request is for, in a log: `add` only where something is."""
    return kind.action if request.purpose == "add" and kind.action != "create" else request.purpose


class Line:
    """The way to one portal within one run."""

    def __init__(self, portal: Portal, pace: Pace, clock: Clock, journal: Journal, run_id: int, progress: Progress,
                 kind: Kind = CONTACTS) -> None:  # fmt: skip
        self.portal, self.pace, self.clock = portal, pace, clock
        self.journal, self.run_id, self.progress = journal, run_id, progress
        #: what the rows of its cargoes are
        self.kind = kind

    async def ask(self, purpose: str, operations: Sequence[Operation], cutting: Cutting, *, attempt: int = 1,
                  cargo: Cargo | None = None) -> Answer:  # fmt: skip
        """Sends one request and returns its answer, or raises Failure; either is journaled first.

        The budget of the operations' methods must have been reserved by the caller and is released here. `cutting`
        may end the wait for the bucket; the answer to what has left is always waited for.
        """
        methods = [method for operation in operations for method in self.portal.methods_of(operation)]
        request = RequestRecord(purpose, len(methods), attempt, 0.0, None, "open", None, 0, None)
        try:
            await cutting(self.pace.request())
            request.started = self.clock.now()
            request_id = self.journal.begin_request(self.run_id, request, cargo.rows if cargo else (), self.kind.entity)
            if cargo:
                cargo.left_at = request.started
            self.progress.requests += 1
            self.progress.in_flight += 1
            try:
                return await self._exchange(operations, methods, request, request_id, cargo)
            finally:
                self.progress.in_flight -= 1
        finally:
            for method in set(methods):
                self.pace.release(method, methods.count(method))

    async def _exchange(self, operations, methods: list[str], request: RequestRecord, request_id: int, cargo: Cargo | None) -> Answer:
        try:
            answer = await self.portal.send(operations)
        except Failure as failure:
            request.finished, request.code = self.clock.now(), failure.code
            request.state = "limited" if failure.code.lower() in _RATE_CODES else _STATES[failure.verdict]
            outcomes = cargo.of_failure(failure) if cargo else ()
            self._end(request_id, request, failure.http_status, outcomes, cargo)
            self._say(logging.WARNING, request, request_id, failure.http_status, cargo)
            if is_busy(failure):
                self.pace.bucket_refused()
            elif failure.verdict is Verdict.AFTER_RESET:
                failure.wait_s = max(self.pace.budget_refused(method) for method in set(methods))
            raise
        request.finished, request.state = self.clock.now(), "answered"
        # Commands refused for the budget stand in an answer that is otherwise good: its record says so.
        request.code = next((r.code for r in answer.results if isinstance(r, Refused) and r.verdict is Verdict.AFTER_RESET), None)
        outcomes = cargo.of_answer(answer) if cargo else ()
        if cargo:
            cargo.took_s = request.finished - request.started
        request.created = sum(outcome.state == "created" for outcome in outcomes)
        request.operating_s = sum(answer.command_s) if answer.command_s else None
        self._end(request_id, request, answer.http_status, outcomes, cargo)
        self._say(logging.INFO, request, request_id, answer.http_status, cargo)
        self._learn(answer, methods)
        return answer

    def _end(self, request_id: int, request: RequestRecord, http_status: int | None, outcomes: Sequence[Settled], cargo: Cargo | None) -> None:
        is_awaited = cargo is not None and not cargo.is_found_again
        self.journal.end_request(self.run_id, request_id, request, http_status, outcomes, self.kind.entity, is_awaited=is_awaited)

    def _say(self, level: int, request: RequestRecord, request_id: int, http_status: int | None, cargo: Cargo | None) -> None:
        """One event a request: row numbers and codes, nothing of the people in the rows."""
        if not _log.isEnabledFor(level):
            return
        rows = f"{min(cargo.rows)}-{max(cargo.rows)}" if cargo and cargo.rows else None
        seconds = round((request.finished or request.started) - request.started, 3)
        _log.log(level, "request", extra={"facts": {
            "request": request_id, "purpose": _purpose(request, self.kind), "commands": request.commands, "attempt": request.attempt, "rows": rows,
            "state": request.state, "http_status": http_status, "code": request.code, "seconds": seconds, "created": request.created,
        }})  # fmt: skip

    def _learn(self, answer: Answer, methods: list[str]) -> None:
        learn_minute(self.pace, answer)
        for method, usage in answer.usage.items():
            self.pace.learn(method, usage.operating_s, usage.resets_in_s, usage.measured_at)
        for method, each in answer.costs(methods[0]).items():
            self.pace.learn_command(method, sum(each) / len(each), len(each))

    async def read(self, operations: Sequence[Operation], cutting: Cutting, *, purpose: str = "read", attempt: int = 1,
                   cargo: Cargo | None = None) -> Answer:  # fmt: skip
        """Like `ask`, for operations that are few: reserves their budgets itself."""
        methods = [self.portal.method_of(operation) for operation in operations]
        for method in dict.fromkeys(methods):
            count = methods.count(method)
            await cutting(self.reserve(method, count, least=count))
        return await self.ask(purpose, operations, cutting, attempt=attempt, cargo=cargo)

    async def reserve(self, method: str, wanted: int, *, least: int = 1) -> int:
        """Pace's reserve, with the pauses it brought journaled; the caller releases what `ask` does not."""
        try:
            return await self.pace.reserve(method, wanted, least=least)
        finally:
            for pause in self.pace.take_pauses():
                self.progress.paused_until = None
                self.journal.note_pause(self.run_id, pause.began, pause.ended, f"operating time of {pause.method}")
