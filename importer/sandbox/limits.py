"""The portal's two limits, written from the vendor's description alone: request bucket and operating time.

Pure arithmetic over a `now` in seconds that the caller gives; no clock, no waiting, no HTTP. On purpose it shares
nothing with the importer's own pacing, so that one mistaken reading cannot pass its own test.
"""

from __future__ import annotations

import math

# A basket collects the calls of one minute and leaves the sum 600 s after its first call.
# Source: apidocs.bitrix24.com, Limits ("resource intensity").
_BASKET_S = 60.0
_BASKET_LIFE_S = 600.0


class Bucket:
    """The request counter of one source address towards one portal.

    Each admitted request adds 1 and the counter falls by `drops_per_s` at every whole second. A request that would
    lift the counter above `capacity` is refused and leaves no trace. Whether the portal really stops at `capacity` or
    one later depends on how "above X" is read; this is the stricter reading. Source: apidocs.bitrix24.com, Limits.
    """

    def __init__(self, capacity: int, drops_per_s: int) -> None:
        self._capacity = capacity
        self._drops_per_s = drops_per_s
        self._count = 0
        self._second: int | None = None

    def admit(self, now: float) -> bool:
        """Whether a request at `now` (seconds, never going back) is let in; if so, it is counted."""
        second = math.floor(now)
        if self._second is not None and second > self._second:
            self._count = max(0, self._count - self._drops_per_s * (second - self._second))
        if self._second is None or second > self._second:
            self._second = second
        if self._count + 1 > self._capacity:
            return False
        self._count += 1
        return True


class OperatingTime:
    """Execution seconds of one method for one credential, in one-minute baskets.

    A call is refused when the sum already exceeds the limit; the call that crosses it still runs.
    Source: apidocs.bitrix24.com, Limits.
    """

    def __init__(self, limit_s: float = 480.0) -> None:
        self._limit_s = limit_s
        #: minute → [time of its first call, seconds]
        self._baskets: dict[int, list[float]] = {}

    def is_blocked(self, now: float) -> bool:
        """Whether a call at `now` is refused."""
        return self.total(now) > self._limit_s

    def add(self, now: float, seconds: float) -> None:
        """Count a call that began at `now` and took `seconds`."""
        basket = self._baskets.setdefault(int(now // _BASKET_S), [now, 0.0])
        basket[1] += seconds

    def total(self, now: float) -> float:
        """Seconds of the baskets that have not expired at `now`."""
        self._forget(now)
        return sum(seconds for _, seconds in self._baskets.values())

    def reset_at(self, now: float) -> float:
        """When the oldest basket leaves the sum; `now` + 600 while nothing is counted."""
        self._forget(now)
        oldest = min((first for first, _ in self._baskets.values()), default=now)
        return oldest + _BASKET_LIFE_S

    def _forget(self, now: float) -> None:
        expired = [minute for minute, (first, _) in self._baskets.items() if first + _BASKET_LIFE_S <= now]
        for minute in expired:
            del self._baskets[minute]
