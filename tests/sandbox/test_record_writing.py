"""Writing contacts: defaults, refusals, import mode, and everything that vanishes without a word."""

from __future__ import annotations

import base64

import pytest

from tests.sandbox.conftest import Portal, StartPortal

_NOW = "2026-02-05T17:18:00+03:00"


async def test_a_bare_contact_gets_the_portals_defaults(portal: Portal) -> None:
    contact = await portal.add()
    defaults = {
        "TYPE_ID": "CLIENT", "SOURCE_ID": "CALL", "HONORIFIC": None, "OPENED": "Y", "EXPORT": "Y", "ASSIGNED_BY_ID": "1",
        "CREATED_BY_ID": "1", "MODIFY_BY_ID": "1", "DATE_CREATE": _NOW, "DATE_MODIFY": _NOW, "LAST_ACTIVITY_TIME": _NOW,
        "HAS_PHONE": "N", "HAS_EMAIL": "N", "HAS_IMOL": "N",
    }  # fmt: skip
    assert {name: contact[name] for name in defaults} == defaults


@pytest.mark.parametrize(
    ("params", "answer"),
    [
        ({}, (400, "", "Parameter 'fields' must be array.")),
        ({"fields": "x"}, (400, "", "Parameter 'fields' must be array.")),
        ({"fields": {"NAME": "A"}, "params": "x"}, (400, "", "Parameter 'params' must be array.")),
        ({"fields": {"NAME": "A"}, "params": ""}, (400, "", "Parameter 'params' must be array.")),
        (
            {"fields": {"NAME": "A", "EMAIL": [{"VALUE": "no mail", "VALUE_TYPE": "WORK"}]}},
            (400, "ERROR_CORE", "The field `Work e-mail` contains an invalid address"),
        ),
        (
            {"fields": {"SECOND_NAME": "A"}},
            (400, "ERROR_CORE", 'The fields "First name" and "Last name" are both empty, one of them is required.'),
        ),
    ],
)
async def test_add_refuses(portal: Portal, params: dict, answer: tuple) -> None:
    assert await portal.error("crm.contact.add", params) == answer
    assert portal.sandbox.store.count() == 0


async def test_a_lenient_portal_takes_a_contact_without_names(start_portal: StartPortal) -> None:
    portal = await start_portal(empty_name="accept")
    assert await portal.result("crm.contact.add", {"fields": []}) == 1


async def test_the_same_request_twice_makes_two_contacts(portal: Portal) -> None:
    for _ in range(2):
        await portal.add(ORIGINATOR_ID="crm", ORIGIN_ID="K-1")
    assert [row["ID"] for row in portal.sandbox.store.contacts_by_origin("crm", "K-1")] == [1, 2]


@pytest.mark.parametrize("fields", [{"NO_SUCH": "x"}, {"name": "x"}, {"ID": "77"}, {"HAS_PHONE": "Y"}, {"LEAD_ID": 5}, {"LAST_ACTIVITY_BY": 6}])
async def test_unknown_and_read_only_names_vanish_without_a_word(portal: Portal, fields: dict) -> None:
    plain, contact = await portal.add(), await portal.add(**fields)
    assert contact == plain | {"ID": "2"}


_SYSTEM = {"DATE_CREATE": "2019-05-06T10:00:00+05:00", "DATE_MODIFY": "2020-01-02", "CREATED_BY_ID": "6", "MODIFY_BY_ID": "7"}


@pytest.mark.parametrize(
    ("option", "is_on"),
    [("Y", True), ("N", True), ("false", True), ("No", True), (1, True), (True, True), ("", False), ("0", False), (0, False), (False, False), (None, False)],
)
async def test_import_is_on_for_every_true_value_even_the_word_no(portal: Portal, option: object, is_on: bool) -> None:
    number = await portal.result("crm.contact.add", {"fields": {"NAME": "A", **_SYSTEM}, "params": {"IMPORT": option}})
    contact = await portal.result("crm.contact.get", {"id": number})
    kept = {"DATE_CREATE": "2019-05-06T08:00:00+03:00", "DATE_MODIFY": "2020-01-02T00:00:00+03:00", "CREATED_BY_ID": "6", "MODIFY_BY_ID": "7"}
    own = {"DATE_CREATE": _NOW, "DATE_MODIFY": _NOW, "CREATED_BY_ID": "1", "MODIFY_BY_ID": "1"}
    assert {name: contact[name] for name in kept} == (kept if is_on else own)


