"""What becomes of the values sent: forms of phones, names of fields, and the doubtful cases under each of their switches."""

from __future__ import annotations

import pytest

from importer.sandbox.seed import CustomField
from importer.sandbox.vibecode.names import camel
from tests.sandbox.vibecode.conftest import StartVibe, Vibe

_REFUSED = (400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    ("native", "name"),
    [
        ("LAST_NAME", "lastName"),
        ("CREATED_BY_ID", "createdBy"),
        ("DATE_MODIFY", "updatedTime"),
        ("UTM_SOURCE", "utmSource"),
        ("UF_CRM_1747309879", "ufCrm_1747309879"),
        ("UF_CRM_5A268AD7C9C17", "ufCrm_5A268AD7C9C17"),
        ("UF_CRM_WG_CITY", "ufCrmWgCity"),
    ],
)
def test_names(native: str, name: str) -> None:
    assert camel(native) == name


async def test_a_name_that_is_taken_keeps_the_portals_own(vibe: Vibe) -> None:
    vibe.store.directories.add_userfield(CustomField("UF_CRM_TA_GS", "string", "a"))
    vibe.store.directories.add_userfield(CustomField("UF_CRM_TA__GS", "string", "b"))
    fields = (await vibe.get("contacts/fields")).data
    assert {"ufCrmTaGs", "UF_CRM_TA__GS"} <= set(fields)
    contact = await vibe.add(ufCrmTaGs="1", UF_CRM_TA__GS="2")
    assert (contact["ufCrmTaGs"], contact["UF_CRM_TA__GS"]) == ("1", "2")


@pytest.mark.parametrize(
    ("phone", "stored"),
    [
        ("+1", [("+1", "WORK")]),
        (["+1", "+2"], [("+1", "WORK"), ("+2", "WORK")]),
        ([{"value": "+1", "typeId": "MOBILE"}, {"value": "+2"}], [("+1", "MOBILE"), ("+2", "WORK")]),
    ],
)
async def test_three_forms_of_a_phone(vibe: Vibe, phone: object, stored: list) -> None:
    contact = await vibe.add(phone=phone)
    assert [(item["value"], item["valueType"]) for item in contact["fm"]] == stored
    assert contact["phone"] == stored[0][0] and {"id", "typeId", "valueType", "value"} == set(contact["fm"][0])


@pytest.mark.parametrize(
    ("switches", "fields", "outcome"),
    [
        ({}, {"phone": [{"VALUE": "1", "VALUE_TYPE": "WORK"}]}, (400, "INVALID_MULTIFIELD_SHAPE")),
        ({}, {"phone": {"VALUE": "1"}}, (400, "INVALID_MULTIFIELD_SHAPE")),
        ({}, {"phone": [{"value": "1", "typeId": "FAX"}]}, _REFUSED),
        ({"unknown_kind": "other"}, {"phone": [{"value": "1", "typeId": "FAX"}]}, [("1", "OTHER")]),
        ({"unknown_kind": "keep"}, {"phone": [{"value": "1", "typeId": "FAX"}]}, [("1", "FAX")]),
        ({}, {"email": [{"value": "a@example.com", "typeId": "MAILING"}]}, [("a@example.com", "MAILING")]),
        ({}, {"email": [{"value": "a@example.com", "typeId": "MOBILE"}]}, _REFUSED),
        ({}, {"phone": ["1", {"value": "2"}]}, _REFUSED),
        ({"odd_multifield": "accept"}, {"phone": ["1", {"value": "2"}]}, [("1", "WORK"), ("2", "WORK")]),
        ({}, {"phone": {"value": "1"}}, _REFUSED),
        ({"odd_multifield": "accept"}, {"phone": {"value": "1", "typeId": "HOME"}}, [("1", "HOME")]),
        ({}, {"phone": [{"typeId": "HOME"}]}, _REFUSED),
        ({"odd_multifield": "accept"}, {"phone": [{"typeId": "HOME"}]}, []),
        ({}, {"phone": [7]}, _REFUSED),
        ({}, {"phone": []}, []),
        ({"empty_list": "reject"}, {"phone": []}, _REFUSED),
    ],
)
async def test_odd_phones(start_vibe: StartVibe, switches: dict, fields: dict, outcome: object) -> None:
    vibe = await start_vibe(**switches)
    answer = await vibe.post("contacts", {"name": "Mara"} | fields)
    if isinstance(outcome, tuple):
        assert answer.error == outcome and vibe.store.count() == 0
    else:
        assert [(item["value"], item["valueType"]) for item in answer.data["fm"]] == outcome


