"""The portal's budget of operating seconds of one method, as arithmetic over the answers it gives.

The portal keeps ten baskets of a minute each. A basket opens with the first call in its minute and is forgotten
600 s after that call; while the sum is over the limit, calls of the method are refused (429, or an entry in
`result_error`). Every answer tells the sum and when the oldest basket goes. Source: apidocs.bitrix24.com,
"Limits".

We cannot see where the portal's minutes begin, nor what others spend, so nothing is forgotten by our own count:
the sum stands as last told until an answer tells a smaller one. When it leaves no room, a probe goes out at the moment
the portal named for its oldest basket, as small as may be: it opens the next basket at the earliest possible moment
and brings the true sum back.
"""

from __future__ import annotations

from dataclasses import dataclass

from importer.pacing.plans import TYPICAL_COMMAND_S

# Other programs may spend from the same budget between two answers: 2.4 of 480 s are left to them.
_KEPT_BACK = 0.005

# Commands on their way count this much dearer than the mean: over a portal whose commands vary by a fifth the mean
# of the next few hundred stays within a tenth of the last. What they really cost, their answers tell.
_UNSURE = 0.1

# The portal names its resets in whole seconds and does not say which way it rounds.
_ROUNDING_S = 1.0

# Commands over which the mean is taken: three full batches.
_REMEMBERED = 150


@dataclass(slots=True)
class OperatingTime:
    """What one method has used of its budget, as far as we know; corrected by `learn`."""

    limit_s: float = 480.0
    window_s: float = 600.0
    #: estimated operating seconds of one command
    command_s: float = TYPICAL_COMMAND_S
    #: commands in the mean so far, up to as many as it remembers
    _measured: int = 0
    _used_s: float = 0.0
    #: when the sum was told; a whole window later nothing of it is left, told or not
    _told_at: float = 0.0
    #: the same moment on the portal's clock: tells which of two answers is newer
    _measured_at: float = float("-inf")
    #: when the portal forgets its oldest basket; None while nothing is used
    _resets_at: float | None = None
    _reserved: int = 0

    def _forget(self, now: float) -> None:
        if now >= self._told_at + self.window_s:
            self._used_s, self._resets_at = 0.0, None

    def room(self, now: float) -> int:
        """Commands that may leave now without any being refused, besides those already in flight."""
        self._forget(now)
        dear_s = self.command_s * (1 + _UNSURE)
        free_s = self.limit_s * (1 - _KEPT_BACK) - self._used_s - self._reserved * dear_s
        # The command that crosses the limit still runs; of several batches at once each would think so of its own.
        crossing = 0 if self._reserved else 1
        return int(free_s / dear_s + 1e-9) + crossing if free_s > 0 else 0

    def _granted(self, now: float, wanted: int, least: int) -> int:
        room = self.room(now)
        if room >= wanted:
            return wanted
        if self._reserved:
            # What is in flight is counted dear. Its answers say what is left, so that the last of the budget goes
            # in one batch instead of many small ones.
            return 0
        if room >= least:
            return room
        return least if self._resets_at is None or now >= self._resets_at else 0

    def wait_s(self, now: float, wanted: int = 1, least: int = 1) -> float:
        """Seconds until `reserve` of the same grants something, by what we know; 0.0 if it does now.

        Infinite while commands in flight stand in the way: their answers decide.
        """
        if self._granted(now, wanted, least):
            return 0.0
        if self._reserved or self._resets_at is None:
            return float("inf")
        return max(0.0, min(self._resets_at, self._told_at + self.window_s) - now)

    def reserve(self, now: float, wanted: int, least: int = 1) -> int:
        """Counts commands as in flight and says how many: `wanted`, or fewer but at least `least`; 0 when not now.

        Fewer than wanted leave only when none is in flight: the last of the budget, or a probe of `least` when a
        basket has gone by the portal's word. A `least` beyond the whole budget leaves once nothing of it is used.
        """
        granted = self._granted(now, wanted, least)
        if granted > self.room(now) and self._resets_at is not None:
            # Should the probe bring no news (lost, or a portal that does not tell), the next basket is a minute on.
            self._resets_at = now + self.window_s / 10
        self._reserved += granted
        return granted

    def release(self, count: int) -> None:
        """So many commands are no longer in flight: answered, lost, or never sent."""
        self._reserved = max(0, self._reserved - count)

    def learn(self, now: float, used_s: float, resets_in_s: float, measured_at: float) -> None:
        """Takes the portal's own sum, measured at `measured_at` on its clock.

        One that is older than the last is passed over; of two of the same moment (some portals tell whole seconds)
        the larger counts.
        """
        if measured_at < self._measured_at or (measured_at == self._measured_at and used_s < self._used_s):
            return
        self._measured_at, self._told_at = measured_at, now
        self._used_s = used_s
        self._resets_at = now + resets_in_s + _ROUNDING_S if used_s > 0 else None

    def learn_command(self, seconds: float, count: int = 1) -> None:
        """Takes the mean seconds of `count` commands of an answered request. The first answer replaces the guess."""
        self._measured = min(self._measured + count, max(_REMEMBERED, count))
        self.command_s = max(0.001, self.command_s + (seconds - self.command_s) * count / self._measured)

    def refused(self, now: float) -> None:
        """The portal refused for this budget: it is used up until a basket goes, whatever we thought."""
        self._forget(now)
        self._used_s, self._told_at = max(self._used_s, self.limit_s), now
        if self._resets_at is None or self._resets_at <= now:
            # No answer tells when; a basket covers a minute, so one goes at the latest that much later.
            self._resets_at = now + self.window_s / 10
