"""Which run is meant, what a death leaves to go on with, and the numbers a report is made of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from importer.errors import UsageError
from importer.journal.entries import ENTRY, EntryRecord, PlannedRow, Settled
from importer.journal.history import History
from importer.journal.journal import Journal
from importer.journal.lock import JournalLock
from importer.records import RowProblem
from tests.journal.conftest import NEW_RUN, Ledger, planned, request

_NAMES = {
    "260204-0800-aaaa": "finished",
    "260205-0900-bbbb": "interrupted",
    "260205-1718-bbcc": "stopped",
    "260205-1719-dddd": "finished",
    "260206-0100-eeee": "planning",
}


@pytest.fixture
def history(path: Path) -> History:
    """Five runs, each ended its own way; the last died while its rows were read."""
    journal = Journal(path)
    for name, state in _NAMES.items():
        run_id = journal.create_run(replace(NEW_RUN, run=name))
        if state != "planning":
            journal.ready(run_id)
            journal.start(run_id)
            journal.end(run_id, state, 9.0, exit_code=0, busy_s=1.0)
    return History(journal.database)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (None, "260205-1719-dddd"),
        ("260205-1718-bbcc", "260205-1718-bbcc"),
        ("aaaa", "260204-0800-aaaa"),
        ("260204", "260204-0800-aaaa"),
        ("bbbb", "260205-0900-bbbb"),
        ("260205", "several runs fit"),
        ("zzzz", "there is no run"),
        ("", "several runs fit"),
        # One that died while it was planned is no run.
        ("eeee", "there is no run"),
    ],
)
def test_a_run_is_found_by_an_unambiguous_beginning_or_end(history: History, said: str | None, meant: str) -> None:
    if meant in _NAMES:
        assert history.find(said).run == meant
    else:
        with pytest.raises(UsageError, match=meant):
            history.find(said)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        # The latest unfinished, not the latest.
        (None, "260205-1718-bbcc"),
        ("bbbb", "260205-0900-bbbb"),
        ("dddd", "nothing to go on with"),
    ],
)
def test_the_run_to_go_on_with(history: History, said: str | None, meant: str) -> None:
    if meant in _NAMES:
        assert history.unfinished(said).run == meant
    else:
        with pytest.raises(UsageError, match=meant):
            history.unfinished(said)


def test_without_an_unfinished_run_there_is_nothing_to_go_on_with(path: Path) -> None:
    with Journal(path) as journal, pytest.raises(UsageError, match="nothing to go on with"):
        History(journal.database).unfinished()


@pytest.mark.parametrize("state", ["ready", "running", "stopped", "interrupted", "finished", "planning"])
def test_an_unfinished_run_of_the_same_file_mapping_and_portal_is_offered(path: Path, state: str) -> None:
    with Journal(path) as journal:
        run_id = journal.create_run(NEW_RUN)
        if state != "planning":
            journal.ready(run_id)
        if state not in ("planning", "ready"):
            journal.start(run_id)
        if state not in ("planning", "ready", "running"):
            journal.end(run_id, state, 9.0, exit_code=0, busy_s=1.0)
        history, same = History(journal.database), (NEW_RUN.source_sha256, NEW_RUN.mapping_sha256, NEW_RUN.portal_host)
        found = history.unfinished_of(*same)
        assert (found is not None) == (state in ("ready", "running", "stopped", "interrupted"))
        for part in range(3):
            other = [*same]
            other[part] = "other"
            assert history.unfinished_of(*other) is None


def test_a_run_that_no_process_works_on_any_more_was_interrupted(ledger: Ledger, path: Path) -> None:
    def state() -> str:
        history = History.open(path)
        try:
            return history.find(None).state
        finally:
            history.close()

    with JournalLock(path):
        assert state() == "running"
    assert state() == "interrupted"
    ledger.journal.end(ledger.id, "finished", 9.0, exit_code=0, busy_s=1.0)
    assert state() == "finished"


def test_runs_that_died_while_they_were_planned_are_known_and_can_be_forgotten(path: Path) -> None:
    with Journal(path) as journal:
        run_id = journal.create_run(NEW_RUN)
        journal.plan(run_id, [planned(1)])
        history = History(journal.database)
        assert (history.runs(), history.left_planning()) == ([], [run_id])
        journal.forget(run_id)
        assert history.left_planning() == []


def test_a_run_comes_back_as_it_was_created(path: Path) -> None:
    new = replace(NEW_RUN, source_sheet="Клиенты", settings={"plan": "standard", "params": {"IMPORT": "Y"}}, report_dir="/r")
    with Journal(path) as journal:
        run = History(journal.database).run(journal.create_run(new))
    for name in NEW_RUN.__dataclass_fields__:
        assert getattr(run, name) == getattr(new, name), name
    assert (run.state, run.exit_code, run.finished, run.busy_s) == ("planning", None, None, 0.0)


# -- after a death ----------------------------------------------------------------------------


def test_after_a_death_what_was_leaving_is_unsettled_and_the_rest_stands(ledger: Ledger, path: Path) -> None:
    answered = ledger.take(1)
    ledger.journal.end_request(ledger.id, answered, request("answered"), 200, [Settled(1, "created", 11)])
    ledger.take(2, 3, started=2100.0)
    ledger.journal.close()
    with Journal(path) as journal:
        assert journal.recover(ledger.id) == 2
        history = History(journal.database)
        assert {row.row: row.state for row in history.rows(ledger.id)} == {
            1: "created", 2: "unsettled", 3: "unsettled", 4: "new", 5: "new",
        }  # fmt: skip
        assert [entry.state for entry in history.requests(ledger.id)] == ["answered", "lost"]
        assert [(row.row, row.last_sent) for row in journal.unsettled(ledger.id)] == [(2, 2100.0), (3, 2100.0)]
        assert journal.recover(ledger.id) == 0


def test_a_request_that_died_before_its_rows_were_taken_is_no_sending(ledger: Ledger) -> None:
    """A lookup that was open when we died: lost, and it concerns no row."""
    ledger.journal.begin_request(ledger.id, request(purpose="find"))
    assert ledger.journal.recover(ledger.id) == 0
    assert [entry.state for entry in ledger.history.requests(ledger.id)] == ["lost"]


# -- numbers ----------------------------------------------------------------------------------


def test_the_counts_of_a_run(ledger: Ledger) -> None:
    first = ledger.take(1, 2, 3)
    refusal = RowProblem("portal_refused", "No.")
    ledger.journal.end_request(ledger.id, first, request("answered"), 200, [
        Settled(1, "created", 11), Settled(2, "rejected", problem=refusal), Settled(3, "unsettled", problem=RowProblem("answer_lost", "Lost.")),
    ])  # fmt: skip
    history = ledger.history
    assert history.counts(ledger.id) == {"created": 1, "rejected": 1, "unsettled": 1, "new": 2}
    assert history.problems(ledger.id) == {("rejected", "portal_refused"): 1, ("unsettled", "answer_lost"): 1}
    assert history.settled_by_sending(ledger.id) == 2
    assert history.created_by_originator(ledger.id) == [("legacy", 1)]
    assert (history.originators(ledger.id), history.rows_of(ledger.id, "legacy"), history.unidentified(ledger.id)) == (["legacy"], 3, 0)


def test_rows_rejected_before_sending_are_not_settled_by_sending(path: Path) -> None:
    ledger = Ledger(path, [planned(1, "rejected"), planned(2, "skipped"), planned(3)])
    assert ledger.history.settled_by_sending(ledger.id) == 0


def test_the_requests_of_a_run_by_how_they_ended(ledger: Ledger) -> None:
    assert ledger.history.request_counts(ledger.id) == {"sent": 0, "retried": 0, "limited": 0, "failed": 0}
    for state, attempt in [("answered", 1), ("limited", 1), ("answered", 2), ("refused", 1), ("lost", 3)]:
        entry = request(state)
        entry.attempt = attempt
        ledger.journal.end_request(ledger.id, ledger.journal.begin_request(ledger.id, entry), entry, 200)
    assert ledger.history.request_counts(ledger.id) == {"sent": 5, "retried": 2, "limited": 1, "failed": 2}


def test_requests_and_pauses_come_in_the_order_of_time(ledger: Ledger) -> None:
    for started in (30.0, 10.0, 20.0):
        ledger.journal.note_request(ledger.id, request("answered", started=started), 200)
        ledger.journal.note_pause(ledger.id, started, started + 5, "operating time of crm.contact.add")
    assert [entry.started for entry in ledger.history.requests(ledger.id)] == [10.0, 20.0, 30.0]
    assert [began for began, _, _ in ledger.history.pauses(ledger.id)] == [10.0, 20.0, 30.0]


def test_what_was_sent_knows_until_when(ledger: Ledger) -> None:
    first = ledger.take(1)
    ledger.journal.end_request(ledger.id, first, request("answered", started=2000.0), 200, [Settled(1, "created", 11)])
    ledger.take(2)
    sent = [(row.row, row.state, row.contact_id, row.sent_until) for row in ledger.history.sent_rows(ledger.id, "legacy")]
    assert sent == [(1, "created", 11, 2000.5), (2, "sending", None, None)]


def test_entries_that_rows_need_are_listed_and_counted_apart(ledger: Ledger) -> None:
    def entry(number: int, name: str, is_directory: bool, text: str) -> PlannedRow:
        fields = {"is_directory": is_directory, "text": text}
        return PlannedRow(number, "new", [text], fields, (name, f"CODE_{number}"))

    entries = [entry(1, "SOURCE", True, "TV"), entry(2, "SOURCE", True, "Радио"), entry(3, "UF_CRM_1", False, "Gold")]
    ledger.journal.plan(ledger.id, entries, ENTRY)
    ledger.journal.begin_request(ledger.id, request(purpose="beside"), [1], ENTRY)
    refused = RowProblem("list_item_refused", "No.")
    ledger.journal.settle(ledger.id, [Settled(1, "created", 399), Settled(2, "skipped"), Settled(3, "rejected", problem=refused)], ENTRY)
    assert list(ledger.history.entries(ledger.id)) == [
        EntryRecord("SOURCE", True, "TV", "CODE_1", "created", 399, None),
        EntryRecord("SOURCE", True, "Радио", "CODE_2", "skipped", None, None),
        EntryRecord("UF_CRM_1", False, "Gold", "CODE_3", "rejected", None, "No."),
    ]
    assert ledger.history.entry_counts(ledger.id) == {"created": 1, "skipped": 1, "rejected": 1}
    assert (ledger.history.counts(ledger.id), ledger.history.company_counts(ledger.id)) == ({"new": 5}, {})
