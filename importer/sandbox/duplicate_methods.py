"""`crm.duplicate.findbycomm`: which contacts and companies have a phone or an e-mail. Reference, section 8.4."""

from __future__ import annotations

from importer.sandbox.envelope import Answer, php_map
from importer.sandbox.multifields import comparable
from importer.sandbox.php_casts import PhpArray, as_text
from importer.sandbox.portal import Caller, Portal
from importer.sandbox.refusals import Refusal

# Values looked at, and ids after which later record types are left out.
# Source: apidocs.bitrix24.com, crm-duplicate-find-by-comm.
_MOST_VALUES = 20
_ENOUGH_IDS = 20


def find_duplicates(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.duplicate.findbycomm`: ids by record type; `[]` without a hit. The sandbox has no leads."""
    kind = as_text(params.get("type"))
    if not kind:
        raise Refusal(400, "Communication type is not defined", "Parameter 'type' is required.")
    if kind not in ("PHONE", "EMAIL"):
        raise Refusal(400, f"Communication type '{kind}' is not supported in current context", "")
    values = params.get("values")
    if not isinstance(values, dict) or not values:
        raise Refusal(400, "Communication values is not defined", "")
    if "read" not in portal.state.rights:
        raise Refusal(403, "Access denied", "")
    wanted = {comparable(kind, as_text(value)) for value in list(values.values())[:_MOST_VALUES]}
    asked = as_text(params.get("entity_type")).upper()
    found: dict[str, list[int]] = {}
    for entity in ("contact", "company"):
        ids = portal.store.owners_of(entity, kind, wanted) if asked in ("", entity.upper()) else []
        if ids:
            found[entity.upper()] = ids
        if len(ids) >= _ENOUGH_IDS:
            break
    return Answer(php_map(found))