@pytest.mark.parametrize(
    ("rights", "params", "is_allowed"),
    [(["add"], {}, True), (["import"], {}, False), (["add"], {"IMPORT": "Y"}, False), (["import"], {"IMPORT": "Y"}, True)],
)
async def test_import_mode_asks_the_import_right_instead_of_add(portal: Portal, rights: list, params: dict, is_allowed: bool) -> None:
    portal.sandbox.control.set_state(rights=rights)
    status, _ = await portal.call("crm.contact.add", {"fields": {"NAME": "A"}, "params": params})
    assert status == (200 if is_allowed else 400)


@pytest.mark.parametrize(("setting", "stored"), [("accept", "2018-01-01T00:00:00+03:00"), ("now", _NOW), ("reject", None)])
async def test_a_creation_date_that_goes_back_in_time(start_portal: StartPortal, setting: str, stored: str | None) -> None:
    portal = await start_portal(old_date_create=setting)

    async def add(date: str) -> int:
        return (await portal.call("crm.contact.add", {"fields": {"NAME": "A", "DATE_CREATE": date}, "params": {"IMPORT": "Y"}}))[0]

    assert await add("2019-01-01") == await add("2019-01-01") == 200
    status = await add("2018-01-01")
    assert (status, portal.sandbox.store.contacts()[-1]["DATE_CREATE"]) == ((200, stored) if stored else (400, "2019-01-01T00:00:00+03:00"))


