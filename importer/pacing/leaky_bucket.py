"""The portal's request counter as arithmetic. Source: apidocs.bitrix24.com, "Limits" (503 QUERY_LIMIT_EXCEEDED)."""

from __future__ import annotations

from dataclasses import dataclass

# Requests that left half a second apart may arrive together; so many of the counter's places stay free for that.
_FOR_JITTER = 2

_ROUNDING = 1e-6


def usable(capacity: int, leak_per_s: float) -> float:
    """Places of the portal's counter that we fill.

    The portal forgets in steps, once a second, at moments we cannot see, while we count smoothly: its counter
    may stand `leak_per_s` higher than ours.
    """
    return max(1.0, capacity - leak_per_s - _FOR_JITTER)


def level_now(level: float, since_s: float, leak_per_s: float) -> float:
    """What is left of `level` requests after `since_s` seconds. A clock that went back forgets nothing."""
    return max(0.0, level - max(0.0, since_s) * leak_per_s)


def wait_s(level: float, since_s: float, *, capacity: int, leak_per_s: float) -> float:
    """Seconds until one more request fits the portal's bucket; 0.0 if it fits now.

    `level` is the count right after the last request, `since_s` the time passed since.
    """
    surplus = level_now(level, since_s, leak_per_s) + 1 - usable(capacity, leak_per_s)
    # Rounding may leave a surplus too small to move a clock of Unix seconds: it would be waited for for ever.
    return surplus / leak_per_s if surplus > _ROUNDING else 0.0


@dataclass(slots=True)
class LeakyBucket:
    """One process's own count of its requests. `take` and `refused` are what Pace needs of a bucket."""

    capacity: int
    leak_per_s: float
    #: requests the portal still remembers, as of `at`
    level: float = 0.0
    #: Unix seconds of the last change
    at: float = 0.0

    def level_at(self, now: float) -> float:
        """Requests the portal still remembers at `now`."""
        return level_now(self.level, now - self.at, self.leak_per_s)

    def wait_s(self, now: float) -> float:
        """Seconds until one more request may leave; 0.0 when it may now."""
        return wait_s(self.level, now - self.at, capacity=self.capacity, leak_per_s=self.leak_per_s)

    def take(self, now: float) -> float:
        """0.0 when a request may leave now, and it is counted; else the seconds until one may."""
        if (wait := self.wait_s(now)) > 0:
            return wait
        self.level = self.level_at(now) + 1
        self.at = max(now, self.at)
        return 0.0

    def refused(self, now: float) -> None:
        """The portal counts more than we do (others share our address): the bucket is full."""
        self.level, self.at = float(self.capacity), max(now, self.at)
