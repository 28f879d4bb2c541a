"""The gate every call passes: waits for the bucket and the budget, and learns from each answer."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from importer.pacing.clock import Clock
from importer.pacing.key_window import KeyWindow
from importer.pacing.operating_time import OperatingTime
from importer.pacing.plans import Plan


class Bucket(Protocol):
    """What the gate needs of a request counter, a process's own or the machine's."""

    def take(self, now: float) -> float:
        """0.0 when a request may leave now, and it is counted; else the seconds until one may."""
        ...

    def refused(self, now: float) -> None:
        """The portal refused a request: the counter is full."""
        ...


@dataclass(frozen=True, slots=True)
class Pause:
    """A wait for a method's budget that was told and is over. Unix seconds."""

    method: str
    began: float
    ended: float


#: Told once when a budget makes us wait: the method, and the Unix second at which it goes on.
OnPause = Callable[[str, float], None]

# A wait shorter than this is the ordinary rhythm and not worth telling.
_WORTH_TELLING_S = 5.0


class Pace:
    """One portal's allowance. Not shared between event loops."""

    def __init__(self, clock: Clock, plan: Plan, bucket: Bucket, on_pause: OnPause = lambda method, until: None) -> None:
        self._clock = clock
        self._plan = plan
        self._bucket = bucket
        self._on_pause = on_pause
        self._budgets: dict[str, OperatingTime] = {}
        self._news = asyncio.Event()
        self._turn = asyncio.Lock()
        #: method → how many wait for its budget
        self._waiting: Counter[str] = Counter()
        #: method → since when the pause that was told lasts
        self._paused: dict[str, float] = {}
        self._over: list[Pause] = []

    def budget(self, method: str) -> OperatingTime:
        """The operating budget of a method."""
        if method not in self._budgets:
            self._budgets[method] = OperatingTime(self._plan.operating_limit_s, self._plan.window_s)
        return self._budgets[method]

    async def reserve(self, method: str, wanted: int, *, least: int = 1) -> int:
        """Waits until commands of a method fit its budget and counts them as in flight; from `least` to `wanted`.

        Every reserve is followed by one `release` of as many. Commands that must go together are asked for with
        `least` = `wanted`: who holds a part and waits for the rest may wait for himself.
        """
        budget = self.budget(method)
        self._waiting[method] += 1
        granted = 0
        try:
            while not (granted := budget.reserve(self._clock.now(), wanted, least)):
                wait_s = budget.wait_s(self._clock.now(), wanted, least)
                self._tell(method, wait_s)
                # An answer that arrives meanwhile may have changed what we know.
                self._news.clear()
                await self._clock.wait(self._news, wait_s)
            return granted
        finally:
            self._waiting[method] -= 1
            if granted or not self._waiting[method]:
                self._end_pause(method)

    def _tell(self, method: str, wait_s: float) -> None:
        if method not in self._paused and _WORTH_TELLING_S <= wait_s < float("inf"):
            self._paused[method] = self._clock.now()
            self._on_pause(method, self._clock.now() + wait_s)

    def _end_pause(self, method: str) -> None:
        began = self._paused.pop(method, None)
        if began is not None:
            self._over.append(Pause(method, began, self._clock.now()))

    def take_pauses(self) -> list[Pause]:
        """The pauses that have ended since the last call, cut short or not, oldest first."""
        over, self._over = self._over, []
        return over

    def release(self, method: str, count: int) -> None:
        """So many reserved commands are no longer in flight."""
        self.budget(method).release(count)
        self._news.set()

    async def request(self) -> None:
        """Waits until one more request fits the bucket, and counts it."""
        # One at a time: of many that wait for the same place each would ask the machine's bucket again and again.
        async with self._turn:
            while (wait_s := self._bucket.take(self._clock.now())) > 0:
                await self._clock.sleep(wait_s)

    def learn(self, method: str, used_s: float, resets_in_s: float, measured_at: float) -> None:
        """Takes what an answer says of a method's budget."""
        self.budget(method).learn(self._clock.now(), used_s, resets_in_s, measured_at)
        self._news.set()

    def learn_command(self, method: str, seconds: float, count: int) -> None:
        """Takes the mean seconds of the `count` commands of a method in an answered request."""
        self.budget(method).learn_command(seconds, count)

    def answered(self, limit: int | None, remaining: int | None, resets_in_s: float | None) -> None:
        """Takes what an answer says of the key's minute, where requests are counted by key; `limit` None: it says nothing."""
        if not isinstance(self._bucket, KeyWindow):
            return
        if limit is None:
            self._bucket.answered()
        else:
            self._bucket.learn(self._clock.now(), limit, remaining, resets_in_s)

    def bucket_refused(self) -> None:
        """The portal refused a request for its rate."""
        self._bucket.refused(self._clock.now())

    def budget_refused(self, method: str) -> float:
        """The portal refused a command for its budget; seconds until it goes on."""
        budget = self.budget(method)
        budget.refused(self._clock.now())
        wait_s = budget.wait_s(self._clock.now())
        return max(1.0, wait_s) if wait_s < float("inf") else 1.0
