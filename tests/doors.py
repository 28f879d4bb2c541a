"""The doors that the contract's tests go through: one set of tests, one entry here for each door.

A test that uses the fixture `door` runs once for each entry of `DOORS`; without it, through the webhook. Rigs open
their doors by `open_to` or, for a process of its own, by `environment_of`. A further door is a further `Kind`.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from importer.portals.connection import connect
from importer.portals.portal import Portal
from importer.sandbox.oauth.switches import OAuthSwitches
from importer.sandbox.server import Sandbox


@dataclass(frozen=True)
class Kind:
    """One door: the environment that leads through it, and how its credential lapses."""

    #: as `--to` calls it
    name: str
    #: to a sandbox in this process; the folder is the rig's, for what the door keeps
    inside: Callable[[Sandbox, Path], dict[str, str]]
    #: to a sandbox process, from its webhook
    outside: Callable[[str, Path], dict[str, str]]
    #: states of a portal that does not take the credential any more, and of one that takes it again; what is said then
    lapsed: tuple[dict[str, object], dict[str, object], str]


def _application(base: str, folder: Path) -> dict[str, str]:
    client = OAuthSwitches()
    return {
        "B24_PORTAL_URL": base, "B24_OAUTH_URL": base, "B24_CLIENT_ID": client.client_id, "B24_CLIENT_SECRET": client.client_secret,
        "B24_TOKEN_FILE": str(folder / "tokens.json"),
    }  # fmt: skip


def _by_application(sandbox: Sandbox, folder: Path) -> dict[str, str]:
    """With tokens in its file; where a lost answer has cost the refresh token, as after a person has logged in again."""
    environment = _application(sandbox.base_url, folder)
    file = Path(environment["B24_TOKEN_FILE"])
    if not file.exists() or not sandbox.tokens.is_good(json.loads(file.read_text(encoding="utf-8"))["refresh_token"]):
        file.write_text(json.dumps(sandbox.tokens.issued()), encoding="utf-8")
    return environment


def _by_application_outside(webhook: str, folder: Path) -> dict[str, str]:
    base = "{0.scheme}://{0.netloc}".format(urlsplit(webhook))
    environment = _application(base, folder)
    file = Path(environment["B24_TOKEN_FILE"])
    if not file.exists():
        wish = urllib.request.Request(f"{base}/sandbox/oauth", b'{"do": "issue"}')
        with urllib.request.urlopen(wish, timeout=10) as answer:
            file.write_bytes(answer.read())
    return environment


DOORS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "webhook",
            lambda sandbox, _: {"B24_WEBHOOK_URL": sandbox.webhook_url},
            lambda webhook, _: {"B24_WEBHOOK_URL": webhook},
            ({"is_webhook_expired": True}, {"is_webhook_expired": False}, "Make a new incoming webhook"),
        ),
        Kind(
            "oauth",
            _by_application,
            _by_application_outside,
            ({"is_application_missing": True}, {"is_application_missing": False}, "b24-import portal login"),
        ),
    )
}

#: what the fixture `door` sets for one test
current: Kind = DOORS["webhook"]


def open_to(sandbox: Sandbox, folder: Path) -> Portal:
    """The current door, as a process of its own would open it; the caller closes it."""
    return connect(current.inside(sandbox, folder), current.name)


def environment_of(webhook: str, folder: Path) -> dict[str, str]:
    """What leads a process through the current door to the sandbox process with this webhook."""
    return current.outside(webhook, folder)
