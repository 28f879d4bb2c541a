"""What stands around contacts: companies, statuses, users, requisites, addresses, duplicates, custom fields."""

from __future__ import annotations

import pytest

from tests.sandbox.vibecode.conftest import StartVibe, Vibe


async def test_statuses_of_one_directory(vibe: Vibe) -> None:
    answer = await vibe.get("statuses?filter[entityId]=CONTACT_TYPE&limit=2")
    assert [(row["statusId"], isinstance(row["id"], int)) for row in answer.data] == [("CLIENT", True), ("SUPPLIER", True)]
    assert answer.body["meta"] == {"total": 4, "hasMore": True, "truncated": False}
    searched = await vibe.post("statuses/search", {"filter": {"entityId": "SOURCE"}, "order": {"sort": "desc"}, "limit": 1})
    assert searched.data[0]["statusId"] == "OTHER"


async def test_all_statuses_in_one_read(vibe: Vibe) -> None:
    entities = {row["entityId"] for row in (await vibe.get("statuses?limit=500")).data}
    assert {"CONTACT_TYPE", "SOURCE", "HONORIFIC"} <= entities


async def test_users_by_e_mail_and_id(vibe: Vibe) -> None:
    found = (await vibe.get("users?filter[email]=marco.bellini@example.com&select=id,lastName,active")).data
    assert found == [{"id": 8, "lastName": "Bellini", "active": True}]
    assert (await vibe.get("users/12")).data["active"] is False
    assert (await vibe.get("users/99")).error == (404, "ENTITY_NOT_FOUND")
    assert (await vibe.send("DELETE", "users/12")).error == (404, "NOT_FOUND")


async def test_a_company_by_a_piece_of_its_title(vibe: Vibe) -> None:
    created = await vibe.post("companies", {"title": "Juniperley & Sons", "companyType": "PARTNER", "web": "https://example.com"})
    assert (created.status, created.data["companyType"], created.data["web"]) == (201, "PARTNER", "https://example.com")
    found = (await vibe.post("companies/search", {"filter": {"%title": "niper"}, "select": ["title"]})).data
    assert found == [{"id": 1, "title": "Juniperley & Sons"}]
    assert (await vibe.portal.result("crm.company.get", {"id": 1}))["TITLE"] == "Juniperley & Sons"
    assert (await vibe.patch("companies/1", {"title": "Juniperley"})).data["title"] == "Juniperley"
    assert (await vibe.send("DELETE", "companies/1")).status == 204


async def test_a_requisite_and_its_address(vibe: Vibe) -> None:
    await vibe.add()
    made = await vibe.post("requisites", {"entityTypeId": 3, "entityId": 1, "presetId": 5, "name": "Mara", "rqInn": "0000000000"})
    assert (made.status, made.data["id"], made.data["rqInn"]) == (201, 1, "0000000000")
    address = {"typeId": 1, "entityTypeId": 8, "entityId": 1, "address1": "Elm 1", "city": "Riga", "postalCode": "LV-1"}
    assert (await vibe.post("addresses", address)).data == address
    assert (await vibe.get("addresses?filter[entityId]=1")).data[0]["city"] == "Riga"
    assert [item["id"] for item in (await vibe.get("contacts/1?include=requisite")).data["_included"]["requisite"]] == [1]
    native = await vibe.portal.result("crm.address.list")
    assert (native[0]["POSTAL_CODE"], native[0]["ANCHOR_ID"]) == ("LV-1", "1")
    assert (await vibe.post("addresses", address | {"entityTypeId": 3})).error == (422, "BITRIX_ERROR")
    assert (await vibe.send("DELETE", "requisites/1")).status == 204
    assert (await vibe.get("requisites")).data == []


async def test_addresses_may_be_absent(start_vibe: StartVibe) -> None:
    vibe = await start_vibe(addresses="absent")
    assert (await vibe.get("addresses")).error == (400, "INVALID_ENTITY_TYPE")


@pytest.mark.parametrize(
    ("switches", "found", "none"),
    [
        ({}, {"CONTACT": [1]}, {}),
        ({"duplicate_keys": "contacts"}, {"contacts": [1]}, {}),
        ({"no_duplicates": "keyed"}, {"CONTACT": [1]}, {"CONTACT": []}),
        ({"no_duplicates": "keyed", "duplicate_keys": "contacts"}, {"contacts": [1]}, {"contacts": []}),
        ({"no_duplicates": "list"}, {"CONTACT": [1]}, []),
    ],
)
async def test_duplicates_in_the_shapes_nobody_knows(start_vibe: StartVibe, switches: dict, found: object, none: object) -> None:
    vibe = await start_vibe(**switches)
    await vibe.add(phone="+7 900 000-00-01", email="Mara@example.com")
    asked = {"type": "PHONE", "values": ["+79000000001"], "entityType": "CONTACT"}
    assert (await vibe.post("duplicates/find", asked)).data == found
    assert (await vibe.post("duplicates/find", asked | {"type": "EMAIL", "values": ["mara@example.com"]})).data == found
    assert (await vibe.post("duplicates/find", asked | {"values": ["+79000000002"]})).data == none


@pytest.mark.parametrize(("position", "found"), [("ignore", {}), ("reject", None)])
async def test_more_values_than_are_looked_at(start_vibe: StartVibe, position: str, found: object) -> None:
    vibe = await start_vibe(duplicate_values=5, surplus_values=position)
    await vibe.add(phone="+6")
    answer = await vibe.post("duplicates/find", {"type": "PHONE", "values": [f"+{number}" for number in range(1, 7)]})
    assert answer.error == (400, "VALIDATION_ERROR") if found is None else answer.data == found


@pytest.mark.parametrize("wrong", [{"type": "NAME"}, {"values": []}, {"values": "x"}, {"entityType": "DEAL"}])
async def test_a_search_for_duplicates_without_sense_is_refused(vibe: Vibe, wrong: dict) -> None:
    answer = await vibe.post("duplicates/find", {"type": "PHONE", "values": ["+1"]} | wrong)
    assert answer.error == (400, "VALIDATION_ERROR")


async def test_custom_fields_are_defined_and_described(vibe: Vibe) -> None:
    listed = await vibe.get("userfields/contacts")
    first = listed.data[0]
    assert (first["fieldName"], first["userTypeId"], first["mandatory"], first["sort"]) == ("UF_CRM_1720697698689", "enumeration", "N", "100")
    assert listed.body["meta"]["total"] == len(listed.data)
    assert (await vibe.get(f"userfields/contacts/{first['id']}")).data == first
    assert {"id": "string"} in (await vibe.get("userfields/contacts/types")).data
    made = await vibe.post("userfields/contacts", {"fieldName": "ORIGIN_MARK", "userTypeId": "string", "label": "Origin"})
    assert made.status == 201 and isinstance(made.data, int)
    assert (await vibe.add(ufCrmOriginMark="K-1"))["ufCrmOriginMark"] == "K-1"
    assert (await vibe.post("userfields/contacts", {"fieldName": "ORIGIN_MARK", "userTypeId": "string"})).error == (422, "BITRIX_ERROR")
    assert (await vibe.post("userfields/contacts", {"fieldName": "low", "userTypeId": "string"})).error == (400, "VALIDATION_ERROR")
    assert (await vibe.get("userfields/deals")).error == (404, "NOT_FOUND")
    refused = await vibe.send("GET", "userfields/contacts", headers={"X-Api-Key": vibe.key("nouser")})
    assert refused.error == (403, "SCOPE_DENIED")
