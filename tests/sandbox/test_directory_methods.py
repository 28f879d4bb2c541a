"""Directories, users and what the portal says of itself."""

from __future__ import annotations

import pytest

from importer.sandbox.seed import Person
from tests.sandbox.conftest import Portal


async def test_a_directory_is_listed_by_sort_with_numbers_as_text(portal: Portal) -> None:
    body = (await portal.call("crm.status.list", {"filter": {"ENTITY_ID": "CONTACT_TYPE"}}))[1]
    assert [(row["STATUS_ID"], row["NAME"], row["SORT"]) for row in body["result"]] == [
        ("CLIENT", "Клиенты", "10"), ("SUPPLIER", "Поставщики", "20"), ("PARTNER", "Партнёры", "30"), ("OTHER", "Другое", "40"),
    ]  # fmt: skip
    assert body["total"] == 4
    assert isinstance(body["result"][0]["ID"], str)


async def test_an_added_entry_is_accepted_by_contacts_at_once(portal: Portal) -> None:
    assert (await portal.add(SOURCE_ID="FAIR"))["SOURCE_ID"] is None
    number = await portal.result("crm.status.add", {"fields": {"ENTITY_ID": "SOURCE", "STATUS_ID": "FAIR", "NAME": "Ярмарка", "SORT": 5}})
    assert (await portal.add(SOURCE_ID="FAIR"))["SOURCE_ID"] == "FAIR"
    assert (await portal.add())["SOURCE_ID"] == "FAIR", "the default is the first by SORT"
    assert await portal.result("crm.status.delete", {"id": number}) is True
    assert (await portal.add())["SOURCE_ID"] == "CALL"


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({}, (400, "", "The field ENTITY_ID is required.\nThe field STATUS_ID is required.")),
        ({"ENTITY_ID": "SOURCE"}, (400, "", "The field STATUS_ID is required.")),
        ({"ENTITY_ID": "NO_SUCH", "STATUS_ID": "A", "NAME": "A"}, (400, "", "Specified entity type is not supported.")),
        ({"ENTITY_ID": "SOURCE", "STATUS_ID": "A"}, (400, "", "The field Title is required.")),
        ({"ENTITY_ID": "SOURCE", "STATUS_ID": "CALL", "NAME": "A"}, (400, "ERROR_CORE", "The specified status ID already exists.")),
        ({"ENTITY_ID": "SOURCE", "STATUS_ID": "A" * 51, "NAME": "A"}, (400, "", "Error on creating status.")),
        ("x", (400, "", "Parameter 'fields' must be array.")),
    ],
)
async def test_status_add_refuses(portal: Portal, fields: object, answer: tuple) -> None:
    assert await portal.error("crm.status.add", {"fields": fields}) == answer


async def test_only_an_administrator_adds_entries(portal: Portal) -> None:
    portal.sandbox.control.set_state(is_admin=False)
    assert await portal.error("crm.status.add", {"fields": {}}) == (400, "", "Access denied.")
    assert (await portal.result("profile"))["ADMIN"] is False


async def test_a_system_entry_is_deleted_only_by_force(portal: Portal) -> None:
    first = (await portal.result("crm.status.list", {"filter": {"ENTITY_ID": "SOURCE"}}))[0]["ID"]
    assert "FORCED" in (await portal.error("crm.status.delete", {"id": first}))[2]
    assert await portal.result("crm.status.delete", {"id": first, "params": {"FORCED": "Y"}}) is True


async def test_entity_items_are_short(portal: Portal) -> None:
    assert (await portal.result("crm.status.entity.items", {"entityId": "HONORIFIC"}))[0] == {"NAME": "г-н", "SORT": 10, "STATUS_ID": "HNR_RU_1"}


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({}, ["1", "6", "7", "8", "9", "12"]),
        ({"ACTIVE": True}, ["1", "6", "7", "8", "9"]),
        ({"ACTIVE": "N"}, ["12"]),
        ({"EMAIL": "IVAN.PETROV@example.com"}, ["6"]),
        ({"LAST_NAME": ["Петров", "Петрова"]}, ["6", "9"]),
        ({"%LAST_NAME": "петров"}, ["6", "9"]),
        ({"=%NAME": "Мар%"}, ["7"]),
        ({"!ID": "1", "<ID": 8}, ["6", "7"]),
    ],
)
async def test_users_are_found(portal: Portal, wanted: dict, ids: list[str]) -> None:
    assert [row["ID"] for row in await portal.result("user.get", {"FILTER": wanted})] == ids


@pytest.mark.parametrize(("scopes", "has_email"), [(["user"], True), (["user_basic"], True), (["user_brief"], False)])
async def test_e_mails_of_users_depend_on_the_scope(portal: Portal, scopes: list[str], has_email: bool) -> None:
    portal.sandbox.control.set_state(scopes=scopes)
    assert ("EMAIL" in (await portal.result("user.get"))[0]) is has_email
    assert ("EMAIL" in await portal.result("user.current")) is has_email


async def test_a_page_of_users_names_the_next(portal: Portal) -> None:
    for number in range(100, 160):
        portal.sandbox.store.directories.add_person(Person(number, "Clone", str(number), f"clone{number}@example.com"))
    body = (await portal.call("user.get", {"start": 50}))[1]
    assert (len(body["result"]), body["total"], "next" in body) == (16, 66, False)


async def test_the_portal_tells_who_calls_and_what_it_may(portal: Portal) -> None:
    assert await portal.result("profile") == {
        "ID": "1", "ADMIN": True, "NAME": "Ada", "LAST_NAME": "Kern", "PERSONAL_GENDER": "", "TIME_ZONE": "",
    }  # fmt: skip
    assert await portal.result("scope") == ["basic", "crm", "im", "user"]
    assert "userfieldconfig" in await portal.result("scope", {"full": True})


@pytest.mark.parametrize(
    ("name", "answer"),
    [("crm.contact.add", (True, True)), ("im.notify.personal.add", (True, False)), ("no.such", (False, False)), (None, (False, False))],
)
async def test_method_get_tells_what_exists_and_what_is_granted(portal: Portal, name: str | None, answer: tuple) -> None:
    portal.sandbox.control.set_state(scopes=["crm"])
    found = await portal.result("method.get", {"name": name})
    assert (found["isExisting"], found["isAvailable"]) == answer


async def test_a_notification_is_kept(portal: Portal) -> None:
    assert await portal.result("im.notify.personal.add", {"USER_ID": 1, "MESSAGE": "done"}) == 1
    assert portal.sandbox.store.directories.notifications() == [(1, "done")]
    assert (await portal.error("im.notify.personal.add", {"USER_ID": 1}))[0] == 400
