"""`portal login`, and what a person at the command line sees of an OAuth application."""

from __future__ import annotations

import io
import json
import os
import re
import socket
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit

import pytest

from tests.cli.conftest import table
from tests.doors import DOORS

ROOT = Path(__file__).parent.parent.parent
CLIENT_SECRET = "sandboxclientsecret"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def allowed(address: str) -> str:
    """The address a browser ends at when a person opens the authorisation page and allows the application."""
    page = urllib.request.urlopen(address, timeout=10).read().decode()
    link = unescape(re.search(r'href="(\?[^"]+)"', page)[1])
    with pytest.raises(HTTPError) as moved:
        urllib.request.build_opener(_NoRedirect).open(address.split("?")[0] + link, timeout=10)
    return moved.value.headers["Location"]


@pytest.fixture
def application(folder: Path, webhook: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment of the sandbox's application; its token file, which is not there yet."""
    file = folder / "kept" / "tokens.json"
    file.parent.mkdir()
    environment = DOORS["oauth"].outside(webhook, file.parent)
    file.unlink()
    monkeypatch.delenv("B24_WEBHOOK_URL")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return file


class Terminal(io.StringIO):
    """Standard input of a person, who sees what was said so far and answers."""

    def __init__(self, capsys: pytest.CaptureFixture[str], answer: Callable[[str], str]) -> None:
        super().__init__()
        self._capsys, self._answer = capsys, answer

    def isatty(self) -> bool:
        return True

    def readline(self, *_: int) -> str:
        told = self._capsys.readouterr().err
        return self._answer(re.search(r"http\S+/oauth/authorize/\S+", told)[0]) + "\n"


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[Callable[[str], str]], None]:
    """A person at the terminal who answers the address shown with what the function gives."""

    def at_terminal(answer: Callable[[str], str]) -> None:
        monkeypatch.setattr(sys, "stdin", Terminal(capsys, answer))

    return at_terminal


@pytest.mark.parametrize("paste", [lambda address: address, lambda address: re.search(r"code=(\w+)", address)[1]], ids=["address", "code"])
def test_the_pasted_answer_becomes_tokens_that_only_we_can_read(application: Path, b24, person, paste: Callable[[str], str]) -> None:
    person(lambda address: paste(allowed(address)))
    said = b24("portal", "login")
    assert said.code == 0, said.err
    assert re.search(r"^127\.0\.0\.1:\d+: logged in as .+ \(user 1, administrator\)\. The tokens are in .*tokens\.json, readable by you alone\.$", said.out.strip())
    assert stat.S_IMODE(application.stat().st_mode) == 0o600
    kept = json.loads(application.read_text(encoding="utf-8"))
    assert not [secret for secret in (kept["access_token"], kept["refresh_token"], CLIENT_SECRET) if secret in said.out + said.err]
    said = b24("portal", "--json")
    assert (said.code, json.loads(said.out)["user"]["id"]) == (0, "1")


@pytest.mark.parametrize(
    ("answer", "code", "says"),
    [
        (lambda address: re.sub(r"state=[^&]+", "state=someone-elses", allowed(address)), 2, "its `state` is another"),
        (lambda address: re.sub(r"&state=[^&]+", "", allowed(address)), 2, "its `state` is another"),
        (lambda address: "https://portal.example.com/", 2, "neither a code nor an address"),
        (lambda address: "http://[broken?code=1", 2, "neither a code nor an address"),
        (lambda address: "0123456789abcdef", 3, "a code lives 30 seconds"),
        (lambda address: "http://127.0.0.1:1/?error=access_denied", 3, "does not let the application in: access_denied"),
    ],
)
def test_an_answer_that_is_not_to_this_login_writes_nothing(application: Path, b24, person, answer: Callable, code: int, says: str) -> None:
    person(answer)
    said = b24("portal", "login")
    assert (said.code, says in said.err) == (code, True), said.err
    assert "Traceback" not in said.err
    assert not application.exists()


