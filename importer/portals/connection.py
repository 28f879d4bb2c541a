"""Which door to take, from the environment. Nothing of it is ever printed, logged or kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from importer.errors import UsageError
from importer.portals.bitrix24.application import Application
from importer.portals.bitrix24.application_settings import VARIABLES as APPLICATION
from importer.portals.bitrix24.application_settings import ApplicationSettings
from importer.portals.bitrix24.door import Bitrix24Door
from importer.portals.bitrix24.webhook import Webhook
from importer.portals.portal import Portal
from importer.portals.vibecode.door import VibeCodeDoor
from importer.portals.vibecode.identity import Identifying
from importer.portals.vibecode.key import API_KEY, BASE_URL, ENTITY_BATCH, SESSION_TOKEN, VibeKey, is_set
from importer.portals.vibecode.lacks import lacks_of
from importer.records import Lacks

WEBHOOK = "B24_WEBHOOK_URL"

_NOTHING_SET = (
    f"No portal is named: set {WEBHOOK} to the address of an incoming webhook, in the environment or in a file named by "
    "--env-file. The portal makes one under Applications, Developer resources, Other, Incoming webhook; tick CRM (crm) and Users (user). "
    f"Or, for an OAuth application, set {', '.join(APPLICATION)}; or {API_KEY} to a key of VibeCode."
)


@dataclass(frozen=True, slots=True)
class _Way:
    """One way into a portal."""

    #: all of them must be set
    variables: tuple[str, ...]
    #: the door, at the portal's own address or at the base address a renamed portal was last seen at
    open: Callable[[Mapping[str, str], str | None], Portal]
    #: the portal's host as the environment names it; None where only the other side knows it
    host: Callable[[Mapping[str, str]], str | None]

    def missing(self, environment: Mapping[str, str]) -> list[str]:
        """Those of its variables that are not set."""
        return [name for name in self.variables if not environment.get(name, "").strip()]


def _webhook(environment: Mapping[str, str]) -> Webhook:
    return Webhook.parse(environment[WEBHOOK], named=WEBHOOK)


def _by_webhook(environment: Mapping[str, str], moved_to: str | None) -> Portal:
    webhook = _webhook(environment)
    return Bitrix24Door(webhook.moved_to(moved_to) if moved_to else webhook)


def _by_application(environment: Mapping[str, str], moved_to: str | None) -> Portal:
    application = Application.open(ApplicationSettings.parse(environment))
    return Bitrix24Door(application.moved_to(moved_to) if moved_to else application)


def _by_key(environment: Mapping[str, str], moved_to: str | None) -> Portal:
    key = VibeKey.parse(environment[API_KEY], environment.get(SESSION_TOKEN, ""), environment.get(BASE_URL, ""))
    return VibeCodeDoor(key, is_entity_batch=is_set(environment, ENTITY_BATCH))


#: `--to` → how it is gone
_WAYS: dict[str, _Way] = {
    "webhook": _Way((WEBHOOK,), _by_webhook, lambda environment: _webhook(environment).host),
    "oauth": _Way(APPLICATION, _by_application, lambda environment: urlsplit(ApplicationSettings.parse(environment).base).netloc),
    "vibecode": _Way((API_KEY,), _by_key, lambda environment: None),
}


def connect(environment: Mapping[str, str], to: str | None = None, *, moved_to: str | None = None) -> Portal:
    """The portal that the environment names; no request is sent yet.

    `to` decides where several doors are set. `moved_to` is the base address a renamed portal was last seen at.
    Raises UsageError naming the variable at fault, never its value.
    """
    return _way(environment, to).open(environment, moved_to)


def host_named(environment: Mapping[str, str], to: str | None = None) -> str | None:
    """The host of the portal in the environment, before any move; None when none is named, or none clearly."""
    complete = _complete(environment, to)
    return _WAYS[complete[0]].host(environment) if len(complete) == 1 else None


def lacks_anywhere(environment: Mapping[str, str], to: str | None = None) -> Lacks | None:
    """What the way in the environment cannot do in any portal, for a check that asks none; None where nothing is missing."""
    return lacks_of(Identifying(), is_known=False) if _complete(environment, to) == ["vibecode"] or to == "vibecode" else None


def is_named(environment: Mapping[str, str]) -> bool:
    """True where at least one way into a portal is set completely."""
    return bool(_complete(environment, None))


def application_named(environment: Mapping[str, str]) -> ApplicationSettings:
    """The OAuth application in the environment, whether or not there are tokens yet. Raises UsageError naming what is missing."""
    _expect_nothing_missing([_WAYS["oauth"]], environment)
    return ApplicationSettings.parse(environment)


def _complete(environment: Mapping[str, str], to: str | None) -> list[str]:
    return [name for name, way in _WAYS.items() if to in (None, name) and not way.missing(environment)]


def _way(environment: Mapping[str, str], to: str | None) -> _Way:
    complete = _complete(environment, to)
    if len(complete) == 1:
        return _WAYS[complete[0]]
    if complete:
        named = " and ".join(f"{_WAYS[name].variables[0]} (--to {name})" for name in complete)
        raise UsageError(f"Several ways into a portal are set: {named}. Say which with --to.")
    begun = [way for name, way in _WAYS.items() if to in (None, name) and len(way.missing(environment)) < len(way.variables)]
    _expect_nothing_missing(begun or ([_WAYS[to]] if to else []), environment)
    raise UsageError(_NOTHING_SET)


def _expect_nothing_missing(ways: list[_Way], environment: Mapping[str, str]) -> None:
    for way in ways:
        missing = way.missing(environment)
        others = [name for name in way.variables if name not in missing]
        beside = f" beside {', '.join(others)}" if others else ""
        if missing:
            raise UsageError(f"{', '.join(missing)} must be set{beside}, in the environment or in a file named by --env-file.")
