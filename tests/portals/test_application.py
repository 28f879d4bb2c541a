"""An OAuth application's tokens: renewed once and only when refused, kept before they are used, shown nowhere."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import logging
import os
import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from filelock import FileLock

from importer.portals.bitrix24 import token_file
from importer.portals.bitrix24.application import Application
from importer.portals.bitrix24.application_settings import ApplicationSettings
from importer.portals.bitrix24.door import Bitrix24Door
from importer.portals.portal import Done, Failure, NewestId, Verdict, WhoAmI
from importer.sandbox.oauth.switches import OAuthSwitches
from importer.sandbox.server import Sandbox
from importer.sandbox.settings import SandboxSettings
from tests.portals.conftest import Serve, http, json_answer

CLIENT_SECRET = "sandboxclientsecret"


@dataclass
class Place:
    """A sandbox, a token file for it, and doors that share it as processes would."""

    sandbox: Sandbox
    file: Path
    environment: dict[str, str]
    doors: list[Bitrix24Door] = field(default_factory=list)

    def door(self, **variables: str) -> Bitrix24Door:
        """One more door with the tokens that are in the file now."""
        self.doors.append(Bitrix24Door(Application.open(ApplicationSettings.parse(self.environment | variables))))
        return self.doors[-1]

    def kept(self) -> dict[str, object]:
        """What is in the file."""
        return json.loads(self.file.read_text(encoding="utf-8"))

    def asked(self) -> dict[str, int]:
        """What the token server was asked, and how it answered."""
        return dict(self.sandbox.oauth.answered)


async def failure_of(door: Bitrix24Door) -> Failure:
    """The Failure of a call that must fail."""
    with pytest.raises(Failure) as caught:
        await door.send([WhoAmI()])
    return caught.value


async def does(door: Bitrix24Door) -> bool:
    """Whether a call succeeds."""
    return isinstance((await door.send([WhoAmI()])).results[0], Done)


@pytest.fixture
async def place(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    """A place with fresh tokens; a parameter is the sandbox's OAuth switches."""
    settings = SandboxSettings(plan="enterprise", is_latency_real=False, oauth=getattr(request, "param", OAuthSwitches()))
    async with Sandbox(settings) as sandbox:
        file = tmp_path / "tokens.json"
        file.write_text(json.dumps(sandbox.tokens.issued() | {"note": "ours"}), encoding="utf-8")
        environment = {
            "B24_PORTAL_URL": sandbox.base_url, "B24_OAUTH_URL": sandbox.base_url, "B24_TOKEN_FILE": str(file),
            "B24_CLIENT_ID": "local.sandbox.0001", "B24_CLIENT_SECRET": CLIENT_SECRET,
        }  # fmt: skip
        made = Place(sandbox, file, environment)
        yield made
        for door in made.doors:
            await door.close()


async def test_the_token_is_in_the_body_of_a_call_and_never_in_its_address(serve: Serve, tmp_path: Path) -> None:
    server = await serve(json_answer({"result": {"result": {"r0000": {"ID": "1"}}, "result_error": []}, "time": {}}))
    file = tmp_path / "tokens.json"
    file.write_text('{"access_token": "aaaa", "refresh_token": "rrrr"}', encoding="utf-8")
    settings = ApplicationSettings(server.base, "local.1", "cccc", file)
    door = Bitrix24Door(Application.open(settings))
    with contextlib.suppress(Failure):
        await door.send([WhoAmI()])
    await door.close()
    [asked] = server.asked
    assert asked.target == "/rest/batch.json"
    assert asked.body["auth"] == "aaaa"
    assert "aaaa" not in str(asked.headers)
    assert not {"rrrr", "cccc"} & set(str(asked).split("'"))


# -- renewing ----------------------------------------------------------------------------------


async def test_a_token_that_works_is_never_renewed(place: Place) -> None:
    door = place.door()
    assert await does(door)
    place.sandbox.control.set_state(scopes=["user"])
    assert (await failure_of_find(door)).verdict is Verdict.STOP
    place.sandbox.control.set_state(is_application_barred=True)
    assert (await failure_of(door)).code == "user_access_error"
    assert place.asked() == {}


async def failure_of_find(door: Bitrix24Door) -> Failure:
    """The refusal of a command that needs a scope, as a failure."""
    [refused] = (await door.send([NewestId()])).results
    return Failure(refused.verdict, refused.code, refused.text, advice=refused.advice)


@pytest.mark.parametrize(("spoil", "code"), [("expire_access", "expired_token"), ("forget_access", "invalid_token")])
async def test_a_refused_token_is_renewed_kept_and_the_call_goes_again_at_once(place: Place, spoil: str, code: str) -> None:
    place.file.chmod(0o644)
    before, door = place.kept(), place.door()
    getattr(place.sandbox.tokens, spoil)()
    failure = await failure_of(door)
    assert (failure.verdict, failure.code, failure.at_once, failure.http_status) == (Verdict.AGAIN, code, True, 401)
    # Before any call is made with it:
    after = place.kept()
    assert after["access_token"] != before["access_token"]
    assert after["refresh_token"] != before["refresh_token"]
    assert stat.S_IMODE(place.file.stat().st_mode) == 0o600
    assert await does(door)
    assert place.asked() == {"refresh_token 200": 1}
    kept = {"note", "member_id", "client_endpoint", "server_endpoint", "scope", "status", "domain"}
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert after["user_id"] == 1
    assert sorted(path.name for path in place.file.parent.iterdir()) == ["tokens.json", "tokens.json.lock"]


