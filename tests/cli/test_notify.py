"""--notify: the portal's notifications and a web address hear how a run ended; their troubles change nothing else."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from importer.errors import UsageError
from importer.notify import Addressee, Notice, tell_address
from tests.cli.conftest import table
from tests.cli.test_run import _portal

_SECRET = "T0psecret"


@dataclass
class Listener:
    """A web address that keeps what it is told."""

    url: str
    answers: list[int] = field(default_factory=lambda: [200])
    told: list[dict] = field(default_factory=list)


@pytest.fixture
def listener() -> Iterator[Listener]:
    heard: list[Listener] = []

    class Hears(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            ours = heard[0]
            ours.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(ours.answers.pop(0) if len(ours.answers) > 1 else ours.answers[0])
            self.send_header("Location", "https://elsewhere.example.com/")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hears)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    heard.append(Listener(f"http://127.0.0.1:{server.server_port}/hooks/{_SECRET}"))
    yield heard[0]
    server.shutdown()
    server.server_close()


@pytest.fixture
def no_scope(webhook: str) -> Iterator[None]:
    """The portal's webhook may not write notifications."""
    before = json.load(urllib.request.urlopen(f"{webhook.split('/rest/')[0]}/sandbox/state"))["scopes"]
    _portal(webhook, "state", {"scopes": [scope for scope in before if scope != "im"]})
    yield
    _portal(webhook, "state", {"scopes": before})


def _told(webhook: str) -> list[dict]:
    return json.load(urllib.request.urlopen(f"{webhook.split('/rest/')[0]}/sandbox/notifications"))["notifications"]


def test_an_address_gets_the_summary_of_a_run(folder: Path, b24, listener: Listener) -> None:
    said = b24("run", table(folder, "o1;Anna;;;;", "o2;;;;;"), "-m", "m.yaml", "--notify", listener.url, "--json", "--quiet")
    assert (said.code, "--notify" in said.err) == (1, False)
    assert listener.told == [json.loads(said.out)]


