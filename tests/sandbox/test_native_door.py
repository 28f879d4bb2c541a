"""How requests come in: addresses, bodies, credentials, the envelope, and the order of refusals."""

from __future__ import annotations

import asyncio
import json
import logging

import aiohttp
import pytest

from tests.sandbox.conftest import START, Portal, StartPortal

_ADD = {"fields": {"NAME": "Mara"}}


@pytest.mark.parametrize("form", ["server.time", "server.time.json", "server.time/", "Server.Time", "SERVER.TIME.json/", "server.time?x=1"])
async def test_every_form_of_address_reaches_the_method(portal: Portal, form: str) -> None:
    async with portal.session.get(portal.sandbox.webhook_url + form) as response:
        assert (await response.json())["result"] == "2026-02-05T17:18:00+03:00"


@pytest.mark.parametrize(
    "sent",
    [
        {"json": {"fields": {"NAME": "Ян", "PHONE": [{"VALUE": "+442079460011", "VALUE_TYPE": "WORK"}]}}},
        {"json": {"FIELDS": {"NAME": "Ян", "PHONE": {"0": {"VALUE": "+442079460011", "VALUE_TYPE": "WORK"}}}}},
        {"data": "fields[NAME]=%D0%AF%D0%BD&fields[PHONE][0][VALUE]=%2B442079460011&fields[PHONE][0][VALUE_TYPE]=WORK"},
        {"params": {"fields[NAME]": "Ян", "fields[PHONE][0][VALUE]": "+442079460011", "fields[PHONE][0][VALUE_TYPE]": "WORK"}},
        {"params": {"fields[NAME]": "Ян"}, "multipart": {"fields[PHONE][][VALUE]": "+442079460011"}},
    ],
    ids=["json", "upper case and object", "urlencoded", "query", "query is replaced by multipart"],
)
async def test_json_form_multipart_and_query_say_the_same(portal: Portal, sent: dict) -> None:
    form = sent.pop("multipart", None)
    if form is not None:
        sent["data"] = aiohttp.FormData({"fields[NAME]": "Ян", **form}, default_to_multipart=True)
    elif "data" in sent:
        sent["headers"] = {"Content-Type": "application/x-www-form-urlencoded"}
    async with portal.session.post(portal.sandbox.webhook_url + "crm.contact.add", **sent) as response:
        assert response.status == 200
    contact = portal.sandbox.store.contacts()[0]
    assert contact["NAME"] == "Ян"
    assert contact["PHONE"] == [{"ID": 1, "VALUE": "+442079460011", "VALUE_TYPE": "WORK"}]


_NO_OBJECTS = [
    "", "{", "[1, 2", '"text"', "17", '{"fields": {"NAME": "\\ud800"}}', '{"fields": {"NAME": NaN}}', "[" * 200_000, "[" * 600 + "]" * 600,
    '{"a":' * 900 + "1" + "}" * 900,
]  # fmt: skip


