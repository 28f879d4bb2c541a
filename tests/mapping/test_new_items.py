"""Entries that are not in a list or directory, where the mapping says `create: true`."""

from __future__ import annotations

import pytest

from importer.errors import MappingError
from importer.mapping import new_items
from importer.mapping.contact_fields import offline_catalogue

pytestmark = pytest.mark.usefixtures("whole_grammar")


@pytest.mark.parametrize(
    ("field", "cell", "sent"),
    [
        ("SOURCE_ID", "Звонок", "CALL"),
        ("SOURCE_ID", "Выставка  2024", "create:Выставка 2024"),
        ("SOURCE_ID", "create:x", "create:create:x"),
        ("UF_CRM_TIER", "gold", "81"),
        ("UF_CRM_TIER", "Platinum", "create:Platinum"),
        ("UF_CRM_CHANNEL", "TV", "create:TV"),
        ("UF_CRM_HOBBIES", "Chess", ["91"]),
        ("UF_CRM_HOBBIES", "Bridge", ["create:Bridge"]),
    ],
)
def test_an_unknown_entry_becomes_a_placeholder(mapping, field, cell, sent):
    mapped = mapping(f"{field}: {{column: A, create: true}}").row(Name="Ada", A=cell)
    assert mapped.problems == [] and mapped.contact.fields[field] == sent


def test_the_new_entries_are_those_of_contacts_once_each_as_first_spelled(mapping):
    built = mapping("UF_CRM_HOBBIES: {column: A, split: ',', create: true}\nSOURCE_ID: {column: B, create: true}\nEMAIL: C")
    assert built.mapper.creates_items == {"UF_CRM_HOBBIES": [], "SOURCE_ID": []}
    sent = built.row(Name="Ada", A="Bridge, BRIDGE, Go, Ёлки", B="TV").contact.fields
    assert sent["UF_CRM_HOBBIES"] == ["create:Bridge", "92", "create:Ёлки"]
    assert built.row(Name="Bob", A="елки", B="tv").contact.fields["SOURCE_ID"] == "create:TV"
    assert built.row(Name="Eve", A="Never", C="no address").contact is None
    assert built.mapper.creates_items == {"UF_CRM_HOBBIES": ["Bridge", "Ёлки"], "SOURCE_ID": ["TV"]}


def test_fields_of_one_directory_spell_a_new_entry_alike(mapping):
    built = mapping("SOURCE_ID: {column: A, create: true}\nUF_CRM_CHANNEL: {column: B, create: true}")
    fields = built.row(Name="Ada", A="Radio", B="RADIO").contact.fields
    assert fields["SOURCE_ID"] == fields["UF_CRM_CHANNEL"] == "create:Radio"


def test_an_entry_the_mapping_names_is_new_only_when_a_row_has_it(mapping):
    built = mapping("UF_CRM_TIER: {column: A, map: {p: Platinum}, otherwise: Gold, create: true}")
    built.row(Name="Ada", A="x")
    assert built.mapper.creates_items == {"UF_CRM_TIER": []}
    built.row(Name="Ada", A="p")
    assert built.mapper.creates_items == {"UF_CRM_TIER": ["Platinum"]}


def test_free_text_mapped_as_a_list_stops_filling_it(mapping, monkeypatch):
    monkeypatch.setattr(new_items, "MOST_NEW_ITEMS", 2)
    built = mapping("UF_CRM_TIER: {column: A, create: true}")
    codes = [[problem.code for problem in built.row(Name="Ada", A=cell).problems] for cell in ("a", "b", "c", "A")]
    assert codes == [[], [], ["too_many_new_items"], []]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ("POST: {column: A, create: true}", "`create` means nothing for POST, whose type is string."),
        ("ASSIGNED_BY_ID: {column: A, create: true}", "`create` means nothing for ASSIGNED_BY_ID"),
        ("ASSIGNED_BY_ID: {column: A, lookup: user, create: true}", "list items and directory entries, no users"),
        ("COMPANY_ID: {column: A, create: true}", "`create` of COMPANY_ID needs `lookup: company`"),
        ("COMPANY_ID: {column: A, lookup: company, by: origin, create: true}", "`create` needs a title"),
    ],
)
def test_what_cannot_be_created_is_a_fault(mapping, fields, fault):
    with pytest.raises(MappingError) as raised:
        mapping(fields)
    assert any(fault in one for one in raised.value.faults), raised.value.faults


def test_nothing_is_created_in_a_directory_the_portal_did_not_give(mapping, portal):
    del portal.statuses["SOURCE"]
    with pytest.raises(MappingError, match="SOURCE_ID: the portal did not give the directory"):
        mapping("SOURCE_ID: {column: A, create: true}")


def test_offline_nothing_is_known_to_be_new(mapping):
    built = mapping("SOURCE_ID: {column: A, create: true}\nUF_CRM_X: {column: B, create: true}", catalogue=offline_catalogue())
    assert built.row(Name="Ada", A="TV", B="x").contact.fields == {"NAME": "Ada", "SOURCE_ID": "TV", "UF_CRM_X": "x"}
    assert built.mapper.creates_items == {}
