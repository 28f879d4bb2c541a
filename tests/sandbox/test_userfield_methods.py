"""Custom fields of contacts, and the items of their lists."""

from __future__ import annotations

import pytest

from importer.sandbox.seed import CustomField
from tests.sandbox.conftest import Portal

TIER = "UF_CRM_1720697698689"


async def test_custom_fields_have_labels_only_when_a_language_is_named(portal: Portal) -> None:
    plain = await portal.result("crm.contact.userfield.list", {"filter": {"FIELD_NAME": "UF_CRM_1720697698689"}})
    assert [row["FIELD_NAME"] for row in plain] == ["UF_CRM_1720697698689"]
    assert "EDIT_FORM_LABEL" not in plain[0]
    assert plain[0]["LIST"][0] == {"ID": "81", "SORT": "10", "VALUE": "Gold", "DEF": "N", "XML_ID": "item81"}
    named = await portal.result("crm.contact.userfield.list", {"filter": {"MANDATORY": "Y", "LANG": "ru"}})
    assert [(row["FIELD_NAME"], row["EDIT_FORM_LABEL"]) for row in named] == [("UF_CRM_LOYALTY", "Номер карты")]
    one = await portal.result("crm.contact.userfield.get", {"id": plain[0]["ID"]})
    assert one["EDIT_FORM_LABEL"]["ru"] == "Уровень"


async def test_a_field_added_by_a_test_is_described_and_written(portal: Portal) -> None:
    portal.sandbox.store.directories.add_userfield(CustomField("UF_CRM_NEW", "integer", "Новое"))
    assert (await portal.add(UF_CRM_NEW="5"))["UF_CRM_NEW"] == "5"


async def _tier(portal: Portal) -> dict:
    [field] = await portal.result("crm.contact.userfield.list", {"filter": {"FIELD_NAME": TIER}})
    return field


async def _change(portal: Portal, *elements: dict) -> list[tuple[str, str]]:
    number = (await _tier(portal))["ID"]
    assert await portal.result("crm.contact.userfield.update", {"id": number, "fields": {"LIST": list(elements)}}) is True
    return [(item["ID"], item["VALUE"]) for item in (await _tier(portal))["LIST"]]


async def test_an_item_without_an_id_is_added_and_the_others_stay(portal: Portal) -> None:
    before = [("81", "Gold"), ("83", "Silver"), ("85", "Bronze")]
    after = await _change(portal, {"VALUE": "Platinum", "SORT": 40, "XML_ID": "mine"}, {"VALUE": " "}, {"SORT": 5})
    assert after == [*before, ("98", "Platinum")], "ids go on after those of all lists"
    assert (await _tier(portal))["LIST"][-1] == {"ID": "98", "SORT": "40", "VALUE": "Platinum", "DEF": "N", "XML_ID": "mine"}
    fields = await portal.result("crm.contact.fields")
    assert {"ID": "98", "VALUE": "Platinum"} in fields[TIER]["items"]
    assert (await portal.add(**{TIER: "98"}))[TIER] == "98"


async def test_an_item_with_an_id_is_changed_or_removed(portal: Portal) -> None:
    assert await _change(portal, {"ID": "83", "VALUE": "Silver+"}, {"ID": "85", "DEL": "Y"}) == [("81", "Gold"), ("83", "Silver+")]


async def test_a_label_sent_along_overwrites(portal: Portal) -> None:
    number = (await _tier(portal))["ID"]
    await portal.result("crm.contact.userfield.update", {"id": number, "fields": {"EDIT_FORM_LABEL": {"ru": "Ранг"}, "SORT": 5, "MANDATORY": "Y"}})
    field = (await portal.result("crm.contact.fields"))[TIER]
    assert (field["formLabel"], field["isRequired"], len(field["items"])) == ("Ранг", True, 3)


@pytest.mark.parametrize(
    ("params", "answer"),
    [
        ({"fields": {}}, (400, "", "ID is not defined or invalid.")),
        ({"id": 1}, (400, "", "Parameter 'fields' must be array.")),
        ({"id": 999, "fields": {}}, (400, "ERROR_NOT_FOUND", "The entity with ID '999' is not found")),
        ({"id": 1, "fields": {"LIST": [{"VALUE": "A", "XML_ID": "item81"}]}}, (400, "ERROR_CORE", "Values of XML_ID are not unique.")),
    ],
)
async def test_userfield_update_refuses(portal: Portal, params: dict, answer: tuple) -> None:
    assert await portal.error("crm.contact.userfield.update", params) == answer


async def test_only_an_administrator_changes_a_field(portal: Portal) -> None:
    portal.sandbox.control.set_state(is_admin=False)
    assert await portal.error("crm.contact.userfield.update", {"id": 1, "fields": {}}) == (400, "", "Access denied")
