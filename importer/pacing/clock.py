"""Seconds and sleeping, from the running event loop: a loop with virtual time makes every wait virtual."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable

# The system's clock that goes on while the machine sleeps. The loop's does not on Linux and macOS; on Windows it does.
_AWAKE_AND_ASLEEP = {"linux": getattr(time, "CLOCK_BOOTTIME", None), "darwin": getattr(time, "CLOCK_MONOTONIC", None)}.get(sys.platform)


# What is less than that between two clocks that are read one after the other is no sleep.
_LEAST_SLEEP_S = 1.0


def slept_s() -> float:
    """Seconds that the machine has slept, from some moment on that stays the same; give or take what reading two clocks takes."""
    return 0.0 if _AWAKE_AND_ASLEEP is None else time.clock_gettime(_AWAKE_AND_ASLEEP) - time.monotonic()


class Clock:
    """Unix seconds that jump only over the machine's sleep, and waiting by them. Made inside the event loop it belongs to.

    To a notebook that slept through the night what it sent before is long done, as it is to the portal; and what it sends
    then is not taken for hours old by the process that takes over from it.
    """

    def __init__(self, speed: float = 1.0, slept: Callable[[], float] = slept_s) -> None:
        """`speed` N makes N seconds pass in one: for tests against a sandbox of the same speed."""
        self._loop = asyncio.get_running_loop()
        self._speed, self._slept = speed, slept
        # The wall clock is read once: a correction of the machine's time in the middle of a run must not
        # make a bucket look empty or a budget reset.
        self._began, self._unix, self._asleep = self._loop.time(), time.time(), slept()

    def now(self) -> float:
        """Unix seconds. Never less than before."""
        more = self._slept() - self._asleep
        if more >= _LEAST_SLEEP_S:
            self._unix += more
            self._asleep += more
        return self._unix + (self._loop.time() - self._began) * self._speed

    async def sleep(self, seconds: float) -> None:
        """Returns after so many seconds; lets others run."""
        await asyncio.sleep(max(0.0, seconds) / self._speed)

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Returns when the event is set, or after so many seconds at the latest; infinity waits for the event."""
        timeout = None if seconds == float("inf") else max(seconds, 0.0) / self._speed
        try:
            await asyncio.wait_for(event.wait(), timeout)
        except TimeoutError:
            return
