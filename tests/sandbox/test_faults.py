"""Fault rules: what they fit, what they do on the wire, and what had run by then."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest

from importer.sandbox.commands import Command
from importer.sandbox.fault_rules import FaultError
from importer.sandbox.faults import Faults
from importer.sandbox.server import Sandbox
from importer.sandbox.settings import SandboxSettings
from tests.sandbox.conftest import Portal

_FIVE = {f"r{number}": f"crm.contact.add?fields[NAME]=Row&fields[ORIGIN_ID]=K-{number}" for number in range(1, 6)}


async def _post(portal: Portal) -> tuple[int, str, bytes]:
    """Status, content type and raw body of a batch of five."""
    async with portal.session.post(portal.sandbox.webhook_url + "batch", json={"cmd": _FIVE}, allow_redirects=False) as response:
        return response.status, response.content_type, await response.read()


@pytest.mark.parametrize(
    ("deed", "written"),
    [
        ("reset_before", 0),
        ({"reset_after": 3}, 3),
        ({"reset_after": "all"}, 5),
        ("cut_body", 5),
        ({"cut_body": 2}, 2),
        ({"refuse_connections": 0.01}, 0),
    ],
)
async def test_an_answer_that_never_comes_leaves_what_had_run(portal: Portal, deed: object, written: int) -> None:
    portal.sandbox.control.add_fault({"do": deed})
    with pytest.raises(aiohttp.ClientError):
        await _post(portal)
    assert portal.sandbox.store.count() == written
    assert portal.sandbox.requests[0].status == 0
    assert portal.sandbox.requests[0].commands_run == written


@pytest.mark.parametrize(
    ("deed", "answer", "written"),
    [
        ({"status": 502, "body": "html"}, (502, "text/html"), 0),
        ({"status": 504, "body": "empty", "after": "all"}, (504, "application/octet-stream"), 5),
        ({"status": 500, "after": 4}, (500, "application/json"), 4),
        ({"status": 503, "code": "QUERY_LIMIT_EXCEEDED", "text": "Too many requests"}, (503, "application/json"), 0),
        ("not_json", (200, "text/html"), 5),
        ({"not_json": 1}, (200, "text/html"), 1),
        ("empty", (200, "application/octet-stream"), 5),
        ({"redirect": "http://127.0.0.1:9"}, (302, "application/octet-stream"), 0),
        ({"delay_s": 0.01}, (200, "application/json"), 5),
    ],
)
async def test_a_spoilt_answer_has_its_status_and_kind(portal: Portal, deed: object, answer: tuple, written: int) -> None:
    portal.sandbox.control.add_fault({"do": deed})
    assert (await _post(portal))[:2] == answer
    assert portal.sandbox.store.count() == written


async def test_an_error_status_carries_the_code_and_text_asked_for(portal: Portal) -> None:
    portal.sandbox.control.add_fault({"do": {"status": 503, "code": "OVERLOAD_LIMIT", "text": "REST API is blocked due to overload"}})
    assert await portal.error("profile") == (503, "OVERLOAD_LIMIT", "REST API is blocked due to overload")


async def test_missing_keys_are_in_no_map_though_their_commands_ran(portal: Portal) -> None:
    portal.sandbox.control.add_fault({"do": {"missing_keys": [2, "4-5"]}})
    answer = await portal.batch(_FIVE)
    assert [list(answer[name]) for name in ("result", "result_time")] == [["r1", "r3"]] * 2
    assert portal.sandbox.store.count() == 5


async def test_an_answer_can_lack_its_result_wholly(portal: Portal) -> None:
    portal.sandbox.control.add_fault({"do": {"missing_keys": "result"}})
    assert list((await portal.call("batch", {"cmd": _FIVE}))[1]) == ["time"]


@pytest.mark.parametrize(("kind", "result"), [("string", "ok"), ("number", 42), ("null", None), (None, None), ("list", [[1], ["a"]])])
async def test_garbage_is_json_of_the_wrong_shape(portal: Portal, kind: object, result: object) -> None:
    portal.sandbox.control.add_fault({"do": {"garbage": kind}})
    assert await portal.result("batch", {"cmd": _FIVE}) == result


async def test_garbage_entries_spoil_each_map(portal: Portal) -> None:
    portal.sandbox.control.add_fault({"do": {"garbage": "entries"}})
    assert (await portal.batch(_FIVE))["result"] == "ok"


async def test_a_command_error_and_an_operating_refusal_befall_their_command_only(portal: Portal) -> None:
    portal.sandbox.control.add_fault({"when": {"command": 2}, "do": {"command_error": {"code": "ERROR_CORE", "text": "Locked"}}})
    portal.sandbox.control.add_fault({"when": {"row": "K-4"}, "do": "operating_refusal"})
    answer = await portal.batch(_FIVE)
    assert list(answer["result"]) == ["r1", "r3", "r5"]
    assert answer["result_error"]["r2"] == {"error": "ERROR_CORE", "error_description": "Locked"}
    assert answer["result_error"]["r4"]["error"] == "OPERATION_TIME_LIMIT"
    assert portal.sandbox.control.statistics()["faults"] == {"command_error": 1, "operating_refusal": 1}


async def test_the_portal_goes_on_writing_after_the_client_was_dropped(portal: Portal) -> None:
    portal.sandbox.control.add_fault({"do": {"keep_writing_s": 0.2, "after": 2}})
    with pytest.raises(aiohttp.ClientError):
        await _post(portal)
    assert portal.sandbox.store.count() < 5
    while portal.sandbox.store.count() < 5:
        await portal.session.get(portal.sandbox.base_url + "/sandbox/state")


async def test_a_client_that_leaves_stops_nothing() -> None:
    async with Sandbox(SandboxSettings(seconds_per_command=0.02)) as sandbox, aiohttp.ClientSession() as session:
        leaving = asyncio.ensure_future(session.post(sandbox.webhook_url + "batch", json={"cmd": _FIVE}))
        while not sandbox.store.count():
            await asyncio.sleep(0)
        leaving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaving
        assert sandbox.store.count() < 5
        while not sandbox.requests[0].commands_run:
            await session.get(sandbox.base_url + "/sandbox/state")
        assert sandbox.store.count() == 5


async def test_a_portal_that_refuses_connections_listens_again_on_the_same_port(portal: Portal) -> None:
    portal.sandbox.control.add_fault({"when": {"times": 1}, "do": {"refuse_connections": 0.05}})
    address = portal.sandbox.webhook_url
    with pytest.raises(aiohttp.ClientError):
        await _post(portal)
    refusals = 0
    while True:
        try:
            assert (await portal.call("profile"))[0] == 200
            break
        except aiohttp.ClientConnectorError:
            refusals += 1
    assert refusals and portal.sandbox.webhook_url == address


def _command(position: int = 1, method: str = "crm.contact.add", origin: str | None = None) -> Command:
    return Command(position, f"r{position}", method, {"fields": {} if origin is None else {"ORIGIN_ID": origin}})


@pytest.mark.parametrize(
    ("when", "struck"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"request": 2}, [2]),
        ({"request": [1, 5]}, [1, 5]),
        ({"request": "2-4"}, [2, 3, 4]),
        ({"request": ["1-2", 5]}, [1, 2, 5]),
        ({"times": 2}, [1, 2]),
        ({"request": "3-9", "times": 1}, [3]),
        ({"probability": 0}, []),
        ({"method": "batch"}, [1, 2, 3, 4, 5]),
        ({"method": ["CRM.Contact.Add"]}, [1, 2, 3, 4, 5]),
        ({"method": "profile"}, []),
        ({"row": "K-3"}, [3]),
        ({"row": ["K-1", "K-5"]}, [1, 5]),
        ({"row": "K-3", "command": 2}, []),
        ({"command": 1}, [1, 2, 3, 4, 5]),
    ],
)
def test_a_rule_strikes_the_requests_it_names(when: dict, struck: list[int]) -> None:
    faults = Faults()
    faults.add({"when": when, "do": "reset_before"})
    assert [n for n in range(1, 6) if faults.for_request(n, "batch", [_command(origin=f"K-{n}"), _command(2)])] == struck


def test_a_seeded_probability_strikes_the_same_requests_each_time() -> None:
    def struck(seed: int) -> list[int]:
        faults = Faults()
        faults.add({"when": {"probability": 0.3, "seed": seed}, "do": "empty"})
        return [ordinal for ordinal in range(200) if faults.for_request(ordinal, "profile", [])]

    assert struck(7) == struck(7) != struck(8)
    assert 30 < len(struck(7)) < 90


def test_the_first_rule_that_fits_is_the_one_applied() -> None:
    faults = Faults()
    faults.add({"when": {"times": 1}, "do": "empty"})
    faults.add({"do": "not_json"})
    assert [faults.for_request(ordinal, "profile", []).name for ordinal in (1, 2)] == ["empty", "not_json"]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("reset_before", "a rule is a mapping"),
        ({"when": {}}, "a rule is a mapping"),
        ({"do": "reset_befor"}, "Did you mean reset_before?"),
        ({"do": {"status": 502, "aftr": 1}}, "Did you mean after?"),
        ({"do": {"status": 502, "cut_body": 1}}, "exactly one deed is needed, found status, cut_body"),
        ({"do": {"after": 1}}, "exactly one deed is needed, found none"),
        ({"do": {"status": 99}}, "a number from 100 to 599 is needed, found 99"),
        ({"do": {"status": True}}, "a number from 100 to 599"),
        ({"do": {"delay_s": "long"}}, "found 'long'"),
        ({"do": {"reset_after": "some"}}, "found 'some'"),
        ({"do": {"garbage": "nonsense"}}, "Known: string, number, null, list, entries"),
        ({"do": {"redirect": "elsewhere"}}, "the address of another portal"),
        ({"do": {"command_error": "boom"}}, "code and text are needed"),
        ({"when": {"reqest": 1}, "do": "empty"}, "Did you mean request?"),
        ({"when": {"request": "first"}, "do": "empty"}, "such as \"3-7\""),
        ({"when": {"request": "²"}, "do": "empty"}, "such as \"3-7\""),
        ({"when": {"request": "7-3"}, "do": "empty"}, "such as \"3-7\""),
        ({"when": {"probability": 2}, "do": "empty"}, "a number from 0 to 1"),
        ({"wen": {}, "do": "empty"}, "Did you mean when?"),
    ],
)
def test_a_rule_that_cannot_be_meant_says_what_is_known(rule: object, message: str) -> None:
    with pytest.raises(FaultError, match=r"^fault rule 1") as raised:
        Faults().add(rule)
    assert message in str(raised.value)


def test_a_file_of_rules_is_read_and_its_mistakes_carry_file_and_rule(tmp_path: Path) -> None:
    path = tmp_path / "faults.yaml"
    path.write_text("faults:\n  - when: {request: 1}\n    do: {status: 502, body: html}\n  - do: empti\n", "utf-8")
    with pytest.raises(FaultError, match=r"faults\.yaml, rule 2, do: 'empti' is unknown\. Did you mean empty\?"):
        Sandbox(SandboxSettings(faults=path))


@pytest.mark.parametrize("content", ["", "- a", "faults: 1", "fault: []", "faults: [", "faults: []\nother: 1"])
def test_a_file_that_is_no_list_of_rules_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "faults.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(FaultError, match="faults.yaml"):
        Faults().load(path)
