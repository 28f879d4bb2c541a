"""An inbox's call killed in the middle: the next call finishes that very run first, each row once, then moves its file."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable

from tests.test_crash_and_resume import Desk, desk

__all__ = ["desk"]

CALL = ("run", "people.csv", "-m", "people.yaml", "--plan", "enterprise", "--move-done", "done", "--settle", "0", "--json", "--quiet")


def _killed(ours: Desk, contacts: int) -> None:
    process = ours.start(*CALL)
    ours.wait_for(process, lambda so_far: so_far["contacts"] >= contacts)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert ours.file.is_file()


def test_the_next_call_goes_on_and_then_moves_the_file(desk: Callable[..., Desk]) -> None:
    ours = desk(300, speed=20)
    _killed(ours, 60)
    _killed(ours, 160)
    code, output, messages = ours.do(*CALL)
    assert code == 0, messages
    [run] = json.loads(output)["runs"]
    assert (run["counts"]["created"], run["moved_to"]) == (300, "done/people.csv")
    assert not ours.file.exists()
    ours.assert_all_there_once()
    assert json.loads(ours.do(*CALL)[1])["runs"] == []


def test_a_new_file_of_the_same_name_comes_after_the_run_that_died(desk: Callable[..., Desk]) -> None:
    ours = desk(200, speed=20)
    _killed(ours, 60)
    ours.file.write_text("No,First name,Last name,Phone,Company,City\n201,Mara,Row 201,,,\n", encoding="utf-8")
    code, output, messages = ours.do(*CALL)
    assert code == 0, messages
    assert [(run["counts"]["created"], run["moved_to"]) for run in json.loads(output)["runs"]] == [(200, None), (1, "done/people.csv")]
    origins = sorted(int(contact["ORIGIN_ID"]) for contact in ours.portal.contacts())
    assert origins == list(range(1, 202))
