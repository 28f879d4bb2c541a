"""The gate on a loop with virtual time: who waits how long, what is told, and that nobody waits for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from importer.pacing.clock import Clock
from importer.pacing.leaky_bucket import LeakyBucket
from importer.pacing.pace import Pace, Pause
from importer.pacing.plans import PLANS
from tests.virtual_time import NothingToWaitFor, run_virtually

ADD, LIST = "crm.contact.add", "crm.contact.list"


class Gate:
    """A pace on the running loop, with what it told."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.began = self.clock.now()
        self.told: list[tuple[str, float]] = []
        plan = PLANS["standard"]
        self.pace = Pace(self.clock, plan, LeakyBucket(plan.capacity, plan.leak_per_s), self._on_pause)

    def _on_pause(self, method: str, until: float) -> None:
        self.told.append((method, until - self.began))

    def since(self) -> float:
        """Seconds since the gate was made."""
        return self.clock.now() - self.began

    def learn(self, used_s: float, resets_in_s: float = 300.0, method: str = ADD) -> None:
        """An answer of this moment."""
        self.pace.learn(method, used_s, resets_in_s, self.clock.now())


def _virtually(scene: Callable[[Gate], Coroutine[object, object, None]]) -> None:
    async def play() -> None:
        await scene(Gate())

    run_virtually(play())


def test_a_burst_leaves_at_once_and_the_rest_at_the_pace_of_the_leak() -> None:
    async def scene(gate: Gate) -> None:
        moments = []
        for _ in range(60):
            await gate.pace.request()
            moments.append(gate.since())
        assert moments[:46] == [0.0] * 46
        assert moments[46:] == pytest.approx([0.5 * n for n in range(1, 15)], abs=1e-4)

    _virtually(scene)


def test_after_a_rate_refusal_nobody_leaves_until_there_is_a_place() -> None:
    async def scene(gate: Gate) -> None:
        gate.pace.bucket_refused()
        await asyncio.gather(*(gate.pace.request() for _ in range(5)))
        assert gate.since() == pytest.approx(2.5 + 4 * 0.5, abs=1e-4)

    _virtually(scene)


def test_a_used_up_budget_waits_for_its_reset_is_told_once_and_kept_as_a_pause() -> None:
    async def scene(gate: Gate) -> None:
        gate.learn(480.0, resets_in_s=99.0)
        assert await gate.pace.reserve(ADD, 50) == 1
        assert gate.since() == pytest.approx(100.0)
        assert gate.told == [(ADD, pytest.approx(100.0))]
        assert gate.pace.take_pauses() == [Pause(ADD, pytest.approx(gate.began), pytest.approx(gate.began + 100.0))]
        assert gate.pace.take_pauses() == []

    _virtually(scene)


def test_several_who_wait_for_one_budget_are_one_pause() -> None:
    async def scene(gate: Gate) -> None:
        gate.learn(480.0, resets_in_s=99.0)
        waiting = [asyncio.create_task(gate.pace.reserve(ADD, 10)) for _ in range(3)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        gate.learn(100.0)
        gate.pace.release(ADD, 1)
        assert sorted(await asyncio.gather(*waiting)) == [1, 10, 10]
        assert len(gate.told) == 1
        assert len(gate.pace.take_pauses()) == 1

    _virtually(scene)


def test_a_short_wait_is_not_worth_telling() -> None:
    async def scene(gate: Gate) -> None:
        gate.learn(480.0, resets_in_s=3.0)
        await gate.pace.reserve(ADD, 50)
        assert (gate.told, gate.pace.take_pauses()) == ([], [])

    _virtually(scene)


def test_an_answer_that_tells_of_room_ends_the_wait_early() -> None:
    async def scene(gate: Gate) -> None:
        gate.learn(480.0, resets_in_s=400.0)
        waiting = asyncio.create_task(gate.pace.reserve(ADD, 50))
        await gate.clock.sleep(30.0)
        gate.learn(10.0)
        assert await waiting == 50
        assert gate.since() == pytest.approx(30.0)

    _virtually(scene)


def test_a_pause_that_is_cut_short_ends_when_it_is_cut() -> None:
    async def scene(gate: Gate) -> None:
        gate.learn(480.0, resets_in_s=400.0)
        waiting = asyncio.create_task(gate.pace.reserve(ADD, 50))
        await gate.clock.sleep(30.0)
        waiting.cancel()
        await asyncio.wait([waiting])
        assert gate.pace.take_pauses() == [Pause(ADD, pytest.approx(gate.began), pytest.approx(gate.began + 30.0))]
        assert await gate.pace.reserve(LIST, 5) == 5

    _virtually(scene)


def test_who_waits_for_answers_in_flight_goes_on_when_they_come() -> None:
    async def scene(gate: Gate) -> None:
        gate.learn(470.0)
        assert await gate.pace.reserve(ADD, 50) == 50
        waiting = asyncio.create_task(gate.pace.reserve(ADD, 50))
        await gate.clock.sleep(4.0)
        assert not waiting.done()
        gate.learn(473.0)
        gate.pace.release(ADD, 50)
        assert await waiting == 50
        assert gate.told == []

    _virtually(scene)


def test_commands_that_go_together_do_not_wait_for_themselves() -> None:
    """The trap: hold a part of what fits, then wait for the answers in flight, which are one's own."""

    async def scene(gate: Gate) -> None:
        gate.learn(476.0, resets_in_s=50.0, method=LIST)
        assert await gate.pace.reserve(LIST, 30, least=30) == 30
        assert gate.since() == pytest.approx(51.0)

    _virtually(scene)


def test_budgets_of_two_methods_are_apart() -> None:
    async def scene(gate: Gate) -> None:
        gate.learn(480.0)
        assert await gate.pace.reserve(LIST, 50) == 50
        assert gate.since() == 0.0

    _virtually(scene)


def test_a_refused_budget_says_how_long_it_takes() -> None:
    async def scene(gate: Gate) -> None:
        gate.learn(200.0, resets_in_s=120.0)
        assert gate.pace.budget_refused(ADD) == pytest.approx(121.0)
        assert gate.pace.budget_refused(LIST) == pytest.approx(60.0)

    _virtually(scene)


def test_a_reservation_that_nobody_releases_would_be_noticed() -> None:
    """The virtual loop says so instead of hanging: what the simulations rely on."""

    async def scene(gate: Gate) -> None:
        gate.learn(470.0)
        await gate.pace.reserve(ADD, 50)
        await gate.pace.reserve(ADD, 50)

    with pytest.raises(NothingToWaitFor):
        _virtually(scene)
