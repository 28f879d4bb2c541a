"""Seconds that never jump, and waits that end when they should, on a loop with virtual time."""

from __future__ import annotations

import asyncio
import math
import time

import pytest

from importer.pacing.clock import Clock, slept_s
from tests.virtual_time import run_virtually


@pytest.mark.parametrize(("speed", "loop_s"), [(1.0, 60.0), (20.0, 3.0)])
def test_so_many_seconds_pass_whatever_the_speed(speed: float, loop_s: float) -> None:
    async def scene() -> None:
        clock, loop = Clock(speed), asyncio.get_running_loop()
        began = clock.now()
        await clock.sleep(60.0)
        assert clock.now() - began == pytest.approx(60.0)
        assert loop.time() == pytest.approx(loop_s)

    run_virtually(scene())


def test_a_correction_of_the_machines_time_does_not_reach_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        clock = Clock()
        began = clock.now()
        monkeypatch.setattr("time.time", lambda: 0.0)
        assert clock.now() == began

    run_virtually(scene())


def test_what_the_machine_slept_has_passed() -> None:
    async def scene() -> None:
        slept = 100.0
        clock = Clock(slept=lambda: slept)
        began = clock.now()
        assert began == pytest.approx(time.time(), abs=60)
        await clock.sleep(5.0)
        slept += 8 * 3600.0
        assert clock.now() - began == pytest.approx(8 * 3600.0 + 5.0)

    run_virtually(scene())


def test_a_machine_that_is_awake_does_not_sleep() -> None:
    assert slept_s() == pytest.approx(slept_s(), abs=0.5)


def test_what_two_clocks_differ_by_as_they_are_read_moves_nothing() -> None:
    readings = iter([0.0, -3e-5, 2e-5, -1e-5, 0.4, 0.0, 5e-6])

    async def scene() -> None:
        clock = Clock(slept=lambda: next(readings))
        assert len({clock.now() for _ in range(6)}) == 1

    run_virtually(scene())


@pytest.mark.parametrize(("seconds", "waited"), [(10.0, 10.0), (0.0, 0.0), (-5.0, 0.0)])
def test_a_wait_ends_after_its_seconds_when_nothing_happens(seconds: float, waited: float) -> None:
    async def scene() -> None:
        clock = Clock()
        await clock.wait(asyncio.Event(), seconds)
        assert asyncio.get_running_loop().time() == pytest.approx(waited)

    run_virtually(scene())


@pytest.mark.parametrize("seconds", [60.0, math.inf])
def test_a_wait_ends_with_its_event(seconds: float) -> None:
    async def scene() -> None:
        clock, event, loop = Clock(), asyncio.Event(), asyncio.get_running_loop()
        loop.call_later(7.0, event.set)
        await clock.wait(event, seconds)
        assert loop.time() == pytest.approx(7.0)

    run_virtually(scene())