@pytest.mark.parametrize("body", _NO_OBJECTS, ids=range(len(_NO_OBJECTS)))
async def test_a_body_that_is_no_json_object_has_no_parameters(portal: Portal, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    async with portal.session.post(portal.sandbox.webhook_url + "crm.contact.add", data=body, headers=headers) as response:
        assert (response.status, (await response.json())["error_description"]) == (400, "Parameter 'fields' must be array.")


async def test_the_envelope_has_all_eight_times_and_the_right_content_type(portal: Portal) -> None:
    async with portal.session.post(portal.sandbox.webhook_url + "crm.contact.add", json=_ADD) as response:
        assert response.headers["Content-Type"] == "application/json; charset=utf-8"
        body = await response.json()
    assert body == {
        "result": 1,
        "time": {
            "start": START,
            "finish": START,
            "duration": 0.0,
            "processing": 0.0,
            "date_start": "2026-02-05T17:18:00+03:00",
            "date_finish": "2026-02-05T17:18:00+03:00",
            "operating_reset_at": START + 600,
            "operating": 0.08,
        },
    }


async def test_slashes_and_letters_are_escaped_as_php_does(portal: Portal) -> None:
    await portal.add(COMMENTS="a/я")
    async with portal.session.get(portal.sandbox.webhook_url + "crm.contact.get?id=1") as response:
        assert b'"COMMENTS":"a\\/\\u044f"' in await response.read()


@pytest.mark.parametrize(
    ("settings", "keys"),
    [({"time_keys": "six"}, {"start", "finish", "duration", "processing", "date_start", "date_finish"})],
)
async def test_older_portals_leave_the_operating_keys_out(start_portal: StartPortal, settings: dict, keys: set) -> None:
    portal = await start_portal(**settings)
    assert set((await portal.call("server.time"))[1]["time"]) == keys


async def test_whole_second_times_are_integers(start_portal: StartPortal) -> None:
    portal = await start_portal(is_time_whole=True)
    portal.clock.now += 0.7
    time = (await portal.call("server.time"))[1]["time"]
    assert isinstance(time["start"], int) and isinstance(time["processing"], int)


@pytest.mark.parametrize(
    ("tail", "answer"),
    [
        ("1/wrong/profile", (401, "INVALID_CREDENTIALS", "Invalid request credentials")),
        ("2/sandboxsecret/profile", (401, "INVALID_CREDENTIALS", "Invalid request credentials")),
        ("profile", (401, "NO_AUTH_FOUND", "Wrong authorization data")),
        ("profile?auth=abc", (401, "invalid_token", "Unable to get application by token")),
        ("1/sandboxsecret/no.such.method", (404, "ERROR_METHOD_NOT_FOUND", "Method not found!")),
        ("1/sandboxsecret/app.info", (400, "ACCESS_DENIED", "Access denied! Application context required")),
    ],
)
async def test_who_may_not_come_in_hears_why(portal: Portal, tail: str, answer: tuple) -> None:
    async with portal.session.get(f"{portal.sandbox.base_url}/rest/{tail}") as response:
        body = await response.json()
        assert (response.status, body["error"], body["error_description"]) == answer
        assert "time" not in body


@pytest.mark.parametrize(
    ("state", "answer"),
    [
        ({"is_closed": True}, (500, "PORTAL_DELETED", "Portal was deleted")),
        ({"is_overloaded": True}, (503, "OVERLOAD_LIMIT", "REST API is blocked due to overload")),
        ({"is_without_rest": True}, (403, "ACCESS_DENIED", "REST API is available only on commercial plans")),
        ({"is_webhook_expired": True}, (401, "INVALID_CREDENTIALS", "Invalid request credentials")),
        ({"scopes": ["user"]}, (403, "insufficient_scope", "The request requires higher privileges than provided by the webhook token")),
        ({"rights": ["read"]}, (400, "", "Access denied.")),
        ({"is_disk_full": True}, (400, "", "Disk resource exhausted")),
    ],
)
async def test_a_portal_in_trouble_refuses_with_its_own_words(portal: Portal, state: dict, answer: tuple) -> None:
    portal.sandbox.control.set_state(**state)
    assert await portal.error("crm.contact.add", _ADD) == answer
    assert portal.sandbox.store.count() == 0


async def test_a_renamed_portal_answers_302_to_the_same_path(portal: Portal) -> None:
    portal.sandbox.control.set_state(renamed_to="http://127.0.0.1:9/")
    async with portal.session.post(portal.sandbox.webhook_url + "profile?x=1", allow_redirects=False) as response:
        assert response.status == 302
        assert response.headers["Location"] == "http://127.0.0.1:9/rest/1/sandboxsecret/profile?x=1"


async def test_the_rate_limit_refuses_the_fifty_first_request_and_forgets_two_a_second(start_portal: StartPortal) -> None:
    portal = await start_portal(plan="standard")
    statuses = [(await portal.call("server.time"))[0] for _ in range(52)]
    assert statuses == [200] * 50 + [503] * 2
    assert await portal.error("server.time") == (503, "QUERY_LIMIT_EXCEEDED", "Too many requests")
    portal.clock.now += 1
    assert [(await portal.call("server.time"))[0] for _ in range(3)] == [200, 200, 503]


async def test_speed_makes_the_bucket_forget_faster(start_portal: StartPortal) -> None:
    portal = await start_portal(plan="standard", speed=10)
    for _ in range(50):
        await portal.call("server.time")
    portal.clock.now += 1
    assert [(await portal.call("server.time"))[0] for _ in range(21)] == [200] * 20 + [503]


async def test_a_method_past_its_operating_time_is_refused_alone_until_its_basket_expires(start_portal: StartPortal) -> None:
    portal = await start_portal(operating_limit_s=0.2)
    for _ in range(3):
        await portal.result("crm.contact.add", _ADD)
    assert await portal.error("crm.contact.add", _ADD) == (429, "OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.")
    assert (await portal.call("crm.contact.list"))[0] == 200
    portal.clock.now += 600
    assert (await portal.call("crm.contact.add", _ADD))[1]["time"]["operating"] == 0.08


async def test_the_reset_is_shown_by_the_wall_clock_whatever_the_speed(start_portal: StartPortal) -> None:
    portal = await start_portal(speed=100)
    time = (await portal.call("server.time"))[1]["time"]
    assert (time["operating"], time["operating_reset_at"]) == (0.08, START + 6)


async def test_a_request_past_its_sixty_seconds_is_cut_off_and_what_ran_stays(start_portal: StartPortal) -> None:
    portal = await start_portal(seconds_per_command=1.5)
    async with portal.session.post(portal.sandbox.webhook_url + "batch", json={"cmd": ["crm.contact.add?fields[NAME]=A"] * 50}) as response:
        assert (response.status, response.content_type) == (504, "text/html")
    assert portal.sandbox.store.count() == portal.sandbox.requests[0].commands_run == 40
    assert portal.sandbox.requests[0].fault == "request_limit"


@pytest.mark.parametrize("number", ["9" * 30, "-" + "9" * 30, "1e999", 10**40, 1e300])
async def test_a_number_too_large_is_no_fault_of_the_server(portal: Portal, number: object) -> None:
    for field in ("ASSIGNED_BY_ID", "UF_CRM_VISITS", "UF_CRM_DISCOUNT", "PARENT_ID_153", "COMPANY_ID"):
        assert (await portal.call("crm.contact.add", {"fields": {"NAME": "A", field: number}}))[0] == 200
        assert (await portal.call("crm.contact.list", {"filter": {f">{field}": number}}))[0] == 200


async def test_no_log_line_holds_the_secret(portal: Portal, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for method in ("profile", "no.such", "batch"):
        await portal.call(method)
    logging.getLogger("importer.sandbox.http").error("cannot serve %s", portal.sandbox.webhook_url + "profile")
    reader, writer = await asyncio.open_connection("127.0.0.1", int(portal.sandbox.base_url.rsplit(":", 1)[1]))
    writer.write(b"GET /rest/1/sandboxsecret/profile HTTP/9.9zz\r\n\r\n")
    assert b"400 Bad Request" in await reader.read()
    writer.close()
    assert "cannot serve" in caplog.text and "BadStatusLine" in caplog.text
    assert "sandboxsecret" not in caplog.text


async def test_requests_are_remembered_without_addresses(portal: Portal) -> None:
    await portal.call("crm.contact.add", _ADD)
    await portal.call("batch", {"cmd": {"a": "profile", "b": "profile", "c": "no.such"}})
    first, second = portal.sandbox.requests
    assert (first.ordinal, first.status, first.method, first.commands_run) == (1, 200, "crm.contact.add", 1)
    assert (second.ordinal, second.methods, second.commands_run) == (2, {"profile": 2, "no.such": 1}, 2)
    assert "secret" not in json.dumps(portal.sandbox.control.statistics())
