"""Both batches: whose mistake costs whom, how results are addressed, and the shapes that nobody knows."""

from __future__ import annotations

import pytest

from tests.sandbox.vibecode.conftest import StartVibe, Vibe

_BAD = {"email": "no address", "name": "x"}


def _create(key: str | None = None, **params: object) -> dict:
    return {"entity": "contacts", "action": "create", "params": {"name": "Mara"} | params} | ({} if key is None else {"id": key})


async def test_calls_succeed_and_fail_each_on_its_own(vibe: Vibe) -> None:
    answer = await vibe.post("batch", {"calls": [_create("r2"), _create("r3", **_BAD), _create("r4")]})
    data = answer.data
    assert answer.status == 200 and set(data) == {"results", "totals", "errors", "summary"}
    assert {key: contact["id"] for key, contact in data["results"].items()} == {"r2": 1, "r4": 2}
    assert data["errors"]["r3"]["code"] == "BITRIX_ERROR" and "invalid address" in data["errors"]["r3"]["message"]
    assert data["summary"] == {"total": 3, "succeeded": 2, "failed": 1}


async def test_calls_without_id_are_known_by_their_position(vibe: Vibe) -> None:
    assert list((await vibe.post("batch", {"calls": [_create(), _create()]})).data["results"]) == ["0", "1"]


async def test_every_action_over_several_entities(vibe: Vibe) -> None:
    await vibe.add()
    await vibe.add()
    calls = [
        {"id": "get", "entity": "contacts", "action": "get", "entityId": 1, "params": {"include": "company"}},
        {"id": "list", "entity": "contacts", "action": "list", "params": {"limit": 1, "select": ["id"]}},
        {"id": "search", "entity": "contacts", "action": "search", "params": {"filter": {"id": 2}, "select": ["id"]}},
        {"id": "update", "entity": "contacts", "action": "update", "entityId": "2", "params": {"post": "Lead"}},
        {"id": "delete", "entity": "contacts", "action": "delete", "entityId": 1},
        {"id": "fields", "entity": "contacts", "action": "fields"},
        {"id": "users", "entity": "users", "action": "list"},
        {"id": "company", "entity": "companies", "action": "create", "params": {"title": "Juniperley"}},
    ]
    data = (await vibe.post("batch", {"calls": calls})).data
    assert data["errors"] == {} and set(data["results"]) == {call["id"] for call in calls}
    assert data["results"]["get"]["_included"] == {"company": None}
    assert (data["results"]["list"], data["results"]["search"]) == ([{"id": 1}], [{"id": 2}])
    assert (data["results"]["update"]["post"], data["results"]["company"]["title"]) == ("Lead", "Juniperley")
    assert data["totals"] == {"list": 2, "search": 1, "users": 6}


@pytest.mark.parametrize(
    ("calls", "code"),
    [
        ([], "VALIDATION_ERROR"),
        ("x", "VALIDATION_ERROR"),
        ([_create(str(number)) for number in range(51)], "BATCH_LIMIT_EXCEEDED"),
        ([_create("r" * 65)], "VALIDATION_ERROR"),
        ([_create("a"), {"id": "b", "entity": "contacts", "action": "update", "params": {"id": 1}}], "MISSING_ENTITY_ID"),
        ([_create("a"), {"entity": "contacts", "action": "merge"}], "VALIDATION_ERROR"),
        ([_create("a"), {"entity": "deals", "action": "create"}], "INVALID_ENTITY_TYPE"),
        ([_create("a"), {"entity": "users", "action": "create"}], "VALIDATION_ERROR"),
        ([_create("a"), _create("a")], "VALIDATION_ERROR"),
        ([_create("a") | {"params": []}], "VALIDATION_ERROR"),
        ([_create("a"), "crm.contact.add"], "VALIDATION_ERROR"),
    ],
)
async def test_a_structural_mistake_refuses_the_whole_batch(vibe: Vibe, calls: object, code: str) -> None:
    assert (await vibe.post("batch", {"calls": calls})).error == (400, code)
    assert vibe.store.count() == 0


async def test_the_native_form_of_a_batch_does_not_apply(vibe: Vibe) -> None:
    assert (await vibe.post("batch", {"halt": 0, "cmd": {"a": "crm.contact.add"}})).error == (400, "VALIDATION_ERROR")


async def test_native_multifields_fail_their_own_call_only(vibe: Vibe) -> None:
    data = (await vibe.post("batch", {"calls": [_create("a", phone=[{"VALUE": "1", "VALUE_TYPE": "WORK"}]), _create("b")]})).data
    assert (data["errors"]["a"]["code"], list(data["results"])) == ("INVALID_MULTIFIELD_SHAPE", ["b"])


