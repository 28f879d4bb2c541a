"""The journal driven at random beside a model of two dictionaries: no row is lost, none is in two states."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, precondition, rule

from importer.journal import states
from importer.journal.entries import Settled
from importer.journal.history import History
from importer.journal.journal import Journal
from importer.journal.states import StateError
from tests.journal.conftest import NEW_RUN, planned, request

_OUTCOMES = ("new", "created", "updated", "skipped", "rejected", "unsettled")


class JournalMachine(RuleBasedStateMachine):
    """Plans, sends, answers, looks up, dies and comes back in any order that can happen."""

    open_requests = Bundle("open_requests")

    @initialize(rows=st.dictionaries(st.integers(1, 40), st.sampled_from(["new", "new", "new", "rejected", "skipped"]), min_size=1))
    def plan(self, rows: dict[int, str]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="journal-"))
        self._open()
        self.run_id = self.journal.create_run(NEW_RUN)
        self.journal.plan(self.run_id, [planned(row, state) for row, state in rows.items()])
        self.journal.ready(self.run_id)
        self.journal.start(self.run_id, last_id_before=0)
        # The model: row → state, row → attempts, row → contact, open request → its rows.
        self.state = dict(rows)
        self.attempts = dict.fromkeys(rows, 0)
        self.contact: dict[int, int] = {}
        self.carried: dict[int, list[int]] = {}

    def _open(self) -> None:
        self.journal = Journal(self.folder / "journal.db")
        # The disk is not what is tested here, and every step commits.
        self.journal.database.wait_for_nothing()
        self.history = History(self.journal.database)

    def teardown(self) -> None:
        if hasattr(self, "journal"):
            self.journal.close()
            shutil.rmtree(self.folder)

    # -- what a run does ----------------------------------------------------------------------

    @rule(target=open_requests, count=st.integers(1, 8))
    def send(self, count: int) -> int:
        rows = [queued.row for queued in self.journal.queued(self.run_id, count)]
        request_id = self.journal.begin_request(self.run_id, request(commands=len(rows)), rows)
        self.carried[request_id] = rows
        for row in rows:
            self.state[row] = "sending"
            self.attempts[row] += 1
        return request_id

    @rule(request_id=consumes(open_requests), data=st.data())
    def answer(self, request_id: int, data: st.DataObject) -> None:
        rows = self.carried.pop(request_id, None)
        if rows is None:  # lost in a death
            return
        outcomes = [self._outcome(row, data.draw(st.sampled_from(_OUTCOMES))) for row in rows]
        self.journal.end_request(self.run_id, request_id, request("answered"), 200, outcomes)
        self._settled(outcomes)

    @rule(data=st.data())
    def look_up(self, data: st.DataObject) -> None:
        rows = [queued.row for queued in self.journal.unsettled(self.run_id)]
        assert rows == sorted(row for row, state in self.state.items() if state == "unsettled")
        chosen = data.draw(st.lists(st.sampled_from(rows), unique=True)) if rows else []
        outcomes = [self._outcome(row, data.draw(st.sampled_from(["new", "created", "updated", "rejected"]))) for row in chosen]
        self.journal.settle(self.run_id, outcomes)
        self._settled(outcomes)

    def _outcome(self, row: int, state: str) -> Settled:
        return Settled(row, state, contact_id=1000 + row if state in ("created", "updated") else None)

    def _settled(self, outcomes: list[Settled]) -> None:
        for outcome in outcomes:
            self.state[outcome.row] = outcome.state
            if outcome.contact_id is not None:
                self.contact[outcome.row] = outcome.contact_id

    # -- what happens to it -------------------------------------------------------------------

    @rule(is_tidy=st.booleans())
    def die_and_come_back(self, is_tidy: bool) -> None:
        """A death leaves the file as it is: copied while it is open, write-ahead log and all."""
        if is_tidy:
            self.journal.close()
        else:
            copy = Path(tempfile.mkdtemp(prefix="journal-"))
            for file in self.folder.iterdir():
                if not file.name.endswith("-shm"):
                    shutil.copy(file, copy)
            self.journal.close()
            shutil.rmtree(self.folder)
            self.folder = copy
        self._open()
        lost = [row for row, state in self.state.items() if state == "sending"]
        assert self.journal.recover(self.run_id) == len(lost)
        self.state |= dict.fromkeys(lost, "unsettled")
        self.carried.clear()

    @rule(state=st.sampled_from(["stopped", "interrupted"]))
    def end_and_go_on(self, state: str) -> None:
        self.journal.end(self.run_id, state, 9.0, exit_code=3, busy_s=1.0)
        self.journal.start(self.run_id, last_id_before=99)

    # -- what it must refuse ------------------------------------------------------------------

    @precondition(lambda self: any(state != "new" for state in self.state.values()))
    @rule(data=st.data())
    def take_a_row_that_is_not_new(self, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from(sorted(row for row, state in self.state.items() if state != "new")))
        new = sorted(row for row, state in self.state.items() if state == "new")[:2]
        with pytest.raises(StateError):
            self.journal.begin_request(self.run_id, request(), [*new, row])

    @rule(data=st.data(), target_state=st.sampled_from(_OUTCOMES))
    def settle_against_the_table(self, data: st.DataObject, target_state: str) -> None:
        forbidden = sorted(row for row, state in self.state.items() if target_state not in states.MOVES[state])
        if forbidden:
            with pytest.raises(StateError):
                self.journal.settle(self.run_id, [Settled(data.draw(st.sampled_from(forbidden)), target_state, 5)])

    # -- what must hold after every step ------------------------------------------------------

    @invariant()
    def the_journal_says_what_the_model_says(self) -> None:
        if not hasattr(self, "state"):
            return
        found = list(self.history.rows(self.run_id))
        assert [row.row for row in found] == sorted(self.state)
        assert {row.row: row.state for row in found} == self.state
        assert {row.row: row.attempts for row in found} == self.attempts
        assert {row.row: row.contact_id for row in found if row.contact_id} == self.contact

    @invariant()
    def the_counts_and_the_queue_agree(self) -> None:
        if not hasattr(self, "state"):
            return
        counts = self.history.counts(self.run_id)
        assert counts == {state: list(self.state.values()).count(state) for state in set(self.state.values())}
        queued = [row.row for row in self.journal.queued(self.run_id, 100)]
        assert queued == sorted(row for row, state in self.state.items() if state == "new")
        still_open = sum(entry.state == "open" for entry in self.history.requests(self.run_id))
        assert still_open == len(self.carried)
        assert sorted(row for rows in self.carried.values() for row in rows) == sorted(
            row for row, state in self.state.items() if state == "sending"
        )


TestJournalMachine = JournalMachine.TestCase
TestJournalMachine.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
