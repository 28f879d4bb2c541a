"""VibeCode about a key (`/v1/me`) and about the custom fields of contacts (`/v1/userfields/contacts`)."""

from __future__ import annotations

import re
import sqlite3

from importer.sandbox.php_casts import as_int
from importer.sandbox.seed import CustomField
from importer.sandbox.vibecode.entities import ENTITIES
from importer.sandbox.vibecode.refusals import VibeRefusal, no_such_record
from importer.sandbox.vibecode.visit import Outcome, Visit

#: types of custom fields that may be created. Source: the page on user fields.
TYPES = ("string", "integer", "double", "boolean", "datetime", "date", "money", "enumeration", "file", "employee", "url", "address")

# The longest name that the portal's own field tables take.
_NAME = re.compile(r"[A-Z0-9_]{1,44}")


def me(visit: Visit, portal_address: str) -> Outcome:
    """What the key is and may do."""
    key = visit.key
    data: dict[str, object] = {"scopes": sorted(key.scopes | key.late_scopes), "accessMode": key.access_mode}
    if visit.switches.me_answer == "minimal":
        return Outcome(data)
    data |= {"keyPrefix": key.key[:12], "keySuffix": key.key[-4:], "expiresAt": key.expires_at}
    if key.is_management:
        return Outcome(data | {"type": "management", "capabilities": ["portals"], "portals": [{"domain": portal_address}]})
    data |= {
        "portal": {"domain": portal_address, "name": "Sandbox"},
        "entities": [name for name, entity in ENTITIES.items() if entity.scope in key.scopes],
        "rateLimit": {"requestsPerSecond": visit.switches.portal_requests_per_second},
        "currentUser": {"bitrixUserId": key.user_id},
    }
    return Outcome(data)


def user_fields(visit: Visit) -> Outcome:
    """The custom fields of contacts, as defined."""
    listed = [_definition(row) for row in visit.portal.store.directories.userfields()]
    return Outcome(listed, {"total": len(listed)})


def user_field(visit: Visit, number: int) -> Outcome:
    """One of them."""
    for row in visit.portal.store.directories.userfields():
        if row["id"] == number:
            return Outcome(_definition(row))
    raise no_such_record()


def user_field_types(visit: Visit) -> Outcome:
    """The types there are."""
    return Outcome([{"id": name} for name in TYPES])


def create_user_field(visit: Visit, body: object) -> Outcome:
    """A further custom field of contacts; its id."""
    sent = body if isinstance(body, dict) else {}
    name, type_ = str(sent.get("fieldName", "")), sent.get("userTypeId")
    if not _NAME.fullmatch(name):
        raise VibeRefusal("VALIDATION_ERROR", "fieldName: capital letters, digits and underscores are needed")
    if type_ not in TYPES:
        raise VibeRefusal("VALIDATION_ERROR", f"userTypeId: take one of {', '.join(TYPES)}")
    listed = sent.get("list") or []
    custom = CustomField(
        f"UF_CRM_{name}",
        type_,
        str(sent.get("label") or name),
        is_multiple=sent.get("multiple") in (True, "Y"),
        is_required=sent.get("mandatory") in (True, "Y"),
        settings=sent.get("settings") or {},
        items={position: str(item.get("VALUE", "")) for position, item in enumerate(listed, 1001)},
    )
    try:
        return Outcome(visit.portal.store.directories.add_userfield(custom), status=201)
    except sqlite3.IntegrityError:
        raise VibeRefusal("BITRIX_ERROR", f"Field UF_CRM_{name} exists already") from None


def _definition(row: dict[str, object]) -> dict[str, object]:
    """Flags as Y and N, numbers as text: definitions are handed through from the portal."""
    return {
        "id": as_int(row["id"]),
        "entityId": "CRM_CONTACT",
        "fieldName": row["field_name"],
        "userTypeId": row["user_type_id"],
        "mandatory": row["mandatory"],
        "multiple": row["multiple"],
        "sort": str(row["sort"]),
        "editFormLabel": {"ru": row["label"], "en": row["label"]},
        "list": row["items"],
        "settings": row["settings"] or [],
    }