def test_an_address_hears_of_a_run_that_could_not_begin(folder: Path, b24, listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("B24_IMPORT_NOTIFY", listener.url)
    assert b24("run", table(folder, "o3;Anna;;;;"), "-m", "m.yaml", "--min-rows", "5").code == 2
    [told] = listener.told
    assert (told["source"], told["exit_code"], "--min-rows asks for 5" in told["error"]) == ({"file": "c.csv"}, 2, True)


def test_an_inbox_tells_of_each_file_and_of_a_call_that_came_to_nothing(folder: Path, b24, listener: Listener) -> None:
    (folder / "in").mkdir()
    for name in ("a.csv", "b.csv"):
        table(folder / "in", f"{name};Anna;;;;", name=name)
    call = ("run", "in/*.csv", "-m", "m.yaml", "--move-done", "done", "--settle", "0", "--notify", listener.url)
    assert b24(*call).code == 0
    assert [Path(told["source"]["file"]).name for told in listener.told] == ["a.csv", "b.csv"]
    (folder / "m.yaml").write_text("fields: 1\n", encoding="utf-8")
    assert b24(*call).code == 2
    assert listener.told[2]["exit_code"] == 2


def test_the_portal_notifies_the_user_of_the_webhook(folder: Path, b24, webhook: str) -> None:
    before = len(_told(webhook))
    said = b24("run", table(folder, "o4;Anna Nobody;;;;", "o5;;;;;"), "-m", "m.yaml", "--notify", "portal")
    assert (said.code, said.err.count("--notify")) == (1, 0)
    [told] = _told(webhook)[before:]
    assert told["user_id"] == 1
    assert "1 created, 1 rejected" in told["message"]
    assert "Nobody" not in told["message"]


def test_a_missing_scope_is_warned_of_and_changes_no_exit_code(folder: Path, b24, no_scope: None) -> None:
    said = b24("run", table(folder, "o6;Anna;;;;"), "-m", "m.yaml", "--notify", "portal")
    assert said.code == 0
    assert "--notify portal: nobody was told how c.csv ended: the key or webhook lacks the scope Chat and notifications (im)" in said.err


def test_a_run_that_the_portal_stops_is_told_to_the_address(folder: Path, b24, webhook: str, listener: Listener) -> None:
    _portal(webhook, "faults", [{"when": {"row": "o7", "times": 1}, "do": {"status": 503, "code": "OVERLOAD_LIMIT", "text": "stop"}}])
    assert b24("run", table(folder, "o7;Anna;;;;"), "-m", "m.yaml", "--notify", listener.url).code == 3
    assert [(told["exit_code"], told["state"]) for told in listener.told] == [(3, "stopped")]
    assert b24("resume", "--notify", listener.url).code == 0
    assert [told["exit_code"] for told in listener.told] == [3, 0]


@pytest.mark.parametrize("where", ["nobody listens", "it refuses", "it redirects"])
def test_an_address_that_fails_is_warned_of_without_its_secret(folder: Path, b24, listener: Listener, where: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    url = listener.url if where != "nobody listens" else f"http://127.0.0.1:{port}/hooks/{_SECRET}"
    listener.answers = [302 if where == "it redirects" else 403]
    said = b24("run", table(folder, f"{where};Anna;;;;"), "-m", "m.yaml", "--notify", url, "--log-file", "b24.log")
    assert said.code == 0
    assert "--notify 127.0.0.1: nobody was told how c.csv ended: it" in said.err
    everything = [said.out, said.err, *(path.read_bytes().decode("utf-8", "replace") for path in folder.rglob("*") if path.is_file())]
    assert not any(_SECRET in text for text in everything)


@pytest.mark.parametrize(
    ("answers", "failed", "told"),
    [([200], None, 1), ([503, 429, 204], None, 3), ([500], "it answered 500, 3 times", 3), ([404], "it answered 404", 1), ([301], "it answered 301", 1)],
)
async def test_an_address_is_asked_three_times_at_most(listener: Listener, answers: list[int], failed: str | None, told: int) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    listener.answers = answers
    assert await tell_address(Addressee.parse(listener.url), Notice("", {"run": "r1"}), sleep) == failed
    assert len(listener.told) == told
    assert waits == [1, 2][: told - 1]


@pytest.mark.parametrize("text", ["portl", "ftp://example.com/x", "http://hooks.example.com/x", "https://", "https://[broken/x"])
def test_what_is_no_addressee_is_refused_before_anything_is_sent(folder: Path, b24, text: str) -> None:
    said = b24("run", table(folder, "o8;Anna;;;;"), "-m", "m.yaml", "--notify", text)
    assert said.code == 2
    assert said.err.startswith("--notify: ")
    assert json.loads(b24("runs", "--json").out)["runs"] == [] if (folder / ".b24-import").exists() else True


def test_an_addressee_shows_its_host_alone() -> None:
    whom = Addressee.parse(f"https://hooks.example.com/{_SECRET}?token={_SECRET}")
    assert (str(whom), _SECRET in repr(whom)) == ("hooks.example.com", False)
    with pytest.raises(UsageError) as refused:
        Addressee.parse(f"http://hooks.example.com/{_SECRET}")
    assert _SECRET not in str(refused.value)


async def test_an_address_elsewhere_is_reached_through_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch, listener: Listener) -> None:
    asked: list[bytes] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.close()

    async def at_once(_: float) -> None:
        return

    server = await asyncio.start_server(proxy, "127.0.0.1", 0)
    async with server:
        for name in ("HTTPS_PROXY", "HTTP_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        assert await tell_address(Addressee.parse("https://hooks.example.com/x"), Notice("", {}), at_once) is not None
        assert asked and all(line.startswith(b"CONNECT hooks.example.com:443") for line in asked)
        asked.clear()
        assert await tell_address(Addressee.parse(listener.url), Notice("", {}), at_once) is None
        assert asked == []
