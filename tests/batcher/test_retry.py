"""Whether a request goes again, and when: a table, and the loop that follows it."""

from __future__ import annotations

import pytest

from importer.batcher.retry import MOST_ATTEMPTS, Again, GiveUp, decide, repeat
from importer.portals.portal import Failure, Verdict

AGAIN, AFTER_RESET, DOUBT, REJECT, STOP = Verdict.AGAIN, Verdict.AFTER_RESET, Verdict.DOUBT, Verdict.REJECT, Verdict.STOP


def _failure(verdict: Verdict, wait_s: float | None = None) -> Failure:
    return Failure(verdict, "CODE", "text", wait_s=wait_s)


@pytest.mark.parametrize(
    ("verdict", "attempt", "is_read", "decided"),
    [
        # Certainly not run: again, whatever it was.
        (AGAIN, 1, False, Again(1.0)),
        (AGAIN, 1, True, Again(1.0)),
        (AFTER_RESET, 1, False, Again(1.0)),
        # It may have run: only what changes nothing goes again by itself.
        (DOUBT, 1, False, GiveUp()),
        (DOUBT, 1, True, Again(1.0)),
        # Nothing would be different.
        (REJECT, 1, False, GiveUp()),
        (REJECT, 1, True, GiveUp()),
        (STOP, 1, False, GiveUp()),
        (STOP, 1, True, GiveUp()),
        # Twice as long each time, a minute at most.
        (AGAIN, 2, False, Again(2.0)),
        (AGAIN, 3, False, Again(4.0)),
        (AGAIN, 6, False, Again(32.0)),
        (AGAIN, 7, False, Again(60.0)),
        (AGAIN, MOST_ATTEMPTS - 1, False, Again(60.0)),
        (AGAIN, MOST_ATTEMPTS, False, GiveUp()),
        (DOUBT, MOST_ATTEMPTS, True, GiveUp()),
    ],
)
def test_what_goes_again_and_when(verdict: Verdict, attempt: int, is_read: bool, decided: Again | GiveUp) -> None:
    assert decide(_failure(verdict), attempt, is_read=is_read, jitter=1.0) == decided


@pytest.mark.parametrize(("jitter", "wait_s"), [(0.0, 2.0), (0.5, 3.0), (1.0, 4.0)])
def test_programs_refused_together_do_not_come_back_together(jitter: float, wait_s: float) -> None:
    assert decide(_failure(AGAIN), 3, is_read=False, jitter=jitter) == Again(wait_s)


@pytest.mark.parametrize(("asked_s", "wait_s"), [(None, 1.0), (0.0, 1.0), (0.5, 1.0), (400.0, 400.0)])
def test_the_portals_own_word_on_how_long_to_wait_is_obeyed(asked_s: float | None, wait_s: float) -> None:
    assert decide(_failure(AFTER_RESET, asked_s), 1, is_read=False, jitter=1.0) == Again(wait_s)


class _Script:
    """Fails as told, then answers; remembers attempts and waits."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.attempts: list[int] = []
        self.waits: list[float] = []

    async def send(self, attempt: int) -> str:
        self.attempts.append(attempt)
        if self.failures:
            raise self.failures.pop(0)
        return "answer"

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def repeated(self, *, is_read: bool = False) -> str:
        return await repeat(self.send, self.sleep, is_read=is_read, jitter=lambda: 1.0)


async def test_a_request_goes_again_until_it_is_answered() -> None:
    script = _Script(_failure(AGAIN), _failure(AFTER_RESET, 30.0), _failure(AGAIN))
    assert await script.repeated() == "answer"
    assert (script.attempts, script.waits) == ([1, 2, 3, 4], [1.0, 30.0, 4.0])


async def test_the_last_failure_is_what_the_caller_hears() -> None:
    script = _Script(*(Failure(AGAIN, str(n), "text") for n in range(20)))
    with pytest.raises(Failure) as caught:
        await script.repeated()
    assert caught.value.code == str(MOST_ATTEMPTS - 1)
    assert len(script.attempts) == MOST_ATTEMPTS


@pytest.mark.parametrize("verdict", [DOUBT, REJECT, STOP])
async def test_what_must_not_go_again_is_sent_once(verdict: Verdict) -> None:
    script = _Script(_failure(verdict))
    with pytest.raises(Failure):
        await script.repeated()
    assert (script.attempts, script.waits) == ([1], [])


async def test_a_fault_of_ours_is_not_retried() -> None:
    script = _Script(KeyError("ours"))
    with pytest.raises(KeyError):
        await script.repeated(is_read=True)
    assert script.attempts == [1]


async def test_what_may_go_at_once_does_and_is_no_attempt_but_not_for_ever() -> None:
    def renewed() -> Failure:
        return Failure(AGAIN, "expired_token", "there is a new token", at_once=True)

    script = _Script(renewed(), _failure(AGAIN), renewed(), *(_failure(AGAIN) for _ in range(MOST_ATTEMPTS - 2)))
    assert await script.repeated() == "answer"
    assert script.waits[:3] == [0.0, 1.0, 0.0]
    assert script.waits[3] == 2.0
    script = _Script(*(renewed() for _ in range(100)))
    with pytest.raises(Failure):
        await script.repeated()
    assert len(script.attempts) == 2 * MOST_ATTEMPTS
