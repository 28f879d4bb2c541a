"""A body of VibeCode's fields as the fields of the portal's own method, every doubtful case by its switch.

Only names, shapes and the checks that a switch may ask for; converting values stays with `values`, as for the other
door. Reference, sections 5 to 7.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from importer.sandbox.fields import FieldSpec
from importer.sandbox.php_casts import PhpArray, as_int, as_text, from_json
from importer.sandbox.portal import Portal
from importer.sandbox.records import RecordKind
from importer.sandbox.values import DROPPED, convert
from importer.sandbox.vibecode.field_list import VibeField, field_list
from importer.sandbox.vibecode.multifield_forms import native_elements
from importer.sandbox.vibecode.refusals import VibeRefusal, wrong_request
from importer.sandbox.vibecode.switches import VibeSwitches

_CHECKED_FOR_READING = frozenset({"integer", "double", "date", "datetime", "money"})


@dataclass(frozen=True, slots=True)
class Incoming:
    """A body as the portal takes it."""

    #: for `crm.contact.add` and its like
    fields: PhpArray = field(default_factory=dict)
    #: the multifields among them, as a PHP array of `{VALUE, VALUE_TYPE}` each
    multifields: PhpArray = field(default_factory=dict)
    #: LEAD_ID, which the classic methods never take; None leaves it alone
    lead_id: int | None = None


def native_fields(kind: RecordKind, body: object, portal: Portal, switches: VibeSwitches) -> Incoming:
    """The body of a create or update. Raises VibeRefusal for what VibeCode objects to."""
    if not isinstance(body, dict):
        raise VibeRefusal("VALIDATION_ERROR", "An object with the fields is needed")
    known = field_list(kind, portal, switches).by_name
    fields: PhpArray = {}
    multifields: PhpArray = {}
    lead_id = None
    for name, sent in body.items():
        target = known.get(name)
        if target is None:
            _complain(switches.unknown_field, f"Unknown field: {name}")
        elif not target.is_writable:
            _complain(switches.read_only_field, f"Field is read-only: {name}")
        elif target.spec.name == "LEAD_ID":
            lead_id = as_int(sent)
        elif _is_empty(sent):
            if _empty_means_clear(name, sent, switches) and target.spec.type != "crm_multifield":
                fields[target.spec.name] = {} if target.spec.is_multiple else ""
        elif target.spec.type == "crm_multifield":
            multifields[target.spec.name] = from_json(native_elements(target.spec.name, sent, switches))
        else:
            _check(target, sent, portal, switches)
            fields[target.spec.name] = from_json(sent)
    return Incoming(fields, multifields, lead_id)


def _complain(position: str, message: str) -> None:
    if position == "reject":
        raise wrong_request(message)


def _is_empty(sent: object) -> bool:
    return sent is None or sent == "" or sent == []


def _empty_means_clear(name: str, sent: object, switches: VibeSwitches) -> bool:
    position = switches.null_value if sent is None else switches.empty_text if sent == "" else switches.empty_list
    _complain(position, f"Field has no value: {name}")
    return position == "clear"


def _check(target: VibeField, sent: object, portal: Portal, switches: VibeSwitches) -> None:
    """Raises VibeRefusal for a value that one of the switches refuses."""
    spec = target.spec
    checks: list[tuple[str, Callable[[FieldSpec, object, Portal], bool]]] = [
        (switches.unknown_code, _is_unknown_code),
        (switches.unknown_user, _is_unknown_user),
        (switches.unknown_company, _is_unknown_company),
        (switches.unreadable_value, _is_unreadable),
    ]
    values = sent if isinstance(sent, list) and spec.type != "file" else [sent]
    for position, is_wrong in checks:
        if position == "reject" and any(is_wrong(spec, value, portal) for value in values):
            raise wrong_request(f"Invalid value for field {target.name}: {json.dumps(sent, ensure_ascii=False)[:80]}")


def _is_unknown_code(spec: FieldSpec, value: object, portal: Portal) -> bool:
    if spec.type == "crm_status":
        return as_text(value) not in portal.store.directories.codes(spec.status_type)
    return spec.type == "enumeration" and as_int(value) not in spec.items


def _is_unknown_user(spec: FieldSpec, value: object, portal: Portal) -> bool:
    people = portal.store.directories.people() if spec.type in ("user", "employee") else ()
    return spec.type in ("user", "employee") and str(as_int(value)) not in {person["ID"] for person in people}


def _is_unknown_company(spec: FieldSpec, value: object, portal: Portal) -> bool:
    return spec.type == "crm_company" and portal.store.row("company", as_int(value)) is None


def _is_unreadable(spec: FieldSpec, value: object, portal: Portal) -> bool:
    if spec.type not in _CHECKED_FOR_READING:
        return False
    if spec.type in ("integer", "double") and isinstance(value, str):
        try:
            float(value)
        except ValueError:
            return True
        return False
    converted = convert(spec, value, portal)
    return converted is DROPPED or converted in (None, [])
