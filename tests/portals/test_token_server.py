"""Renewals that go wrong: what is asked again, what only a person can mend, and that the old tokens stay until there are new ones."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from filelock import FileLock

from importer.portals.bitrix24 import token_file
from importer.portals.portal import Verdict
from importer.sandbox.oauth.switches import OAuthSwitches
from tests.portals.conftest import Serve, http
from tests.portals.token_place import CLIENT_SECRET, Place, does, failure_of


@pytest.mark.parametrize(
    "deed",
    ["reset_before", {"status": 502, "body": "html"}, {"status": 503, "body": "json"}, {"status": 429, "body": "empty"}],
    ids=str,
)
async def test_a_token_server_that_fails_is_asked_again_with_the_same_token(place: Place, deed: object) -> None:
    place.sandbox.control.add_fault({"when": {"method": "oauth.token", "times": 1}, "do": deed})
    door = place.door()
    place.sandbox.tokens.expire_access()
    failure = await failure_of(door)
    assert (failure.verdict, failure.code, failure.at_once) == (Verdict.AGAIN, "token_server", False)
    assert (await failure_of(door)).at_once
    assert await does(door)
    assert place.asked()["refresh_token 200"] == 1


@pytest.mark.parametrize("deed", ["reset_after", "cut_body", "not_json", "empty"])
@pytest.mark.parametrize("place", [OAuthSwitches(), OAuthSwitches(spent_refresh_token="accepted")], indirect=True, ids=["spent", "still good"])
async def test_after_a_lost_answer_the_old_refresh_token_is_tried_and_if_it_is_spent_a_person_must_log_in(place: Place, deed: str) -> None:
    rule = {"reset_after": "all"} if deed == "reset_after" else deed
    place.sandbox.control.add_fault({"when": {"method": "oauth.token", "times": 1}, "do": rule})
    door = place.door()
    place.sandbox.tokens.expire_access()
    assert (await failure_of(door)).verdict is Verdict.AGAIN
    failure = await failure_of(door)
    if place.sandbox.tokens.switches.spent_refresh_token == "accepted":
        assert failure.at_once
        assert await does(door)
        return
    assert (failure.verdict, failure.code) == (Verdict.STOP, "invalid_grant")
    assert "b24-import portal login" in failure.advice
    # Nobody asks in vain a second time.
    assert (await failure_of(door)).code == "invalid_grant"
    assert place.asked()["refresh_token 400"] == 1


@pytest.mark.parametrize(
    ("broken", "variables", "code", "says"),
    [
        ("expire_refresh", {}, "invalid_grant", "b24-import portal login"),
        (None, {"B24_CLIENT_SECRET": "s3cr3twrong"}, "invalid_client", "B24_CLIENT_ID or B24_CLIENT_SECRET is wrong"),
        (None, {"B24_CLIENT_ID": "local.wrong"}, "wrong_client", "B24_CLIENT_ID or B24_CLIENT_SECRET is wrong"),
        ({"is_application_missing": True}, {}, "ERROR_OAUTH", "is not installed in the portal"),
        ({"is_application_unpaid": True}, {}, "PAYMENT_REQUIRED", "Renew it"),
    ],
)
async def test_what_only_a_person_can_mend_stops_us_with_what_to_do(place: Place, broken: object, variables: dict, code: str, says: str) -> None:
    door = place.door(**variables)
    before = place.kept()
    if isinstance(broken, dict):
        place.sandbox.control.set_state(**broken)
        failure = await failure_of(door)
        assert (failure.verdict, failure.code) == (Verdict.STOP, code)
        assert says in failure.advice
        assert place.asked() == {}
    place.sandbox.tokens.expire_access()
    if broken == "expire_refresh":
        place.sandbox.tokens.expire_refresh()
    failure = await failure_of(door)
    assert failure.verdict is Verdict.STOP
    assert says in failure.advice or isinstance(broken, dict)
    told = f"{failure} {failure.text} {failure.advice} {failure!r}"
    assert not [secret for secret in (before["access_token"], before["refresh_token"], CLIENT_SECRET, "s3cr3twrong") if secret in told]
    assert place.kept() == before


@pytest.mark.parametrize(
    ("code", "says"),
    [("NOT_INSTALLED", "not installed"), ("PAYMENT_REQUIRED", "licence"), ("insufficient_scope", "Tick CRM"), ("something_new", "administrator")],
)
async def test_the_token_servers_words_become_what_to_do(place: Place, code: str, says: str) -> None:
    place.sandbox.control.add_fault({"when": {"method": "oauth.token"}, "do": {"status": 403, "code": code, "text": ""}})
    place.sandbox.tokens.expire_access()
    failure = await failure_of(place.door())
    assert (failure.verdict, failure.code) == (Verdict.STOP, code)
    assert says in failure.advice


async def test_the_client_secret_does_not_follow_a_redirect(place: Place, serve: Serve) -> None:
    elsewhere = await serve(http(200))
    place.sandbox.control.add_fault({"when": {"method": "oauth.token"}, "do": {"redirect": elsewhere.base}})
    place.sandbox.tokens.expire_access()
    failure = await failure_of(place.door())
    assert (failure.verdict, failure.code) == (Verdict.STOP, "token_server")
    assert elsewhere.asked == []


async def test_where_a_new_pair_could_not_be_kept_none_is_asked_for(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.open

    def full(path: object, *more: object, **named: object) -> int:
        if Path(path).name.startswith(".tokens.json"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return opened(path, *more, **named)

    monkeypatch.setattr(token_file.os, "open", full)
    door, before = place.door(), place.kept()
    place.sandbox.tokens.expire_access()
    failure = await failure_of(door)
    assert (failure.verdict, failure.code) == (Verdict.STOP, "token_file")
    assert "tokens.json cannot be written (No space left on device)" in failure.text
    assert (place.asked(), place.kept()) == ({}, before)


@pytest.mark.parametrize(("content", "says"), [(None, "does not exist"), ("{", "is not a token answer")])
async def test_a_file_that_was_spoilt_meanwhile_stops_us(place: Place, content: str | None, says: str) -> None:
    door = place.door()
    place.file.unlink()
    if content is not None:
        place.file.write_text(content, encoding="utf-8")
    place.sandbox.tokens.expire_access()
    failure = await failure_of(door)
    assert (failure.verdict, place.asked()) == (Verdict.STOP, {})
    assert says in failure.text


async def test_a_process_that_holds_the_file_for_ever_does_not_hang_the_others(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_file, "_LOCKED_FOR_S", 0.0)
    door = place.door()
    place.sandbox.tokens.expire_access()
    with FileLock(f"{place.file}.lock"):
        failure = await failure_of(door)
        assert (failure.verdict, failure.code, failure.at_once) == (Verdict.AGAIN, "token_file", False)
    assert (await failure_of(door)).at_once
    assert await does(door)
