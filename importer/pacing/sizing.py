"""How many commands a batch takes, and how many batches are on their way at once: plain arithmetic."""

from __future__ import annotations

import math
from dataclasses import dataclass

# A request is cut after 60 s (apidocs.bitrix24.com, "Limits"). Ours stay under a third of that, so that a portal
# that is suddenly three times slower still answers.
TARGET_S = 20.0

# The first batch only measures: how slow the portal is, and whether we may add contacts at all.
FIRST_BATCH = 5

# A portal that takes this many times its best seconds per command is being crowded, by us or by others.
_CROWDED = 2.0

_MOST_IN_FLIGHT = 50


def batch_size(size: int, request_s: float, commands: int, capacity: int) -> int:
    """Commands for the next batch after one of `commands` took `request_s` seconds.

    As many as fit TARGET_S at the measured pace, but never more than twice as many as before: one quick
    answer proves little.
    """
    fitting = int(TARGET_S / max(request_s / max(1, commands), 1e-6))
    return max(1, min(fitting, size * 2, capacity))


def halved(size: int) -> int:
    """Commands for the next batch after one was cut off."""
    return max(1, size // 2)


def width(now: int, request_s: float, command_s: float, best_command_s: float, leak_per_s: float) -> int:
    """Batches to have on their way at once.

    Enough that requests leave as fast as the bucket leaks although each takes `request_s`; one more at a time
    upwards, one less whenever the portal slows down under them.
    """
    if command_s > _CROWDED * best_command_s:
        return max(1, now - 1)
    wanted = min(_MOST_IN_FLIGHT, math.ceil(leak_per_s * request_s) + 1)
    return now + 1 if wanted > now else max(1, wanted)


@dataclass(slots=True)
class Sizing:
    """Size and width as they stand, fed by each answer."""

    capacity: int
    leak_per_s: float
    size: int = FIRST_BATCH
    width: int = 2
    _best_command_s: float = math.inf
    _request_s: float = 0.0

    def answered(self, request_s: float, commands: int, command_s: float | None = None) -> None:
        """A batch of so many commands was answered after `request_s` seconds.

        `command_s` is the portal's own mean for a command, where it told: the way there and back must not make
        a small batch look slow.
        """
        if command_s is None:
            command_s = request_s / max(1, commands)
        if self._best_command_s is math.inf:
            self._best_command_s = command_s
        # The best of long ago must not call a portal crowded that is simply slower today.
        self._best_command_s = min(command_s, self._best_command_s * 1.02)
        self._request_s = request_s if not self._request_s else 0.7 * self._request_s + 0.3 * request_s
        self.width = width(self.width, self._request_s, command_s, self._best_command_s, self.leak_per_s)
        self.size = batch_size(self.size, request_s, commands, self.capacity)

    def cut_off(self) -> None:
        """A batch had no answer in time: smaller ones, and fewer at once."""
        self.size = halved(self.size)
        self.width = max(1, self.width // 2)