def test_without_a_terminal_it_says_where_it_can_be_run(application: Path, b24, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    said = b24("portal", "login")
    assert (said.code, "there is no terminal here" in said.err, "--listen PORT" in said.err) == (2, True, True)
    assert not application.exists()


def test_what_is_missing_is_named_before_anything_else(application: Path, b24, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("B24_CLIENT_SECRET")
    assert b24("portal", "login").err.startswith("B24_CLIENT_SECRET must be set beside B24_PORTAL_URL")
    said = b24("portal")
    assert (said.code, said.err.startswith("B24_CLIENT_SECRET must be set")) == (2, True)


def test_before_the_first_login_every_command_says_how(application: Path, b24) -> None:
    said = b24("portal")
    assert (said.code, "tokens.json does not exist. Log in with `b24-import portal login`." in said.err) == (2, True)


def test_the_browser_itself_may_bring_the_code_to_this_machine(application: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "importer", "portal", "login", "--listen", str(port)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(**_environment(), PYTHONPATH=str(ROOT)),
    )  # fmt: skip
    try:
        address = next(line.strip() for line in process.stderr if "/oauth/authorize/" in line)
        told = urlsplit(allowed(address)).query
        assert _visit(process, port, urlencode({"code": "forged", "state": "forged"})) == 400
        assert _visit(process, port, "") == 400
        assert _visit(process, port, told) == 200
        output, messages = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0, messages
    assert "logged in as" in output
    assert stat.S_IMODE(application.stat().st_mode) == 0o600


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def _visit(process: subprocess.Popen, port: int, query: str) -> int:
    """Status of a page there, once anybody listens."""
    for _ in range(500):
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/?{query}", timeout=10).status
        except HTTPError as refused:
            return refused.code
        except URLError:
            try:
                process.wait(0.02)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError(process.communicate()) from None
    raise AssertionError("nobody listens")


def test_a_run_through_an_application_shows_no_secret_anywhere_and_dead_tokens_are_exit_3(
    application: Path, folder: Path, b24, person, webhook: str
) -> None:
    person(allowed)
    assert b24("portal", "login").code == 0
    kept = [json.loads(application.read_text(encoding="utf-8"))]
    _do(webhook, "expire_access")
    name = table(folder, "o1;Mara;Kern;+79160000001;mara@example.com;01.02.1990", "o2;Ole;Kern;+79160000002;ole@example.com;")
    said = b24("run", name, "-m", "m.yaml", "--json", "--log-file", "log.txt", "--log-format", "json", "--report-dir", "told")
    assert (said.code, json.loads(said.out)["counts"]["created"]) == (0, 2)
    kept.append(json.loads(application.read_text(encoding="utf-8")))
    assert kept[0]["refresh_token"] != kept[1]["refresh_token"]
    _do(webhook, "expire_access")
    _do(webhook, "expire_refresh")
    failed = b24("run", table(folder, "o3;Mia;Kern;;;", name="d.csv"), "-m", "m.yaml", "--log-file", "log.txt")
    assert (failed.code, "b24-import portal login" in failed.err) == (3, True)
    secrets = [CLIENT_SECRET, *(pair[name] for pair in kept for name in ("access_token", "refresh_token"))]
    files = [path for path in folder.rglob("*") if path.is_file() and path != application]
    assert len(files) > 8
    for secret in map(str, secrets):
        assert secret not in said.out + said.err + failed.out + failed.err
        assert not [path for path in files if secret.encode() in path.read_bytes()]


def test_processes_side_by_side_renew_a_token_once(application: Path, b24, person, webhook: str) -> None:
    person(allowed)
    assert b24("portal", "login").code == 0
    _do(webhook, "expire_access")
    before = _answered(webhook)

    def portal(_: int) -> int:
        environment = dict(**_environment(), PYTHONPATH=str(ROOT))
        return subprocess.run([sys.executable, "-m", "importer", "portal", "--json"], env=environment, capture_output=True, timeout=60).returncode

    with ThreadPoolExecutor(4) as crowd:
        assert list(crowd.map(portal, range(4))) == [0] * 4
    assert _answered(webhook) - before == 1


def _base(webhook: str) -> str:
    return webhook.split("/rest/")[0]


def _do(webhook: str, wish: str) -> None:
    urllib.request.urlopen(urllib.request.Request(f"{_base(webhook)}/sandbox/oauth", json.dumps({"do": wish}).encode()), timeout=10)


def _answered(webhook: str) -> int:
    """How often the token server renewed a pair."""
    return json.load(urllib.request.urlopen(f"{_base(webhook)}/sandbox/oauth", timeout=10))["answered"].get("refresh_token 200", 0)


def test_a_switch_of_the_sandboxes_application_that_does_not_exist_is_told(folder: Path, b24) -> None:
    said = b24("sandbox", "--oauth", "acces_life_s=60")
    assert (said.code, "Did you mean access_life_s?" in said.err) == (2, True)


def test_tokens_of_another_portal_are_not_kept(application: Path, b24, person, monkeypatch: pytest.MonkeyPatch) -> None:
    # The same sandbox by another name: its answer names the first.
    monkeypatch.setenv("B24_PORTAL_URL", os.environ["B24_PORTAL_URL"].replace("127.0.0.1", "localhost"))
    person(allowed)
    said = b24("portal", "login")
    assert (said.code, "The tokens are of 127.0.0.1:" in said.err) == (2, True), said.err
    assert not application.exists()
