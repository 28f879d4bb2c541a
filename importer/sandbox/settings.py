"""How one sandbox portal behaves: its plan, its pace, and a switch for everything the reference leaves open.

Holds choices only, no state: what changes while the portal runs (closed, renamed, rights) is `state.PortalState`.
Where the vendor's documentation is silent or contradicts itself, the default is a choice of ours, not a fact.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from importer.sandbox.oauth.switches import OAuthSwitches
from importer.sandbox.vibecode.switches import VibeSwitches

# Requests counted before the portal refuses, and how many it forgets once per second.
# Source: apidocs.bitrix24.com, Limits (Enterprise plan / all others).
PLANS = {"standard": (50, 2), "enterprise": (250, 5)}

#: What a user may do with contacts and companies unless a setting takes it away.
ALL_RIGHTS = frozenset({"add", "import", "read", "edit", "delete"})

#: Scopes ticked for the sandbox's webhook; `basic` always belongs to it.
DEFAULT_SCOPES = frozenset({"crm", "user", "im"})

_CHOICES = {
    "plan": tuple(PLANS),
    "old_date_create": ("accept", "reject", "now"),
    "unknown_status": ("empty", "reject"),
    "unknown_company": ("keep", "drop"),
    "empty_name": ("reject", "accept"),
    "surplus_commands": ("entries", "refuse"),
    "scope_status": (403, 401),
    "uncounted_total": ("zero", "absent"),
    "unresolved_reference": ("map", "literal"),
    "time_keys": ("eight", "six"),
}


@dataclass(slots=True, kw_only=True)
class SandboxSettings:
    """What a sandbox portal is started with. Raises ValueError, naming the setting, for a value it does not know."""

    #: `standard` (50 requests, 2 forgotten a second) or `enterprise` (250 and 5)
    plan: str = "standard"
    #: how many times faster than the wall clock the limits and the latency run
    speed: float = 1.0
    #: SQLite file kept between starts; None keeps everything in memory
    data: Path | None = None
    #: YAML file of fault rules (see `faults`)
    faults: Path | None = None
    #: what one command costs: `operating` grows by it, and the answer takes it divided by `speed`
    seconds_per_command: float = 0.08
    #: seconds of one command of a method, where it differs: {"crm.contact.list": 0.2}
    seconds_by_method: dict[str, float] = field(default_factory=dict)
    #: False: answers come at once, `operating` still grows (tests with a clock of their own)
    is_latency_real: bool = True
    #: operating seconds one method may use in ten minutes before it is refused
    operating_limit_s: float = 480.0
    #: portal's seconds of commands after which a request is cut off with a 504 page, no further command run
    request_limit_s: float = 60.0
    #: https with a certificate made for this start (see `throwaway_certificate`)
    is_tls: bool = False
    #: Unix time; every date and limit of the portal follows it
    clock: Callable[[], float] = time.time
    #: secret part of the webhook
    secret: str = "sandboxsecret"
    #: the portal's time zone, whole hours east of UTC
    utc_offset_h: int = 3
    #: currency of a bare money amount
    currency: str = "RUB"
    #: scopes of the webhook, apart from `basic`
    scopes: frozenset[str] = DEFAULT_SCOPES
    #: rights of the webhook's user: add, import, read, edit, delete
    rights: frozenset[str] = ALL_RIGHTS
    #: whether the webhook's user may change CRM settings (`crm.status.add`)
    is_admin: bool = True
    #: a DATE_CREATE before the newest contact's: accepted, refused, or replaced by the present moment
    old_date_create: str = "accept"
    #: a directory code or list item that does not exist: stored empty, or refused
    unknown_status: str = "empty"
    #: a COMPANY_ID that does not exist: stored as sent, or dropped
    unknown_company: str = "drop"
    #: a contact with neither NAME nor LAST_NAME
    empty_name: str = "reject"
    #: the portal's "check required custom fields for REST"
    checks_required_fields: bool = False
    #: commands past the 50th: an entry each in `result_error`, or HTTP 400 for the whole batch
    surplus_commands: str = "entries"
    #: HTTP status of `insufficient_scope`
    scope_status: int = 403
    #: whether the bucket counts before credentials are looked at
    is_rate_checked_first: bool = True
    #: `start=-1` answers `total: 0`, or leaves it out
    uncounted_total: str = "zero"
    #: a `$result[…]` that leads nowhere: replaced by as much as it reaches, the whole map at last, or left as it stands
    unresolved_reference: str = "map"
    #: the time block with or without `operating` and `operating_reset_at`
    time_keys: str = "eight"
    #: `start`, `finish` and `processing` as whole numbers, as some portals answer
    is_time_whole: bool = False
    #: `crm.contact.fields` calls NAME, SECOND_NAME and LAST_NAME required, as the vendor's sample does
    are_names_required: bool = True
    #: what nobody knows of the second door
    vibecode: VibeSwitches = VibeSwitches()
    #: the OAuth application, and what nobody knows of its token server
    oauth: OAuthSwitches = OAuthSwitches()

    def __post_init__(self) -> None:
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                choices = ", ".join(map(str, allowed))
                raise ValueError(f"sandbox setting {name}: {getattr(self, name)!r} is unknown. Take one of: {choices}.")
        if self.speed <= 0:
            raise ValueError(f"sandbox setting speed: {self.speed!r} is not above 0. Take 1 for the portal's own pace.")
        if self.seconds_per_command < 0:
            raise ValueError(f"sandbox setting seconds_per_command: {self.seconds_per_command!r} is below 0.")
