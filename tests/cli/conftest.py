"""A sandbox portal as a process of its own, and the command line called as a person would."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from importer.cli.main import main

MAPPING = """\
version: 1
defaults: {region: RU, timezone: Europe/Moscow, date_formats: ["%d.%m.%Y"]}
origin: {originator: legacy, id: [Id]}
fields:
  NAME: First name
  LAST_NAME: Last name
  PHONE: {column: Phone, type: MOBILE}
  EMAIL: E-mail
  BIRTHDATE: Born
"""

HEADER = "Id;First name;Last name;Phone;E-mail;Born"


@dataclass(slots=True)
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def webhook() -> Iterator[str]:
    """The webhook of a sandbox that is fast enough not to wait for."""
    process = subprocess.Popen(
        [sys.executable, "-m", "importer.sandbox", "--port", "0", "--speed", "200"], stdout=subprocess.PIPE, text=True
    )
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, webhook: str) -> Path:
    """An empty folder to work in, with a mapping, and the environment of the sandbox."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("B24_WEBHOOK_URL", webhook)
    monkeypatch.setenv("B24_IMPORT_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("B24_IMPORT_PORTAL_FINISHES_S", "0.3")
    (tmp_path / "m.yaml").write_text(MAPPING, encoding="utf-8")
    return tmp_path


@pytest.fixture
def b24(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """`b24("run", "c.csv", …)`: what the command says and its exit code."""

    def call(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["b24-import", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return Said(int(ended.value.code or 0), told.out, told.err)

    return call


def table(folder: Path, *lines: str, name: str = "c.csv") -> str:
    """A CSV file with the usual header; its name."""
    (folder / name).write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
    return name


@contextmanager
def portal_state(webhook: str, **changes: object) -> Iterator[None]:
    """The sandbox with something about it changed, as it was when the block ends."""
    address = f"{webhook.split('/rest/')[0]}/sandbox/state"

    def change(wanted: dict[str, object]) -> None:
        urllib.request.urlopen(urllib.request.Request(address, json.dumps(wanted).encode(), {"Content-Type": "application/json"})).close()

    with urllib.request.urlopen(address) as answer:
        before = json.load(answer)
    change(changes)
    try:
        yield
    finally:
        change({name: before[name] for name in changes})
