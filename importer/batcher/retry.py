"""Whether and when a request is sent again: a decision, not a loop. tenacity drives the loop around it."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception

from importer.portals.portal import Failure, Verdict

# 1, 2, 4 … 60 s: ten attempts take some four minutes, longer than a portal's restart or a router's. Past that a
# person, or the next night, should decide; the run is resumable.
MOST_ATTEMPTS = 10

#: 1, 2, 4 s: enough for a slip of the network, and no longer than a person waits for the word that an address is wrong.
FEW_ATTEMPTS = 4

_FIRST_WAIT_S = 1.0
_LONGEST_WAIT_S = 60.0

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Again:
    """Send it again after so many seconds."""

    wait_s: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Do not send it again by yourself."""


def decide(failure: Failure, attempt: int, *, is_read: bool, jitter: float, most: int | None = None) -> Again | GiveUp:
    """What to do after `attempt` sendings ended in `failure`.

    Sent again is only what certainly did not run, and reads, which may run twice. `jitter` from 0 to 1 spreads
    the waits of programs that were refused together. The portal's own word on how long to wait is obeyed. What is
    to be sent at once was not held up by the portal, so it is no attempt. After `most` attempts, where that is
    fewer than usual, it is not sent again.
    """
    if failure.at_once:
        return Again(0.0)
    may_repeat = failure.verdict in (Verdict.AGAIN, Verdict.AFTER_RESET) or (is_read and failure.verdict is Verdict.DOUBT)
    if not may_repeat or attempt >= (most or MOST_ATTEMPTS):
        return GiveUp()
    grown = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** (attempt - 1))
    return Again(max(grown * (0.5 + jitter / 2), failure.wait_s or 0.0))


async def repeat(
    send: Callable[[int], Awaitable[Value]],
    sleep: Callable[[float], Awaitable[None]],
    *,
    is_read: bool,
    jitter: Callable[[], float] = random.random,
    most: Callable[[Failure], int | None] = lambda failure: None,
) -> Value:
    """The value of `send(attempt)` once it succeeds, sent again as `decide` says; else its last Failure.

    `most` tells how often it is sent before such a failure is its last, where that is fewer than usual.
    """

    free = 0

    def decision(state: RetryCallState) -> Again | GiveUp:
        failure = state.outcome.exception() if state.outcome else None
        if not isinstance(failure, Failure):
            return GiveUp()
        return decide(failure, state.attempt_number - free, is_read=is_read, jitter=jitter(), most=most(failure))

    def wait(state: RetryCallState) -> float:
        decided = decision(state)
        return decided.wait_s if isinstance(decided, Again) else 0.0

    retrying = AsyncRetrying(
        retry=retry_if_exception(lambda error: isinstance(error, Failure)),
        stop=lambda state: isinstance(decision(state), GiveUp),
        wait=wait,
        sleep=sleep,
        reraise=True,
    )
    async for attempt in retrying:
        with attempt:
            try:
                return await send(attempt.retry_state.attempt_number)
            except Failure as failure:
                # Whoever says so again and again is not believed.
                failure.at_once = failure.at_once and free < MOST_ATTEMPTS
                free += failure.at_once
                raise
    raise AssertionError("tenacity ends by a value or by an exception")
