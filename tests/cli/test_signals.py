"""Real processes stopped by signals: exit code 4, one JSON object, nothing left behind."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from importer.batcher.progress import Progress
from importer.batcher.stopping import Stop
from importer.cli import signals
from importer.cli.one_object import expect_object
from importer.cli.signals import ending_in_good_order
from importer.report import writing
from tests.cli.conftest import table

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


def _start(*arguments: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "importer", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **more}
    )


@pytest.fixture
def silent_portal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[socket.socket]:
    """A portal that takes connections and answers none."""
    monkeypatch.setenv("B24_IMPORT_STATE", str(tmp_path / "state"))
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("B24_WEBHOOK_URL", f"http://127.0.0.1:{server.getsockname()[1]}/rest/1/secretsecret/")
        yield server


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("command", ["portal", "check", "run"])
def test_a_signal_while_the_portal_is_asked_is_exit_code_4_and_one_object(
    folder: Path, silent_portal: socket.socket, command: str, number: int
) -> None:
    (folder / "c.csv").write_text("Id;First name;Last name;Phone;E-mail;Born\no1;Anna;;;;\n", encoding="utf-8")
    process = _start(command, *(["c.csv", "-m", "m.yaml"] if command != "portal" else []), "--json")
    asked, _ = silent_portal.accept()
    with asked:
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, json.loads(out)["exit_code"]) == (4, 4)
    assert "Interrupted." in err and "Traceback" not in err


def test_a_signal_that_comes_right_before_the_wait_is_heard_at_once() -> None:
    """Taken by another thread, it interrupts no wait of ours: as if it had come between our last step and the wait."""
    heard: list[str] = []
    done = threading.Event()

    async def wait() -> None:
        loop, came = asyncio.get_running_loop(), asyncio.Event()
        earlier = signal.signal(signal.SIGUSR1, lambda *_: (heard.append("signal"), came.set()))

        def wake_late() -> None:
            if not done.wait(10):
                heard.append("late")
                loop.call_soon_threadsafe(came.set)

        thread = threading.Thread(target=wake_late)
        thread.start()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
        try:
            loop.call_later(0.01, os.kill, os.getpid(), signal.SIGUSR1)
            await came.wait()
        finally:
            done.set()
            thread.join()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR1})
            signal.signal(signal.SIGUSR1, earlier)

    signals.run(wait())
    assert heard == ["signal"]


_EARLY = """
import sys
class Striking:
    def find_spec(self, name, *_):
        if name == "importer.cli.main":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Striking())
from importer.__main__ import main
main()
"""

_LATE = """
import os, signal, sys
from importer.__main__ import main
sys.argv = ["b24-import", "--version"]
try:
    main()
except SystemExit as end:
    os.kill(os.getpid(), getattr(signal, {name!r}))
    sys.exit(end.code)
