"""Real processes that take a run back, killed in the middle: afterwards every contact is as it was before the run, once told."""

from __future__ import annotations

import csv
import json
import random
import signal
from collections import Counter
from collections.abc import Callable

from tests.test_crash_and_resume import RESUME, RUN, Desk, desk  # noqa: F401

ROWS, KILLS = 300, 5
_UPDATING = "version: 1\nentity: contact\norigin: {originator: legacy, id: [No]}\nmatch: {by: [origin], on_match: update}\nfields:\n  NAME: First name\n  LAST_NAME: Last name\n"


def _killed_again_and_again(ours: Desk, run: str, so_far: Callable[[dict], int], most: int) -> None:
    dice = random.Random(5)
    command = ("undo", run, "--yes", "--plan", "enterprise", "--quiet")
    for moment in sorted(dice.sample(range(1, most - most // 5), KILLS)):
        process = ours.start(*command)
        ours.wait_for(process, lambda told, moment=moment: so_far(told) >= moment)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        command = RESUME
    code, output, messages = ours.do(*RESUME, "--json")
    assert code == 0, messages
    undo = json.loads(output)
    assert undo["undoes"] == run
    with (ours.folder / "reports" / undo["run"] / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        outcomes = Counter(row["outcome"] for row in csv.DictReader(file))
    assert outcomes == {name: n for name, n in undo["counts"].items() if n and name != "rows"} == {"deleted" if so_far is _deleted else "restored": ROWS}


def _deleted(told: dict) -> int:
    return ROWS - int(told["contacts"])


def test_killed_at_many_moments_an_undo_deletes_every_contact_and_tells_each(desk: Callable[..., Desk]) -> None:  # noqa: F811
    ours = desk(ROWS)
    code, output, messages = ours.do(*RUN, "--json")
    assert code == 0, messages
    _killed_again_and_again(ours, json.loads(output)["run"], _deleted, ROWS)
    assert ours.portal.contacts() == []


def test_killed_at_many_moments_an_undo_restores_every_contact_and_tells_each(desk: Callable[..., Desk]) -> None:  # noqa: F811
    ours = desk(ROWS)
    (ours.folder / "people.yaml").write_text(_UPDATING, encoding="utf-8")
    assert ours.do(*RUN)[0] == 0
    before = {contact["ID"]: contact["NAME"] for contact in ours.portal.contacts()}
    ours.file.write_text(ours.content().replace("Mara", "Maria"), encoding="utf-8")
    code, output, messages = ours.do(*RUN, "--json")
    assert (code, json.loads(output)["counts"]["updated"]) == (0, ROWS), messages
    updates = ours.portal.control("requests")["methods"]["crm.contact.update"]
    _killed_again_and_again(ours, json.loads(output)["run"], lambda told: told["methods"].get("crm.contact.update", 0) - updates, ROWS)
    assert {contact["ID"]: contact["NAME"] for contact in ours.portal.contacts()} == before
