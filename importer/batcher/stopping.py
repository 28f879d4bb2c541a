"""Ending in good order: one reason, and waits that it cuts short. Calls in flight are never cut."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from importer.errors import ImporterError

Value = TypeVar("Value")


class Stopped(Exception):
    """A wait was cut short because the run is ending."""


class Stop:
    """The reason to end, once there is one."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        #: the first reason given; None while the run goes on
        self.reason: ImporterError | None = None

    def because(self, reason: ImporterError) -> None:
        """Ends the run in good order; the first reason counts."""
        if self.reason is None:
            self.reason = reason
        self._event.set()

    @property
    def is_set(self) -> bool:
        """True once there is a reason to end."""
        return self._event.is_set()

    async def cutting(self, waiting: Awaitable[Value]) -> Value:
        """The value of `waiting`, or Stopped as soon as there is a reason to end; `waiting` is then cancelled."""
        task = asyncio.ensure_future(waiting)
        ending = asyncio.ensure_future(self._event.wait())
        try:
            await asyncio.wait({task, ending}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            raise Stopped
        finally:
            ending.cancel()
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