"""


def test_ctrl_c_before_anything_is_loaded_is_exit_code_4_without_a_trace() -> None:
    ended = subprocess.run([sys.executable, "-c", _EARLY], capture_output=True, text=True, timeout=30, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (4, "", "Interrupted. Nothing was begun.\n")


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_after_the_last_word_changes_no_exit_code(name: str) -> None:
    ended = subprocess.run([sys.executable, "-c", _LATE.format(name=name)], capture_output=True, text=True, timeout=30, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def _demo(temporary: Path, *arguments: str) -> subprocess.Popen[str]:
    temporary.mkdir()
    return _start("demo", "--report-dir", str(temporary.with_name("report")), *arguments, TMPDIR=str(temporary))


def _read_until(process: subprocess.Popen[str], words: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return
    raise AssertionError(f"{words} was not said")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 4), (signal.SIGHUP, 4), (signal.SIGINT, 0), (signal.SIGKILL, -signal.SIGKILL)])
def test_the_demo_takes_its_portal_and_its_folder_with_it(tmp_path: Path, number: int, code: int) -> None:
    temporary = tmp_path / "tmp"
    process = _demo(temporary, "--keep", "--quiet")
    _read_until(process, "The portal stays up")
    [folder] = temporary.glob("b24-import-demo-*")
    process.send_signal(number)
    process.communicate(timeout=30)
    assert process.returncode == code
    # Its standard error ended with the portal that shares it, and the folder is the last thing to go.
    assert not folder.exists()


def test_an_interrupted_demo_names_the_demo_and_no_journal_that_is_gone(tmp_path: Path) -> None:
    process = _demo(tmp_path / "tmp")
    _read_until(process, "importing")
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 4
    page = tmp_path / "report" / "report.html"
    told = out + err + (page.read_text(encoding="utf-8") if page.exists() else "")
    assert "b24-import demo" in told
    assert "b24-import resume" not in told and "b24-import runs" not in told and "b24-import run " not in told
    assert not list((tmp_path / "tmp").iterdir())


@pytest.fixture
def stopped_while_reporting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person who presses Ctrl-C while the first report is written."""
    write, pressed = writing.write_report, []

    def interrupted(*asked):
        if not pressed:
            pressed.append(True)
            signal.raise_signal(signal.SIGINT)
        return write(*asked)

    monkeypatch.setattr(writing, "write_report", interrupted)


@pytest.mark.parametrize("inbox", [(), ("--move-done", "done", "--settle", "0")])
def test_a_signal_while_a_report_is_written_begins_no_further_file(folder: Path, b24, stopped_while_reporting: None, inbox: tuple[str, ...]) -> None:
    (folder / "in").mkdir()
    for name in ("1.csv", "2.csv"):
        table(folder / "in", f"{folder.name}-{name};Anna;;;;", name=name)
    said = b24("run", "in/*.csv", "-m", "m.yaml", "--json", *inbox)
    assert said.code == 4
    first, *rest = json.loads(said.out)["runs"]
    assert (first["state"], first["exit_code"]) == ("finished", 0)
    assert [run for run in rest if "run" in run] == []
    assert "Interrupted." in said.err
    assert (folder / "in" / "2.csv").exists()


def test_a_signal_while_the_last_report_is_written_leaves_a_whole_run(folder: Path, b24, stopped_while_reporting: None) -> None:
    said = b24("run", table(folder, f"{folder.name};Anna;;;;"), "-m", "m.yaml", "--json")
    assert (said.code, json.loads(said.out)["state"]) == (0, "finished")


def test_leaving_at_once_prints_the_one_object(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def left(code: int) -> None:
        raise SystemExit(code)

    async def sending() -> None:
        progress = Progress()
        progress.phase = "sending"
        with ending_in_good_order(Stop(), progress, "`b24-import resume` goes on"):
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(os, "_exit", left)
    monkeypatch.setattr(sys, "argv", ["b24-import", "run", "c.csv", "--json"])
    expect_object()
    with pytest.raises(SystemExit):
        asyncio.run(sending())
    told = json.loads(capsys.readouterr().out)
    assert told == {"exit_code": 4, "error": "Left at once, with rows in flight; `b24-import resume` goes on."}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_is_swallowed_where_it_strikes_ends_the_next_wait(number: int) -> None:
    async def reading() -> None:
        with ending_in_good_order(Stop(), Progress(), "`b24-import resume` goes on"):
            with contextlib.suppress(KeyboardInterrupt):
                signal.raise_signal(number)
            await asyncio.Event().wait()

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(reading())


_HALF_MADE = """
import os, signal
from importer.cli.signals import Terminated, ending_like_ctrl_c

class Half:
    def __init__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        self.other_half = None
    def __del__(self):
        print(self.other_half)

with ending_like_ctrl_c():
    try:
        Half()
    except Terminated:
        pass
"""


def test_what_a_signal_leaves_half_made_is_thrown_away_without_a_word() -> None:
    done = subprocess.run([sys.executable, "-c", _HALF_MADE], capture_output=True, text=True, timeout=30, check=True)
    assert (done.stdout, done.stderr) == ("", "")
