"""Ending in good order: one reason, and waits that it cuts short. Calls in flight are never cut."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import TypeVar

from importer.errors import ImporterError

Value = TypeVar("Value")


class Stopped(Exception):
    """A wait was cut short because the run is ending."""


class Stop:
    """The reason to end, once there is one."""

    def __init__(self) -> None:
        #: the first reason given; None while the run goes on
        self.reason: ImporterError | None = None
        #: tasks in a wait that may be cut short, and those whose wait was
        self._waiting: set[asyncio.Task[object]] = set()
        self._cut: set[asyncio.Task[object]] = set()

    def because(self, reason: ImporterError) -> None:
        """Ends the run in good order; the first reason counts."""
        if self.reason is not None:
            return
        self.reason = reason
        self._cut |= self._waiting
        for task in self._waiting:
            task.cancel()

    @property
    def is_set(self) -> bool:
        """True once there is a reason to end."""
        return self.reason is not None

    async def cutting(self, waiting: Awaitable[Value]) -> Value:
        """The value of `waiting`, or Stopped as soon as there is a reason to end; `waiting` is then cancelled.

        It is awaited where it stands, and cancelled with its task as asyncio's own timeouts do: two tasks for each wait,
        three or four waits a request, were a tenth of what sending costs.
        """
        if self.is_set:
            _abandon(waiting)
            raise Stopped
        task: asyncio.Task[object] = asyncio.current_task()  # type: ignore[assignment]
        is_within_another = task in self._waiting
        self._waiting.add(task)
        try:
            return await waiting
        except asyncio.CancelledError:
            # Somebody else may have cancelled the task, too: then it ends as cancelled.
            if task in self._cut and task.cancelling() == 1:
                raise Stopped from None
            raise
        finally:
            if not is_within_another:
                self._waiting.discard(task)
            if task in self._cut:
                self._cut.discard(task)
                task.uncancel()


def _abandon(waiting: Awaitable[object]) -> None:
    if isinstance(waiting, asyncio.Future):
        waiting.cancel()
    elif isinstance(waiting, Coroutine):
        waiting.close()
