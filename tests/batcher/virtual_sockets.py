"""An event loop on which waiting takes no time although real sockets are open on it, and only on it.

Both ends of every connection live on the loop, so whatever was written is there at the next look. Before the clock
jumps far, the loop looks a second time and a little longer: the system may have been busy.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import TypeVar

Value = TypeVar("Value")

# A jump of this many virtual seconds might run into somebody's time-out, so it is not taken lightly.
_FAR_S = 5.0
_SECOND_LOOK_S = 0.002

# Nothing is on its way and no timer is set: the code under test would hang for ever.
_HUNG_AFTER_S = 10.0


class _JumpingSelector(selectors.DefaultSelector):
    """Passes each wait on to `jumped_s` instead of waiting it."""

    jumped_s = 0.0

    def select(self, timeout: float | None = None) -> list:
        """What is ready now; else the clock has moved on by `timeout`."""
        events = super().select(0)
        if events or (timeout is not None and timeout <= 0):
            return events
        if timeout is None or timeout >= _FAR_S:
            events = super().select(_SECOND_LOOK_S if timeout is not None else _HUNG_AFTER_S)
        if not events and timeout is None:
            raise AssertionError("no task is ready, no timer is set and nothing arrives")
        if not events:
            self.jumped_s += timeout
        return events


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop whose `time()` starts at 0 and counts only what was waited for."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._jumping.jumped_s


def run_virtually(work: Coroutine[object, object, Value]) -> Value:
    """The value of a coroutine run to its end on a loop with virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)
