"""Which entities VibeCode has here: plural name → scope, methods behind it, actions. The only place that lists them."""

from __future__ import annotations

from importer.sandbox.records import COMPANY, CONTACT
from importer.sandbox.vibecode import directory_actions
from importer.sandbox.vibecode.aggregates import aggregate
from importer.sandbox.vibecode.record_actions import record_actions
from importer.sandbox.vibecode.refusals import VibeRefusal
from importer.sandbox.vibecode.switches import VibeSwitches
from importer.sandbox.vibecode.visit import Entity

_REQUISITES = directory_actions.reading(directory_actions.requisites) | {
    "create": directory_actions.create_requisite,
    "delete": directory_actions.delete_requisite,
}
_ADDRESSES = directory_actions.reading(directory_actions.addresses) | {"create": directory_actions.create_address}

ENTITIES: dict[str, Entity] = {
    entity.name: entity
    for entity in (
        Entity("contacts", "crm", "crm.contact", record_actions(CONTACT) | {"aggregate": aggregate}),
        Entity("companies", "crm", "crm.company", record_actions(COMPANY)),
        Entity("statuses", "crm", "crm.status", directory_actions.reading(directory_actions.statuses)),
        Entity("users", "user", "user", directory_actions.reading(directory_actions.users), {"list": "get", "search": "get"}),
        Entity("requisites", "crm", "crm.requisite", _REQUISITES),
        Entity("addresses", "crm", "crm.address", _ADDRESSES),
    )
}


def entity_named(name: object, switches: VibeSwitches) -> Entity:
    """The entity of that plural name. Raises VibeRefusal for an unknown one."""
    entity = ENTITIES.get(name) if isinstance(name, str) else None
    if entity is None or (name == "addresses" and switches.addresses == "absent"):
        raise VibeRefusal("INVALID_ENTITY_TYPE", f"Unknown entity: {name}")
    return entity
