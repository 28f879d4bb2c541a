"""Finding, counting, changing and deleting what is there already, in the portal's own words and on the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from importer.portals.bitrix24.door import Bitrix24Door
from importer.portals.bitrix24.webhook import Webhook
from importer.portals.existing import (
    CountOriginator,
    Delete,
    DeleteCompany,
    DeleteRequisite,
    FindByCommunication,
    FindByCompany,
    FindByField,
    ReadCompanies,
    ReadCompanyLinks,
    ReadRequisites,
    Update,
)
from importer.portals.list_entries import (
    AddToDirectory,
    AddToListField,
    DeleteFromDirectory,
    DeleteFromListField,
    NewEntry,
    ReadDirectory,
    ReadListField,
)
from importer.portals.operations import Add, AddCompany, AddRequisite, ListPresets, NewAddress, Operation, ReadContacts
from importer.portals.portal import Answer, Done, Refused, Result, Unanswered
from importer.sandbox.server import Sandbox
from tests.portals.conftest import Serve, json_answer

MARA = {"NAME": "Mara", "PHONE": [{"VALUE": "+442079460011", "VALUE_TYPE": "WORK"}], "ORIGINATOR_ID": "crm-7", "ORIGIN_ID": "1"}


@pytest.fixture
async def door() -> AsyncIterator[Bitrix24Door]:
    """A door into an empty sandbox."""
    async with Sandbox() as sandbox:
        door = Bitrix24Door(Webhook.parse(sandbox.webhook_url))
        yield door
        await door.close()


async def _one(door: Bitrix24Door, operation: Operation) -> object:
    [result] = (await door.send([operation])).results
    assert isinstance(result, Done), result
    return result.value


async def test_a_contact_is_found_by_its_phone_changed_and_deleted(door: Bitrix24Door) -> None:
    contact = await _one(door, Add(MARA))
    assert await _one(door, FindByCommunication("PHONE", ("+442079460011", "+442079460099"))) == [contact]
    assert await _one(door, FindByCommunication("EMAIL", ("mara@example.com",))) == []
    assert await _one(door, Update(contact, {"POST": "Nurse"})) is True
    [stored] = await _one(door, ReadContacts((contact,)))
    assert (stored.fields["POST"], stored.fields["PHONE"][0]["VALUE"]) == ("Nurse", "+442079460011")
    assert await _one(door, Delete(contact)) is True
    assert await _one(door, ReadContacts((contact,))) == []


async def test_contacts_of_an_originator_are_counted_beside_other_commands(door: Bitrix24Door) -> None:
    await door.send([Add(MARA | {"ORIGIN_ID": str(number)}) for number in range(3)])
    answer: Answer = await door.send([CountOriginator("crm-7"), CountOriginator("crm-8"), FindByCommunication("PHONE", ("+1",))])
    assert answer.results == [Done(3), Done(0), Done([])]


async def test_a_count_that_must_travel_alone_is_a_count_all_the_same(door: Bitrix24Door) -> None:
    await door.send([Add(MARA)])
    operation = CountOriginator("$result[a]")
    assert door.travels_alone(operation)
    assert await _one(door, operation) == 0


async def test_companies_are_read_with_their_contacts_and_deleted(door: Bitrix24Door) -> None:
    company = await _one(door, AddCompany({"TITLE": "Acme"}))
    contact = await _one(door, Add(MARA | {"COMPANY_ID": str(company)}))
    assert await _one(door, ReadCompanyLinks(contact)) == [company]
    assert await _one(door, FindByCompany(company)) == [contact]
    [stored] = await _one(door, ReadCompanies((company,)))
    assert stored.fields["TITLE"] == "Acme"
    assert await _one(door, DeleteCompany(company)) is True
    assert await _one(door, ReadCompanies((company,))) == []


async def test_contacts_are_found_by_what_a_field_holds(door: Bitrix24Door) -> None:
    first, _ = await _one(door, Add(MARA | {"SOURCE_ID": "WEB"})), await _one(door, Add(MARA | {"SOURCE_ID": "CALL"}))
    assert await _one(door, FindByField("SOURCE_ID", "WEB")) == [first]


async def test_entries_of_lists_are_deleted_and_the_others_stay(door: Bitrix24Door) -> None:
    name = "UF_CRM_1720697698689"
    number = await _one(door, AddToDirectory("SOURCE", NewEntry("Fair", "FAIR", 900)))
    before = await _one(door, ReadListField(name))
    assert await _one(door, AddToListField(before.id, (NewEntry("Gold", "GOLD", 900),))) is True
    gold = next(entry.id for entry in (await _one(door, ReadListField(name))).entries if entry.code == "GOLD")
    assert await _one(door, DeleteFromDirectory(number)) is True
    assert "FAIR" not in {entry.code for entry in await _one(door, ReadDirectory("SOURCE"))}
    assert await _one(door, DeleteFromListField(before.id, gold)) is True
    assert await _one(door, ReadListField(name)) == before


async def test_requisites_of_an_originator_are_read_and_deleted(door: Bitrix24Door) -> None:
    preset = (await _one(door, ListPresets()))[0].id
    address = NewAddress({"CITY": "Leeds"}, preset, "Okafor Mara", "b24-import")
    contact = await _one(door, Add(MARA))
    number = await _one(door, AddRequisite(contact, address))
    assert [found[0] for found in await _one(door, ReadRequisites(contact, "b24-import"))] == [number]
    assert await _one(door, ReadRequisites(contact, "somebody")) == []
    assert await _one(door, DeleteRequisite(number)) is True
    assert await _one(door, ReadRequisites(contact, "b24-import")) == []


@pytest.mark.parametrize("operation", [Update(99, {"NAME": "x"}), Delete(99), DeleteCompany(99), ReadCompanyLinks(99), DeleteFromDirectory(999), DeleteRequisite(99)], ids=lambda op: type(op).__name__)
async def test_what_is_not_there_is_told_as_gone(door: Bitrix24Door, operation: Operation) -> None:
    [result] = (await door.send([operation])).results
    # A contact that is not there may as well have no companies.
    assert isinstance(result, Refused) and result.is_gone or result == Done([])


@pytest.mark.parametrize(
    ("operation", "said", "result"),
    [
        (FindByCommunication("PHONE", ("1",)), [], Done([])),
        (FindByCommunication("PHONE", ("1",)), {"CONTACT": [9, "7"], "COMPANY": [3]}, Done([7, 9])),
        (FindByCommunication("PHONE", ("1",)), {"COMPANY": [3]}, Done([])),
        (FindByCommunication("PHONE", ("1",)), {"CONTACT": 7}, Unanswered()),
        (FindByCommunication("PHONE", ("1",)), None, Unanswered()),
        (FindByCommunication("PHONE", ("1",)), [7], Unanswered()),
        (Update(7, {"NAME": "x"}), True, Done(True)),
        (Update(7, {"NAME": "x"}), False, Unanswered()),
        (Delete(7), 1, Unanswered()),
        (ReadCompanyLinks(7), [{"COMPANY_ID": 3, "IS_PRIMARY": "N"}, {"COMPANY_ID": "5", "IS_PRIMARY": "Y"}], Done([5, 3])),
    ],
)
async def test_an_answer_is_read_as_its_method_answers_or_not_at_all(serve: Serve, door_to, operation: Operation, said: object, result: Result) -> None:
    server = await serve(json_answer({"result": {"result": {"r0000": said}, "result_error": []}}))
    assert (await door_to(server).send([operation])).results == [result]


async def test_more_values_than_the_portal_looks_at_are_a_fault_of_ours(door: Bitrix24Door) -> None:
    with pytest.raises(ValueError, match="21 values"):
        await door.send([FindByCommunication("PHONE", tuple(map(str, range(21))))])
