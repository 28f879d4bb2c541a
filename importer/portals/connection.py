"""Which door to take, from the environment. Nothing of it is ever printed, logged or kept."""

from __future__ import annotations

from collections.abc import Mapping

from importer.errors import UsageError
from importer.portals.bitrix24.door import WebhookDoor
from importer.portals.bitrix24.webhook import Webhook
from importer.portals.portal import Portal

WEBHOOK = "B24_WEBHOOK_URL"

_NOTHING_SET = (
    f"No portal is named: set {WEBHOOK} to the address of an incoming webhook, in the environment or in a file named by "
    "--env-file. The portal makes one under Applications, Developer resources, Other, Incoming webhook; tick CRM (crm) and Users (user)."
)
_LATER = "is not supported yet; use an incoming webhook (--to webhook)."


def connect(environment: Mapping[str, str], to: str | None = None, *, moved_to: str | None = None) -> Portal:
    """The portal that the environment names; no request is sent yet.

    `to` decides where several doors are set. `moved_to` is the base address a renamed portal was last seen at.
    Raises UsageError naming the variable at fault, never its value.
    """
    if to in ("oauth", "vibecode"):
        raise UsageError(f"--to {to} {_LATER}")
    address = environment.get(WEBHOOK, "").strip()
    if not address:
        raise UsageError(_NOTHING_SET)
    webhook = Webhook.parse(address, named=WEBHOOK)
    return WebhookDoor(webhook.moved_to(moved_to) if moved_to else webhook)


def host_named(environment: Mapping[str, str]) -> str | None:
    """The host of the webhook in the environment, before any move; None when none is set."""
    address = environment.get(WEBHOOK, "").strip()
    return Webhook.parse(address, named=WEBHOOK).host if address else None
