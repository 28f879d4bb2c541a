"""Where standard output goes may be full, closed, or no longer read: the exit code stays one of the contract's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import table
from tests.cli.test_run import _portal

_FULL = Path("/dev/full")


def _do(*arguments: str, shell: str) -> subprocess.CompletedProcess[str]:
    command = ["bash", "-c", f'set -o pipefail; "$@" {shell}', "bash", sys.executable, "-m", "importer", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def imported(folder: Path, b24) -> None:
    """A journal with one run."""
    assert b24("run", table(folder, f"{folder.name};Anna;;;;"), "-m", "m.yaml").code == 0


@pytest.mark.skipif(not _FULL.exists(), reason="no /dev/full here")
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_output_that_nothing_has_room_for_is_exit_code_4_and_no_fault_of_ours(imported: None, more: tuple[str, ...]) -> None:
    ended = _do("runs", *more, shell=f">{_FULL}")
    assert ended.returncode == 4
    assert "No space left on device" in ended.stderr and "What was sent is journaled" in ended.stderr
    assert "Traceback" not in ended.stderr and "fault of b24-import" not in ended.stderr


@pytest.mark.skipif(not _FULL.exists(), reason="no /dev/full here")
def test_messages_that_nothing_has_room_for_are_no_rejected_row(folder: Path) -> None:
    assert _do("run", "nothing.csv", "-m", "m.yaml", shell=f"2>{_FULL}").returncode == 4


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX")
@pytest.mark.parametrize("more", [(), ("--json",)])
@pytest.mark.parametrize("shell", ["| true", ">&-", "2>&-"])
def test_output_that_nobody_takes_is_no_rejected_row(imported: None, shell: str, more: tuple[str, ...]) -> None:
    ended = _do("verify", *more, shell=shell)
    assert ended.returncode == 0
    assert "Traceback" not in ended.stderr and "Exception ignored" not in ended.stderr


@pytest.mark.parametrize("options", [("--quiet",), ("--json",), ("--json", "--quiet")])
def test_what_needs_somebody_is_said_where_errors_go_when_nobody_may_see_the_summary(folder: Path, b24, webhook: str, options: tuple[str, ...]) -> None:
    rejected = b24("run", table(folder, "att1;Anna;;;;", "att2;;;;;"), "-m", "m.yaml", "--report-dir", "r1", *options)
    assert rejected.code == 1
    for text in ("1 of 2 rows", "Correct the 1 rejected row", "r1/report.html"):
        assert text in rejected.err
    _portal(webhook, "faults", [{"when": {"row": "att3", "times": 1}, "do": {"status": 503, "code": "OVERLOAD_LIMIT", "text": "stop"}}])
    stopped = b24("run", table(folder, "att3;Olga;;;;", name="d.csv"), "-m", "m.yaml", *options)
    assert (stopped.code, "Why: " in stopped.err, "`b24-import resume" in stopped.err) == (3, True, True)
    done = b24("resume", *options)
    assert done.code == 0 and ("--quiet" not in options or done.err == "")
