"""Every move a row may make, and every one it may not, as one table; held by the journal itself."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from importer.journal import states
from importer.journal.entries import Settled
from importer.journal.states import StateError
from tests.journal.conftest import Ledger, planned

ALL = ("new", "sending", "created", "updated", "deleted", "restored", "skipped", "rejected", "unsettled")

# from → to, written down again: a change of states.py must be wanted twice.
ALLOWED = {
    ("new", "sending"),
    ("new", "skipped"),
    ("new", "updated"),
    ("new", "deleted"),
    ("new", "restored"),
    ("sending", "deleted"),
    ("sending", "restored"),
    ("new", "rejected"),
    ("sending", "new"),
    ("sending", "created"),
    ("sending", "updated"),
    ("sending", "skipped"),
    ("sending", "rejected"),
    ("sending", "unsettled"),
    ("unsettled", "new"),
    ("unsettled", "created"),
    ("unsettled", "updated"),
    ("unsettled", "skipped"),
    ("unsettled", "rejected"),
    ("unsettled", "unsettled"),
}


def _in_state(path: Path, state: str) -> Ledger:
    ledger = Ledger(path, [planned(1)])
    if state != "new":
        ledger.take(1)
    if state not in ("new", "sending"):
        ledger.journal.settle(ledger.id, [Settled(1, state)])
    return ledger


@pytest.mark.parametrize("target", ALL)
@pytest.mark.parametrize("source", ALL)
def test_the_journal_makes_the_moves_of_the_table_and_no_other(path: Path, source: str, target: str) -> None:
    ledger = _in_state(path, source)

    def move() -> None:
        if target == "sending":
            ledger.take(1)
        else:
            ledger.journal.settle(ledger.id, [Settled(1, target)])

    if (source, target) in ALLOWED:
        move()
        assert ledger.states() == {1: target}
    else:
        with pytest.raises(StateError):
            move()
        assert ledger.states() == {1: source}


@pytest.mark.parametrize("state", ALL)
def test_rows_are_planned_only_in_states_of_before_sending(path: Path, state: str) -> None:
    if state in ("new", "skipped", "rejected"):
        assert Ledger(path, [planned(1, state)]).states() == {1: state}
    else:
        with pytest.raises(StateError):
            Ledger(path, [planned(1, state)])


def test_the_table_of_moves_is_the_one_above() -> None:
    assert {(source, target) for source, targets in states.MOVES.items() for target in targets} == ALLOWED
    assert set(states.MOVES) == set(ALL)


def test_the_schema_knows_the_same_states(path: Path) -> None:
    ledger = Ledger(path, [planned(1)])
    connection = ledger.journal.database.connection
    for state in ALL:
        connection.execute("UPDATE rows SET state = ?", (state,))
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("UPDATE rows SET state = 'lost'")


def test_final_states_lead_nowhere_and_every_outcome_is_a_state() -> None:
    assert {state for state, targets in states.MOVES.items() if not targets} == {
        "created", "updated", "deleted", "restored", "skipped", "rejected",
    }  # fmt: skip
    assert set(states.OUTCOMES) | set(states.UNDO_OUTCOMES) == set(ALL) - {"new", "sending"}
