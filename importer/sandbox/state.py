"""What can change about a running sandbox portal: closed, overloaded, renamed, rights, scopes, credentials.

Tests and the control address set these; the doors read them at each request. Nothing here answers requests.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from difflib import get_close_matches


@dataclass(slots=True)
class PortalState:
    """The switches of a running portal, each False or None on a healthy one."""

    #: answers 500 PORTAL_DELETED
    is_closed: bool = False
    #: answers 503 OVERLOAD_LIMIT: blocked by the vendor
    is_overloaded: bool = False
    #: base address of the new portal: every REST request is answered with a 302 to it
    renamed_to: str | None = None
    #: answers 403 ACCESS_DENIED: the tariff has no REST
    is_without_rest: bool = False
    #: the webhook has expired or was deleted: answers 401
    is_webhook_expired: bool = False
    #: the OAuth application was removed from the portal, is not paid for, or is not open to its user
    is_application_missing: bool = False
    is_application_unpaid: bool = False
    is_application_barred: bool = False
    #: contacts cannot be added: "Disk resource exhausted"
    is_disk_full: bool = False
    #: of add, import, read, edit, delete
    rights: frozenset[str] = frozenset()
    #: scopes of the credential, apart from `basic`
    scopes: frozenset[str] = frozenset()
    #: whether the user may change CRM settings
    is_admin: bool = True
    #: seconds one command costs from now on
    seconds_per_command: float = 0.08

    def change(self, changes: dict[str, object]) -> None:
        """Set the named switches. Raises ValueError for an unknown name or a value of the wrong kind."""
        known = {item.name: getattr(self, item.name) for item in fields(self)}
        for name, value in changes.items():
            if name not in known:
                near = get_close_matches(name, known, n=1, cutoff=0.4)
                hint = f" Did you mean {near[0]}?" if near else f" Known: {', '.join(known)}."
                raise ValueError(f"portal state: {name!r} is unknown.{hint}")
            known[name] = _fitting(name, value, known[name])
        for name, value in known.items():
            setattr(self, name, value)

    def as_json(self) -> dict[str, object]:
        """The switches as plain JSON values."""
        return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in asdict(self).items()}


def _fitting(name: str, value: object, present: object) -> object:
    if isinstance(present, frozenset):
        if not isinstance(value, (list, tuple, set, frozenset)) or not all(isinstance(word, str) for word in value):
            raise ValueError(f"portal state: {name} takes a list of words, {value!r} is none.")
        return frozenset(value)
    if isinstance(present, bool):
        if not isinstance(value, bool):
            raise ValueError(f"portal state: {name} takes true or false, {value!r} is neither.")
        return value
    if name == "renamed_to":
        if value is not None and not isinstance(value, str):
            raise ValueError(f"portal state: renamed_to takes an address or null, {value!r} is neither.")
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        raise ValueError(f"portal state: {name} takes a number of seconds, {value!r} is none.")
    return float(value)
