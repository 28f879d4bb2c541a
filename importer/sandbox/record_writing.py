"""Writing contacts and companies: `add`, `update` and `delete` with everything the portal drops or fills in silently.

Reference, sections 6.3-6.5, 6.8, 8.3, 10.2 and 14.
"""

from __future__ import annotations

import re

from importer.sandbox.envelope import Answer
from importer.sandbox.fields import IMPORT_ONLY, READ_ONLY, FieldSpec
from importer.sandbox.multifields import changes
from importer.sandbox.php_casts import PhpArray, is_true
from importer.sandbox.portal import Caller, Portal
from importer.sandbox.records import RecordKind, record_id, require
from importer.sandbox.refusals import bad_call, core, must_be_array
from importer.sandbox.values import DROPPED, convert

_PARENT = re.compile(r"PARENT_ID_[1-9][0-9]{0,8}")
_FLAGS = {"contact": ("OPENED", "EXPORT"), "company": ("OPENED",)}
_FIRST_ENTRY = {"contact": (("TYPE_ID", "CONTACT_TYPE"), ("SOURCE_ID", "SOURCE")), "company": ()}


def add(kind: RecordKind, portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.<kind>.add`: the new id. `IMPORT` is on for any true value, the word "N" included."""
    fields, options = _arrays(params)
    is_import = is_true(options.get("IMPORT"))
    require(portal, "import" if is_import else "add")
    if portal.state.is_disk_full:
        raise bad_call("Disk resource exhausted")
    values = _accepted(kind, portal, fields, is_import=is_import)
    companies = values.pop("COMPANY_IDS", None)
    _check_required(kind, portal, values)
    multifields = changes(fields, []).added
    if kind.entity == "contact":
        _check_date_create(portal, values)
    _fill_in(kind, portal, caller, values)
    present = {item.kind for item in multifields}
    values |= {"HAS_PHONE": _yes("PHONE" in present), "HAS_EMAIL": _yes("EMAIL" in present), "HAS_IMOL": "N"}
    new_id = portal.store.insert(kind.entity, values, multifields)
    if companies or values.get("COMPANY_ID"):
        _link(kind, portal, new_id, (values.get("COMPANY_ID"), companies))
    return Answer(new_id)


def update(kind: RecordKind, portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.<kind>.update`: true. Only the fields sent change; multifields by their own rules."""
    number = record_id(params)
    fields, _ = _arrays(params)
    require(portal, "edit")
    row = portal.store.row(kind.entity, number)
    if row is None:
        raise bad_call(f"{kind.title} is not found")
    values = _accepted(kind, portal, fields, is_import=False)
    companies = values.pop("COMPANY_IDS", None)
    _check_required(kind, portal, row | values)
    if "ASSIGNED_BY_ID" in values and not values["ASSIGNED_BY_ID"]:
        del values["ASSIGNED_BY_ID"]
    change = changes(fields, portal.store.multifields(kind.entity, [number])[number])
    stamped = values | {"DATE_MODIFY": portal.printed_now(), "MODIFY_BY_ID": caller.user_id}
    portal.store.update(kind.entity, number, stamped, change)
    if companies is not None or "COMPANY_ID" in values:
        _link(kind, portal, number, (values.get("COMPANY_ID"), companies))
    return Answer(True)


def delete(kind: RecordKind, portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.<kind>.delete`: true; what belongs to the record goes with it."""
    number = record_id(params)
    require(portal, "delete")
    if portal.store.row(kind.entity, number) is None:
        raise core("Element not found")
    portal.store.delete(kind.entity, number)
    return Answer(True)


def _arrays(params: PhpArray) -> tuple[PhpArray, PhpArray]:
    fields, options = params.get("fields"), params.get("params", {})
    if not isinstance(fields, dict):
        raise must_be_array("fields")
    if options is not None and not isinstance(options, dict):
        raise must_be_array("params")
    return fields, options or {}


def _accepted(kind: RecordKind, portal: Portal, fields: PhpArray, *, is_import: bool) -> dict[str, object]:
    """Field → value to store: unknown, read-only and unreadable ones are gone, without a word."""
    specs = kind.specs(portal)
    values: dict[str, object] = {}
    for name, value in fields.items():
        spec = specs.get(name) or _parent(name)
        if spec is None or spec.type == "crm_multifield" or not _is_writable(spec, is_import):
            continue
        converted = convert(spec, value, portal)
        if converted is not DROPPED:
            values[spec.name] = converted
    return values


def _parent(name: object) -> FieldSpec | None:
    return FieldSpec(name, "integer") if isinstance(name, str) and _PARENT.fullmatch(name) else None


def _is_writable(spec: FieldSpec, is_import: bool) -> bool:
    return spec.access != READ_ONLY and (is_import or spec.access != IMPORT_ONLY)


def _check_required(kind: RecordKind, portal: Portal, values: dict[str, object]) -> None:
    if kind.entity == "company" and not values.get("TITLE"):
        raise core('The field "Company Name" is required.')
    is_nameless = kind.entity == "contact" and not values.get("NAME") and not values.get("LAST_NAME")
    if is_nameless and portal.settings.empty_name == "reject":
        # That it fails is documented, code and text are not.
        raise core('The fields "First name" and "Last name" are both empty, one of them is required.')
    if not portal.settings.checks_required_fields:
        return
    for spec in kind.specs(portal).values():
        if spec.is_custom and spec.is_required and values.get(spec.name) in (None, "", []):
            raise core(f'The field "{spec.label}" is required.')


def _check_date_create(portal: Portal, values: dict[str, object]) -> None:
    moment, newest = values.get("DATE_CREATE"), portal.store.newest_date_create()
    if portal.settings.old_date_create == "accept" or not moment or newest is None or moment >= newest:
        return
    if portal.settings.old_date_create == "reject":
        raise core("The creation date is earlier than that of a contact which exists already.")
    values["DATE_CREATE"] = portal.printed_now()


def _fill_in(kind: RecordKind, portal: Portal, caller: Caller, values: dict[str, object]) -> None:
    now = portal.printed_now()
    for name in _FLAGS[kind.entity]:
        values.setdefault(name, "Y")
    for name, directory in _FIRST_ENTRY[kind.entity]:
        if name not in values:
            values[name] = next(iter(portal.store.directories.codes(directory)), None)
    for name in ("ASSIGNED_BY_ID", "CREATED_BY_ID", "MODIFY_BY_ID"):
        values[name] = values.get(name) or caller.user_id
    for name in ("DATE_CREATE", "DATE_MODIFY"):
        values[name] = values.get(name) or now
    values |= {"LAST_ACTIVITY_TIME": values["DATE_CREATE"], "LAST_ACTIVITY_BY": caller.user_id}


def _link(kind: RecordKind, portal: Portal, number: int, asked: tuple[object, list[int] | None]) -> None:
    """COMPANY_IDS replace all links, the first being primary; COMPANY_ID becomes the primary one."""
    if kind.entity != "contact":
        return
    primary, companies = asked
    if companies is None:
        if not primary:
            portal.store.set_company_links(number, [], None)
            return
        companies = [primary, *(link["COMPANY_ID"] for link in portal.store.company_links(number))]
    companies = list(dict.fromkeys(companies))
    # Sort of the first link is 10 and rises by 10 (section 6.10).
    links = [(company, position * 10) for position, company in enumerate(companies, 1)]
    portal.store.set_company_links(number, links, primary if primary in companies else next(iter(companies), None))


def _yes(is_so: bool) -> str:
    return "Y" if is_so else "N"
