"""Runs, rows and requests as they are written and read back: nothing half done, nothing lost, in their order."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from importer.journal.entries import PlannedRow, Settled
from importer.journal.journal import Journal
from importer.journal.states import StateError
from importer.records import RowProblem
from tests.journal.conftest import NEW_RUN, Ledger, planned, request


def test_what_was_planned_comes_back_as_it_was(path: Path) -> None:
    fields = {"NAME": 'Zoë "Ж" \u0000\n', "PHONE": [{"VALUE": "+12025550123", "VALUE_TYPE": "WORK"}], "UF_CRM_1": ["1", "2"]}
    ledger = Ledger(path, [PlannedRow(3, "new", ["a", "", "🙂"], fields, ("legacy", "x|1"))])
    (queued,) = ledger.journal.queued(ledger.id, 10)
    assert (queued.row, queued.fields, queued.origin, queued.attempts, queued.last_sent) == (3, fields, ("legacy", "x|1"), 0, None)
    (shown,) = ledger.history.rows(ledger.id, with_cells=True)
    assert shown.cells == ["a", "", "🙂"]


def test_a_row_rejected_before_sending_keeps_its_problem_and_is_never_queued(path: Path) -> None:
    problem = RowProblem("bad_date", "31.02.2001 is no date.", "Born")
    warning = RowProblem("short_phone", "Has 5 digits.", "Phone", is_warning=True)
    ledger = Ledger(path, [planned(1, "rejected", problem=problem, warnings=(warning,)), planned(2)])
    assert [row.row for row in ledger.journal.queued(ledger.id, 10)] == [2]
    shown = next(ledger.history.rows(ledger.id))
    assert (shown.code, shown.column, shown.problem) == ("bad_date", "Born", "31.02.2001 is no date.")
    assert list(ledger.history.warnings(ledger.id)) == [(1, "short_phone", "Phone", "Has 5 digits.")]


def test_two_rows_of_one_number_are_a_bug_and_leave_their_chunk_unplanned(path: Path) -> None:
    with Journal(path) as journal:
        run_id = journal.create_run(NEW_RUN)
        with pytest.raises(Exception, match="UNIQUE"):
            journal.plan(run_id, [planned(1), planned(1)])
        assert journal.queued(run_id, 10) == []


def test_rows_of_every_kind_planned_together_come_back_each_as_it_was(path: Path) -> None:
    problem = RowProblem("bad_date", "31.02.2001 is no date.", "Born")
    rows = [
        planned(1),
        PlannedRow(2, "new", ["a"], {"NAME": "No identity"}, position=9),
        planned(3, "rejected", problem=problem),
        planned(4, "skipped", contact_id=44, problem=RowProblem("exists", "It is there.")),
        PlannedRow(5, "new", ["b"], {"NAME": "Other"}, ("elsewhere", "5"), address={"CITY": "Leeds"}),
        planned(6, contact_id=66, action="update", identity="i", digest="d", files={"PHOTO": "p"}),
        planned(7),
    ]
    ledger = Ledger(path, rows)
    there = {row.row: row for row in ledger.history.rows(ledger.id, with_cells=True)}
    assert [(row.row, row.state, row.contact_id, row.cells) for row in there.values()] == [(r.row, r.state, r.contact_id, r.cells) for r in rows]
    assert [(there[n].code, there[n].column, there[n].problem) for n in (1, 3, 4)] == [
        (None, None, None), ("bad_date", "Born", "31.02.2001 is no date."), ("exists", None, "It is there."),
    ]  # fmt: skip
    queued = {row.row: row for row in ledger.journal.queued(ledger.id, 10)}
    assert {n: (row.position, row.origin, row.address, row.fields) for n, row in queued.items()} == {
        1: (1, ("legacy", "id-1"), {}, {"NAME": "Name 1"}),
        2: (9, None, {}, {"NAME": "No identity"}),
        5: (5, ("elsewhere", "5"), {"CITY": "Leeds"}, {"NAME": "Other"}),
        7: (7, ("legacy", "id-7"), {}, {"NAME": "Name 7"}),
    }
    [update] = ledger.journal.queued(ledger.id, 10, action="update")
    assert (update.row, update.contact_id, update.fields) == (6, 66, {"NAME": "Name 6"})
    kept = "SELECT row, identity, digest, files FROM contents WHERE identity IS NOT NULL"
    assert [tuple(row) for row in ledger.journal.database.connection.execute(kept)] == [(6, "i", "d", '{"PHOTO":"p"}')]


def test_wide_rows_take_little_more_of_the_disk_than_they_are_long(path: Path) -> None:
    text = "x" * 500
    with Journal(path) as journal:
        run_id = journal.create_run(NEW_RUN)
        journal.plan(run_id, (PlannedRow(row, "new", [text], {"COMMENTS": text}) for row in range(2, 3002)))
    assert path.stat().st_size < 3000 * 1600


# -- the queue --------------------------------------------------------------------------------


def _drained(ledger: Ledger, step: int) -> list[int]:
    order: list[int] = []
    after = None
    while rows := ledger.journal.queued(ledger.id, step, after):
        order += [row.row for row in rows]
        after = (rows[-1].position, rows[-1].row)
    return order


@pytest.mark.parametrize("step", [1, 2, 3, 100])
@pytest.mark.parametrize(
    ("positions", "order"),
    [
        ({1: None, 2: None, 3: None}, [1, 2, 3]),
        # By DATE_CREATE, which may be the same for many and lie before 1970.
        ({1: 500, 2: 500, 3: 500, 4: 400}, [4, 1, 2, 3]),
        ({1: 10, 2: -10, 3: 0, 4: -10}, [2, 4, 3, 1]),
        ({7: 2**40, 8: 1, 9: -(2**40)}, [9, 8, 7]),
    ],
)
def test_the_queue_is_read_in_its_order_without_gaps_however_small_the_steps(
    path: Path, positions: dict[int, int | None], order: list[int], step: int
) -> None:
    ledger = Ledger(path, [planned(row, position=position) for row, position in positions.items()])
    assert _drained(ledger, step) == order


def test_rows_that_were_taken_are_not_in_the_queue_and_those_given_back_are(ledger: Ledger) -> None:
    ledger.take(1, 2, 3)
    assert _drained(ledger, 10) == [4, 5]
    ledger.journal.settle(ledger.id, [Settled(2, "new")])
    assert _drained(ledger, 10) == [2, 4, 5]


def test_the_report_stays_in_source_order_whatever_the_order_of_sending(path: Path) -> None:
    ledger = Ledger(path, [planned(row, position=-row) for row in (1, 2, 3)])
    assert [row.row for row in ledger.history.rows(ledger.id)] == [1, 2, 3]


# -- requests ---------------------------------------------------------------------------------


def test_a_request_that_cannot_take_all_its_rows_takes_none_and_leaves_no_trace(ledger: Ledger) -> None:
    ledger.take(2)
    for rows in [(1, 2), (1, 99), (3, 3)]:
        with pytest.raises(StateError):
            ledger.take(*rows)
    assert ledger.states() == {1: "new", 2: "sending", 3: "new", 4: "new", 5: "new"}
    assert len(list(ledger.history.requests(ledger.id))) == 1


def test_an_answer_and_its_outcomes_are_written_together_or_not_at_all(ledger: Ledger) -> None:
    request_id = ledger.take(1, 2)
    with pytest.raises(StateError):
        ledger.journal.end_request(ledger.id, request_id, request("answered"), 200, [Settled(1, "created", 11), Settled(3, "created", 12)])
    assert ledger.states()[1] == "sending"
    assert [entry.state for entry in ledger.history.requests(ledger.id)] == ["open"]
    ledger.journal.end_request(ledger.id, request_id, request("answered"), 200, [Settled(1, "created", 11), Settled(2, "created", 12)])
    assert [(row.state, row.contact_id) for row in ledger.history.rows(ledger.id, ("created",))] == [("created", 11), ("created", 12)]
    assert [entry.state for entry in ledger.history.requests(ledger.id)] == ["answered"]


@pytest.mark.parametrize("rows", [(2, 3, 4), (1, 3, 5), (4, 3, 2), (3,), (1, 2, 4, 5)])
def test_each_row_of_a_request_gets_its_own_contact_and_no_other_row_any(ledger: Ledger, rows: tuple[int, ...]) -> None:
    request_id = ledger.take(*rows)
    assert ledger.states() == {row: "sending" if row in rows else "new" for row in range(1, 6)}
    # The first keeps what it has: nothing is said of its contact.
    outcomes = [Settled(row, "created", 10 * row if row != rows[0] else None) for row in rows]
    ledger.journal.end_request(ledger.id, request_id, request("answered"), 200, outcomes)
    there = {row.row: (row.state, row.contact_id) for row in ledger.history.rows(ledger.id)}
    expected = {row: ("created", 10 * row if row != rows[0] else None) for row in rows}
    assert there == {row: expected.get(row, ("new", None)) for row in range(1, 6)}


def test_one_row_cannot_have_two_outcomes_in_one_answer(ledger: Ledger) -> None:
    request_id = ledger.take(1)
    for outcomes in ([Settled(1, "created", 11), Settled(1, "created", 12)], [Settled(1, "created", 11), Settled(1, "rejected")]):
        with pytest.raises(StateError):
            ledger.journal.end_request(ledger.id, request_id, request("answered"), 200, outcomes)
        assert ledger.states()[1] == "sending"


def test_attempts_count_how_often_a_row_has_left(ledger: Ledger) -> None:
    for _ in range(3):
        ledger.take(1)
        ledger.journal.settle(ledger.id, [Settled(1, "new")])
    ledger.take(1)
    assert [row.attempts for row in ledger.history.rows(ledger.id)] == [4, 0, 0, 0, 0]


def test_a_problem_of_before_is_gone_once_the_row_is_settled_otherwise(ledger: Ledger) -> None:
    ledger.take(1)
    ledger.journal.settle(ledger.id, [Settled(1, "unsettled", problem=RowProblem("answer_lost", "Lost."))])
    assert next(ledger.history.rows(ledger.id)).code == "answer_lost"
    ledger.journal.settle(ledger.id, [Settled(1, "created", 11)])
    shown = next(ledger.history.rows(ledger.id))
    assert (shown.state, shown.contact_id, shown.code, shown.problem) == ("created", 11, None, None)


def test_unsettled_rows_know_when_they_were_sent_last(ledger: Ledger) -> None:
    ledger.take(1, started=2000.0)
    ledger.journal.settle(ledger.id, [Settled(1, "new")])
    ledger.take(1, started=2100.0)
    ledger.take(2, started=2050.0)
    ledger.journal.settle(ledger.id, [Settled(1, "unsettled"), Settled(2, "unsettled")])
    assert [(row.row, row.last_sent) for row in ledger.journal.unsettled(ledger.id)] == [(1, 2100.0), (2, 2050.0)]


def test_runs_of_one_journal_do_not_touch_each_others_rows(path: Path) -> None:
    first = Ledger(path, [planned(1), planned(2)])
    first.take(1)
    other = Ledger(path, [planned(1), planned(2)], run="260206-0900-aaaa")
    other.take(1, 2)
    other.journal.recover(other.id)
    assert (first.states(), other.states()) == ({1: "sending", 2: "new"}, {1: "unsettled", 2: "unsettled"})


# -- runs -------------------------------------------------------------------------------------

_STEPS = {
    "ready": lambda journal, run_id: journal.ready(run_id),
    "running": lambda journal, run_id: journal.start(run_id),
    "finished": lambda journal, run_id: journal.end(run_id, "finished", 9.0, exit_code=0, busy_s=1.0),
    "stopped": lambda journal, run_id: journal.end(run_id, "stopped", 9.0, exit_code=3, busy_s=1.0, stopped_by="closed"),
    "interrupted": lambda journal, run_id: journal.end(run_id, "interrupted", 9.0, exit_code=4, busy_s=1.0),
    "forgotten": lambda journal, run_id: journal.forget(run_id),
}

_RUN_MOVES = {
    "planning": {"ready", "forgotten"},
    "ready": {"running", "finished", "stopped", "interrupted", "forgotten"},
    "running": {"running", "finished", "stopped", "interrupted"},
    "stopped": {"running"},
    "interrupted": {"running"},
    "finished": set(),
}

_WAY_TO = {
    "planning": (),
    "ready": ("ready",),
    "running": ("ready", "running"),
    **{state: ("ready", "running", state) for state in ("stopped", "interrupted", "finished")},
}


@pytest.mark.parametrize("step", _STEPS)
@pytest.mark.parametrize("state", _RUN_MOVES)
def test_a_run_makes_these_moves_and_no_other(path: Path, state: str, step: str) -> None:
    with Journal(path) as journal:
        run_id = journal.create_run(NEW_RUN)
        for before in _WAY_TO[state]:
            _STEPS[before](journal, run_id)
        if step in _RUN_MOVES[state]:
            _STEPS[step](journal, run_id)
        else:
            with pytest.raises(StateError):
                _STEPS[step](journal, run_id)


def test_a_forgotten_run_leaves_nothing_and_its_neighbours_stay(path: Path) -> None:
    kept = Ledger(path, [planned(1)])
    with Journal(path) as journal:
        run_id = journal.create_run(replace(NEW_RUN, run="other"))
        journal.plan(run_id, [planned(1, warnings=(RowProblem("w", "w"),))])
        journal.note_request(run_id, request("answered"), 200)
        journal.forget(run_id)
        for table in ("rows", "warnings", "requests", "pauses"):
            count = journal.database.connection.execute(f"SELECT count(*) FROM {table} WHERE run_id = ?", (run_id,)).fetchone()[0]
            assert count == 0, table
    assert kept.states() == {1: "new"}


def test_the_newest_contact_of_before_is_remembered_from_the_first_start_only(ledger: Ledger) -> None:
    ledger.journal.start(ledger.id, last_id_before=999)
    assert ledger.history.run(ledger.id).last_id_before == 7


def test_the_time_spent_adds_up_over_resumes(ledger: Ledger) -> None:
    ledger.journal.end(ledger.id, "interrupted", 3000.0, exit_code=4, busy_s=10.0, stopped_by="Ctrl-C")
    ledger.journal.start(ledger.id)
    assert (ledger.history.run(ledger.id).exit_code, ledger.history.run(ledger.id).stopped_by) == (None, None)
    ledger.journal.end(ledger.id, "finished", 4000.0, exit_code=0, busy_s=5.0)
    run = ledger.history.run(ledger.id)
    assert (run.state, run.finished, run.busy_s, run.exit_code) == ("finished", 4000.0, 15.0, 0)


def test_the_name_of_a_run_is_given_once(path: Path) -> None:
    Ledger(path)
    with Journal(path) as journal, pytest.raises(Exception, match="UNIQUE"):
        journal.create_run(NEW_RUN)


def test_a_renamed_portal_is_remembered_by_its_latest_address(ledger: Ledger) -> None:
    assert ledger.history.renamed_portal("old.example.com") is None
    ledger.journal.remember_renamed("old.example.com", "https://new.example.com", 1.0)
    ledger.journal.remember_renamed("old.example.com", "https://newer.example.com", 2.0)
    assert ledger.history.renamed_portal("old.example.com") == "https://newer.example.com"


# -- flat memory ------------------------------------------------------------------------------


def test_planning_takes_no_more_rows_from_its_source_than_one_chunk_ahead(path: Path) -> None:
    farthest = 0

    def rows(journal: Journal) -> Iterator[PlannedRow]:
        nonlocal farthest
        for row in range(1, 7001):
            kept = journal.database.connection.execute("SELECT count(*) FROM rows").fetchone()[0] if row % 500 == 0 else None
            farthest = max(farthest, row - kept) if kept is not None else farthest
            yield planned(row)

    with Journal(path) as journal:
        run_id = journal.create_run(NEW_RUN)
        journal.plan(run_id, rows(journal))
        assert len(journal.queued(run_id, 10_000)) == 7000
    assert farthest <= 2000


def test_reading_rows_requests_and_warnings_keeps_none_of_them(path: Path) -> None:
    warning = RowProblem("w" * 50, "x" * 500)
    ledger = Ledger(path, (planned(row, warnings=(warning,)) for row in range(1, 5001)))
    tracemalloc.start()
    try:
        assert sum(1 for _ in ledger.history.rows(ledger.id)) == 5000
        assert sum(1 for _ in ledger.history.warnings(ledger.id)) == 5000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 300_000


@pytest.mark.parametrize(
    ("parts", "has_dollar"),
    [
        ({"fields": {"NAME": "Ann", "PHONE": [{"VALUE": "+44 20 7946 0001"}]}}, False),
        ({"fields": {"NAME": "$result[r0000]"}}, True),
        ({"fields": {"PHONE": [{"VALUE": "1"}, {"VALUE": "$5"}]}}, True),
        ({"fields": {"NAME": "Ann"}, "address": {"CITY": "$next[x]"}}, True),
        ({"fields": {"NAME": "Ann"}, "address": {"CITY": "Leeds"}}, False),
    ],
)
def test_a_queued_row_tells_whether_a_dollar_sign_stands_anywhere_in_it(path: Path, parts: dict[str, object], has_dollar: bool) -> None:
    ledger = Ledger(path, [PlannedRow(2, "new", [], **parts)])
    [row] = ledger.journal.queued(ledger.id, 10)
    assert row.has_dollar is has_dollar
