"""VibeCode keys and sessions of one sandbox: what each may do, and whether a request may come in with it.

A fresh sandbox has one key for each case that a client can meet, all with the webhook's secret in them; tests add more.
Reference, section 3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field

from importer.sandbox.vibecode.refusals import VibeRefusal
from importer.sandbox.vibecode.switches import VibeSwitches

PERSONAL, APPLICATION, MANAGEMENT = "vibe_api_", "vibe_app_", "vibe_live_"

#: requests a minute of a key unless it says otherwise. Source: the vendor's overview of VibeCode.
REQUESTS_PER_MINUTE = 300

#: all that the sandbox's entities need
SCOPES = frozenset({"crm", "user", "userfieldconfig"})

READ_ONLY, READ_WRITE = "READONLY", "READWRITE"


@dataclass(frozen=True, slots=True, kw_only=True)
class VibeKey:
    """One key. Its kind is its prefix."""

    key: str
    #: Bitrix24 user it acts as
    user_id: int = 1
    scopes: frozenset[str] = SCOPES
    #: scopes ticked after the key was issued: listed by `/v1/me`, refused with BITRIX_ACCESS_DENIED all the same
    late_scopes: frozenset[str] = frozenset()
    access_mode: str = READ_WRITE
    #: the portal's policy wants read-only keys: writes are KEY_POLICY_READONLY_REQUIRED
    is_policy_read_only: bool = False
    #: False: KEY_INACTIVE
    is_active: bool = True
    #: Unix time; None never
    expires_at: float | None = None
    #: False: no portal tokens, TOKEN_MISSING
    has_portal_tokens: bool = True
    requests_per_minute: int = REQUESTS_PER_MINUTE

    def __post_init__(self) -> None:
        if not self.key.startswith((PERSONAL, APPLICATION, MANAGEMENT)) or len(self.key) < 20:
            raise ValueError(f"VibeCode key: it begins with {PERSONAL}, {APPLICATION} or {MANAGEMENT} and has 20 characters or more.")
        if self.access_mode not in (READ_ONLY, READ_WRITE):
            raise ValueError(f"VibeCode key: access_mode is {READ_WRITE} or {READ_ONLY}, not {self.access_mode!r}.")
        if self.requests_per_minute < 1:
            raise ValueError("VibeCode key: requests_per_minute is at least 1.")

    @property
    def is_management(self) -> bool:
        """Whether it reaches no records at all."""
        return self.key.startswith(MANAGEMENT)

    def as_json(self) -> dict[str, object]:
        """The key as plain JSON values."""
        return asdict(self) | {"scopes": sorted(self.scopes), "late_scopes": sorted(self.late_scopes)}


@dataclass(frozen=True, slots=True)
class Session:
    """A session token of an application key: the user who authorised it, and until when."""

    token: str
    user_id: int = 1
    expires_at: float | None = None


@dataclass(slots=True)
class VibeKeys:
    """The keys and sessions that a sandbox knows."""

    keys: dict[str, VibeKey] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)

    def add(self, key: VibeKey) -> None:
        """A further key, or one that replaces its namesake."""
        self.keys[key.key] = key

    def add_session(self, session: Session) -> None:
        """A further session, or one that replaces its namesake."""
        self.sessions[session.token] = session

    def admitted(self, headers: Mapping[str, str], now: float, switches: VibeSwitches) -> VibeKey:
        """The key of a request, as its user where a session says who that is. Raises VibeRefusal for any other request."""
        bearer = _bearer(headers)
        sent = headers.get("X-Api-Key", "").strip()
        if not sent and switches.bearer_key == "accepted" and bearer.startswith((PERSONAL, MANAGEMENT)):
            sent = bearer
        if not sent:
            raise VibeRefusal("MISSING_API_KEY", "X-Api-Key header is required")
        key = self.keys.get(sent)
        if key is None:
            raise VibeRefusal("INVALID_API_KEY", "API key is unknown")
        if not key.is_active:
            raise VibeRefusal("KEY_INACTIVE", "API key is disabled", switches.dead_key_status)
        if key.expires_at is not None and key.expires_at <= now:
            raise VibeRefusal("KEY_EXPIRED", "API key has expired", switches.dead_key_status)
        if key.key.startswith(APPLICATION):
            return _as_user(key, self._session(bearer, now, switches))
        return key

    def _session(self, token: str, now: float, switches: VibeSwitches) -> Session:
        if not token:
            raise VibeRefusal(switches.missing_session, "Application keys need Authorization: Bearer with a session token")
        session = self.sessions.get(token)
        if session is None:
            raise VibeRefusal("INVALID_SESSION", "Session token is unknown")
        if session.expires_at is not None and session.expires_at <= now:
            raise VibeRefusal("TOKEN_EXPIRED", "Session token has expired")
        return session


def default_keys(secret: str, clock: Callable[[], float]) -> VibeKeys:
    """The keys of a fresh sandbox: `vibe_api_<secret>_<word>` with a word for each case, and two sessions.

    personal · readonly · policy (read-only by the portal's policy) · nocrm (scope user only) · latecrm (crm was added after
    the key was issued) · nouser (scope crm only) · slow (60 requests a minute) · inactive · expired · tokenless; `vibe_app_<secret>_application`, `vibe_live_<secret>_management`; `vibe_session_<secret>_valid`
    and `…_expired`.
    """
    past = clock() - 1
    variants: dict[str, dict[str, object]] = {
        f"{PERSONAL}{secret}_personal": {},
        f"{PERSONAL}{secret}_readonly": {"access_mode": READ_ONLY},
        f"{PERSONAL}{secret}_policy": {"is_policy_read_only": True},
        f"{PERSONAL}{secret}_latecrm": {"scopes": frozenset({"user"}), "late_scopes": frozenset({"crm"})},
        f"{PERSONAL}{secret}_nocrm": {"scopes": frozenset({"user"})},
        f"{PERSONAL}{secret}_nouser": {"scopes": frozenset({"crm"})},
        f"{PERSONAL}{secret}_slow": {"requests_per_minute": 60},
        f"{PERSONAL}{secret}_inactive": {"is_active": False},
        f"{PERSONAL}{secret}_expired": {"expires_at": past},
        f"{PERSONAL}{secret}_tokenless": {"has_portal_tokens": False},
        f"{APPLICATION}{secret}_application": {},
        f"{MANAGEMENT}{secret}_management": {},
    }
    keys = VibeKeys()
    for name, more in variants.items():
        keys.add(VibeKey(key=name, **more))
    keys.add_session(Session(f"vibe_session_{secret}_valid", 7))
    keys.add_session(Session(f"vibe_session_{secret}_expired", 7, past))
    return keys


def _as_user(key: VibeKey, session: Session) -> VibeKey:
    return VibeKey(**{name: getattr(key, name) for name in VibeKey.__slots__} | {"user_id": session.user_id})


def _bearer(headers: Mapping[str, str]) -> str:
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
