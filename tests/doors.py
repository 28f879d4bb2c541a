"""The doors that the contract's tests go through: one set of tests, one entry here for each door.

A test that uses the fixture `door` runs once for each entry of `DOORS`; without it, through the webhook. Rigs open
their doors by `open_to` or, for a process of its own, by `environment_of`. A further door is a further `Kind`.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from importer import access
from importer.pacing.key_window import KeyWindow
from importer.portals.connection import connect
from importer.portals.portal import Portal
from importer.portals.vibecode.door import VibeCodeDoor
from importer.portals.vibecode.names import vocabulary
from importer.sandbox.oauth.switches import OAuthSwitches
from importer.sandbox.records import CONTACT
from importer.sandbox.server import Sandbox
from importer.sandbox.vibecode.field_list import field_list


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
    #: what the native door says → what this one says of the same; None where its answer does not tell
    says: dict[str, str | None] = field(default_factory=dict)
    #: the code that refusals of the portal's own arrive with; None where they arrive as they are
    wraps: str | None = None
    #: False where values cannot be taken for references, and nothing but the portal's own answers can be told from other ones
    is_native: bool = True


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


def _by_key(base: str) -> dict[str, str]:
    return {"VIBE_BASE_URL": base, "VIBE_API_KEY": "vibe_api_sandboxsecret_personal"}


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
        Kind(
            "vibecode",
            lambda sandbox, _: _by_key(sandbox.base_url),
            lambda webhook, _: _by_key("{0.scheme}://{0.netloc}".format(urlsplit(webhook))),
            ({"is_webhook_expired": True}, {"is_webhook_expired": False}, "The key is not connected to the portal"),
            {
                "closed or deleted": None, "blocked this portal's REST API": None, "plan does not include REST": "plan does not include this",
                "lacks a scope": None, "may not import contacts": None, "disk is full": None,
            },
            wraps="BITRIX_ERROR",
            is_native=False,
        ),
    )
}

#: what the fixture `door` sets for one test
current: Kind = DOORS["webhook"]


def open_to(sandbox: Sandbox, folder: Path) -> Portal:
    """The current door, as a process of its own would open it; the caller closes it."""
    return connect(current.inside(sandbox, folder), current.name)


def acquaint(door: Portal, sandbox: Sandbox) -> None:
    """Tells a door what it would ask the portal first, so that a rig's requests are those that a test counts."""
    if isinstance(door, VibeCodeDoor):
        switches = sandbox.vibe.switches
        listed = field_list(CONTACT, sandbox._portal, switches).by_name
        door._who.words = vocabulary({name: field.described(switches) for name, field in listed.items()})
        door._has_fields = door._has_asked_who = True


def environment_of(webhook: str, folder: Path) -> dict[str, str]:
    """What leads a process through the current door to the sandbox process with this webhook."""
    return current.outside(webhook, folder)


def begin_at_full_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key's requests leave five a second from the first on: what a test is about is not how carefully they begin."""
    monkeypatch.setattr(access, "KeyWindow", partial(KeyWindow, per_s=5.0))
