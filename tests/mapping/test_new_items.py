"""Entries that are not in a list or directory, where the mapping says `create: true`."""

from __future__ import annotations

import pytest

from importer.errors import MappingError
from importer.mapping import new_items
from importer.mapping.contact_fields import offline_catalogue
from importer.mapping.new_items import ItemList


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


def _new(built, **cells):
    return list(new_items.new_items_in(built.row(Name="Ada", **cells).contact.fields, built.mapper.item_lists))


def test_the_new_entries_of_a_contact_are_named_as_they_were_first_spelled(mapping):
    built = mapping("UF_CRM_HOBBIES: {column: A, split: ',', create: true}\nSOURCE_ID: {column: B, create: true}")
    assert _new(built, A="Bridge, BRIDGE, Go, Ёлки", B="TV") == [("UF_CRM_HOBBIES", "Bridge"), ("UF_CRM_HOBBIES", "Ёлки"), ("SOURCE_ID", "TV")]
    assert _new(built, A="елки", B="tv") == [("UF_CRM_HOBBIES", "Ёлки"), ("SOURCE_ID", "TV")]
    assert _new(built, A="Go", B="Звонок") == []


def test_a_new_entry_belongs_to_the_directory_of_its_field_or_to_its_own_list(mapping):
    built = mapping("SOURCE_ID: {column: A, create: true}\nUF_CRM_CHANNEL: {column: B, create: true}\nUF_CRM_TIER: {column: C, create: true}")
    assert built.mapper.item_lists == {
        "SOURCE_ID": ItemList("SOURCE", True), "UF_CRM_CHANNEL": ItemList("SOURCE", True), "UF_CRM_TIER": ItemList("UF_CRM_TIER", False),
    }  # fmt: skip
    fields = built.row(Name="Ada", A="Radio", B="RADIO").contact.fields
    assert fields["SOURCE_ID"] == fields["UF_CRM_CHANNEL"] == "create:Radio"


def test_a_code_tells_a_text_and_its_list_and_fits_the_portal():
    source = ItemList("SOURCE", True)
    assert source.code("TV") == source.code(" tv") != source.code("TW")
    assert source.code("TV") != ItemList("HONORIFIC", True).code("TV")
    assert len(source.code("x" * 300)) <= 50


def test_an_entry_the_mapping_names_is_new_only_when_a_row_has_it(mapping):
    built = mapping("UF_CRM_TIER: {column: A, map: {p: Platinum}, otherwise: Gold, create: true}")
    assert (_new(built, A="x"), _new(built, A="p")) == ([], [("UF_CRM_TIER", "Platinum")])


def test_who_is_no_administrator_is_told_what_a_new_entry_needs(mapping, portal):
    portal.is_admin = False
    told = [note for note in mapping("SOURCE_ID: {column: A, create: true}\nTYPE_ID: B").mapper.notes if "administrator" in note]
    assert len(told) == 1 and told[0].startswith("SOURCE_ID: new entries are added only by an administrator")


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
    assert built.mapper.item_lists == {}
