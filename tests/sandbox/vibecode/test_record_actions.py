"""Contacts and companies through `/v1/…`: the same records as through the native door, in VibeCode's words."""

from __future__ import annotations

import pytest

from tests.sandbox.vibecode.conftest import StartVibe, Vibe

SECTION_8 = {
    "name": "Olga",
    "lastName": "Sidorova",
    "email": ["o.sidorova@example.org"],
    "phone": [{"value": "+79000000122", "typeId": "WORK"}, {"value": "+79000000011", "typeId": "MOBILE"}],
    "typeId": "PARTNER",
    "sourceId": "WEB",
    "assignedById": 7,
    "opened": False,
    "originatorId": "crm",
    "originId": "K-1",
}


async def test_create_answers_201_with_the_whole_contact(vibe: Vibe) -> None:
    answer = await vibe.post("contacts", SECTION_8)
    assert answer.status == 201
    contact = answer.data
    sent = {name: SECTION_8[name] for name in ("name", "lastName", "typeId", "sourceId", "assignedById", "opened")}
    assert contact | sent | {"id": 1, "secondName": None, "companyId": None, "post": None, "createdBy": 1} == contact
    assert contact["createdTime"] == contact["updatedTime"] == "2026-02-05T17:18:00+03:00"


async def test_a_contact_without_choices_gets_the_portals_defaults(vibe: Vibe) -> None:
    contact = await vibe.add()
    assert (contact["typeId"], contact["sourceId"], contact["opened"], contact["assignedById"]) == ("CLIENT", "CALL", True, 1)


async def test_a_contact_written_here_is_read_through_the_native_door(vibe: Vibe) -> None:
    contact = await vibe.add(**SECTION_8, ufCrm_1720697698689=83)
    native = await vibe.portal.result("crm.contact.get", {"id": contact["id"]})
    assert (native["NAME"], native["OPENED"], native["TYPE_ID"], native["ORIGIN_ID"]) == ("Olga", "N", "PARTNER", "K-1")
    assert [(item["VALUE"], item["VALUE_TYPE"]) for item in native["PHONE"]] == [("+79000000122", "WORK"), ("+79000000011", "MOBILE")]
    assert native["UF_CRM_1720697698689"] == "83"


async def test_a_contact_written_natively_is_read_here(vibe: Vibe) -> None:
    native = await vibe.portal.add(EXPORT="N", UF_CRM_SUBSCRIBED=1, UF_CRM_TAGS=["a", "b"], PHONE=[{"VALUE": "1", "VALUE_TYPE": "FAX"}])
    contact = (await vibe.get(f"contacts/{native['ID']}")).data
    assert (contact["id"], contact["export"], contact["ufCrmSubscribed"], contact["ufCrmTags"]) == (1, False, True, ["a", "b"])
    assert (contact["phone"], contact["phoneFax"], contact["phoneWork"]) == ("1", "1", "")


async def test_the_same_contact_twice_is_two_contacts(vibe: Vibe) -> None:
    assert (await vibe.add(**SECTION_8))["id"] + 1 == (await vibe.add(**SECTION_8))["id"]


async def test_an_unknown_contact_is_a_404(vibe: Vibe) -> None:
    answer = await vibe.get("contacts/77")
    assert answer.error == (404, "ENTITY_NOT_FOUND")
    assert answer.body["error"]["message"] == "Item not found"
    assert (await vibe.patch("contacts/77", {"name": "x"})).error == (404, "ENTITY_NOT_FOUND")
    assert (await vibe.send("DELETE", "contacts/77")).error == (404, "ENTITY_NOT_FOUND")


async def test_update_changes_what_is_sent_and_appends_phones(vibe: Vibe) -> None:
    await vibe.add(**SECTION_8)
    vibe.portal.clock.now += 60
    contact = (await vibe.patch("contacts/1", {"post": "Lead", "phone": "+79000000122"})).data
    assert (contact["post"], contact["name"]) == ("Lead", "Olga")
    assert [item["value"] for item in contact["fm"] if item["typeId"] == "PHONE"] == ["+79000000122", "+79000000011", "+79000000122"]
    assert contact["createdTime"] < contact["updatedTime"]


@pytest.mark.parametrize(
    ("switches", "status", "data"),
    [
        ({"update_answer": "id"}, 200, {"id": 1}),
        ({"update_answer": "true"}, 200, True),
        ({"update_answer": "nothing"}, 204, None),
        ({"update_answer": "id", "numbers": "string"}, 200, {"id": "1"}),
    ],
)
async def test_what_update_answers_is_a_switch(start_vibe: StartVibe, switches: dict, status: int, data: object) -> None:
    vibe = await start_vibe(**switches)
    await vibe.add()
    answer = await vibe.patch("contacts/1", {"post": "Lead"})
    assert (answer.status, answer.data if answer.body else None) == (status, data)


@pytest.mark.parametrize(
    ("position", "status", "body"),
    [
        ("nothing", 204, None),
        ("id", 200, {"success": True, "data": {"id": 1}}),
        ("true", 200, {"success": True, "data": True}),
        ("null", 200, {"success": True, "data": None}),
    ],
)
async def test_what_delete_answers_is_a_switch(start_vibe: StartVibe, position: str, status: int, body: object) -> None:
    vibe = await start_vibe(delete_answer=position)
    await vibe.add()
    answer = await vibe.send("DELETE", "contacts/1")
    assert (answer.status, answer.body, vibe.store.count()) == (status, body, 0)


async def test_what_the_portal_refuses_is_a_422_with_its_words(vibe: Vibe) -> None:
    answer = await vibe.post("contacts", {"name": "Mara", "email": "no address"})
    assert answer.error == (422, "BITRIX_ERROR")
    assert answer.body["error"]["message"] == "The field `Work e-mail` contains an invalid address"


async def test_included_relations(vibe: Vibe) -> None:
    company = (await vibe.post("companies", {"title": "Juniperley"})).data
    await vibe.add(companyId=company["id"])
    await vibe.add()
    first = (await vibe.get("contacts/1?include=company,requisite")).data["_included"]
    assert (first["company"]["title"], first["requisite"]) == ("Juniperley", [])
    assert (await vibe.get("contacts/2?include=company")).data["_included"] == {"company": None}


async def test_fields_describe_standard_and_custom_fields(vibe: Vibe) -> None:
    fields = (await vibe.get("contacts/fields")).data
    assert fields["phone"]["type"] == "multifield" and fields["opened"]["type"] == "boolean" and fields["typeId"]["type"] == "string"
    assert fields["typeId"]["statusType"] == "CONTACT_TYPE"
    assert (fields["createdTime"]["readonly"], fields["originId"]["readonly"]) == (True, False)
    assert fields["ufCrm_1720697698689"]["items"][0] == {"ID": "81", "VALUE": "Gold"}
    assert "ufCrmContractDate" in fields and "web" not in fields


@pytest.mark.parametrize(
    ("switch", "position", "present", "absent"),
    [
        ("time_names", "createdAt", {"createdAt", "updatedAt"}, {"createdTime"}),
        ("origin_fields", "absent", set(), {"originId", "originatorId"}),
        ("native_fields", "absent", set(), {"birthdate", "honorific", "companyIds"}),
        ("web_fields", "writable", {"web", "im"}, set()),
    ],
)
async def test_which_fields_there_are_is_a_switch(start_vibe: StartVibe, switch: str, position: str, present: set, absent: set) -> None:
    vibe = await start_vibe(**{switch: position})
    contact, fields = await vibe.add(), (await vibe.get("contacts/fields")).data
    for names in (set(contact), set(fields)):
        assert present <= names and not absent & names
