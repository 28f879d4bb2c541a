"""The sandbox's OAuth application: its page, its token server's answers and refusals, and tokens at the native door."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from importer.sandbox.oauth.switches import OAuthSwitches
from tests.sandbox.conftest import Portal, StartPortal

CLIENT = {"client_id": "local.sandbox.0001", "client_secret": "sandboxclientsecret"}

Ask = Callable[..., Awaitable[tuple[int, dict]]]


def asking(portal: Portal) -> Ask:
    """Asks the portal's token server by GET."""

    async def ask(**params: str) -> tuple[int, dict]:
        async with portal.session.get(f"{portal.sandbox.base_url}/oauth/token/", params=CLIENT | params) as response:
            return response.status, await response.json()

    return ask


async def _call(portal: Portal, method: str, token: object, **params: object) -> tuple[int, dict]:
    async with portal.session.post(f"{portal.sandbox.base_url}/rest/{method}.json", json={"auth": token, **params}) as response:
        return response.status, await response.json()


async def _authorize(portal: Portal, **query: str) -> tuple[int, str, str]:
    """Status, text and Location of the authorisation page."""
    async with portal.session.get(f"{portal.sandbox.base_url}/oauth/authorize/", params=query, allow_redirects=False) as response:
        return response.status, await response.text(), response.headers.get("Location", "")


async def _code(portal: Portal, state: str = "s-1") -> dict[str, list[str]]:
    """What the handler is told once a person allows the application."""
    status, page, _ = await _authorize(portal, client_id=CLIENT["client_id"], state=state)
    assert status == 200
    query = parse_qs(unescape(re.search(r'href="\?([^"]+)"', page)[1]))
    status, _, location = await _authorize(portal, **{name: values[0] for name, values in query.items()})
    assert (status, location.startswith("http://127.0.0.1:8025/?")) == (302, True)
    return parse_qs(urlsplit(location).query)


async def test_a_person_who_allows_the_application_sends_its_handler_a_code_that_works_once(portal: Portal) -> None:
    told = await _code(portal, state='a&b"<i>')
    assert told["state"] == ['a&b"<i>']
    assert (told["server_domain"], told["scope"]) == (["oauth.bitrix.info"], ["crm,im,user"])
    assert told["domain"] == [urlsplit(portal.sandbox.base_url).netloc]
    ask = asking(portal)
    status, answer = await ask(grant_type="authorization_code", code=told["code"][0])
    assert status == 200
    assert set(answer) == {
        "access_token", "refresh_token", "expires_in", "scope", "domain", "server_endpoint", "status", "client_endpoint", "member_id",
    }  # fmt: skip
    assert (answer["expires_in"], answer["client_endpoint"]) == (3600, f"{portal.sandbox.base_url}/rest/")
    assert (await _call(portal, "profile", answer["access_token"]))[0] == 200
    assert (await ask(grant_type="authorization_code", code=told["code"][0]))[1]["error"] == "invalid_grant"


async def test_a_code_lives_thirty_seconds(portal: Portal) -> None:
    told = await _code(portal)
    portal.clock.now += 30
    assert (await asking(portal)(grant_type="authorization_code", code=told["code"][0]))[1]["error"] == "invalid_grant"


@pytest.mark.parametrize("state", [{"is_application_missing": True}, {"is_application_unpaid": True}, {}])
async def test_who_cannot_authorise_sees_a_page_and_the_application_gets_no_redirect(portal: Portal, state: dict) -> None:
    portal.sandbox.control.set_state(**state)
    status, page, location = await _authorize(portal, client_id=CLIENT["client_id"] if state else "<b>", state="1", allow="yes")
    assert (status, location) == (400, "")
    assert "<b>" not in page


