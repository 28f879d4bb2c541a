"""An OAuth application's tokens: renewed once and only when refused, kept before they are used, shown nowhere."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import stat
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from importer.portals.bitrix24 import token_file
from importer.portals.bitrix24.application import Application
from importer.portals.bitrix24.application_settings import ApplicationSettings
from importer.portals.bitrix24.door import Bitrix24Door
from importer.portals.operations import NewestId, WhoAmI
from importer.portals.portal import Failure, Verdict
from importer.sandbox.oauth.switches import OAuthSwitches
from tests.portals.conftest import Serve, json_answer
from tests.portals.token_place import CLIENT_SECRET, Place, does, failure_of


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
