"""`batch`: how commands are read, referred to, refused and counted."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.sandbox.conftest import START, Portal, StartPortal

_OK, _BAD = "crm.contact.add?fields[NAME]=Mara", "crm.contact.get?id=999"


async def test_results_and_errors_come_in_their_own_maps(portal: Portal) -> None:
    answer = await portal.batch({"r1": _OK, "r2": _BAD, "r3": "crm.contact.list?select[]=ID"})
    assert answer["result"] == {"r1": 1, "r3": [{"ID": "1"}]}
    assert answer["result_error"] == {"r2": {"error": "", "error_description": "Not found"}}
    assert answer["result_total"] == {"r3": 1}
    assert answer["result_next"] == []
    assert set(answer["result_time"]) == {"r1", "r3"}


async def test_a_batch_costs_no_operating_time_but_its_commands_do(portal: Portal) -> None:
    status, body = await portal.call("batch", {"cmd": {"a": _OK, "b": _OK}})
    assert (status, body["time"]["operating"]) == (200, 0)
    times = body["result"]["result_time"]
    assert [times[key]["operating"] for key in ("a", "b")] == [0.08, 0.16]
    assert times["b"]["operating_reset_at"] == START + 600


@pytest.mark.parametrize(
    ("cmd", "maps"),
    [
        ({}, {"result": [], "result_error": []}),
        ([_OK, _OK], {"result": [1, 2], "result_error": []}),
        ({"0": _OK, "1": _BAD, "2": _OK}, {"result": {"0": 1, "2": 2}, "result_error": {"1": {"error": "", "error_description": "Not found"}}}),
        ({"0": _BAD, "1": _OK}, {"result": {"1": 1}, "result_error": [{"error": "", "error_description": "Not found"}]}),
        ({"2": _OK, "4": _OK}, {"result": {"2": 1, "4": 2}, "result_error": []}),
        ({"1": _OK, "0": _OK}, {"result": {"1": 1, "0": 2}, "result_error": []}),
        (None, {"result": [], "result_error": []}),
        ("text", {"result": [], "result_error": []}),
    ],
)
async def test_maps_are_lists_objects_or_empty_lists_as_php_writes_them(portal: Portal, cmd: object, maps: dict) -> None:
    answer = await portal.batch(cmd)
    assert {name: answer[name] for name in maps} == maps


async def test_all_five_maps_are_empty_lists_when_nothing_ran(portal: Portal) -> None:
    assert await portal.batch({}) == dict.fromkeys(("result", "result_error", "result_total", "result_next", "result_time"), [])


@pytest.mark.parametrize("halt", [1, "1", True, "Y", "N", "false", [0], 0.1])
async def test_a_true_halt_ends_the_batch_at_the_first_failure(portal: Portal, halt: object) -> None:
    answer = await portal.batch({"a": _OK, "b": _BAD, "c": _OK}, halt=halt)
    assert [list(answer[name]) for name in ("result", "result_error", "result_time")] == [["a"], ["b"], ["a"]]
    assert portal.sandbox.store.count() == 1


@pytest.mark.parametrize("halt", [0, "0", "", False, None, [], 0.0])
async def test_a_false_halt_runs_them_all(portal: Portal, halt: object) -> None:
    assert list((await portal.batch({"a": _BAD, "b": _OK}, halt=halt))["result"]) == ["b"]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("batch?cmd[a]=profile", "ERROR_BATCH_METHOD_NOT_ALLOWED"),
        ("Batch", "ERROR_BATCH_METHOD_NOT_ALLOWED"),
        ("", "ERROR_METHOD_NOT_FOUND"),
        ("no.such?x=1", "ERROR_METHOD_NOT_FOUND"),
        (17, "ERROR_METHOD_NOT_FOUND"),
        ({"method": "profile"}, "ERROR_METHOD_NOT_FOUND"),
        ("app.info", "ACCESS_DENIED"),
        ("crm.contact.add?fields=x", ""),
    ],
)
async def test_a_wrong_command_fails_alone(portal: Portal, command: object, code: str) -> None:
    answer = await portal.batch({"a": command, "b": "PROFILE"})
    assert answer["result_error"]["a"]["error"] == code
    assert list(answer["result"]) == ["b"]


async def test_the_fifty_first_command_does_not_run(portal: Portal) -> None:
    answer = await portal.batch({f"r{number:02}": _OK for number in range(1, 53)})
    assert len(answer["result"]) == 50
    surplus = {"error": "ERROR_BATCH_LENGTH_EXCEEDED", "error_description": "Max batch length exceeded"}
    assert answer["result_error"] == {"r51": surplus, "r52": surplus}
    assert portal.sandbox.store.count() == 50


async def test_a_stricter_portal_refuses_the_long_batch_whole(start_portal: StartPortal) -> None:
    portal = await start_portal(surplus_commands="refuse")
    assert (await portal.error("batch", {"cmd": [_OK] * 51}))[:2] == (400, "ERROR_BATCH_LENGTH_EXCEEDED")
    assert portal.sandbox.store.count() == 0


async def test_commands_past_the_operating_time_are_refused_one_by_one(start_portal: StartPortal) -> None:
    portal = await start_portal(operating_limit_s=0.2)
    answer = await portal.batch({"a": _OK, "b": _OK, "c": _OK, "d": _OK, "e": "profile"})
    assert list(answer["result"]) == ["a", "b", "c", "e"]
    assert answer["result_error"] == {"d": {"error": "OPERATION_TIME_LIMIT", "error_description": "Method is blocked due to operation time limit."}}


async def test_a_form_body_encodes_the_command_twice(portal: Portal) -> None:
    command = "crm.contact.add?fields[NAME]=" + quote("Lange & Sohn + 1#2", safe="")
    body = "halt=0&cmd%5Bfirst%5D=" + quote(command, safe="")
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with portal.session.post(portal.sandbox.webhook_url + "batch", data=body, headers=headers) as response:
        assert (await response.json())["result"]["result"] == {"first": 1}
    assert portal.sandbox.store.contacts()[0]["NAME"] == "Lange & Sohn + 1#2"


async def test_a_raw_hash_cuts_the_command_off(portal: Portal) -> None:
    await portal.batch({"a": "crm.contact.add?fields[NAME]=Flat #3&fields[LAST_NAME]=Okafor"})
    contact = portal.sandbox.store.contacts()[0]
    assert (contact["NAME"], contact["LAST_NAME"]) == ("Flat ", None)


async def test_lower_and_upper_case_parameters_work_inside_a_batch(portal: Portal) -> None:
    answer = await portal.batch({"a": "crm.contact.add?FIELDS[NAME]=Mara", "b": "crm.contact.list?FILTER[%3E%3DID]=1&SELECT[]=NAME"})
    assert answer["result"]["b"] == [{"ID": "1", "NAME": "Mara"}]


async def _comment(portal: Portal, value: str, field: str = "COMMENTS") -> object:
    command = f"crm.contact.add?fields[NAME]=Second&fields[{field}]=" + quote(value, safe="")
    answer = await portal.batch({"first": _OK, "bad": _BAD, "list": "crm.contact.list?select[]=NAME", "second": command})
    return (await portal.result("crm.contact.get", {"id": answer["result"]["second"]}))[field]


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("$result[first]", "1"),
        ("$RESULT[first]", "1"),
        ("$result[list][0][NAME]", "Mara"),
        ("$total[list]", "1"),
        ("$error[bad][error_description]", "Not found"),
        ("name $result[list][0][NAME], thanks", "name Mara, thanks"),
        ("$result[list][0][NAME]$result[list][0][ID]", "Mara1"),
        ("id $result[first] stays", "id $result[first] stays"),
        ("$result[nobody]", "Array"),
        ("$results[2024]", "Array"),
        ("all of $result[nobody] stays", "all of $result[nobody] stays"),
        ("$result", "$result"),
        ("$result [first]", "$result [first]"),
        ("$result[no key]", "$result[no key]"),
        ("$price[first]", "$price[first]"),
        ("100 $", "100 $"),
    ],
)
async def test_a_value_that_refers_to_an_answer_is_replaced(portal: Portal, value: str, stored: str) -> None:
    assert await _comment(portal, value) == stored


async def test_a_reference_gives_the_next_command_its_number(portal: Portal) -> None:
    answer = await portal.batch({"add": _OK, "get": "crm.contact.get?id=$result[add]"})
    assert answer["result"]["get"]["NAME"] == "Mara"


async def test_a_single_call_replaces_nothing(portal: Portal) -> None:
    assert (await portal.add(COMMENTS="$result[first]"))["COMMENTS"] == "$result[first]"


@pytest.mark.parametrize(("setting", "stored"), [("map", "Array"), ("literal", "$result[nobody]")])
async def test_a_reference_that_leads_nowhere_is_a_setting(start_portal: StartPortal, setting: str, stored: str) -> None:
    assert await _comment(await start_portal(unresolved_reference=setting), "$result[nobody]") == stored


async def test_only_what_php_takes_for_a_space_ends_a_reference(portal: Portal) -> None:
    assert await _comment(portal, "$result\u00a0[first]") == "1"
    assert await _comment(portal, "$result [first]") == "$result [first]"