@pytest.mark.parametrize(
    ("field", "sent", "stored"),
    [
        ("BIRTHDATE", "2001-11-12", "2001-11-12T03:00:00+03:00"),
        ("BIRTHDATE", "12.11.2001", "2001-11-12T03:00:00+03:00"),
        ("BIRTHDATE", "02/03/2001", "2001-02-03T03:00:00+03:00"),
        ("BIRTHDATE", "2001-11-12T00:00:00+10:00", "2001-11-11T03:00:00+03:00"),
        ("BIRTHDATE", "13/12/2001", ""),
        ("BIRTHDATE", "soon", ""),
        ("BIRTHDATE", "", ""),
        ("UF_CRM_LAST_VISIT", "2001-11-12T10:00:00+05:00", "2001-11-12T08:00:00+03:00"),
        ("UF_CRM_LAST_VISIT", "2001-11-12 10:00", "2001-11-12T10:00:00+03:00"),
        ("UF_CRM_HOLIDAYS", ["2001-11-12", "never"], ["2001-11-12T03:00:00+03:00"]),
        ("POST", ["a", "b"], "Array"),
        ("POST", True, "1"),
        ("POST", 7.0, "7"),
        ("POST", "", None),
        ("UF_CRM_VISITS", "12 times", "12"),
        ("UF_CRM_VISITS", "1e3", "1000"),
        ("UF_CRM_VISITS", "twelve", "0"),
        ("UF_CRM_VISITS", ["a"], "1"),
        ("UF_CRM_DISCOUNT", "10.255", "10.26"),
        ("UF_CRM_DISCOUNT", "10,5", "10"),
        ("UF_CRM_SUBSCRIBED", "Y", "1"),
        ("UF_CRM_SUBSCRIBED", "N", "0"),
        ("UF_CRM_SUBSCRIBED", "no", "1"),
        ("UF_CRM_SUBSCRIBED", "0", "0"),
        ("OPENED", "N", "N"),
        ("OPENED", "yes", "N"),
        ("EXPORT", "y", "Y"),
        ("TYPE_ID", "PARTNER", "PARTNER"),
        ("TYPE_ID", "Партнёры", None),
        ("SOURCE_ID", "NO_SUCH", None),
        ("HONORIFIC", "HNR_RU_2", "HNR_RU_2"),
        ("ASSIGNED_BY_ID", "0", "1"),
        ("ASSIGNED_BY_ID", "6", "6"),
        ("UF_CRM_1720697698689", "83", "83"),
        ("UF_CRM_1720697698689", "Silver", None),
        ("UF_CRM_1720697698689", 84, None),
        ("UF_CRM_INTERESTS", ["91", 97, 1000], [91, 97]),
        ("UF_CRM_INTERESTS", "91", [91]),
        ("UF_CRM_TAGS", ["vip", "", "opt"], ["vip", "opt"]),
        ("UF_CRM_TAGS", [], False),
        ("UF_CRM_INDUSTRY", "IT", "IT"),
        ("UF_CRM_INDUSTRY", "ROBOTS", None),
        ("UF_CRM_BUDGET", "1500.50|EUR", "1500.50|EUR"),
        ("UF_CRM_BUDGET", "1500", "1500|RUB"),
        ("UF_CRM_BUDGET", "|EUR", None),
        ("UF_CRM_BUDGET", "EUR", None),
        ("UF_CRM_HOME", "Main St 1|55.7;37.6|575", "Main St 1|55.7;37.6|575"),
        ("UF_CRM_CURATOR", "6", "6"),
        ("UF_CRM_RELATED", ["C_2", "CO_3"], ["C_2", "CO_3"]),
        ("UF_CRM_BRANCH", "44", "44"),
        ("PARENT_ID_153", "8", "8"),
        ("COMMENTS", "[b]bold[/b] a < b", "[b]bold[/b] a < b"),
        ("COMMENTS", "<b>x</b><font>y</font><script>alert(1)</script>", "<b>x</b>y"),
        ("COMMENTS", "<p onclick=\"x()\">a</p><script>never closed", "<p>a</p>"),
        ("NAME", "  <b>Ян</b> ", "  <b>Ян</b> "),
    ],
)
async def test_a_value_is_stored_as_the_portal_reads_it(portal: Portal, field: str, sent: object, stored: object) -> None:
    assert (await portal.add(**{field: sent}))[field] == stored


@pytest.mark.parametrize("field", ["TYPE_ID", "UF_CRM_1720697698689", "UF_CRM_INDUSTRY"])
async def test_a_stricter_portal_refuses_unknown_list_values(start_portal: StartPortal, field: str) -> None:
    portal = await start_portal(unknown_status="reject")
    assert (await portal.error("crm.contact.add", {"fields": {"NAME": "A", field: "999"}}))[1] == "ERROR_CORE"


async def test_required_custom_fields_count_only_where_the_portal_checks_them(start_portal: StartPortal) -> None:
    await (await start_portal()).add()
    strict = await start_portal(checks_required_fields=True)
    assert await strict.error("crm.contact.add", {"fields": {"NAME": "A"}}) == (400, "ERROR_CORE", 'The field "Номер карты" is required.')
    assert (await strict.add(UF_CRM_LOYALTY="A-1"))["UF_CRM_LOYALTY"] == "A-1"


_PIXEL = base64.b64encode(b"picture").decode()


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ({"fileData": ["me.jpg", _PIXEL]}, "me.jpg"),
        ({"fileData": _PIXEL}, "file"),
        ({"fileData": [_PIXEL]}, "file"),
        (["me.jpg", _PIXEL], "me.jpg"),
        ({"fileData": ["me.jpg", ""]}, None),
        ({"fileData": ["me.jpg", "not base64!"]}, None),
        ({"fileData": []}, None),
        ("", None),
    ],
)
async def test_a_file_is_kept_or_left_out_silently(portal: Portal, sent: object, name: str | None) -> None:
    photo = (await portal.add(PHOTO=sent))["PHOTO"]
    if name is None:
        assert photo is None
        return
    assert portal.sandbox.store.file(photo["id"]) == (name, b"picture")
    async with portal.session.get(portal.sandbox.base_url + photo["downloadUrl"]) as response:
        assert await response.read() == b"picture"


