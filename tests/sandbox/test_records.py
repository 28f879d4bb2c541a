"""Reading contacts: `get`, `list`, `fields`, and the exact words of their errors."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import Portal, StartPortal


async def _fill(portal: Portal, how_many: int) -> None:
    for first in range(0, how_many, 50):
        names = [f"crm.contact.add?fields[NAME]=N{number:03}" for number in range(first, min(first + 50, how_many))]
        await portal.batch(names)


async def _ids(portal: Portal, **asked: object) -> list[int]:
    rows = await portal.result("crm.contact.list", {"select": ["ID"], **asked})
    return [int(row["ID"]) for row in rows]


@pytest.mark.parametrize("number", [None, "abc", 0, "0", -3, [], "", False, {"x": 1}])
@pytest.mark.parametrize("verb", ["get", "delete", "update"])
async def test_an_id_that_is_none_is_refused(portal: Portal, verb: str, number: object) -> None:
    answer = await portal.error(f"crm.contact.{verb}", {"id": number, "fields": {}})
    assert answer == (400, "", "ID is not defined or invalid.")


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("get", (400, "", "Not found")),
        ("update", (400, "", "Contact is not found")),
        ("delete", (400, "ERROR_CORE", "Element not found")),
    ],
)
async def test_an_unknown_id_is_answered_in_three_different_ways(portal: Portal, verb: str, answer: tuple) -> None:
    assert await portal.error(f"crm.contact.{verb}", {"id": 999, "fields": {}}) == answer


@pytest.mark.parametrize(("right", "verb"), [("read", "get"), ("read", "list"), ("edit", "update"), ("delete", "delete")])
async def test_each_verb_needs_its_own_right(portal: Portal, right: str, verb: str) -> None:
    await portal.add()
    portal.sandbox.control.set_state(rights=[word for word in ("add", "import", "read", "edit", "delete") if word != right])
    assert await portal.error(f"crm.contact.{verb}", {"id": 1, "fields": {}}) == (400, "", "Access denied.")


async def test_get_gives_text_for_numbers_null_for_nothing_and_only_multifields_that_are_there(portal: Portal) -> None:
    contact = await portal.add(PHONE=[{"VALUE": "+442079460011", "VALUE_TYPE": "MOBILE"}])
    assert (contact["ID"], contact["ASSIGNED_BY_ID"], contact["POST"], contact["BIRTHDATE"]) == ("1", "1", None, "")
    assert contact["PHONE"] == [{"ID": "1", "VALUE_TYPE": "MOBILE", "VALUE": "+442079460011", "TYPE_ID": "PHONE"}]
    assert not {"EMAIL", "COMPANY_IDS", "ADDRESS_COUNTRY_CODE", "TRACE"} & set(contact)
    assert "FACE_ID" in contact
    assert contact["UF_CRM_TAGS"] is False


async def test_a_page_holds_fifty_and_names_the_next(portal: Portal) -> None:
    await _fill(portal, 120)
    pages = [(await portal.call("crm.contact.list", {"start": start}))[1] for start in (0, 50, 100, 150)]
    assert [(len(page["result"]), page.get("next"), page["total"]) for page in pages] == [
        (50, 50, 120), (50, 100, 120), (20, None, 120), (0, None, 120),
    ]  # fmt: skip
    assert "next" not in pages[2]


async def test_without_counting_there_is_no_next(start_portal: StartPortal) -> None:
    for setting, total in (("zero", 0), ("absent", None)):
        portal = await start_portal(uncounted_total=setting)
        await _fill(portal, 60)
        body = (await portal.call("crm.contact.list", {"start": -1, "order": {"ID": "ASC"}, "filter": {">ID": 5}}))[1]
        assert (len(body["result"]), body.get("total"), body.get("next")) == (50, total, None)
        assert body["result"][0]["ID"] == "6"
        for method in ("crm.status.list", "crm.requisite.preset.list", "crm.requisite.list", "crm.address.list", "user.get"):
            assert (await portal.call(method, {"start": -1}))[1].get("total") == total, method


@pytest.mark.parametrize(
    ("select", "has", "lacks"),
    [
        (None, {"ID", "NAME", "UF_CRM_TAGS"}, {"PHONE", "FACE_ID"}),
        ([], {"ID", "NAME", "UF_CRM_TAGS"}, {"PHONE"}),
        (["*"], {"ID", "NAME"}, {"UF_CRM_TAGS", "PHONE"}),
        (["UF_*"], {"ID", "UF_CRM_TAGS"}, {"NAME", "PHONE"}),
        (["PHONE"], {"ID", "PHONE"}, {"NAME", "UF_CRM_TAGS", "EMAIL"}),
        (["NAME", "NO_SUCH", "name"], {"ID", "NAME"}, {"NO_SUCH", "name", "LAST_NAME"}),
        (["EMAIL"], {"ID"}, {"EMAIL"}),
    ],
)
async def test_select_decides_what_a_row_has(portal: Portal, select: object, has: set, lacks: set) -> None:
    await portal.add(PHONE=[{"VALUE": "1"}])
    row = (await portal.result("crm.contact.list", {} if select is None else {"select": select}))[0]
    assert has <= set(row) and not lacks & set(row)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [1, 2, 3]),
        ({"ID": 2}, [2]),
        ({"ID": [1, "3"]}, [1, 3]),
        ({"@ID": [1, 3]}, [1, 3]),
        ({"!@ID": [1, 3]}, [2]),
        ({"!ID": 2}, [1, 3]),
        ({">ID": 1}, [2, 3]),
        ({">=ID": 2, "<ID": 3}, [2]),
        ({"=NAME": "Мария"}, [2]),
        ({"NAME": "мария"}, []),
        ({"%NAME": "ар"}, [2]),
        ({"!%NAME": "ар"}, [1, 3]),
        ({"=%NAME": "O%"}, [3]),
        ({"%=LAST_NAME": "%50!%%"}, []),
        ({"%LAST_NAME": "50%"}, [1]),
        ({"%LAST_NAME": "_"}, [3]),
        ({"LAST_NAME": ""}, [2]),
        ({"!LAST_NAME": ""}, [1, 3]),
        ({"PHONE": "+442079460011"}, [1]),
        ({"PHONE": "+44 2079460011"}, []),
        ({"PHONE": ["+442079460011", "+442079460012"]}, [1, 2]),
        ({"!PHONE": "+442079460011"}, [2, 3]),
        ({"EMAIL": "mara@example.org"}, [3]),
        ({"ORIGINATOR_ID": "crm", "ORIGIN_ID": ["K-1", "K-2", "K-9"]}, [1, 2]),
        ({"HAS_PHONE": "Y"}, [1, 2]),
        ({"UF_CRM_LOYALTY": "A-1"}, [1]),
        ({"UF_CRM_1720697698689": 81}, [2]),
        ({"UF_CRM_TAGS": "vip"}, [1, 3]),
        ({"!UF_CRM_TAGS": "vip"}, [2]),
        ({">=DATE_CREATE": "2026-02-05"}, [1, 2, 3]),
        ({">DATE_CREATE": "2026-02-05T17:18:00+03:00"}, []),
        ({">DATE_CREATE": "no date"}, []),
        ({"BIRTHDATE": "11.11.2001"}, [3]),
        ({"%TYPE_ID": "LIE"}, [1, 2, 3]),
        ({"NO_SUCH_FIELD": "x"}, [1, 2, 3]),
        ({"IMPORT": "Y"}, [1, 2, 3]),
        ({"ID": []}, []),
    ],
)
async def test_a_filter_finds(portal: Portal, wanted: dict, found: list[int]) -> None:
    await portal.add(NAME="Anna", LAST_NAME="50% off", PHONE=[{"VALUE": "+442079460011"}], ORIGINATOR_ID="crm", ORIGIN_ID="K-1",
                     UF_CRM_LOYALTY="A-1", UF_CRM_TAGS=["vip", "opt"])  # fmt: skip
    await portal.add(NAME="Мария", PHONE=[{"VALUE": "+442079460012"}], ORIGINATOR_ID="crm", ORIGIN_ID="K-2", UF_CRM_1720697698689=81)
    await portal.add(NAME="Oleg", LAST_NAME="a_b", EMAIL=[{"VALUE": "mara@example.org"}], BIRTHDATE="2001-11-11", UF_CRM_TAGS=["vip"])
    assert await _ids(portal, filter=wanted) == found


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ({"ID": "DESC"}, [3, 2, 1]),
        ({"NAME": "ASC"}, [2, 3, 1]),
        ({"NAME": "asc", "ID": "desc"}, [3, 2, 1]),
        ({"NO_SUCH": "DESC"}, [1, 2, 3]),
        ({"id; DROP TABLE contact": "ASC"}, [1, 2, 3]),
    ],
)
async def test_order_sorts_by_known_fields(portal: Portal, order: dict, found: list[int]) -> None:
    for name in ("B", "A", "A"):
        await portal.add(NAME=name)
    assert await _ids(portal, order=order) == found


@pytest.mark.parametrize("name", ["filter", "order"])
async def test_a_filter_or_order_that_is_no_array_is_refused(portal: Portal, name: str) -> None:
    assert await portal.error("crm.contact.list", {name: "x"}) == (400, "", f"Parameter '{name}' must be array")


async def test_nothing_found_is_an_empty_list_with_total_zero(portal: Portal) -> None:
    body = (await portal.call("crm.contact.list", {"filter": {"ID": 1}}))[1]
    assert (body["result"], body["total"], "next" in body) == ([], 0, False)


async def test_fields_describe_every_kind(portal: Portal) -> None:
    fields = await portal.result("crm.contact.fields")
    assert fields["ID"] == {
        "type": "integer", "isRequired": False, "isReadOnly": True, "isImmutable": False, "isMultiple": False, "isDynamic": False, "title": "ID",
    }  # fmt: skip
    assert fields["SOURCE_ID"]["statusType"] == "SOURCE"
    assert fields["COMPANY_ID"]["isDeprecated"] is True
    assert (fields["PHONE"]["isMultiple"], fields["COMPANY_IDS"]["isMultiple"]) == (True, True)
    assert fields["DATE_CREATE"]["isReadOnly"] is True
    tier = fields["UF_CRM_1720697698689"]
    assert (tier["title"], tier["formLabel"], tier["isDynamic"]) == ("UF_CRM_1720697698689", "Уровень", True)
    assert tier["items"] == [{"ID": "81", "VALUE": "Gold"}, {"ID": "83", "VALUE": "Silver"}, {"ID": "85", "VALUE": "Bronze"}]
    assert fields["UF_CRM_CURATOR"]["settings"] == []
    assert "TRACE" not in fields


@pytest.mark.parametrize("are_required", [True, False])
async def test_names_are_called_required_as_the_vendors_sample_does_unless_told_not_to(start_portal: StartPortal, are_required: bool) -> None:
    portal = await start_portal(are_names_required=are_required)
    fields = await portal.result("crm.contact.fields")
    assert {fields[name]["isRequired"] for name in ("NAME", "SECOND_NAME", "LAST_NAME")} == {are_required}


async def test_a_fresh_portal_has_a_custom_field_of_every_type(portal: Portal) -> None:
    fields = await portal.result("crm.contact.fields")
    types = {field["type"] for field in fields.values() if field["isDynamic"]}
    assert types == set(
        "string integer double boolean enumeration date datetime money url address employee crm crm_status file iblock_element iblock_section".split()
    )
