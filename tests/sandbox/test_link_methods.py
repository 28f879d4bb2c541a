"""Companies of a contact, requisites, addresses, and the search for duplicates."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import Portal


async def _links(portal: Portal) -> list[tuple]:
    links = await portal.result("crm.contact.company.items.get", {"id": 1})
    return [(link["COMPANY_ID"], link["SORT"], link["IS_PRIMARY"]) for link in links]


async def test_the_first_link_is_primary_and_the_next_one_takes_over(portal: Portal) -> None:
    await portal.add()
    for company, is_new in ((7, True), (8, True), (7, False)):
        assert await portal.result("crm.contact.company.add", {"id": 1, "fields": {"COMPANY_ID": company}}) is is_new
    assert await _links(portal) == [(7, 10, "Y"), (8, 20, "N")]
    assert await portal.result("crm.contact.company.delete", {"id": 1, "fields": {"COMPANY_ID": 7}}) is True
    assert await _links(portal) == [(8, 20, "Y")]
    assert (await portal.result("crm.contact.get", {"id": 1}))["COMPANY_ID"] == "8"


async def test_items_set_replaces_and_items_delete_empties(portal: Portal) -> None:
    await portal.add()
    items = [{"COMPANY_ID": 7}, {"COMPANY_ID": 8, "IS_PRIMARY": "Y", "SORT": 5}]
    assert await portal.result("crm.contact.company.items.set", {"id": 1, "items": items}) is True
    assert await _links(portal) == [(8, 5, "Y"), (7, 10, "N")]
    assert await portal.result("crm.contact.company.items.delete", {"id": 1}) is True
    assert await _links(portal) == []


@pytest.mark.parametrize(
    ("method", "params", "answer"),
    [
        ("add", {}, (400, "", "The parameter 'ownerEntityID' is invalid or not defined")),
        ("add", {"id": 5, "fields": {"COMPANY_ID": 7}}, (400, "", "Not found")),
        ("add", {"id": 1}, (400, "", "The parameter 'fields' must be array")),
        ("add", {"id": 1, "fields": {"COMPANY_ID": 0}}, (400, "", "The parameter 'fields' is not valid")),
        ("items.set", {"id": 1}, (400, "", "The parameter items must be array")),
    ],
)
async def test_company_links_refuse(portal: Portal, method: str, params: dict, answer: tuple) -> None:
    await portal.add()
    assert await portal.error(f"crm.contact.company.{method}", params) == answer


async def test_contact_requisite_and_address_go_in_one_batch_through_references(portal: Portal) -> None:
    answer = await portal.batch(
        {
            "c": "crm.contact.add?fields[NAME]=Mara",
            "r": "crm.requisite.add?fields[ENTITY_TYPE_ID]=3&fields[ENTITY_ID]=$result[c]&fields[PRESET_ID]=5&fields[NAME]=Mara",
            "a": "crm.address.add?fields[TYPE_ID]=1&fields[ENTITY_TYPE_ID]=8&fields[ENTITY_ID]=$result[r]&fields[CITY]=Leeds",
        },
        halt=1,
    )
    assert answer["result"] == {"c": 1, "r": 1, "a": True}
    address = (await portal.result("crm.address.list", {"filter": {"ANCHOR_ID": 1}}))[0]
    assert (address["CITY"], address["ANCHOR_TYPE_ID"]) == ("Leeds", "3")
    await portal.result("crm.contact.delete", {"id": 1})
    assert await portal.result("crm.address.list") == await portal.result("crm.requisite.list") == []


@pytest.mark.parametrize(
    ("method", "changes", "text"),
    [
        ("requisite", {"ENTITY_TYPE_ID": 2}, "ENTITY_TYPE_ID is not defined or invalid."),
        ("requisite", {"ENTITY_ID": 0}, "ENTITY_ID is not defined or invalid."),
        ("requisite", {"ENTITY_ID": 99}, "Entity not found."),
        ("requisite", {"PRESET_ID": 2}, "PRESET_ID is not defined or invalid."),
        ("address", {"TYPE_ID": 2}, "TYPE_ID is not defined or invalid."),
        ("address", {"ENTITY_TYPE_ID": 3}, "ENTITY_TYPE_ID is not defined or invalid."),
        ("address", {"ENTITY_ID": 99}, "Entity not found."),
        ("address", {}, "TypeAddress exists."),
    ],
)
async def test_requisites_and_addresses_refuse(portal: Portal, method: str, changes: dict, text: str) -> None:
    await portal.add()
    valid = {
        "requisite": {"ENTITY_TYPE_ID": 3, "ENTITY_ID": 1, "PRESET_ID": 5, "NAME": "x"},
        "address": {"TYPE_ID": 1, "ENTITY_TYPE_ID": 8, "ENTITY_ID": 1},
    }
    for name, fields in valid.items():
        await portal.result(f"crm.{name}.add", {"fields": fields})
    assert await portal.error(f"crm.{method}.add", {"fields": valid[method] | changes}) == (400, "", text)


async def test_presets_are_those_of_the_portal(portal: Portal) -> None:
    presets = await portal.result("crm.requisite.preset.list", {"order": {"ID": "DESC"}})
    assert (presets[0]["ID"], presets[0]["NAME"]) == ("5", "Физ. лицо")
    assert all(preset["XML_ID"].startswith("#CRM_REQUISITE_PRESET_DEF_") for preset in presets)


async def test_duplicates_are_found_by_phone_and_e_mail_of_contacts_and_companies(portal: Portal) -> None:
    await portal.add(PHONE=[{"VALUE": "+44 20 7946-0011"}], EMAIL=[{"VALUE": "Mara@example.com"}])
    await portal.add(PHONE=[{"VALUE": "+442079460011"}])
    await portal.result("crm.company.add", {"fields": {"TITLE": "Acme", "PHONE": [{"VALUE": "+442079460011"}]}})
    asked = {"type": "PHONE", "values": ["+442079460011"]}
    assert await portal.result("crm.duplicate.findbycomm", asked) == {"CONTACT": [1, 2], "COMPANY": [1]}
    assert await portal.result("crm.duplicate.findbycomm", asked | {"entity_type": "COMPANY"}) == {"COMPANY": [1]}
    assert await portal.result("crm.duplicate.findbycomm", {"type": "EMAIL", "values": ["mara@EXAMPLE.com"]}) == {"CONTACT": [1]}
    assert await portal.result("crm.duplicate.findbycomm", {"type": "PHONE", "values": ["442079460011"]}) == []


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"values": ["1"]}, "Communication type is not defined"),
        ({"type": "FAX", "values": ["1"]}, "Communication type 'FAX' is not supported in current context"),
        ({"type": "PHONE"}, "Communication values is not defined"),
        ({"type": "PHONE", "values": "1"}, "Communication values is not defined"),
    ],
)
async def test_find_by_communication_puts_its_sentence_into_the_code(portal: Portal, params: dict, code: str) -> None:
    assert (await portal.error("crm.duplicate.findbycomm", params))[:2] == (400, code)
