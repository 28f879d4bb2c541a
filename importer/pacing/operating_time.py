"""The portal's budget of operating seconds of one method, as arithmetic over the answers it gives.

The portal keeps ten baskets of a minute each. A basket opens with the first call in its minute and is forgotten
600 s after that call; while the sum is over the limit, calls of the method are refused (429, or an entry in
`result_error`). Every answer tells the sum and when the oldest basket goes. Source: apidocs.bitrix24.com,
"Limits".

We cannot see where the portal's minutes begin, so each use is remembered for the full 600 s, which is never too
short; whatever the portal has forgotten earlier, its next answer says. At the moment the portal named for its
oldest basket one batch goes out as a probe: it opens the next basket at the earliest possible moment and brings
the true sum back.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from importer.pacing.plans import TYPICAL_COMMAND_S

# The budget is used but for this share: what commands in flight cost is an estimate until they are answered.
_KEPT_BACK = 0.01

# Weight of the newest answer in the running mean of seconds per command.
_NEWEST = 0.3


@dataclass(slots=True)
class OperatingTime:
    """What one method has used of its budget, as far as we know; corrected by `learn`."""

    limit_s: float = 480.0
    window_s: float = 600.0
    #: estimated operating seconds of one command
    command_s: float = TYPICAL_COMMAND_S
    _uses: deque[tuple[float, float]] = field(default_factory=deque)
    _used_s: float = 0.0
    _reserved: int = 0
    _measured_at: float = float("-inf")
    #: when the portal forgets its oldest basket; None when it has told since, or nothing was used
    _resets_at: float | None = None
    _is_probing: bool = False

    def _forget(self, now: float) -> None:
        while self._uses and self._uses[0][0] + self.window_s <= now:
            self._used_s -= self._uses.popleft()[1]
        if not self._uses:
            self._used_s = 0.0

    def room(self, now: float) -> int:
        """Commands that may leave now without any being refused, besides those already in flight."""
        self._forget(now)
        free_s = self.limit_s * (1 - _KEPT_BACK) - self._used_s - self._reserved * self.command_s
        return max(0, int(free_s / self.command_s + 1e-9))

    def may_probe(self, now: float) -> bool:
        """True when the portal's oldest basket has gone by its own word, and nobody has looked since."""
        return self._resets_at is not None and now >= self._resets_at and self._reserved == 0 and not self._is_probing

    def wait_s(self, now: float) -> float:
        """Seconds until one more command may leave by what we know; 0.0 if one may now.

        Infinite while only the commands in flight stand in the way: their answers decide.
        """
        if self.room(now) > 0 or self.may_probe(now):
            return 0.0
        if self._reserved:
            return float("inf")
        moments = [self._resets_at] if self._resets_at is not None and self._resets_at > now else []
        if self._uses:
            moments.append(self._uses[0][0] + self.window_s)
        return max(0.0, min(moments) - now) if moments else 0.0

    def reserve(self, now: float, wanted: int) -> int:
        """Counts up to `wanted` commands as in flight and says how many; 0 when none may leave now."""
        granted = min(wanted, self.room(now))
        if granted == 0 and self.may_probe(now):
            self._is_probing = True
            granted = wanted
        self._reserved += granted
        return granted

    def release(self, count: int) -> None:
        """So many commands are no longer in flight: answered, lost, or never sent."""
        self._reserved = max(0, self._reserved - count)
        if self._reserved == 0:
            self._is_probing = False

    def learn(self, now: float, used_s: float, resets_in_s: float, measured_at: float) -> None:
        """Takes the portal's own sum, measured at `measured_at` on its clock; an older one than the last is passed over."""
        if measured_at < self._measured_at:
            return
        self._measured_at = measured_at
        self._forget(now)
        if used_s > self._used_s:
            self._uses.append((now, used_s - self._used_s))
        surplus = self._used_s - used_s
        while surplus > 0 and self._uses:
            at, seconds = self._uses.popleft()
            if seconds > surplus:
                self._uses.appendleft((at, seconds - surplus))
            surplus -= seconds
        self._used_s = used_s
        self._resets_at = now + resets_in_s if used_s > 0 else None

    def learn_command(self, seconds: float) -> None:
        """Takes the mean seconds of one command of an answered batch."""
        self.command_s = max(0.001, (1 - _NEWEST) * self.command_s + _NEWEST * seconds)

    def refused(self, now: float) -> None:
        """The portal refused for this budget: it is used up until a basket goes, whatever we thought."""
        self._forget(now)
        if self._used_s < self.limit_s:
            self._uses.append((now, self.limit_s - self._used_s))
            self._used_s = self.limit_s
        if self._resets_at is None or self._resets_at <= now:
            # No answer tells when; a basket covers a minute, so one goes at the latest that much later.
            self._resets_at = now + self.window_s / 10
