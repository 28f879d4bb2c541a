"""Who may come in, in which order that is checked, and what each refusal is called."""

from __future__ import annotations

import pytest

from importer.sandbox.vibecode.keys import Session, VibeKey
from tests.sandbox.vibecode.conftest import StartVibe, Vibe

_APP = "vibe_app_sandboxsecret_application"


def _api(word: str) -> dict[str, str]:
    return {"X-Api-Key": f"vibe_api_sandboxsecret_{word}"}


def _app(session: str) -> dict[str, str]:
    return {"X-Api-Key": _APP, "Authorization": f"Bearer vibe_session_sandboxsecret_{session}"}


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 401, "MISSING_API_KEY"),
        ({"X-Api-Key": "vibe_api_never_issued_at_all"}, 401, "INVALID_API_KEY"),
        (_api("inactive"), 401, "KEY_INACTIVE"),
        (_api("expired"), 401, "KEY_EXPIRED"),
        (_api("tokenless"), 401, "TOKEN_MISSING"),
        (_api("nocrm"), 403, "SCOPE_DENIED"),
        ({"X-Api-Key": _APP}, 401, "INVALID_APP_KEY"),
        (_app("expired"), 401, "TOKEN_EXPIRED"),
        (_app("unheard_of"), 401, "INVALID_SESSION"),
        ({"X-Api-Key": "vibe_live_sandboxsecret_management"}, 403, "MANAGEMENT_KEY_NO_ENTITY_ACCESS"),
        ({"Authorization": "Bearer vibe_api_sandboxsecret_personal"}, 401, "MISSING_API_KEY"),
    ],
)
async def test_who_is_refused_and_how_it_is_called(vibe: Vibe, headers: dict, status: int, code: str) -> None:
    assert (await vibe.send("GET", "contacts", headers=headers)).error == (status, code)
    assert (await vibe.send("POST", "contacts", {"name": "x"}, headers)).error == (status, code)
    assert vibe.store.count() == 0


async def test_the_key_is_checked_before_the_address(vibe: Vibe) -> None:
    assert (await vibe.send("GET", "nowhere/at/all", headers={})).error == (401, "MISSING_API_KEY")
    assert (await vibe.get("contacts/1/notes")).error == (404, "NOT_FOUND")
    assert (await vibe.get("deals")).error == (400, "INVALID_ENTITY_TYPE")


async def test_a_read_only_key_reads_and_does_not_write(vibe: Vibe) -> None:
    await vibe.add()
    headers = _api("readonly")
    assert (await vibe.send("GET", "contacts/1", headers=headers)).data["id"] == 1
    for verb, path in (("POST", "contacts"), ("PATCH", "contacts/1"), ("DELETE", "contacts/1")):
        assert (await vibe.send(verb, path, {"name": "x"}, headers)).error == (403, "WRITE_BLOCKED_READONLY_KEY")
    assert (await vibe.send("GET", "me", headers=headers)).data["accessMode"] == "READONLY"


async def test_a_scope_ticked_after_the_key_was_issued_is_listed_and_does_not_work(vibe: Vibe) -> None:
    assert "crm" in (await vibe.send("GET", "me", headers=_api("latecrm"))).data["scopes"]
    assert (await vibe.send("GET", "contacts", headers=_api("latecrm"))).error == (403, "BITRIX_ACCESS_DENIED")


async def test_a_policy_of_the_portal_forbids_writing(vibe: Vibe) -> None:
    assert (await vibe.send("GET", "contacts", headers=_api("policy"))).data == []
    assert (await vibe.send("POST", "contacts", {"name": "x"}, _api("policy"))).error == (403, "KEY_POLICY_READONLY_REQUIRED")


async def test_the_scope_that_lacks_is_named(vibe: Vibe) -> None:
    answer = await vibe.send("GET", "users", headers=_api("nouser"))
    assert answer.error == (403, "SCOPE_DENIED")
    assert "'user'" in answer.body["error"]["message"] and answer.body["error"]["details"] == {"requiredScope": "user"}


async def test_an_application_acts_as_the_user_of_its_session(vibe: Vibe) -> None:
    contact = (await vibe.send("POST", "contacts", {"name": "Mara"}, _app("valid"))).data
    assert (contact["createdBy"], contact["assignedById"]) == (7, 7)