@pytest.mark.parametrize(
    ("switch", "position", "fields", "outcome"),
    [
        ("unknown_field", "ignore", {"nmae": "x"}, {}),
        ("unknown_field", "reject", {"nmae": "x"}, _REFUSED),
        ("unknown_field", "reject", {"LAST_NAME": "x"}, _REFUSED),
        ("read_only_field", "ignore", {"createdTime": "2020-01-01", "id": 7}, {"createdTime": "2026-02-05T17:18:00+03:00", "id": 1}),
        ("read_only_field", "reject", {"createdBy": 7}, _REFUSED),
        ("origin_fields", "read_only", {"originId": "K"}, {"originId": None}),
        ("unknown_code", "empty", {"typeId": "NOPE"}, {"typeId": None}),
        ("unknown_code", "reject", {"typeId": "NOPE"}, _REFUSED),
        ("unknown_code", "reject", {"ufCrmInterests": [91, 90]}, _REFUSED),
        ("unknown_code", "reject", {"ufCrmInterests": [91, 93]}, {"ufCrmInterests": [91, 93]}),
        ("unknown_user", "keep", {"assignedById": 77}, {"assignedById": 77}),
        ("unknown_user", "reject", {"assignedById": 77}, _REFUSED),
        ("unknown_company", "drop", {"companyId": 77}, {"companyId": None}),
        ("unknown_company", "reject", {"companyId": 77}, _REFUSED),
        ("unreadable_value", "drop", {"birthdate": "soon"}, {"birthdate": None}),
        ("unreadable_value", "reject", {"birthdate": "soon"}, _REFUSED),
        ("unreadable_value", "reject", {"ufCrmVisits": "many"}, _REFUSED),
        ("unreadable_value", "reject", {"ufCrmHolidays": ["2026-01-01", "soon"]}, _REFUSED),
        ("unreadable_value", "reject", {"birthdate": "1980-05-17"}, {"birthdate": "1980-05-17T03:00:00+03:00"}),
        ("null_value", "reject", {"post": None}, _REFUSED),
        ("empty_text", "reject", {"post": ""}, _REFUSED),
        ("empty_list", "reject", {"ufCrmTags": []}, _REFUSED),
    ],
)
async def test_what_is_not_understood_is_a_switch(start_vibe: StartVibe, switch: str, position: str, fields: dict, outcome: object) -> None:
    vibe = await start_vibe(**{switch: position})
    answer = await vibe.post("contacts", {"name": "Mara"} | fields)
    if isinstance(outcome, tuple):
        assert answer.error == outcome and vibe.store.count() == 0
    else:
        assert answer.data | outcome == answer.data


@pytest.mark.parametrize(
    ("switch", "value", "position", "left"),
    [
        ("null_value", None, "clear", None),
        ("null_value", None, "ignore", "Lead"),
        ("empty_text", "", "clear", None),
        ("empty_text", "", "ignore", "Lead"),
    ],
)
async def test_what_empties_a_field_is_a_switch(start_vibe: StartVibe, switch: str, value: object, position: str, left: object) -> None:
    vibe = await start_vibe(**{switch: position})
    await vibe.add(post="Lead")
    assert (await vibe.patch("contacts/1", {"post": value})).data["post"] == left


@pytest.mark.parametrize(("position", "left"), [("ignore", ["a"]), ("clear", [])])
async def test_whether_an_empty_list_empties_is_a_switch(start_vibe: StartVibe, position: str, left: list) -> None:
    vibe = await start_vibe(empty_list=position)
    await vibe.add(ufCrmTags=["a"], phone="+1")
    contact = (await vibe.patch("contacts/1", {"ufCrmTags": [], "phone": []})).data
    assert (contact["ufCrmTags"], contact["phone"]) == (left, "+1"), "phones are only ever appended"


@pytest.mark.parametrize(("position", "count"), [("add", 2), ("skip", 1)])
async def test_whether_a_phone_comes_twice_is_a_switch(start_vibe: StartVibe, position: str, count: int) -> None:
    vibe = await start_vibe(repeated_value=position)
    await vibe.add(phone="+1")
    assert len((await vibe.patch("contacts/1", {"phone": "+1"})).data["fm"]) == count


async def test_files_lists_and_leads_are_taken(vibe: Vibe) -> None:
    contact = await vibe.add(photo=["a.png", "aGVsbG8="], ufCrmDocuments=[["b.txt", "aGk="], ["c.txt", "aG8="]], leadId=5)
    assert vibe.store.file(contact["photo"]["id"]) == ("a.png", b"hello")
    assert [vibe.store.file(item["id"])[0] for item in contact["ufCrmDocuments"]] == ["b.txt", "c.txt"]
    assert contact["leadId"] == 5
    assert (await vibe.patch("contacts/1", {"leadId": 6})).data["leadId"] == 6


@pytest.mark.parametrize("raw", [b"", b"name=Mara", b"[1]", b'"x"', b'{"name": NaN}', b"\xff\xfe"])
async def test_a_body_that_is_no_object_is_refused(vibe: Vibe, raw: bytes) -> None:
    url = f"{vibe.portal.sandbox.base_url}/v1/contacts"
    async with vibe.portal.session.post(url, data=raw, headers={"X-Api-Key": vibe.key("personal")}) as response:
        assert (response.status, (await response.json())["error"]["code"]) == (400, "VALIDATION_ERROR")


async def test_a_nameless_contact_is_the_portals_to_refuse(vibe: Vibe) -> None:
    assert (await vibe.post("contacts", {})).error == (422, "BITRIX_ERROR")


async def test_numbers_may_be_strings_and_elements_upper_case(start_vibe: StartVibe) -> None:
    vibe = await start_vibe(numbers="string", fm_elements="upper")
    contact = await vibe.add(phone="+1", ufCrmDiscount=2.5)
    assert (contact["id"], contact["assignedById"], contact["ufCrmDiscount"], contact["opened"]) == ("1", "1", "2.5", True)
    assert contact["fm"] == [{"ID": "1", "TYPE_ID": "PHONE", "VALUE_TYPE": "WORK", "VALUE": "+1"}]
