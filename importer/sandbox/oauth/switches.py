"""The sandbox's OAuth application, how long its tokens live, and a switch for what the documentation leaves open.

Lives are seconds of the wall clock, whatever the portal's speed: `expires_in` tells them to programs that have no other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Self

_CHOICES = {
    "spent_refresh_token": ("refused", "accepted"),
    "old_access_token": ("kept", "ended"),
    "invalid_client_status": (400, 401),
    "missing_application": ("NOT_INSTALLED", "invalid_client"),
    "payment_status": (401, 402, 403),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthSwitches:
    """An application and its token server. Raises ValueError, naming the switch, for a value it does not know."""

    client_id: str = "local.sandbox.0001"
    client_secret: str = "sandboxclientsecret"
    #: where a browser goes with the code; a property of the application, no request can change it
    handler: str = "http://127.0.0.1:8025/"
    #: documented: an hour, 180 days, 30 s
    access_life_s: int = 3600
    refresh_life_s: int = 180 * 86400
    code_life_s: int = 30
    #: a refresh token that was used already; unknown; emulator choice
    spent_refresh_token: str = "refused"
    #: the access token before a refresh, for the rest of its life; unknown; emulator choice
    old_access_token: str = "kept"
    #: seen as 400 in b24pysdk, as 401 in b24phpsdk
    invalid_client_status: int = 400
    #: the code for an application that is not installed: seen in b24pysdk, or the documentation's
    missing_application: str = "NOT_INSTALLED"
    #: status of PAYMENT_REQUIRED; unknown; emulator choice
    payment_status: int = 401

    def __post_init__(self) -> None:
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                raise ValueError(f"OAuth switch {name}: {getattr(self, name)!r} is unknown. Take one of: {', '.join(map(str, allowed))}.")
        for name in ("access_life_s", "refresh_life_s", "code_life_s"):
            if getattr(self, name) < 0:
                raise ValueError(f"OAuth switch {name}: {getattr(self, name)} is below 0.")

    @classmethod
    def from_words(cls, words: Iterable[str]) -> Self:
        """Switches from `name=value` words, as on a command line. Raises ValueError."""
        known = {item.name: type(item.default) for item in fields(cls)}
        chosen: dict[str, object] = {}
        for word in words:
            name, equals, value = word.partition("=")
            if not equals or name not in known:
                near = get_close_matches(name, known, n=1, cutoff=0.4)
                raise ValueError(f"OAuth switch {name!r} is unknown. {f'Did you mean {near[0]}?' if near else 'Known: ' + ', '.join(known) + '.'}")
            if known[name] is int and not value.isdecimal():
                raise ValueError(f"OAuth switch {name}: {value!r} is not a whole number.")
            chosen[name] = known[name](value)
        return cls(**chosen)
