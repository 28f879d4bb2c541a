"""One sandbox portal as the methods see it: settings, state, store and clocks in one place, no API rules.

Two times: `now()` is the wall clock, which every answer shows; `portal_now()` runs `speed` times faster and drives
the limits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from importer.sandbox.envelope import Answer, iso
from importer.sandbox.limits import Bucket, OperatingTime
from importer.sandbox.php_casts import PhpArray
from importer.sandbox.settings import PLANS, SandboxSettings
from importer.sandbox.state import PortalState
from importer.sandbox.store import Store


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a user through one credential."""

    user_id: int
    #: what operating time is counted by; never the secret itself
    credential: str
    #: True for an OAuth application
    is_application: bool = False


class Portal:
    """The portal behind its doors."""

    def __init__(self, settings: SandboxSettings) -> None:
        self.settings = settings
        self.store = Store(settings.data)
        self.state = PortalState(
            rights=frozenset(settings.rights),
            scopes=frozenset(settings.scopes),
            is_admin=settings.is_admin,
            seconds_per_command=settings.seconds_per_command,
        )
        self.zone = timezone(timedelta(hours=settings.utc_offset_h))
        self._origin = settings.clock()
        self._buckets: dict[str, Bucket] = {}
        self._operating: dict[tuple[str, str], OperatingTime] = {}

    def now(self) -> float:
        """Unix seconds by the wall clock."""
        return self.settings.clock()

    def portal_now(self) -> float:
        """Seconds by the clock that drives the limits: `speed` times as fast, equal to `now()` at the start."""
        return self._origin + (self.now() - self._origin) * self.settings.speed

    def wall_time(self, portal_time: float) -> float:
        """When the wall clock shows what the limits' clock calls `portal_time`."""
        return self._origin + (portal_time - self._origin) / self.settings.speed

    def local_now(self) -> datetime:
        """The present moment in the portal's zone."""
        return datetime.fromtimestamp(self.now(), self.zone)

    def printed_now(self) -> str:
        """The present moment as the portal prints it."""
        return iso(self.now(), self.settings.utc_offset_h)

    def bucket(self, address: str) -> Bucket:
        """The request counter of one source address."""
        if address not in self._buckets:
            self._buckets[address] = Bucket(*PLANS[self.settings.plan])
        return self._buckets[address]

    def operating(self, caller: Caller, method: str) -> OperatingTime:
        """The operating time of one method for one credential."""
        key = (caller.credential, method)
        if key not in self._operating:
            self._operating[key] = OperatingTime(self.settings.operating_limit_s)
        return self._operating[key]

    def cost_s(self, method: str) -> float:
        """Operating seconds that one command of `method` costs."""
        return self.settings.seconds_by_method.get(method, self.state.seconds_per_command)


@dataclass(frozen=True, slots=True)
class Method:
    """A REST method: the scope it needs and the function behind it, which may raise Refusal."""

    scope: str
    run: Callable[[Portal, Caller, PhpArray], Answer]
