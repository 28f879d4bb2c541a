"""The gate every call passes: waits for the bucket and the budget, and learns from each answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from importer.pacing.clock import Clock
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


#: Told when a budget makes us wait: the method, and the Unix second at which it goes on.
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

    def budget(self, method: str) -> OperatingTime:
        """The operating budget of a method."""
        if method not in self._budgets:
            self._budgets[method] = OperatingTime(self._plan.operating_limit_s, self._plan.window_s)
        return self._budgets[method]

    async def reserve(self, method: str, wanted: int) -> int:
        """Waits until commands of a method fit its budget, and counts up to `wanted` as in flight; how many.

        Every reserve is followed by one `release` of as many.
        """
        budget = self.budget(method)
        while not (granted := budget.reserve(self._clock.now(), wanted)):
            wait_s = budget.wait_s(self._clock.now())
            if _WORTH_TELLING_S <= wait_s < float("inf"):
                self._on_pause(method, self._clock.now() + wait_s)
            # An answer that arrives meanwhile may have changed what we know.
            self._news.clear()
            await self._clock.wait(self._news, wait_s)
        return granted

    def release(self, method: str, count: int) -> None:
        """So many reserved commands are no longer in flight."""
        self.budget(method).release(count)
        self._news.set()

    async def request(self) -> None:
        """Waits until one more request fits the bucket, and counts it."""
        while (wait_s := self._bucket.take(self._clock.now())) > 0:
            await self._clock.sleep(wait_s)

    def learn(self, method: str, used_s: float, resets_in_s: float, measured_at: float) -> None:
        """Takes what an answer says of a method's budget."""
        self.budget(method).learn(self._clock.now(), used_s, resets_in_s, measured_at)
        self._news.set()

    def learn_command(self, method: str, seconds: float) -> None:
        """Takes the mean seconds of a method's commands in an answered request."""
        self.budget(method).learn_command(seconds)

    def bucket_refused(self) -> None:
        """The portal refused a request for its rate."""
        self._bucket.refused(self._clock.now())

    def budget_refused(self, method: str) -> float:
        """The portal refused a command for its budget; seconds until it goes on."""
        budget = self.budget(method)
        budget.refused(self._clock.now())
        return max(1.0, budget.wait_s(self._clock.now()))