async def test_a_session_runs_out(vibe: Vibe) -> None:
    vibe.portal.sandbox.vibe.keys.add_session(Session("vibe_session_short", 6, vibe.portal.clock.now + 10))
    headers = {"X-Api-Key": _APP, "Authorization": "Bearer vibe_session_short"}
    assert (await vibe.send("GET", "me", headers=headers)).data["currentUser"] == {"bitrixUserId": 6}
    vibe.portal.clock.now += 10
    assert (await vibe.send("GET", "me", headers=headers)).error == (401, "TOKEN_EXPIRED")


@pytest.mark.parametrize(
    ("switches", "headers", "error"),
    [
        ({"missing_session": "TOKEN_MISSING"}, {"X-Api-Key": _APP}, (401, "TOKEN_MISSING")),
        ({"dead_key_status": 403}, _api("expired"), (403, "KEY_EXPIRED")),
    ],
)
async def test_what_nobody_knows_of_keys_is_a_switch(start_vibe: StartVibe, switches: dict, headers: dict, error: tuple) -> None:
    vibe = await start_vibe(**switches)
    assert (await vibe.send("GET", "contacts", headers=headers)).error == error


async def test_a_key_as_bearer_is_accepted_where_the_switch_says_so(start_vibe: StartVibe) -> None:
    vibe = await start_vibe(bearer_key="accepted")
    assert (await vibe.send("GET", "contacts", headers={"Authorization": "Bearer vibe_api_sandboxsecret_personal"})).data == []


async def test_me_tells_what_the_key_may_do(vibe: Vibe) -> None:
    data = (await vibe.get("me")).data
    assert data["scopes"] == ["crm", "user", "userfieldconfig"] and data["accessMode"] == "READWRITE"
    assert "contacts" in data["entities"] and isinstance(data["portal"], dict)
    management = (await vibe.send("GET", "me", headers={"X-Api-Key": "vibe_live_sandboxsecret_management"})).data
    assert management["type"] == "management"


@pytest.mark.parametrize(
    ("state", "status", "code"),
    [
        ({"is_closed": True}, 502, "BITRIX_UNAVAILABLE"),
        ({"is_overloaded": True}, 502, "BITRIX_UNAVAILABLE"),
        ({"is_without_rest": True}, 403, "B24_TARIFF_RESTRICTION"),
        ({"is_webhook_expired": True}, 401, "TOKEN_MISSING"),
        ({"rights": ["read"]}, 403, "BITRIX_ACCESS_DENIED"),
        ({"is_disk_full": True}, 422, "BITRIX_ERROR"),
    ],
)
async def test_the_portals_own_troubles_come_through(vibe: Vibe, state: dict, status: int, code: str) -> None:
    vibe.portal.sandbox.control.set_state(**state)
    assert (await vibe.post("contacts", {"name": "x"})).error == (status, code)


async def test_without_the_right_to_read_a_record_is_denied(vibe: Vibe) -> None:
    await vibe.add()
    vibe.portal.sandbox.control.set_state(rights=["add"])
    assert (await vibe.get("contacts/1")).error == (403, "ACCESS_DENIED")


async def test_keys_sessions_and_switches_are_set_over_http(vibe: Vibe) -> None:
    async def post(what: str, body: object) -> tuple[int, dict]:
        async with vibe.portal.session.post(f"{vibe.portal.sandbox.base_url}/sandbox/vibecode/{what}", json=body) as response:
            return response.status, await response.json()

    key = "vibe_api_made_by_hand_0001"
    assert (await post("keys", {"key": key, "scopes": ["crm"], "user_id": 9}))[0] == 200
    assert (await vibe.send("POST", "contacts", {"name": "x"}, {"X-Api-Key": key})).data["createdBy"] == 9
    status, shown = await post("switches", {"delete_answer": "id", "entity_batch_limit": "50"})
    assert (status, shown["switches"]["delete_answer"], shown["switches"]["entity_batch_limit"]) == (200, "id", 50)
    assert (await vibe.send("DELETE", "contacts/1")).data == {"id": 1}
    assert (await post("sessions", {"token": "vibe_session_new", "user_id": 6}))[0] == 200
    for what, body in (("switches", {"delete_answer": "never"}), ("keys", {"key": "short"}), ("keys", {"key": key, "scopes": "crm"}), ("sessions", {"user_id": 6}), ("keys", [])):
        assert (await post(what, body))[0] == 400


@pytest.mark.parametrize(
    "wrong",
    [{"key": "vibe_api_x"}, {"key": "sk_not_a_vibe_key_at_all"}, {"key": "vibe_api_long_enough_key", "access_mode": "READ"}],
)
def test_a_key_that_cannot_be_is_refused(wrong: dict) -> None:
    with pytest.raises(ValueError, match="VibeCode key"):
        VibeKey(**wrong)
