"""What hangs on a contact: its companies, its requisites and their addresses.

`crm.contact.company.*`, `crm.requisite.*`, `crm.address.*`. Reference, sections 6.10 and 8.6.
"""

from __future__ import annotations

from importer.sandbox.directory_methods import page
from importer.sandbox.envelope import Answer
from importer.sandbox.php_casts import PhpArray, as_int, as_text
from importer.sandbox.portal import Caller, Portal
from importer.sandbox.records import array_of, record_id, require
from importer.sandbox.refusals import Refusal, bad_call
from importer.sandbox.row_filter import matching, ordered

_OWNERS = {3: "contact", 4: "company"}
_REQUISITE = 8


def company_items_get(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.contact.company.items.get`: the links of one contact."""
    return Answer(portal.store.company_links(_contact(portal, params, "read")))


def company_items_set(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.contact.company.items.set`: true; replaces all links."""
    contact = _contact(portal, params, "edit")
    items = params.get("items")
    if not isinstance(items, dict):
        raise bad_call("The parameter items must be array")
    links, primary = [], None
    for position, item in enumerate(items.values(), 1):
        company = _company(item)
        links.append((company, as_int(item.get("SORT")) or position * 10))
        if primary is None and item.get("IS_PRIMARY") == "Y":
            primary = company
    portal.store.set_company_links(contact, links, primary or (links[0][0] if links else None))
    return Answer(True)


def company_items_delete(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.contact.company.items.delete`: true; removes all links."""
    portal.store.set_company_links(_contact(portal, params, "edit"), [], None)
    return Answer(True)


def company_add(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.contact.company.add`: whether the link is new."""
    contact = _contact(portal, params, "edit")
    fields = _fields(params)
    company = _company(fields)
    present = portal.store.company_links(contact)
    links = [(link["COMPANY_ID"], link["SORT"]) for link in present]
    if company in dict(links):
        return Answer(False)
    links.append((company, as_int(fields.get("SORT")) or max((sort for _, sort in links), default=0) + 10))
    primary = next((link["COMPANY_ID"] for link in present if link["IS_PRIMARY"] == "Y"), company)
    portal.store.set_company_links(contact, links, company if fields.get("IS_PRIMARY") == "Y" else primary)
    return Answer(True)


def company_delete(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.contact.company.delete`: whether there was such a link; the next one becomes primary."""
    contact = _contact(portal, params, "edit")
    company = _company(_fields(params))
    present = portal.store.company_links(contact)
    links = [(link["COMPANY_ID"], link["SORT"]) for link in present if link["COMPANY_ID"] != company]
    if len(links) == len(present):
        return Answer(False)
    primary = next((link["COMPANY_ID"] for link in present if link["IS_PRIMARY"] == "Y"), None)
    if primary == company:
        primary = links[0][0] if links else None
    portal.store.set_company_links(contact, links, primary)
    return Answer(True)


def _contact(portal: Portal, params: PhpArray, right: str) -> int:
    number = as_int(params.get("id"))
    if number <= 0:
        raise bad_call("The parameter 'ownerEntityID' is invalid or not defined")
    if right not in portal.state.rights:
        raise Refusal(400, "ACCESS_DENIED", "Access denied!")
    if portal.store.row("contact", number) is None:
        raise bad_call("Not found")
    return number


def _fields(params: PhpArray) -> PhpArray:
    fields = params.get("fields")
    if not isinstance(fields, dict):
        raise bad_call("The parameter 'fields' must be array")
    return fields


def _company(item: object) -> int:
    company = as_int(item.get("COMPANY_ID")) if isinstance(item, dict) else 0
    if company <= 0:
        raise bad_call("The parameter 'fields' is not valid")
    return company


def preset_list(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.requisite.preset.list`: the templates of this portal."""
    rows = matching(portal.store.directories.requisite_presets(), array_of(params, "filter"))
    return page(portal, ordered(rows, array_of(params, "order")), params)


def requisite_add(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.requisite.add`: the id of a requisite of a contact or company."""
    fields = _fields(params)
    type_id, entity_id, preset = (as_int(fields.get(name)) for name in ("ENTITY_TYPE_ID", "ENTITY_ID", "PRESET_ID"))
    if type_id not in _OWNERS:
        raise bad_call("ENTITY_TYPE_ID is not defined or invalid.")
    if entity_id <= 0:
        raise bad_call("ENTITY_ID is not defined or invalid.")
    if str(preset) not in {row["ID"] for row in portal.store.directories.requisite_presets()}:
        raise bad_call("PRESET_ID is not defined or invalid.")
    require(portal, "edit")
    if portal.store.row(_OWNERS[type_id], entity_id) is None:
        raise bad_call("Entity not found.")
    known = ("ENTITY_TYPE_ID", "ENTITY_ID", "PRESET_ID", "NAME")
    rest = {name: as_text(value) for name, value in fields.items() if name not in known}
    name = as_text(fields.get("NAME"))
    # The field list of crm.requisite.fields has both dates; that a new one has them alike is a choice of the sandbox.
    now = portal.printed_now()
    return Answer(portal.store.directories.add_requisite((type_id, entity_id), preset, name, {**rest, "DATE_CREATE": now, "DATE_MODIFY": now}))


def requisite_list(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.requisite.list`: rows with text values."""
    require(portal, "read")
    columns = ("id", "entity_type_id", "entity_id", "preset_id", "name")
    found = portal.store.directories.requisites()
    rows = [{name.upper(): str(row[name]) for name in columns} | row["fields"] for row in found]
    return page(portal, ordered(matching(rows, array_of(params, "filter")), array_of(params, "order")), params)


def requisite_delete(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.requisite.delete`: true. Not in the reference; that its addresses go with it is a choice of the sandbox."""
    number = record_id(params)
    require(portal, "edit")
    if portal.store.directories.requisite(number) is None:
        raise bad_call("Not found")
    portal.store.directories.delete_requisite(number)
    return Answer(True)


def address_add(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.address.add`: true; one address per type and requisite."""
    fields = _fields(params)
    type_id, owner_type, owner_id = (as_int(fields.get(name)) for name in ("TYPE_ID", "ENTITY_TYPE_ID", "ENTITY_ID"))
    if type_id not in (1, 4, 6, 8, 9, 11):
        raise bad_call("TYPE_ID is not defined or invalid.")
    if owner_type != _REQUISITE:
        raise bad_call("ENTITY_TYPE_ID is not defined or invalid.")
    if owner_id <= 0:
        raise bad_call("ENTITY_ID is not defined or invalid.")
    require(portal, "edit")
    if portal.store.directories.requisite(owner_id) is None:
        raise bad_call("Entity not found.")
    known = ("TYPE_ID", "ENTITY_TYPE_ID", "ENTITY_ID")
    rest = {name: as_text(value) for name, value in fields.items() if name not in known}
    if not portal.store.directories.add_address((type_id, owner_type, owner_id), rest):
        raise bad_call("TypeAddress exists.")
    return Answer(True)


def address_list(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.address.list`: rows with text values and their owner as ANCHOR."""
    require(portal, "read")
    owners = {row["id"]: row for row in portal.store.directories.requisites()}
    rows = []
    for row in portal.store.directories.addresses():
        owner = owners[row["entity_id"]]
        key = {name.upper(): str(row[name]) for name in ("type_id", "entity_type_id", "entity_id")}
        anchor = {"ANCHOR_TYPE_ID": str(owner["entity_type_id"]), "ANCHOR_ID": str(owner["entity_id"])}
        rows.append(key | anchor | row["fields"])
    return page(portal, ordered(matching(rows, array_of(params, "filter")), array_of(params, "order")), params)
