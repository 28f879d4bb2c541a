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


async def test_once_there_is_a_reason_no_wait_begins() -> None:
    stop, begun = Stop(), []

    async def begin() -> None:
        begun.append(True)

    stop.because(Interrupted("Interrupted."))
    with pytest.raises(Stopped):
        await stop.cutting(begin())
    assert begun == []


async def test_a_wait_within_a_wait_is_cut_once_and_its_task_goes_on() -> None:
    stop = Stop()

    async def outer() -> None:
        await stop.cutting(asyncio.sleep(0))
        await stop.cutting(asyncio.Event().wait())

    asyncio.get_running_loop().call_later(0, stop.because, Interrupted("Interrupted."))
    with pytest.raises(Stopped):
        await stop.cutting(outer())
    assert asyncio.current_task().cancelling() == 0
    await asyncio.sleep(0)


async def test_whoever_waits_after_an_inner_wait_is_still_cut() -> None:
    stop = Stop()

    async def outer() -> None:
        await stop.cutting(asyncio.sleep(0))
        await asyncio.Event().wait()

    asyncio.get_running_loop().call_later(0, stop.because, Interrupted("Interrupted."))
    with pytest.raises(Stopped):
        await stop.cutting(outer())


async def test_a_task_that_is_cancelled_while_it_is_cut_ends_as_cancelled() -> None:
    stop = Stop()
    task = asyncio.ensure_future(stop.cutting(asyncio.Event().wait()))
    await asyncio.wait({task}, timeout=0)
    stop.because(Interrupted("Interrupted."))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
