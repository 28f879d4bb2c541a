"""`POST /v1/duplicates/find`: which contacts and companies have a phone or an e-mail. Reference, section 12."""

from __future__ import annotations

from importer.sandbox.duplicate_methods import find_duplicates
from importer.sandbox.php_casts import from_json
from importer.sandbox.refusals import Refusal
from importer.sandbox.vibecode.refusals import VibeRefusal
from importer.sandbox.vibecode.visit import Outcome, Visit

_PLURALS = {"CONTACT": "contacts", "COMPANY": "companies"}


def find(visit: Visit, body: object) -> Outcome:
    """Ids by kind of record, in the shape the switches ask for."""
    sent = body if isinstance(body, dict) else {}
    type_, values, entity = sent.get("type"), sent.get("values"), sent.get("entityType", "")
    if type_ not in ("PHONE", "EMAIL"):
        raise VibeRefusal("VALIDATION_ERROR", "type: take PHONE or EMAIL")
    if not isinstance(values, list) or not values:
        raise VibeRefusal("VALIDATION_ERROR", "values: an array is needed")
    if entity not in ("", "LEAD", "CONTACT", "COMPANY"):
        raise VibeRefusal("VALIDATION_ERROR", "entityType: take LEAD, CONTACT or COMPANY")
    most = visit.switches.duplicate_values
    if len(values) > most and visit.switches.surplus_values == "reject":
        raise VibeRefusal("VALIDATION_ERROR", f"values: at most {most}")
    params = {"type": type_, "values": from_json(values[:most]), "entity_type": entity}
    try:
        found = find_duplicates(visit.portal, visit.caller, params).result
    except Refusal as refusal:
        if refusal.text == "Access denied" or refusal.code == "Access denied":
            raise VibeRefusal("BITRIX_ACCESS_DENIED", "Access denied") from None
        raise
    return Outcome(_shaped(found if isinstance(found, dict) else {}, entity, visit))


def _shaped(found: dict[str, list[int]], entity: str, visit: Visit) -> object:
    position = visit.switches.no_duplicates
    if not found and position == "list":
        return []
    if position == "keyed":
        asked = [entity] if entity else list(_PLURALS)
        found = {name: found.get(name, []) for name in asked if name in _PLURALS}
    if visit.switches.duplicate_keys == "contacts":
        return {_PLURALS[name]: ids for name, ids in found.items()}
    return found