async def test_calls_refused_side_by_side_share_one_renewal(place: Place) -> None:
    door = place.door()
    place.sandbox.tokens.expire_access()
    failures = await asyncio.gather(*(failure_of(door) for _ in range(8)))
    assert {(failure.verdict, failure.at_once) for failure in failures} == {(Verdict.AGAIN, True)}
    assert all(await asyncio.gather(*(does(door) for _ in range(8))))
    assert place.asked() == {"refresh_token 200": 1}


async def test_processes_that_share_the_file_share_the_renewal_too(place: Place) -> None:
    doors = [place.door() for _ in range(5)]
    place.sandbox.tokens.expire_access()
    await asyncio.gather(*map(failure_of, doors))
    assert all(await asyncio.gather(*map(does, doors)))
    assert place.asked() == {"refresh_token 200": 1}


async def test_a_renewal_of_another_process_is_found_in_the_file(place: Place) -> None:
    first, late = place.door(), place.door()
    place.sandbox.tokens.expire_access()
    await failure_of(first)
    assert (await failure_of(late)).at_once
    assert await does(late)
    assert place.asked() == {"refresh_token 200": 1}


@pytest.mark.parametrize("place", [OAuthSwitches(access_life_s=0)], indirect=True)
async def test_a_new_token_that_is_refused_too_is_not_renewed_again(place: Place) -> None:
    door = place.door()
    assert (await failure_of(door)).at_once
    failure = await failure_of(door)
    assert (failure.verdict, failure.at_once) == (Verdict.STOP, False)
    assert "b24-import portal login" in failure.advice
    assert place.asked() == {"refresh_token 200": 1}


async def test_a_token_that_grows_old_again_is_renewed_again(place: Place) -> None:
    door = place.door()
    for _ in range(3):
        place.sandbox.tokens.expire_access()
        assert (await failure_of(door)).at_once
        assert await does(door)
    assert place.asked() == {"refresh_token 200": 3}


async def test_tokens_of_another_portal_are_not_spent(place: Place) -> None:
    other = place.kept() | {"client_endpoint": "https://other.bitrix24.com/rest/", "access_token": "of-the-other"}
    place.file.write_text(json.dumps(other), encoding="utf-8")
    failure = await failure_of(place.door())
    assert failure.verdict is Verdict.STOP
    assert f"are of other.bitrix24.com, not of {urlsplit(place.sandbox.base_url).netloc}" in failure.text
    assert (place.asked(), place.kept()) == ({}, other)


# -- when it goes wrong ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "deed",
    ["reset_before", {"status": 502, "body": "html"}, {"status": 503, "body": "json"}, {"status": 429, "body": "empty"}, {"refuse_connections": 0.01}],
    ids=str,
)
async def test_a_token_server_that_fails_is_asked_again_with_the_same_token(place: Place, deed: object) -> None:
    place.sandbox.control.add_fault({"when": {"method": "oauth.token", "times": 1}, "do": deed})
    door = place.door()
    place.sandbox.tokens.expire_access()
    failure = await failure_of(door)
    assert (failure.verdict, failure.code, failure.at_once) == (Verdict.AGAIN, "token_server", False)
    for _ in range(100):
        failure = await failure_of(door)
        if failure.at_once:
            break
        await asyncio.sleep(0.002)
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


async def test_a_caller_that_is_cut_off_does_not_cut_off_the_renewal(place: Place) -> None:
    place.sandbox.control.add_fault({"when": {"method": "oauth.token"}, "do": {"delay_s": 0.05}})
    door, before = place.door(), place.kept()
    place.sandbox.tokens.expire_access()
    caller = asyncio.create_task(door.send([WhoAmI()]))
    while not door._rest.authorisation.tokens._renewal:
        await asyncio.sleep(0)
    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)
    await door.close()
    assert place.kept()["refresh_token"] != before["refresh_token"]
    assert await does(place.door())


async def test_a_linked_token_file_stays_a_link(place: Place, tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(place.file)
    door, before = place.door(B24_TOKEN_FILE=str(link)), place.kept()
    place.sandbox.tokens.expire_access()
    await failure_of(door)
    assert link.is_symlink()
    assert place.kept()["access_token"] != before["access_token"]


async def test_nothing_that_can_be_printed_shows_a_secret(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = [CLIENT_SECRET, str(place.kept()["access_token"]), str(place.kept()["refresh_token"])]
    settings, door = ApplicationSettings.parse(place.environment), place.door()
    authorisation = door._rest.authorisation
    place.sandbox.tokens.expire_access()
    failure = await failure_of(door)
    secrets += [str(place.kept()["access_token"]), str(place.kept()["refresh_token"])]
    shown = [door.display, settings, authorisation, [authorisation], failure, authorisation.tokens._pair, token_file.TokenFile(place.file)]
    for thing in shown:
        told = f"{thing} {thing!r}"
        assert not [secret for secret in secrets if secret in told]
    assert not [secret for secret in secrets if secret in caplog.text]
