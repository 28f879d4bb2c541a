"""PHONE, EMAIL and their kin: what a sent list does to the stored one."""

from __future__ import annotations

import pytest

from importer.sandbox.multifields import Multifield, changes, comparable
from importer.sandbox.php_casts import from_json
from importer.sandbox.refusals import Refusal
from tests.sandbox.conftest import Portal

_STORED = [Multifield("PHONE", "111", "WORK", 5), Multifield("PHONE", "222", "HOME", 6)]


@pytest.mark.parametrize(
    ("element", "added", "changed", "removed"),
    [
        ({"VALUE": "333", "VALUE_TYPE": "MOBILE"}, [("333", "MOBILE", 0)], [], []),
        ({"VALUE": " 333 "}, [("333", "WORK", 0)], [], []),
        ({"VALUE": "333", "VALUE_TYPE": "made up"}, [("333", "made up", 0)], [], []),
        ({"VALUE": "111"}, [], [], []),
        ({"VALUE": ""}, [], [], []),
        ({"VALUE": "   "}, [], [], []),
        ({}, [], [], []),
        ({"ID": 5, "VALUE": "999"}, [], [("999", "WORK", 5)], []),
        ({"ID": "5", "VALUE": "999", "VALUE_TYPE": "HOME"}, [], [("999", "HOME", 5)], []),
        ({"ID": 5, "VALUE_TYPE": "FAX"}, [], [("111", "FAX", 5)], []),
        ({"ID": 5}, [], [], [5]),
        ({"ID": 5, "VALUE": ""}, [], [], [5]),
        ({"ID": 5, "VALUE": "999", "DELETE": "Y"}, [], [], [5]),
        ({"ID": 77, "VALUE": "333"}, [("333", "WORK", 0)], [], []),
    ],
)
def test_an_element_adds_changes_or_removes(element: dict, added: list, changed: list, removed: list) -> None:
    result = changes({"PHONE": from_json([element])}, _STORED)
    assert [(item.value, item.value_type, item.id) for item in result.added] == added
    assert [(item.value, item.value_type, item.id) for item in result.changed] == changed
    assert result.removed == removed


@pytest.mark.parametrize("sent", ["+442079460011", {"VALUE": "x"}, ["a", "b"], None])
def test_a_phone_that_is_no_list_of_elements_is_left_out(sent: object) -> None:
    assert changes({"PHONE": from_json(sent)}, []).added == []


@pytest.mark.parametrize("address", ["mara@example.com", "j.lange+x@mail.example.org", "o'neil@example.com", "имя@example.com", "a@пример.example"])
def test_a_well_formed_address_passes(address: str) -> None:
    assert changes({"EMAIL": {0: {"VALUE": address}}}, []).added[0].value == address


@pytest.mark.parametrize("address", ["mara", "mara@", "@example.com", "mara@example", "a b@example.com", "a@b@example.com", "a@example..com", "a.@example.com", "a@-x.com"])
def test_a_malformed_address_is_refused(address: str) -> None:
    with pytest.raises(Refusal, match="contains an invalid address"):
        changes({"EMAIL": {0: {"VALUE": address}}}, [])


@pytest.mark.parametrize(("type_", "label"), [("WORK", "Work e-mail"), ("HOME", "Home e-mail"), ("", "Work e-mail"), ("OTHER", "E-mail")])
def test_the_refusal_names_the_kind_of_address(type_: str, label: str) -> None:
    with pytest.raises(Refusal, match=f"`{label}`"):
        changes({"EMAIL": {0: {"VALUE": "x", "VALUE_TYPE": type_}}}, [])


@pytest.mark.parametrize(
    ("kind", "left", "right", "is_same"),
    [
        ("PHONE", "+49 30 1234567", "+49 (30) 123-45-67", True),
        ("PHONE", "+49 30 1234567", "49301234567", False),
        ("PHONE", "+442079460011 ext 5", "+442079460011", True),
        ("EMAIL", "Mara@Example.com", "mara@example.com ", True),
    ],
)
def test_duplicates_are_compared_by_their_written_form(kind: str, left: str, right: str, is_same: bool) -> None:
    assert (comparable(kind, left) == comparable(kind, right)) is is_same


async def test_ids_of_values_count_on_over_all_kinds_and_contacts(portal: Portal) -> None:
    await portal.add(PHONE=[{"VALUE": "1"}, {"VALUE": "2"}], WEB=[{"VALUE": "example.com"}])
    contact = await portal.add(EMAIL=[{"VALUE": "mara@example.com", "VALUE_TYPE": "HOME"}])
    assert contact["EMAIL"] == [{"ID": "4", "VALUE_TYPE": "HOME", "VALUE": "mara@example.com", "TYPE_ID": "EMAIL"}]
    assert (contact["HAS_PHONE"], contact["HAS_EMAIL"]) == ("N", "Y")


async def test_an_update_keeps_unmentioned_values_and_has_phone_follows(portal: Portal) -> None:
    await portal.add(PHONE=[{"VALUE": "1"}, {"VALUE": "2"}])
    await portal.result("crm.contact.update", {"id": 1, "fields": {"PHONE": [{"ID": 1, "DELETE": "Y"}, {"VALUE": "3"}]}})
    contact = await portal.result("crm.contact.get", {"id": 1})
    assert [item["VALUE"] for item in contact["PHONE"]] == ["2", "3"]
    await portal.result("crm.contact.update", {"id": 1, "fields": {"PHONE": [{"ID": 2}, {"ID": 3}]}})
    contact = await portal.result("crm.contact.get", {"id": 1})
    assert ("PHONE" in contact, contact["HAS_PHONE"]) == (False, "N")


async def test_a_malformed_address_in_an_update_changes_nothing(portal: Portal) -> None:
    await portal.add(POST="Chief")
    status, code, _ = await portal.error("crm.contact.update", {"id": 1, "fields": {"POST": "x", "EMAIL": [{"VALUE": "no"}]}})
    assert (status, code, portal.sandbox.store.contacts()[0]["POST"]) == (400, "ERROR_CORE", "Chief")
