"""The fault scripts of the native door strike this one, too: by request, row, method and place in a batch."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from tests.sandbox.vibecode.conftest import StartVibe, Vibe


def _batch(*origins: str) -> dict:
    calls = [
        {"id": f"r{number}", "entity": "contacts", "action": "create", "params": {"name": "x", "originId": origin}}
        for number, origin in enumerate(origins, 1)
    ]
    return {"calls": calls}


def _fault(vibe: Vibe, deed: object, **when: object) -> None:
    vibe.portal.sandbox.control.add_fault({"when": when, "do": deed})


@pytest.mark.parametrize(
    ("deed", "status", "code", "waits", "stored"),
    [
        ({"status": 502}, 502, "BITRIX_UNAVAILABLE", None, 0),
        ({"status": 502, "after": "all"}, 502, "BITRIX_UNAVAILABLE", None, 3),
        ({"status": 502, "after": 2}, 502, "BITRIX_UNAVAILABLE", None, 2),
        ({"status": 504}, 504, "QUEUE_TIMEOUT", 2, 0),
        ({"status": 504, "after": "all"}, 504, "QUEUE_TIMEOUT", 2, 3),
        ({"status": 500}, 500, "INTERNAL_ERROR", None, 0),
        ({"status": 429}, 429, "RATE_LIMITED", 2, 0),
        ({"status": 403, "code": "KEY_POLICY_READONLY_REQUIRED"}, 403, "KEY_POLICY_READONLY_REQUIRED", None, 0),
        ({"status": 402, "code": "CREDITS_EXHAUSTED"}, 402, "CREDITS_EXHAUSTED", None, 0),
    ],
)
async def test_an_error_instead_of_the_answer(vibe: Vibe, deed: dict, status: int, code: str, waits: int | None, stored: int) -> None:
    _fault(vibe, deed)
    answer = await vibe.post("batch", _batch("K-1", "K-2", "K-3"))
    assert (answer.error, answer.body["error"].get("retryAfter"), vibe.store.count()) == ((status, code), waits, stored)
    assert answer.headers.get("Retry-After") == (None if waits is None else str(waits))


async def test_a_gateways_page_and_an_empty_answer(vibe: Vibe) -> None:
    _fault(vibe, {"status": 502, "body": "html", "after": "all"}, request=1)
    _fault(vibe, "empty", request=2)
    headers = {"X-Api-Key": vibe.key("personal")}
    url = f"{vibe.portal.sandbox.base_url}/v1/contacts"
    async with vibe.portal.session.post(url, json={"name": "x"}, headers=headers) as response:
        assert (response.status, response.content_type) == (502, "text/html")
    async with vibe.portal.session.post(url, json={"name": "x"}, headers=headers) as response:
        assert (response.status, await response.read()) == (200, b"")
    assert vibe.store.count() == 2


@pytest.mark.parametrize(("deed", "stored"), [("reset_before", 0), ({"reset_after": 2}, 2), ({"reset_after": "all"}, 3), ("cut_body", 3)])
async def test_a_lost_answer_leaves_what_was_written(vibe: Vibe, deed: object, stored: int) -> None:
    _fault(vibe, deed)
    with pytest.raises(aiohttp.ClientError):
        await vibe.post("batch", _batch("K-1", "K-2", "K-3"))
    assert vibe.store.count() == stored


async def test_the_portal_goes_on_writing_for_a_client_that_was_dropped(vibe: Vibe) -> None:
    _fault(vibe, {"keep_writing_s": 0.02, "after": 1}, request=1)
    with pytest.raises(aiohttp.ClientError):
        await vibe.post("batch", _batch("K-1", "K-2", "K-3"))
    for _ in range(200):
        if vibe.store.count() == 3:
            break
        await vibe.get("me")
    assert vibe.store.count() == 3


async def test_chosen_rows_are_refused_single_and_in_a_batch(vibe: Vibe) -> None:
    _fault(vibe, {"command_error": {"code": "ERROR_CORE", "text": "Something is locked"}}, row=["K-2"])
    data = (await vibe.post("batch", _batch("K-1", "K-2"))).data
    assert (list(data["results"]), data["errors"]) == (["r1"], {"r2": {"code": "BITRIX_ERROR", "message": "Something is locked"}})
    single = await vibe.post("contacts", {"name": "x", "originId": "K-2"})
    assert single.error == (422, "BITRIX_ERROR") and single.body["error"]["message"] == "Something is locked"


@pytest.mark.parametrize("code", ["INTERNAL_ERROR", "RATE_LIMITED", "ACCESS_DENIED", "QUEUE_TIMEOUT"])
async def test_a_call_fails_with_a_code_of_vibecodes_own(vibe: Vibe, code: str) -> None:
    _fault(vibe, {"command_error": {"code": code, "text": "on order"}}, method="crm.contact.add", times=1)
    data = (await vibe.post("batch", _batch("K-1", "K-2"))).data
    assert (data["errors"]["r1"]["code"], list(data["results"])) == (code, ["r2"])


async def test_operating_time_refused_in_the_middle_of_a_batch(vibe: Vibe) -> None:
    _fault(vibe, "operating_refusal", command=2)
    data = (await vibe.post("batch", _batch("K-1", "K-2", "K-3"))).data
    assert (list(data["results"]), data["errors"]["r2"]["code"]) == (["r1", "r3"], "RATE_LIMITED")


async def test_results_that_lack(vibe: Vibe) -> None:
    _fault(vibe, {"missing_keys": [2]}, request=1)
    _fault(vibe, {"missing_keys": "result"}, request=2)
    data = (await vibe.post("batch", _batch("K-1", "K-2"))).data
    assert (list(data["results"]), data["errors"]) == (["r1"], {})
    assert (await vibe.post("batch", _batch("K-3"))).body == {"success": True}


@pytest.mark.parametrize(
    ("kind", "data"),
    [("string", "ok"), ("null", None), ("entries", {"results": "ok", "totals": None, "errors": 0, "summary": []})],
)
async def test_data_of_the_wrong_shape(vibe: Vibe, kind: str, data: object) -> None:
    _fault(vibe, {"garbage": kind})
    assert (await vibe.post("batch", _batch("K-1"))).data == data


async def test_a_late_answer_is_whole(vibe: Vibe) -> None:
    _fault(vibe, {"delay_s": 0.01})
    answer = await vibe.post("contacts", {"name": "x"})
    assert (answer.status, answer.data["id"], answer.headers["X-RateLimit-Remaining"]) == (201, 1, "299")


async def test_a_request_over_the_portals_minute_is_a_queue_timeout(start_vibe: StartVibe) -> None:
    vibe = await start_vibe({"seconds_per_command": 25.0})
    answer = await vibe.post("batch", _batch("K-1", "K-2", "K-3"))
    assert answer.error == (504, "QUEUE_TIMEOUT") and answer.body["error"]["retryAfter"] == 2
    assert vibe.store.count() == 2


async def test_a_full_queue_refuses(start_vibe: StartVibe) -> None:
    vibe = await start_vibe({"is_latency_real": True, "seconds_per_command": 0.5}, most_at_once=1)
    answers = await asyncio.gather(vibe.post("contacts", {"name": "a"}), vibe.post("contacts", {"name": "b"}))
    assert sorted(answer.status for answer in answers) == [201, 503]
    assert {answer.error for answer in answers if answer.status == 503} == {(503, "QUEUE_OVERFLOW")}


async def test_the_log_knows_both_doors_requests_by_the_same_methods(vibe: Vibe) -> None:
    await vibe.post("batch", _batch("K-1", "K-2"))
    await vibe.portal.result("crm.contact.add", {"fields": {"NAME": "x"}})
    first, second = vibe.portal.sandbox.requests
    assert (first.door, first.method, first.methods, first.commands_run) == ("vibecode", "batch", {"crm.contact.add": 2}, 2)
    assert (second.door, second.method) == ("native", "crm.contact.add")
    assert vibe.portal.sandbox.control.statistics()["methods"] == {"crm.contact.add": 3}
