"""A VibeCode key and where it is used: checked once, never printed.

Source: vibecode.bitrix24.tech, /docs/keys-auth; the second host is what the vendor's own connector picks outside CIS.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urlsplit

from importer.errors import UsageError
from importer.portals.address import is_loopback, server_base

API_KEY, SESSION_TOKEN, BASE_URL = "VIBE_API_KEY", "VIBE_SESSION_TOKEN", "VIBE_BASE_URL"

#: `yes`: contacts travel by POST /v1/contacts/batch, whose answer is not documented, in place of POST /v1/batch
ENTITY_BATCH = "VIBE_CONTACTS_BATCH"

DEFAULT_BASE = "https://vibecode.bitrix24.tech"

# A prefix and a URL-safe token; anything else cannot be a header either.
_FORM = re.compile(r"^vibe_(?P<kind>api|app|live)_[A-Za-z0-9_-]+$")
_TOKEN = re.compile(r"^[\x21-\x7e]+$")


_WORDS = {"": False, "0": False, "no": False, "n": False, "false": False, "off": False, "1": True, "yes": True, "y": True, "true": True, "on": True}


def is_set(environment: Mapping[str, str], name: str) -> bool:
    """Whether a switch of the environment is on. UsageError for a word that is neither yes nor no."""
    word = environment.get(name, "").strip().lower()
    if word not in _WORDS:
        raise UsageError(f'{name}: "{word}" is neither yes nor no. Leave it unset for no.')
    return _WORDS[word]


@dataclass(frozen=True, slots=True)
class VibeKey:
    """A key, with its session where it needs one. `str()` and `repr()` show neither."""

    #: scheme and host, without a slash at the end
    base: str
    secret: str = field(repr=False)
    session: str = field(default="", repr=False)

    @classmethod
    def parse(cls, secret: str, session: str = "", base: str = "") -> VibeKey:
        """The key as the environment has it. Raises UsageError naming the variable at fault, never its value."""
        secret, session = secret.strip(), session.strip()
        found = _FORM.match(secret)
        if found is None:
            raise UsageError(f"{API_KEY}: this is not a VibeCode key, which begins with vibe_api_ or vibe_app_. Copy it again from VibeCode's key page.")
        if found["kind"] == "live":
            raise UsageError(f"{API_KEY}: a management key (vibe_live_) has no access to contacts. Make a key of the portal, vibe_api_, with the scopes crm and user.")
        if found["kind"] == "app" and not session:
            raise UsageError(f"{API_KEY}: an application's key (vibe_app_) needs the session of the user who authorised it. Set {SESSION_TOKEN}, or use a vibe_api_ key.")
        if session and not _TOKEN.match(session):
            raise UsageError(f"{SESSION_TOKEN}: this is not a session token. Copy it again.")
        return cls(server_base(base.strip() or DEFAULT_BASE, BASE_URL, f"{DEFAULT_BASE}, or leave it unset.", ("/v1",)), secret, session)

    @property
    def host(self) -> str:
        """Host of the API, with its port where one is written."""
        return urlsplit(self.base).netloc

    @property
    def mark(self) -> str:
        """A few letters that tell this key from others and give nothing of it away."""
        return sha256(self.secret.encode()).hexdigest()[:8]

    @property
    def headers(self) -> dict[str, str]:
        """What every request carries; secret."""
        return {"X-Api-Key": self.secret} | ({"Authorization": f"Bearer {self.session}"} if self.session else {})

    @property
    def is_local(self) -> bool:
        """True for a server on this machine."""
        return is_loopback(urlsplit(self.base).hostname or "")

    def __str__(self) -> str:
        return f"{self.host} ({self.secret[:9]}…)"
