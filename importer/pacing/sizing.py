"""How many commands a batch takes, and how many batches are on their way at once: plain arithmetic."""

from __future__ import annotations

import math
from dataclasses import dataclass

# A request is cut after 60 s (apidocs.bitrix24.com, "Limits"). Ours stay under 20 s, a third of that, so that a
# portal that is suddenly three times slower still answers; two of the 20 are for commands that vary.
TARGET_S = 18.0

# The first batch only measures: how slow the portal is, and whether we may add contacts at all.
FIRST_BATCH = 5

# A portal that takes this many times what the same request took at its best, and a second more, is being crowded,
# by us or by others.
_CROWDED, _CROWDED_S = 1.5, 1.0

# How much of its best a portal is believed to have lost with each answer: the best of long ago must not call a
# portal crowded that is simply slower today.
_FADES = 1.005

_MOST_IN_FLIGHT = 50


@dataclass(frozen=True, slots=True)
class Measured:
    """What one answered request took."""

    #: seconds from leaving to its answer
    request_s: float
    #: commands that ran; those refused for a limit cost no time
    commands: int
    #: the portal's own mean of seconds a command, where it told
    command_s: float | None = None

    @property
    def each_s(self) -> float:
        """Seconds of one command: as the portal told, else its share of the request."""
        return self.request_s / max(1, self.commands) if self.command_s is None else self.command_s

    @property
    def way_s(self) -> float:
        """Seconds that do not depend on the number of commands: the way there and back, and waiting in the portal."""
        return max(0.0, self.request_s - self.each_s * self.commands)


def batch_size(size: int, each_s: float, way_s: float, capacity: int) -> int:
    """Commands for the next batch at `each_s` seconds a command and `way_s` seconds besides.

    As many as fit TARGET_S, but never more than twice as many as before: one quick answer proves little.
    """
    fitting = int((TARGET_S - way_s) / max(each_s, 1e-6))
    return max(1, min(fitting, size * 2, capacity))


def halved(size: int) -> int:
    """Commands for the next batch after one was cut off."""
    return max(1, size // 2)


def width(now: float, request_s: float, leak_per_s: float, step: float = 1.0) -> float:
    """Batches to have on their way at once, whole ones counting: so many that requests leave as fast as the bucket
    leaks although each takes `request_s`. Upwards by `step` an answer."""
    return min(now + step, _MOST_IN_FLIGHT, math.ceil(leak_per_s * request_s) + 1)


def is_crowded(measured: Measured, best_way_s: float, best_command_s: float) -> bool:
    """True when a request took far longer than the portal needs at its best."""
    return measured.request_s > _CROWDED * (best_way_s + measured.commands * best_command_s) + _CROWDED_S


@dataclass(slots=True)
class Sizing:
    """Size and width as they stand, fed by each answer."""

    capacity: int
    leak_per_s: float
    size: int = FIRST_BATCH
    _width: float = 2.0
    _was_crowded: bool = False
    _each_s: float = 0.0
    _best_command_s: float = math.inf
    _best_way_s: float = math.inf
    _request_s: float = 0.0

    @property
    def width(self) -> int:
        """Batches to have on their way at once."""
        return int(self._width)

    def answered(self, measured: Measured) -> None:
        """A request was answered. One of which no command ran says nothing."""
        if not measured.commands:
            return
        self._best_command_s = min(measured.each_s, self._best_command_s * _FADES)
        self._best_way_s = min(measured.way_s, self._best_way_s * _FADES)
        self._request_s = measured.request_s if not self._request_s else 0.7 * self._request_s + 0.3 * measured.request_s
        if is_crowded(measured, self._best_way_s, self._best_command_s):
            # Half a batch an answer: half of all that are on their way, by the time each of them is answered.
            self._width, self._was_crowded = max(1.0, self._width - 0.5), True
        else:
            # One more with each answer until the portal is crowded for the first time, then one more a round.
            self._width = width(self._width, self._request_s, self.leak_per_s, 1 / self._width if self._was_crowded else 1.0)
        # A full batch speaks for the next one; a smaller one, such as a probe of a single command, for as much less.
        # That the portal is slower is believed at once, that it is quicker by halves.
        weight = min(1.0, measured.commands / self.size) if self._each_s else 1.0
        if measured.each_s < self._each_s:
            weight /= 2
        self._each_s += weight * (measured.each_s - self._each_s)
        self.size = batch_size(self.size, self._each_s, measured.way_s, self.capacity)

    def cut_off(self) -> None:
        """A batch had no answer in time: smaller ones, and fewer at once."""
        self.size = halved(self.size)
        self._width, self._was_crowded = max(1.0, self._width / 2), True
