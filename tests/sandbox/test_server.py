"""The server as a whole: controls over HTTP, data kept between starts, and a real process."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from importer.sandbox.server import Sandbox
from importer.sandbox.settings import SandboxSettings
from tests.sandbox.conftest import Portal, StartPortal

_ROOT = Path(__file__).resolve().parents[2]


async def _control(portal: Portal, verb: str, path: str, body: object = None, **headers: str) -> tuple[int, dict]:
    async with portal.session.request(verb, f"{portal.sandbox.base_url}/sandbox/{path}", json=body, headers=headers) as response:
        return response.status, await response.json()


async def test_faults_are_added_and_cleared_over_http(portal: Portal) -> None:
    assert await _control(portal, "POST", "faults", [{"do": {"status": 500}}, {"do": "empty"}]) == (200, {"ok": True})
    assert (await portal.call("profile"))[0] == 500
    assert (await _control(portal, "GET", "faults"))[1] == {"applied": {"status": 1}}
    await _control(portal, "DELETE", "faults")
    assert (await portal.call("profile"))[0] == 200


async def test_the_state_is_read_and_changed_over_http(portal: Portal) -> None:
    status, state = await _control(portal, "POST", "state", {"is_closed": True, "rights": ["read"]})
    assert (status, state["is_closed"], state["rights"]) == (200, True, ["read"])
    assert (await portal.call("profile"))[0] == 500


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("state", {"is_close": True}, "Did you mean is_closed?"),
        ("state", {"is_closed": "yes"}, "is_closed takes true or false"),
        ("state", {"rights": "read"}, "rights takes a list of words"),
        ("state", {"renamed_to": 5}, "renamed_to takes an address or null"),
        ("state", {"seconds_per_command": -1}, "takes a number of seconds"),
        ("state", [1], "an object of changes is needed"),
        ("faults", {"do": "emty"}, "Did you mean empty?"),
    ],
)
async def test_a_wrong_order_to_the_controls_says_what_is_known(portal: Portal, path: str, body: object, message: str) -> None:
    status, answer = await _control(portal, "POST", path, body)
    assert status == 400 and message in answer["error"]


async def test_a_wrong_change_changes_nothing(portal: Portal) -> None:
    await _control(portal, "POST", "state", {"is_closed": True, "no_such": 1})
    assert (await portal.call("profile"))[0] == 200


async def test_statistics_and_contacts_are_read_over_http(portal: Portal) -> None:
    await portal.add(PHONE=[{"VALUE": "+442079460011"}], ORIGINATOR_ID="crm", ORIGIN_ID="K-1")
    statistics = (await _control(portal, "GET", "requests?latest=1"))[1]
    assert (statistics["requests"], statistics["by_status"], statistics["contacts"]) == (2, {"200": 2}, 1)
    assert statistics["latest"][0]["method"] == "crm.contact.get"
    contacts = (await _control(portal, "GET", "contacts?after=0"))[1]
    assert (contacts["total"], contacts["contacts"][0]["ORIGIN_ID"]) == (1, "K-1")
    assert contacts["contacts"][0]["PHONE"] == [{"ID": 1, "VALUE": "+442079460011", "VALUE_TYPE": "WORK"}]


async def test_the_controls_do_not_answer_under_a_foreign_name(portal: Portal) -> None:
    assert (await _control(portal, "GET", "contacts", Host="portal.example.com"))[0] == 403


async def test_a_portal_keeps_its_data_between_starts(tmp_path: Path) -> None:
    settings = SandboxSettings(data=tmp_path / "portal.db", is_latency_real=False)
    async with Sandbox(settings) as sandbox:
        number = sandbox.store.insert("contact", {"NAME": "Mara", "UF_CRM_TAGS": ["vip"]}, [])
    async with Sandbox(settings) as sandbox:
        kept = sandbox.store.contacts()
        assert [(row["ID"], row["NAME"], row["UF_CRM_TAGS"]) for row in kept] == [(number, "Mara", ["vip"])]
        assert len(sandbox.store.directories.people()) == 6


async def test_a_port_that_is_taken_is_an_error_of_the_system(portal: Portal) -> None:
    second = Sandbox(SandboxSettings())
    with pytest.raises(OSError):
        await second.start(int(portal.sandbox.base_url.rsplit(":", 1)[1]))
    await second.stop()


@pytest.mark.parametrize(
    ("setting", "message"),
    [({"plan": "free"}, "plan: 'free' is unknown"), ({"speed": 0}, "speed"), ({"old_date_create": "maybe"}, "accept, reject, now"), ({"seconds_per_command": -1}, "below 0")],
)
def test_a_setting_that_cannot_be_meant_is_named(setting: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SandboxSettings(**setting)


async def test_a_thousand_contacts_are_counted_and_found_by_origin(start_portal: StartPortal) -> None:
    portal = await start_portal()
    for first in range(0, 1000, 50):
        await portal.batch([f"crm.contact.add?fields[NAME]=N&fields[ORIGINATOR_ID]=crm&fields[ORIGIN_ID]={n}" for n in range(first, first + 50)])
    assert portal.sandbox.store.count() == 1000
    assert len(portal.sandbox.store.contacts_by_origin("crm", "777")) == 1


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_process_prints_its_webhook_first_and_ends_well_on_a_signal(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "importer.sandbox", "--plan", "enterprise", "--speed", "50", "--data", str(tmp_path / "portal.db")]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            url = process.stdout.readline().strip()
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+/rest/1/sandboxsecret/", url)
            request = urllib.request.Request(url + "crm.contact.add", json.dumps({"fields": {"NAME": "Mara"}}).encode(), {"Content-Type": "application/json"})
            assert json.load(urllib.request.urlopen(request))["result"] == 1
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=10)
        finally:
            process.kill()
    assert (process.returncode, errors) == (0, "")


def test_a_process_that_cannot_start_says_why_in_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "importer.sandbox", "--faults", str(tmp_path / "none.yaml")]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("sandbox: ") and done.stderr.count("\n") == 1 and "none.yaml" in done.stderr
