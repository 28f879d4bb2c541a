"""Entries of directories and list fields: what the sandbox makes of our calls, and how odd answers are read."""

from __future__ import annotations

import pytest

from importer.portals.bitrix24.door import Bitrix24Door
from importer.portals.bitrix24.webhook import Webhook
from importer.portals.list_entries import AddToDirectory, AddToListField, ListEntry, ListField, NewEntry, ReadDirectory, ReadListField
from importer.portals.operations import Operation
from importer.portals.portal import Done, Refused, Unanswered, Verdict
from importer.sandbox.server import Sandbox
from importer.sandbox.settings import SandboxSettings
from tests.portals.conftest import Serve, json_answer

TIER = "UF_CRM_1720697698689"
RADIO = NewEntry('Радио & "ТВ" 100%', "B24_IMPORT_1", 140)


async def _send(sandbox: Sandbox, *operations: Operation) -> list:
    door = Bitrix24Door(Webhook.parse(sandbox.webhook_url))
    try:
        return (await door.send(operations)).results
    finally:
        await door.close()


async def test_an_entry_added_to_a_directory_is_read_back_with_its_code() -> None:
    async with Sandbox(SandboxSettings(speed=1000)) as sandbox:
        [added] = await _send(sandbox, AddToDirectory("SOURCE", RADIO))
        [listed] = await _send(sandbox, ReadDirectory("SOURCE"))
        assert listed.value[-1] == ListEntry(added.value, RADIO.code, RADIO.text, RADIO.sort)
        [again] = await _send(sandbox, AddToDirectory("SOURCE", NewEntry("Other words", RADIO.code, 150)))
        assert again == Refused(Verdict.REJECT, "ERROR_CORE", "The specified status ID already exists.")


async def test_items_added_to_a_list_field_stand_beside_those_it_has() -> None:
    async with Sandbox(SandboxSettings(speed=1000)) as sandbox:
        before = (await _send(sandbox, ReadListField(TIER)))[0].value
        [added, absent] = await _send(sandbox, AddToListField(before.id, (RADIO, NewEntry("TV", "x", 150))), ReadListField("UF_CRM_NONE"))
        assert (added, absent) == (Done(True), Done(None))
        after = (await _send(sandbox, ReadListField(TIER)))[0].value
        assert after.entries[:3] == before.entries
        assert [(entry.code, entry.text, entry.sort) for entry in after.entries[3:]] == [(RADIO.code, RADIO.text, 140), ("x", "TV", 150)]


async def test_who_is_no_administrator_is_stopped() -> None:
    async with Sandbox(SandboxSettings(speed=1000)) as sandbox:
        sandbox.control.set_state(is_admin=False)
        for operation in (AddToDirectory("SOURCE", RADIO), AddToListField(1, (RADIO,))):
            [refused] = await _send(sandbox, operation)
            assert refused.verdict is Verdict.STOP
            assert "list entries" in refused.advice


@pytest.mark.parametrize("operation", [AddToDirectory("SOURCE", NewEntry("$result[a]", "c", 1)), AddToListField(1, (NewEntry("$next[0]", "c", 1),))])
def test_a_text_that_a_batch_would_replace_travels_alone(operation: Operation) -> None:
    assert Bitrix24Door(Webhook.parse("http://127.0.0.1:1/rest/1/abc/")).travels_alone(operation)


@pytest.mark.parametrize(
    ("operation", "said", "value"),
    [
        (ReadDirectory("A"), [{"ID": "5", "STATUS_ID": "X", "NAME": "Ex", "SORT": "10"}], [ListEntry(5, "X", "Ex", 10)]),
        (ReadDirectory("A"), [{"ID": 5, "STATUS_ID": 7, "NAME": None}], [ListEntry(5, "7", "", 0)]),
        (ReadDirectory("A"), False, None),
        (ReadListField("A"), [{"ID": "3", "LIST": [{"ID": "81", "VALUE": "Gold", "SORT": "10", "XML_ID": None}]}],
         ListField(3, (ListEntry(81, "", "Gold", 10),))),
        (ReadListField("A"), [{"ID": "3", "LIST": []}], ListField(3, ())),
        # What is not told is not empty.
        (ReadListField("A"), [{"ID": "3"}], None),
        (ReadListField("A"), [{"ID": "3", "LIST": None}], None),
        (AddToListField(3, (RADIO,)), True, True),
        (AddToListField(3, (RADIO,)), 1, None),
        (AddToDirectory("A", RADIO), 399, 399),
    ],
)  # fmt: skip
async def test_an_answer_is_read_as_its_method_answers_or_not_at_all(serve: Serve, door_to, operation: Operation, said: object, value: object) -> None:
    maps = {"result": {"r0000": said}, "result_error": [], "result_time": []}
    door = door_to(await serve(json_answer({"result": maps})))
    [read] = (await door.send([operation])).results
    assert read == (Unanswered() if value is None else Done(value))
