"""The command line through VibeCode, before a sandbox process."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests import doors
from tests.cli.conftest import MAPPING, table

KEY = "vibe_api_sandboxsecret_personal"


@pytest.fixture
def vibe(folder: Path, webhook: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, with a key in the environment beside the webhook."""
    monkeypatch.setenv("VIBE_BASE_URL", f"http://{urlsplit(webhook).netloc}")
    monkeypatch.setenv("VIBE_API_KEY", KEY)
    doors.begin_at_full_pace(monkeypatch)
    return folder


def _with(folder: Path, name: str, more: str, head: str = "") -> str:
    (folder / name).write_text(f"{head}{MAPPING}{more}", encoding="utf-8")
    return name


def test_a_file_goes_through_vibecode_and_is_found_there_again(b24, vibe: Path) -> None:
    table(vibe, "V1;Mara;Lind;+79160001101;v1@example.com;01.05.1990", "V2;Nils;Berg;+79160001102;v2@example.com;")
    said = b24("run", "c.csv", "-m", "m.yaml", "--to", "vibecode", "--json")
    assert said.code == 0
    assert json.loads(said.out)["counts"]["created"] == 2
    assert "Rows go without import mode" in said.err
    verified = b24("verify", "--to", "vibecode")
    assert (verified.code, "2 there once and unchanged" in verified.out) == (0, True)
    again = b24("run", "c.csv", "-m", "m.yaml", "--to", "vibecode", "--json")
    assert json.loads(again.out)["counts"]["skipped"] == 2


@pytest.mark.parametrize("offline", [(), ("--offline",)])
def test_what_vibecode_cannot_do_is_exit_2_before_anything_is_sent(b24, vibe: Path, offline: tuple[str, ...]) -> None:
    table(vibe, "V3;Mara;Lind;;;")
    mapping = _with(vibe, "d.yaml", "  DATE_CREATE: Born\n")
    said = b24("check", "c.csv", "-m", mapping, "--to", "vibecode", *offline)
    assert said.code == 2
    assert "d.yaml, line 10: VibeCode cannot write DATE_CREATE" in said.err
    assert b24("check", "c.csv", "-m", _with(vibe, "i.yaml", "  DATE_CREATE: Born\n", "unsupported: ignore\n"), "--to", "vibecode", *offline).code == 0
    if not offline:
        assert b24("run", "c.csv", "-m", mapping, "--to", "vibecode").code == 2


def test_a_key_that_may_only_read_is_refused_before_anything_is_sent(b24, vibe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table(vibe, "V4;Mara;Lind;;;")
    monkeypatch.setenv("VIBE_API_KEY", "vibe_api_sandboxsecret_readonly")
    said = b24("run", "c.csv", "-m", "m.yaml", "--to", "vibecode")
    assert (said.code, "may only read" in said.err) == (2, True)
    assert b24("portal", "--to", "vibecode").code == 0


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("vibe_live_sandboxsecret_management", "management key"),
        ("vibe_app_sandboxsecret_application", "VIBE_SESSION_TOKEN"),
        ("https://example.com/rest/1/abc/", "not a VibeCode key"),
        ("vibe_api_unknown_unknown", "Make a new key"),
    ],
)
def test_a_key_that_cannot_work_says_what_to_do_and_is_not_shown(b24, vibe: Path, key: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIBE_API_KEY", key)
    said = b24("portal", "--to", "vibecode")
    assert said.code in (2, 3)
    assert says in said.err
    assert key not in said.out + said.err


def test_the_key_is_in_no_output_log_journal_or_report(b24, vibe: Path) -> None:
    table(vibe, "V5;Mara;Lind;;;")
    said = b24("run", "c.csv", "-m", "m.yaml", "--to", "vibecode", "--log-file", "log.txt", "--log-format", "json")
    written = b"".join(path.read_bytes() for path in vibe.rglob("*") if path.is_file())
    assert KEY.encode() not in written and KEY not in said.out + said.err
    assert b"sandboxsecret_personal" not in written


def test_a_run_goes_on_only_the_way_it_began(b24, vibe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table(vibe, "V6;Mara;Lind;;;", "V7;Mara;Bell;;;")
    monkeypatch.setenv("VIBE_API_KEY", KEY)
    from importer.sending import Sending
    from tests.batcher.rig import Died

    async def dies(self: Sending) -> None:
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr(Sending, "send", dies)
        b24("run", "c.csv", "-m", "m.yaml", "--to", "vibecode")
    said = b24("resume", "--to", "webhook")
    assert (said.code, "goes on that way only" in said.err) == (2, True)
    assert b24("resume", "--to", "vibecode").code == 0