@pytest.mark.parametrize(
    ("switch", "position", "status", "error"),
    [
        ("batch_error", "code", 200, "BITRIX_ERROR"),
        ("batch_error", "message", 200, "The field `Work e-mail` contains an invalid address"),
        ("failed_batch_status", 207, 207, None),
        ("failed_batch_status", 422, 422, None),
    ],
)
async def test_how_failed_calls_are_told_is_a_switch(start_vibe: StartVibe, switch: str, position: object, status: int, error: object) -> None:
    vibe = await start_vibe(**{switch: position})
    answer = await vibe.post("batch", {"calls": [_create("a"), _create("b", **_BAD)]})
    assert answer.status == status and answer.data["summary"]["failed"] == 1
    assert error is None or answer.data["errors"]["b"] == error


@pytest.mark.parametrize(("position", "whole"), [("call", False), ("whole", True)])
async def test_what_a_key_may_not_costs_a_call_or_the_batch(start_vibe: StartVibe, position: str, whole: bool) -> None:
    vibe = await start_vibe(batch_denial=position)
    calls = [{"id": "u", "entity": "users", "action": "list"}, {"id": "c", "entity": "contacts", "action": "list"}]
    answer = await vibe.send("POST", "batch", {"calls": calls}, {"X-Api-Key": vibe.key("nouser")})
    if whole:
        assert answer.error == (403, "SCOPE_DENIED")
    else:
        assert (answer.data["errors"]["u"]["code"], answer.data["results"]) == ("SCOPE_DENIED", {"c": []})


async def test_an_id_twice_may_also_hide_the_first(start_vibe: StartVibe) -> None:
    vibe = await start_vibe(repeated_call_id="last")
    data = (await vibe.post("batch", {"calls": [_create("a"), _create("a")]})).data
    assert (data["results"]["a"]["id"], vibe.store.count()) == (2, 2)


# POST /v1/contacts/batch


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        ("list", [{"success": True, "data": 1}, {"success": False, "error": "BITRIX_ERROR"}, {"success": True, "data": 2}]),
        ("bare", [1, {"error": "BITRIX_ERROR"}, 2]),
        ("keyed", {"results": {"0": 1, "2": 2}, "errors": {"1": "BITRIX_ERROR"}}),
    ],
)
async def test_three_shapes_of_an_entity_batchs_answer(start_vibe: StartVibe, position: str, expected: object) -> None:
    vibe = await start_vibe(entity_batch_answer=position, batch_error="code")
    data = (await vibe.post("contacts/batch", {"action": "create", "items": [{"name": "a"}, _BAD, {"name": "b"}]})).data
    if position == "keyed":
        data = {"results": {key: item["id"] for key, item in data["results"].items()}, "errors": data["errors"]}
    elif position == "list":
        data = [item | {"data": item["data"]["id"]} if item["success"] else item for item in data]
    else:
        data = [item.get("id", item) for item in data]
    assert data == expected


async def test_an_entity_batch_updates_gets_and_deletes(vibe: Vibe) -> None:
    await vibe.post("contacts/batch", {"action": "create", "items": [{"name": "a"}, {"name": "b"}]})
    updated = await vibe.post("contacts/batch", {"action": "update", "items": [{"id": 1, "post": "x"}, {"id": 9, "post": "y"}]})
    assert [item["success"] for item in updated.data] == [True, False]
    assert updated.data[1]["error"]["code"] == "ENTITY_NOT_FOUND"
    got = await vibe.post("contacts/batch", {"action": "get", "ids": [1, 2]})
    assert [item["data"]["post"] for item in got.data] == ["x", None]
    assert len((await vibe.post("contacts/batch", {"action": "fields"})).data) == 1
    await vibe.post("contacts/batch", {"action": "delete", "ids": [1, 2]})
    assert vibe.store.count() == 0


@pytest.mark.parametrize(("limit", "count", "status"), [(500, 500, 200), (500, 501, 400), (50, 51, 400)])
async def test_how_many_items_an_entity_batch_takes(start_vibe: StartVibe, limit: int, count: int, status: int) -> None:
    vibe = await start_vibe(entity_batch_limit=limit)
    answer = await vibe.post("contacts/batch", {"action": "delete", "ids": list(range(1, count + 1))})
    assert answer.status == status
    assert status == 200 or answer.error == (400, "BATCH_LIMIT_EXCEEDED")


@pytest.mark.parametrize("body", [{}, {"action": "merge"}, {"action": "create"}, {"action": "create", "items": []}, {"action": "search"}, []])
async def test_an_entity_batch_without_sense_is_refused(vibe: Vibe, body: object) -> None:
    assert (await vibe.post("contacts/batch", body)).error == (400, "VALIDATION_ERROR")
