"""VibeCode's two limits: requests of one key in any 60 s, and requests of the whole portal in any second.

Pure arithmetic over a `now` in seconds that the caller gives. The sliding window is from field notes, the figures are
documented (reference, section 14).
"""

from __future__ import annotations

from collections import deque

MINUTE_S = 60.0
SECOND_S = 1.0


class SlidingWindow:
    """At most `limit` requests in any `span_s` seconds."""

    def __init__(self, span_s: float) -> None:
        self._span_s = span_s
        self._moments: deque[float] = deque()

    def admit(self, now: float, limit: int, *, counts_refused: bool = False) -> bool:
        """Whether a request at `now` is let in; if so, or if refused ones count, it is counted."""
        is_admitted = self.left(now, limit) > 0
        if is_admitted or counts_refused:
            self._moments.append(now)
        return is_admitted

    def left(self, now: float, limit: int) -> int:
        """How many more requests are let in at `now`."""
        while self._moments and self._moments[0] <= now - self._span_s:
            self._moments.popleft()
        return max(0, limit - len(self._moments))

    def wait_s(self, now: float, limit: int) -> float:
        """Seconds until one more request is let in; 0 while there is room. `limit` is at least 1."""
        if self.left(now, limit) > 0:
            return 0.0
        return self._moments[len(self._moments) - limit] + self._span_s - now

    def empty_s(self, now: float) -> float:
        """Seconds until nothing is counted any more."""
        return max(0.0, self._moments[-1] + self._span_s - now) if self._moments else 0.0
