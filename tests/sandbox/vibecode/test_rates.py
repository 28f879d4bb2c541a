"""VibeCode's limits: a sliding minute for a key, a second for the portal, and what the headers say of them."""

from __future__ import annotations

import pytest

from importer.sandbox.vibecode.rates import SlidingWindow
from tests.sandbox.vibecode.conftest import StartVibe, Vibe

_SLOW = {"X-Api-Key": "vibe_api_sandboxsecret_slow"}


def test_a_window_slides_and_does_not_restart() -> None:
    window = SlidingWindow(60)
    assert [window.admit(now, 2) for now in (0, 30, 59.9, 60, 61)] == [True, True, False, True, False]
    assert (window.left(61, 2), window.wait_s(61, 2), window.empty_s(61)) == (0, 29, 59)


def test_refused_requests_count_where_asked() -> None:
    window = SlidingWindow(60)
    assert [window.admit(now, 1, counts_refused=True) for now in (0, 59, 61, 120)] == [True, False, False, False]
    assert window.wait_s(120, 1) == 60


async def test_every_answer_says_what_is_left(vibe: Vibe) -> None:
    answers = [await vibe.get("me"), await vibe.get("contacts/9"), await vibe.get("nowhere")]
    shown = [(a.headers["X-RateLimit-Limit"], a.headers["X-RateLimit-Remaining"], a.headers["X-RateLimit-Reset"]) for a in answers]
    assert shown == [("300", "299", "60"), ("300", "298", "60"), ("300", "297", "60")]


async def test_the_request_after_the_last_one_waits_for_the_oldest(vibe: Vibe) -> None:
    for _ in range(59):
        assert (await vibe.send("GET", "me", headers=_SLOW)).status == 200
    vibe.portal.clock.now += 20
    assert (await vibe.send("GET", "me", headers=_SLOW)).status == 200
    refused = await vibe.send("GET", "me", headers=_SLOW)
    assert refused.error == (429, "RATE_LIMITED")
    assert (refused.body["error"]["retryAfter"], refused.headers["Retry-After"], refused.headers["X-RateLimit-Remaining"]) == (40, "40", "0")
    assert (await vibe.get("me")).status == 200, "another key has a window of its own"
    vibe.portal.clock.now += 40
    assert (await vibe.send("GET", "me", headers=_SLOW)).status == 200


async def test_a_batch_is_one_request(vibe: Vibe) -> None:
    calls = [{"entity": "contacts", "action": "create", "params": {"name": "x"}}] * 50
    assert (await vibe.post("batch", {"calls": calls})).headers["X-RateLimit-Remaining"] == "299"


async def test_ten_requests_a_second_are_for_all_keys_together(start_vibe: StartVibe) -> None:
    vibe = await start_vibe(portal_requests_per_second=10)
    for _ in range(5):
        await vibe.get("me")
        await vibe.send("GET", "me", headers=_SLOW)
    refused = await vibe.get("me")
    assert refused.error == (429, "RATE_LIMITED") and refused.body["error"]["message"] == "QUERY_LIMIT_EXCEEDED"
    assert (refused.body["error"]["retryAfter"], refused.headers["Retry-After"]) == (2, "2")
    vibe.portal.clock.now += 1
    assert (await vibe.get("me")).status == 200


async def test_the_limits_run_as_fast_as_the_portal(start_vibe: StartVibe) -> None:
    vibe = await start_vibe({"speed": 60.0})
    for _ in range(60):
        await vibe.send("GET", "me", headers=_SLOW)
    assert (await vibe.send("GET", "me", headers=_SLOW)).body["error"]["retryAfter"] == 1
    vibe.portal.clock.now += 1
    assert (await vibe.send("GET", "me", headers=_SLOW)).status == 200


@pytest.mark.parametrize(("unit", "reset"), [("seconds", "60"), ("epoch", "1770301140"), ("epoch_ms", "1770301140000")])
async def test_the_unit_of_reset_is_a_switch(start_vibe: StartVibe, unit: str, reset: str) -> None:
    vibe = await start_vibe(reset_unit=unit)
    assert (await vibe.get("me")).headers["X-RateLimit-Reset"] == reset


async def test_a_busy_portal_may_be_a_502(start_vibe: StartVibe) -> None:
    vibe = await start_vibe(portal_requests_per_second=1, portal_rate_answer="BITRIX_UNAVAILABLE")
    await vibe.get("me")
    assert (await vibe.get("me")).error == (502, "BITRIX_UNAVAILABLE")


@pytest.mark.parametrize(("position", "error"), [("RATE_LIMITED", (429, "RATE_LIMITED")), ("BITRIX_ERROR", (422, "BITRIX_ERROR"))])
async def test_operating_time_counts_here_too(start_vibe: StartVibe, position: str, error: tuple) -> None:
    vibe = await start_vibe({"operating_limit_s": 0.1}, operating_refusal=position)
    await vibe.add()
    await vibe.add()
    assert (await vibe.post("contacts", {"name": "x"})).error == error


async def test_the_same_mistake_again_and_again_is_warned_of_and_then_stopped(start_vibe: StartVibe) -> None:
    vibe = await start_vibe(warning_after=2, loop_after=4)
    seen = []
    for _ in range(5):
        error = (await vibe.post("contacts", {"phone": [{"VALUE": "1"}]})).body["error"]
        seen.append((error["code"], "warning" in error))
    wrong = "INVALID_MULTIFIELD_SHAPE"
    assert seen == [(wrong, False), (wrong, False), (wrong, True), (wrong, True), ("ERROR_LOOP_DETECTED", False)]
    await vibe.get("me")
    assert "warning" not in (await vibe.post("contacts", {"phone": [{"VALUE": "1"}]})).body["error"]
