"""Ending in good order: one reason, waits cut short, and nothing left behind."""

from __future__ import annotations

import asyncio

import pytest

from importer.batcher.stopping import Stop, Stopped
from importer.errors import Interrupted, PortalStopped


async def _value() -> int:
    return 7


async def test_a_wait_that_ends_by_itself_brings_its_value() -> None:
    assert await Stop().cutting(_value()) == 7


async def test_a_wait_that_fails_by_itself_brings_its_error() -> None:
    async def failing() -> None:
        raise KeyError("ours")

    with pytest.raises(KeyError):
        await Stop().cutting(failing())


async def test_a_reason_to_end_cuts_a_wait_and_leaves_nothing_running() -> None:
    stop, cancelled = Stop(), []

    async def for_ever() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    asyncio.get_running_loop().call_soon(stop.because, Interrupted("Interrupted."))
    with pytest.raises(Stopped):
        await stop.cutting(for_ever())
    assert cancelled == [True]
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_the_first_reason_counts() -> None:
    stop = Stop()
    assert (stop.is_set, stop.reason) == (False, None)
    first = PortalStopped("first")
    stop.because(first)
    stop.because(Interrupted("second"))
    assert (stop.is_set, stop.reason) == (True, first)


async def test_whoever_is_cancelled_takes_the_wait_along() -> None:
    stop, inner = Stop(), asyncio.get_running_loop().create_future()
    outer = asyncio.ensure_future(stop.cutting(inner))
    await asyncio.wait({outer}, timeout=0)
    outer.cancel()
    await asyncio.gather(outer, return_exceptions=True)
    assert inner.cancelled()
