"""One request as the entities see it: who came, to which portal, under which switches; and what they give back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from importer.sandbox.portal import Caller, Portal
from importer.sandbox.vibecode.filters import Asked
from importer.sandbox.vibecode.keys import VibeKey
from importer.sandbox.vibecode.switches import VibeSwitches


@dataclass(frozen=True, slots=True)
class Visit:
    """The surroundings of an action."""

    portal: Portal
    key: VibeKey
    switches: VibeSwitches

    @property
    def caller(self) -> Caller:
        """The key as the portal's methods know it."""
        return Caller(self.key.user_id, f"vibecode {self.key.key}")


@dataclass(frozen=True, slots=True)
class Ask:
    """What an action is asked."""

    #: of get, update and delete
    entity_id: int = 0
    #: the body of create and update, and of what belongs to one entity only
    body: object = None
    #: of list and search
    listed: Asked = field(default_factory=Asked)
    include: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action gave: `data`, for lists `meta`, and the status."""

    data: object
    meta: dict[str, object] | None = None
    status: int = 200


#: raises VibeRefusal or the portal's own Refusal
Action = Callable[[Visit, Ask], Outcome]

#: actions that a read-only key may not do
WRITES = frozenset({"create", "update", "delete"})

# Action → the verb of the portal's own method that it costs, and that fault rules know it by.
_VERBS = {"create": "add", "search": "list", "aggregate": "list"}


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity of VibeCode: the scope it needs, and its actions by name."""

    name: str
    scope: str
    #: the portal's methods behind it: `crm.contact`
    native: str
    actions: dict[str, Action]
    #: action → verb, where it is another than for most
    verbs: dict[str, str] = field(default_factory=dict)

    def method(self, action: str) -> str:
        """The portal's method behind an action: `crm.contact.add`."""
        return f"{self.native}.{(_VERBS | self.verbs).get(action, action)}"


def list_meta(visit: Visit, asked: Asked, shown: int, total: int) -> dict[str, object]:
    """`meta` of a list of which `shown` rows are in the answer."""
    meta: dict[str, object] = {}
    if visit.switches.total == "there" and asked.with_total:
        meta["total"] = total
    meta["hasMore"] = asked.offset + shown < total
    meta["truncated"] = total > 5000
    return meta
