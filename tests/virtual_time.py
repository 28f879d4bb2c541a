"""An event loop on which waiting takes no time: when nothing is ready, its clock jumps to the next timer.

For code that waits by the running loop alone. Threads and sockets are served only while something else is due.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import TypeVar

Value = TypeVar("Value")


class NothingToWaitFor(AssertionError):
    """Every task waits for something that no timer will bring: the code under test would hang for ever."""


class _JumpingSelector(selectors.SelectSelector):
    """Passes each wait on to `jumped_s` instead of waiting it."""

    jumped_s = 0.0

    def select(self, timeout: float | None = None) -> list:
        """What is ready now; else the clock has moved on by `timeout`."""
        events = super().select(0)
        if not events and timeout is None:
            raise NothingToWaitFor("no task is ready and no timer is set")
        if not events and timeout is not None:
            self.jumped_s += max(0.0, timeout)
        return events


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """A loop whose `time()` starts at 0 and counts only what was waited for."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._jumping.jumped_s


def run_virtually(work: Coroutine[object, object, Value]) -> Value:
    """The value of a coroutine run to its end on a loop with virtual time."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(work)
