"""A disk that fills up in the middle of a run: it ends in good order with exit code 4, and resume brings every row once."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.test_crash_and_resume import RESUME, RUN, Desk, desk

__all__ = ["desk"]

resource = pytest.importorskip("resource")


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="another process's quota cannot be set here")
def test_a_disk_that_fills_up_while_rows_are_sent(desk: Callable[..., Desk]) -> None:
    ours = desk(400, speed=20)
    process = ours.start(*RUN)
    ours.wait_for(process, lambda so_far: so_far["contacts"] >= 60)
    # From now on no file of the process may grow past what its log is long, as when a quota is used up.
    full = (ours.folder / "journal.db-wal").stat().st_size
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (full, full))
    output, messages = process.communicate(timeout=60)
    assert process.returncode == 4, messages
    assert "Traceback" not in messages
    # In the summary, or on standard error where even the run's end found no room.
    assert "the disk is full or cannot be written" in output + messages
    assert "b24-import resume" in output + messages
    code, output, messages = ours.do(*RESUME, "--json")
    assert code == 0, messages
    assert json.loads(output)["counts"]["created"] == 400
    ours.assert_all_there_once()
