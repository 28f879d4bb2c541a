"""The address of an incoming webhook: checked once, printed without its secret ever after."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from importer.errors import UsageError
from importer.portals.address import base_of, is_safe
from importer.portals.bitrix24.failures import WEBHOOK, Words

_PATH = re.compile(r"^/rest/(?P<user>\d+)/(?P<secret>[A-Za-z0-9]+)/?(?P<rest>.*)$")
_FORM = "https://<portal>/rest/<user id>/<code>/"


@dataclass(frozen=True, slots=True)
class Webhook:
    """An incoming webhook: authorises a call by its address. `str()` and `repr()` never show the secret."""

    #: scheme and host, without a slash at the end
    base: str
    user_id: str
    secret: str = field(repr=False)

    @classmethod
    def parse(cls, address: str, *, named: str = "B24_WEBHOOK_URL") -> Webhook:
        """The webhook in an address, with or without a method after it.

        Raises UsageError naming the variable `named`, never showing the address itself.
        """
        try:
            parts = urlsplit(address.strip())
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            raise UsageError(f"{named}: this is not an address. Copy it again from the portal: {_FORM}") from None
        found = _PATH.match(parts.path)
        if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or not found:
            raise UsageError(f"{named}: this is not the address of an incoming webhook. Copy it again from the portal: {_FORM}")
        if not is_safe(parts):
            raise UsageError(f"{named}: plain http would show the webhook's code to everybody between here and {host}. Write https.")
        return cls(base=base_of(parts), user_id=found["user"], secret=found["secret"])

    @property
    def words(self) -> Words:
        """How failures speak of it."""
        return WEBHOOK

    @property
    def host(self) -> str:
        """Host, with its port where one is written."""
        return urlsplit(self.base).netloc

    @property
    def display(self) -> str:
        """The address as it may be printed: `portal.bitrix24.ru/rest/1/…`."""
        return f"{self.host}/rest/{self.user_id}/…"

    def url(self, method: str) -> str:
        """The address of a method; a secret, never to be printed."""
        return f"{self.base}/rest/{self.user_id}/{self.secret}/{method}.json"

    def moved_to(self, base: str) -> Webhook:
        """The same webhook at the address the portal was renamed to."""
        return Webhook(base=base, user_id=self.user_id, secret=self.secret)

    async def signature(self) -> dict[str, str]:
        """Nothing: the address says it all."""
        return {}

    async def renew(self, signature: dict[str, str], code: str) -> bool:
        """False: a webhook cannot be renewed."""
        return False

    def accepted(self, signature: dict[str, str]) -> None:
        """Nothing to learn from it."""

    async def close(self) -> None:
        """Nothing to close."""

    def __str__(self) -> str:
        return self.display
