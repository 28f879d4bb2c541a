"""Seconds and sleeping, from the running event loop: a loop with virtual time makes every wait virtual."""

from __future__ import annotations

import asyncio
import time


class Clock:
    """Unix seconds that never jump, and waiting by them. Made inside the event loop it belongs to."""

    def __init__(self, speed: float = 1.0) -> None:
        """`speed` N makes N seconds pass in one: for tests against a sandbox of the same speed."""
        self._loop = asyncio.get_running_loop()
        self._speed = speed
        # The wall clock is read once: a correction of the machine's time in the middle of a run must not
        # make a bucket look empty or a budget reset.
        self._began, self._unix = self._loop.time(), time.time()

    def now(self) -> float:
        """Unix seconds."""
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