async def test_several_files_go_into_a_multiple_field(portal: Portal) -> None:
    contact = await portal.add(UF_CRM_DOCUMENTS=[{"fileData": ["a.txt", _PIXEL]}, {"fileData": ["b.txt", ""]}, {"fileData": ["c.txt", _PIXEL]}])
    assert [portal.sandbox.store.file(item["id"])[0] for item in contact["UF_CRM_DOCUMENTS"]] == ["a.txt", "c.txt"]


async def test_update_changes_only_what_is_sent(portal: Portal) -> None:
    before = await portal.add(POST="Chief", UF_CRM_LOYALTY="A-1", UF_CRM_VISITS=3)
    portal.clock.now += 60
    assert await portal.result("crm.contact.update", {"id": 1, "fields": {"POST": "", "UF_CRM_VISITS": 4, "DATE_CREATE": "2001-01-01"}}) is True
    after = await portal.result("crm.contact.get", {"id": 1})
    changed = {name: after[name] for name in after if after[name] != before[name]}
    assert changed == {"POST": None, "UF_CRM_VISITS": "4", "DATE_MODIFY": "2026-02-05T17:19:00+03:00"}


async def test_an_empty_owner_in_an_update_keeps_the_previous_one(portal: Portal) -> None:
    await portal.add(ASSIGNED_BY_ID=6)
    await portal.result("crm.contact.update", {"id": 1, "fields": {"ASSIGNED_BY_ID": ""}})
    assert (await portal.result("crm.contact.get", {"id": 1}))["ASSIGNED_BY_ID"] == "6"


async def test_a_deleted_contact_is_gone_with_its_phones(portal: Portal) -> None:
    await portal.add(PHONE=[{"VALUE": "+442079460011"}])
    assert await portal.result("crm.contact.delete", {"id": 1}) is True
    assert await portal.result("crm.contact.list", {"filter": {"PHONE": "+442079460011"}}) == []
    assert (await portal.add())["ID"] == "2"


async def test_a_company_is_added_found_by_title_and_linked(portal: Portal) -> None:
    assert await portal.error("crm.company.add", {"fields": {}}) == (400, "ERROR_CORE", 'The field "Company Name" is required.')
    acme = await portal.result("crm.company.add", {"fields": {"TITLE": "Acme", "REVENUE": "100.5", "PHONE": [{"VALUE": "+442079460012"}]}})
    assert [row["ID"] for row in await portal.result("crm.company.list", {"filter": {"=TITLE": "Acme"}})] == [str(acme)]
    contact = await portal.add(COMPANY_ID=acme)
    assert contact["COMPANY_ID"] == str(acme)
    assert await portal.result("crm.contact.company.items.get", {"id": contact["ID"]}) == [
        {"COMPANY_ID": acme, "SORT": 10, "ROLE_ID": 0, "IS_PRIMARY": "Y"}
    ]


async def test_company_ids_are_accepted_and_the_first_is_primary(portal: Portal) -> None:
    first, second = [await portal.result("crm.company.add", {"fields": {"TITLE": title}}) for title in ("A", "B")]
    contact = await portal.add(COMPANY_IDS=[second, first, 999])
    assert (contact["COMPANY_ID"], "COMPANY_IDS" in contact) == (str(second), False)
    links = await portal.result("crm.contact.company.items.get", {"id": 1})
    assert [(link["COMPANY_ID"], link["SORT"]) for link in links] == [(second, 10), (first, 20)]


@pytest.mark.parametrize(("setting", "company"), [("drop", None), ("keep", "999")])
async def test_a_company_that_does_not_exist(start_portal: StartPortal, setting: str, company: str | None) -> None:
    portal = await start_portal(unknown_company=setting)
    assert (await portal.add(COMPANY_ID=999))["COMPANY_ID"] == company