async def test_every_refresh_gives_a_new_pair_and_spends_the_old_refresh_token(portal: Portal) -> None:
    ask, first = asking(portal), portal.sandbox.tokens.issued()
    status, second = await ask(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert (status, second["expires"], second["user_id"]) == (200, int(portal.clock.now) + 3600, 1)
    assert not {first["access_token"], first["refresh_token"]} & {second["access_token"], second["refresh_token"]}
    assert await ask(grant_type="refresh_token", refresh_token=first["refresh_token"]) == (
        400, {"error": "invalid_grant", "error_description": "The refresh token is wrong or expired"},
    )  # fmt: skip
    assert [(await _call(portal, "profile", pair["access_token"]))[0] for pair in (first, second)] == [200, 200]
    assert dict(portal.sandbox.oauth.answered) == {"refresh_token 200": 1, "refresh_token 400": 1}


async def test_what_nobody_knows_of_a_refresh_can_be_switched(start_portal: StartPortal) -> None:
    portal = await start_portal(oauth=OAuthSwitches(spent_refresh_token="accepted", old_access_token="ended"))
    ask, first = asking(portal), portal.sandbox.tokens.issued()
    for _ in range(2):
        assert (await ask(grant_type="refresh_token", refresh_token=first["refresh_token"]))[0] == 200
    assert (await _call(portal, "profile", first["access_token"]))[1]["error"] == "expired_token"


async def test_a_refresh_token_lives_half_a_year(portal: Portal) -> None:
    pair = portal.sandbox.tokens.issued()
    portal.clock.now += 180 * 86400
    assert (await asking(portal)(grant_type="refresh_token", refresh_token=pair["refresh_token"]))[1]["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("sent", "state", "status", "body"),
    [
        ({"grant_type": "refresh_token"}, {}, 400, {"error": "invalid_request", "error_description": 'No "refresh_token" parameter found'}),
        ({"grant_type": "authorization_code"}, {}, 400, {"error": "invalid_request", "error_description": 'No "code" parameter found'}),
        ({}, {}, 400, {"error": "invalid_request", "error_description": 'No "grant_type" parameter found'}),
        ({"client_id": "other"}, {}, 200, {"error": "wrong_client"}),
        ({"client_secret": "other"}, {}, 400, {"error": "invalid_client", "error_description": "Client credentials are invalid"}),
        ({}, {"is_application_missing": True}, 401, {"error": "NOT_INSTALLED", "error_description": "Application not installed"}),
        ({}, {"is_application_unpaid": True}, 401, {"error": "PAYMENT_REQUIRED", "error_description": "Payment required"}),
        ({"refresh_token": "never-issued"}, {}, 400, {"error": "invalid_grant", "error_description": "The refresh token is wrong or expired"}),
    ],
)
async def test_the_token_server_refuses_as_the_reference_says(portal: Portal, sent: dict, state: dict, status: int, body: dict) -> None:
    portal.sandbox.control.set_state(**state)
    whole = {"grant_type": "refresh_token", "refresh_token": str(portal.sandbox.tokens.issued()["refresh_token"])}
    asked = sent if "grant" in body.get("error_description", "") or "parameter" in body.get("error_description", "") else whole | sent
    assert await asking(portal)(**asked) == (status, body)


async def test_secrets_may_be_sent_in_the_body(portal: Portal) -> None:
    pair = portal.sandbox.tokens.issued()
    form = CLIENT | {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    async with portal.session.post(f"{portal.sandbox.base_url}/oauth/token/", data=form) as response:
        assert (response.status, "access_token" in await response.json()) == (200, True)


async def test_a_token_opens_the_native_door_in_the_body_and_in_the_query(portal: Portal) -> None:
    token = portal.sandbox.tokens.issued()["access_token"]
    status, body = await _call(portal, "crm.contact.add", token, fields={"NAME": "Mara"})
    assert (status, body["result"]) == (200, 1)
    async with portal.session.get(f"{portal.sandbox.base_url}/rest/crm.contact.get?id=1&auth={token}") as response:
        assert (await response.json())["result"]["NAME"] == "Mara"
    status, body = await _call(portal, "batch", token, cmd={"a": "crm.contact.get?id=1", "b": "app.info"})
    assert body["result"]["result"]["b"]["CODE"] == CLIENT["client_id"]
    assert (await portal.error("app.info"))[1:] == ("ACCESS_DENIED", "Access denied! Application context required")


@pytest.mark.parametrize(
    ("spoil", "answer"),
    [
        ("expire_access", (401, "expired_token", "The access token provided has expired.")),
        ("forget_access", (401, "invalid_token", "Unable to get application by token")),
        ({"is_application_missing": True}, (401, "ERROR_OAUTH", "Application not installed")),
        ({"is_application_unpaid": True}, (401, "PAYMENT_REQUIRED", "Subscription has been ended")),
        ({"is_application_barred": True}, (403, "user_access_error", "The user does not have access to the application")),
        ({"is_without_rest": True}, (403, "ACCESS_DENIED", "REST API is available only on commercial plans")),
        ({"scopes": ["user"]}, (403, "insufficient_scope", "The request requires higher privileges than provided by the access token")),
        (None, (401, "NO_AUTH_FOUND", "Wrong authorization data")),
    ],
    ids=str,
)
async def test_the_native_door_refuses_tokens_as_the_reference_says(portal: Portal, spoil: object, answer: tuple) -> None:
    token = portal.sandbox.tokens.issued()["access_token"]
    if isinstance(spoil, dict):
        portal.sandbox.control.set_state(**spoil)
    elif spoil:
        getattr(portal.sandbox.tokens, spoil)()
    status, body = await _call(portal, "crm.contact.list", token if spoil else "")
    assert (status, body["error"], body["error_description"]) == answer
    if isinstance(spoil, str):
        # The webhook is another credential.
        assert await portal.result("crm.contact.list") == []


async def test_an_access_token_lives_an_hour_and_the_operating_time_is_the_applications_own(portal: Portal) -> None:
    token = portal.sandbox.tokens.issued()["access_token"]
    _, body = await _call(portal, "crm.contact.list", token)
    assert body["time"]["operating"] == pytest.approx(0.08)
    assert (await portal.call("crm.contact.list"))[1]["time"]["operating"] == pytest.approx(0.08)
    portal.clock.now += 3600
    assert (await _call(portal, "crm.contact.list", token))[1]["error"] == "expired_token"


async def test_a_fault_befalls_the_token_server_only_by_name_and_its_requests_are_counted_apart(portal: Portal) -> None:
    portal.sandbox.control.add_fault({"when": {"times": 1}, "do": {"status": 502, "body": "html"}})
    portal.sandbox.control.add_fault({"when": {"method": "oauth.token", "request": 2}, "do": {"status": 503, "body": "html", "after": "all"}})
    ask, pair = asking(portal), portal.sandbox.tokens.issued()
    _, pair = await ask(grant_type="refresh_token", refresh_token=pair["refresh_token"])
    async with portal.session.get(f"{portal.sandbox.base_url}/oauth/token/", params=CLIENT | {
        "grant_type": "refresh_token", "refresh_token": pair["refresh_token"],
    }) as response:  # fmt: skip
        assert response.status == 503
    # The answer was lost, the refresh was done.
    assert (await ask(grant_type="refresh_token", refresh_token=pair["refresh_token"]))[1]["error"] == "invalid_grant"
    async with portal.session.post(portal.sandbox.webhook_url + "profile") as response:
        assert response.status == 502


async def test_the_controls_give_out_tokens_and_take_them_back(portal: Portal) -> None:
    async def do(wish: str) -> dict:
        async with portal.session.post(f"{portal.sandbox.base_url}/sandbox/oauth", json={"do": wish}) as response:
            return await response.json()

    token = (await do("issue"))["access_token"]
    assert (await _call(portal, "profile", token))[0] == 200
    assert await do("expire_access") == {"ok": True}
    assert (await _call(portal, "profile", token))[1]["error"] == "expired_token"
    assert "one of issue" in (await do("everything"))["error"]


@pytest.mark.parametrize(
    ("words", "says"),
    [(["acces_life_s=1"], "Did you mean access_life_s"), (["access_life_s=soon"], "not a whole number"), (["old_access_token=gone"], "Take one of: kept, ended")],
)
def test_a_switch_that_cannot_be_meant_is_told(words: list[str], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        OAuthSwitches.from_words(words)
    assert OAuthSwitches.from_words(["access_life_s=60", "handler=http://127.0.0.1:9/"]).access_life_s == 60
