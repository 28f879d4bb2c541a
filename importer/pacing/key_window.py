"""Requests of one VibeCode key as arithmetic: so many in any minute, and no faster than the portal behind it takes them.

Two limits hold at once. The key's: 300 requests in any 60 s, or what X-RateLimit-Limit says (ai-tools/vibecode;
vibecode.bitrix24.tech, /docs/optimization). The portal's: about 10 requests a second over all its keys, and its own slower
bucket behind them, of which we see nothing but refusals. So requests begin one a second, go faster with each answer, and
at half the rate after each refusal.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

#: the span of the key's limit, and the limit where no answer tells another
MINUTE_S, PER_MINUTE = 60.0, 300

# Requests a second that a portal takes of all its keys together: X-RateLimit-* say nothing of it. Source: /docs/optimization.
_PORTAL_PER_S = 10.0

# Where we begin, and how the rate moves: from 1 to 5 a second in some 40 answers.
_FIRST_PER_S, _FASTER_PER_S, _LEAST_PER_S = 1.0, 0.1, 0.1

# Two of a minute's requests stay free: requests that left in one minute may arrive in the next.
_FOR_JITTER = 2

_ROUNDING_S = 1e-6


@dataclass(slots=True)
class KeyWindow:
    """One process's count of a key's requests, corrected by what answers say. `take` and `refused` are what Pace needs."""

    limit: int = PER_MINUTE
    #: requests a second that leave at present
    per_s: float = _FIRST_PER_S
    #: Unix seconds of our requests of the last minute, the oldest first
    _left: deque[float] = field(default_factory=deque)
    #: requests that others sent with the key in this minute, as far as answers tell, and when that was told
    _others: int = 0
    _others_at: float = 0.0
    #: nothing leaves before
    _closed_until: float = 0.0

    @property
    def most_per_s(self) -> float:
        """The fastest that the key's minute and the portal allow in the long run."""
        return min(self.limit / MINUTE_S, _PORTAL_PER_S)

    def _used(self, now: float) -> int:
        while self._left and self._left[0] <= now - MINUTE_S:
            self._left.popleft()
        if self._others_at <= now - MINUTE_S:
            self._others = 0
        return len(self._left) + self._others

    def wait_s(self, now: float) -> float:
        """Seconds until one more request may leave; 0.0 if it may now."""
        waits = [self._closed_until - now, (self._left[-1] + 1 / self.per_s - now) if self._left else 0.0]
        if self._used(now) >= max(1, self.limit - _FOR_JITTER):
            oldest = min([*list(self._left)[:1], *([self._others_at] if self._others else [])])
            waits.append(oldest + MINUTE_S - now)
        wait = max(waits)
        return wait if wait > _ROUNDING_S else 0.0

    def take(self, now: float) -> float:
        """0.0 when a request may leave now, and it is counted; else the seconds until one may."""
        wait = self.wait_s(now)
        if wait > 0:
            return wait
        self._left.append(now)
        return 0.0

    def refused(self, now: float) -> None:
        """A request was refused for a rate, or the portal behind gave way: half as fast, and not at once."""
        self.per_s = max(_LEAST_PER_S, self.per_s / 2)
        self._closed_until = max(self._closed_until, now + 1 / self.per_s)

    def learn(self, now: float, limit: int, remaining: int | None, resets_in_s: float | None) -> None:
        """Takes what an answer says of the key's minute; an answer without a refusal lets us go faster."""
        self.limit = limit
        self.per_s = min(self.most_per_s, self.per_s + _FASTER_PER_S)
        if remaining is None:
            return
        ours = self._used(now) - self._others
        # Our requests that are still on their way may be counted there or not: what we count and they do not is ours.
        self._others, self._others_at = max(0, limit - remaining - ours), now
        if remaining == 0 and resets_in_s is not None:
            self._closed_until = max(self._closed_until, now + min(resets_in_s, MINUTE_S))

    def answered(self) -> None:
        """An answer that says nothing of the minute lets us go faster, too."""
        self.per_s = min(self.most_per_s, self.per_s + _FASTER_PER_S)
