"""A contact's address as the portal keeps it: a requisite of the contact, and the address of the requisite.

Source: apidocs.bitrix24.com, crm.requisite.*, crm.address.*, "How to add a contact with a requisite".
"""

from __future__ import annotations

from importer.portals.bitrix24.answers import CONTACT_OWNER, Form, Params, is_true, positive, rows, text
from importer.portals.operations import AddAddress, AddRequisite, ListAddresses, ListPresets, ListRequisites, NewAddress
from importer.portals.portal import Preset

#: a requisite, among the owners of addresses: a number of crm.enum.ownertype
_REQUISITE = 8

# Kind of address, crm.enum.addresstype: 1 is the physical one, where somebody is to be found. 6 and 4 are legal words.
_PHYSICAL = 1


def requisite_add(contact: int | str, address: NewAddress) -> Params:
    """`crm.requisite.add` for a contact's id, or a reference to it. ADDRESS_ONLY: it stands for nothing but the address."""
    return {"fields": {
        "ENTITY_TYPE_ID": CONTACT_OWNER, "ENTITY_ID": contact, "PRESET_ID": address.preset_id, "NAME": address.name,
        "ADDRESS_ONLY": "Y", "ORIGINATOR_ID": address.originator,
    }}  # fmt: skip


def address_add(requisite: int | str, address: NewAddress) -> Params:
    """`crm.address.add` for a requisite's id, or a reference to it."""
    return {"fields": {"TYPE_ID": _PHYSICAL, "ENTITY_TYPE_ID": _REQUISITE, "ENTITY_ID": requisite, **address.fields}}


#: One line a kind of operation.
FORMS: dict[type, Form] = {
    ListPresets: Form(
        "crm.requisite.preset.list",
        lambda op: {"select": ["ID", "NAME", "XML_ID"], "order": {"ID": "ASC"}},
        lambda value: [Preset(text(row.get("ID")), text(row.get("NAME")), text(row.get("XML_ID"))) for row in rows(value)],
    ),
    ListRequisites: Form(
        "crm.requisite.list",
        lambda op: {
            "filter": {"ENTITY_TYPE_ID": CONTACT_OWNER, "ENTITY_ID": op.contact_id, "ORIGINATOR_ID": op.originator},
            "select": ["ID", "ORIGINATOR_ID"], "order": {"ID": "ASC"},
        },
        lambda value: [(positive(row.get("ID")), text(row.get("ORIGINATOR_ID"))) for row in rows(value)],
    ),
    ListAddresses: Form(
        "crm.address.list",
        lambda op: {"filter": {"ENTITY_TYPE_ID": _REQUISITE, "ENTITY_ID": op.requisite_id}, "select": ["TYPE_ID"]},
        lambda value: [positive(row.get("TYPE_ID")) for row in rows(value)],
    ),
    AddRequisite: Form("crm.requisite.add", lambda op: requisite_add(op.contact_id, op.address), positive),
    AddAddress: Form("crm.address.add", lambda op: address_add(op.requisite_id, op.address), is_true),
}  # fmt: skip
