"""Commands that sentences name lead to the same journal and portal, wherever they are read."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from importer.report.commands import completed, repeated
from tests.cli.conftest import table
from tests.cli.test_run import _portal

TOLD = {"journal": "/srv/b 24/my.db", "env_file": "/srv/b24.env", "to": "oauth"}


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("`b24-import resume R` goes on", "`b24-import resume R --journal '/srv/b 24/my.db' --env-file /srv/b24.env --to oauth` goes on"),
        ("`b24-import runs` and `b24-import report R`", "`b24-import runs --journal '/srv/b 24/my.db'` and `b24-import report R --journal '/srv/b 24/my.db'`"),
        ("`b24-import undo R --force`", "`b24-import undo R --force --journal '/srv/b 24/my.db' --env-file /srv/b24.env --to oauth`"),
        ("`b24-import run a.csv --journal x`", "`b24-import run a.csv --journal x --env-file /srv/b24.env --to oauth`"),
        ("`b24-import demo`, `b24-import suggest F`, `resume`", "`b24-import demo`, `b24-import suggest F`, `resume`"),
    ],
)
def test_a_command_gets_what_leads_to_the_same_place(text: str, whole: str) -> None:
    assert completed(text, TOLD) == whole
    assert completed(completed(text, TOLD), TOLD) == whole


def test_the_journal_of_this_folder_is_named_only_where_the_text_is_read_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = repeated(Path(".b24-import/journal.db"), None, None)
    assert completed("`b24-import resume`", told) == "`b24-import resume`"
    assert completed("`b24-import resume`", told, is_anywhere=True) == f"`b24-import resume --journal {tmp_path}/.b24-import/journal.db`"
    monkeypatch.chdir("/")
    assert completed("`b24-import resume`", told) == f"`b24-import resume --journal {tmp_path}/.b24-import/journal.db`"


@pytest.fixture
def elsewhere(folder: Path, webhook: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """The options of a run whose webhook and journal are where nobody would look by themselves."""
    (folder / "b.env").write_text(f"B24_WEBHOOK_URL={webhook}\n")
    monkeypatch.delenv("B24_WEBHOOK_URL")
    return "--journal", "my.db", "--env-file", "b.env"


def _commands(text: str) -> list[list[str]]:
    return [shlex.split(found)[1:] for found in re.findall(r"`(b24-import [^`]*)`", text)]


def test_the_command_for_the_rejects_can_be_pasted_in_any_folder(folder: Path, b24, elsewhere: tuple[str, ...], tmp_path_factory, monkeypatch) -> None:
    said = b24("run", table(folder, "nx1;Anna;;;;", "nx2;;;;;"), "-m", "m.yaml", *elsewhere)
    [command] = _commands(said.out)
    page = (next((folder / "reports").iterdir()) / "report.html").read_text("utf-8")
    [pasted] = [shlex.split(found)[1:] for found in re.findall(r"<code>(b24-import run [^<]*)</code>", page)]
    monkeypatch.chdir(tmp_path_factory.mktemp("anywhere"))
    again = b24(*pasted)
    assert (again.code, "1 rejected" in again.out) == (1, True)
    assert not Path(".b24-import").exists()
    monkeypatch.chdir(folder)
    assert b24(*command).code == 1


def test_a_stopped_run_goes_on_by_the_command_that_is_named(folder: Path, b24, webhook: str, elsewhere: tuple[str, ...]) -> None:
    _portal(webhook, "faults", [{"when": {"row": "nx3", "times": 1}, "do": {"status": 503, "code": "OVERLOAD_LIMIT", "text": "stop"}}])
    stopped = b24("run", table(folder, "nx3;Olga;;;;"), "-m", "m.yaml", *elsewhere)
    assert stopped.code == 3
    refused = b24("run", "c.csv", "-m", "m.yaml", *elsewhere)
    assert refused.code == 2
    [command, *_] = _commands(refused.err)
    assert command[0] == "resume" and command[2:] == ["--journal", str(folder / "my.db"), "--env-file", str(folder / "b.env")]
    assert b24(*command).code == 0
