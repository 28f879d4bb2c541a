"""The rows still to be sent: each exactly once, in order, returned ones first, odd ones alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from importer.batcher import queue as queue_module
from importer.batcher.queue import Queue
from importer.journal.entries import NewRun, PlannedRow, QueuedRow, RequestRecord, Settled
from importer.journal.journal import Journal


class _Run:
    """A journal with one run of rows, and its queue."""

    def __init__(self, folder: Path, positions: list[int], alone: set[int] = frozenset()) -> None:
        self.journal = Journal(folder / "journal.db")
        self.journal.database.wait_for_nothing()
        new = NewRun("260202-1200-abcd", 0.0, "a.csv", "0", ("No",), "a.yaml", "a", "0", "127.0.0.1", "Ada (1)", "http://127.0.0.1/{id}")
        self.run_id = self.journal.create_run(new)
        self.journal.plan(
            self.run_id,
            [PlannedRow(row, "new", [], {"NAME": "Mara"}, ("legacy", f"K-{row}"), position=position) for row, position in enumerate(positions, 2)],
        )
        self.queue = Queue(self.journal, self.run_id, lambda row: row.row in alone)

    def settle(self, rows: list[QueuedRow], state: str) -> None:
        """Sends rows, and journals what became of them."""
        request = RequestRecord("add", len(rows), 1, 0.0, 1.0, "answered", None, 0, None)
        request_id = self.journal.begin_request(self.run_id, request, [row.row for row in rows])
        self.journal.end_request(self.run_id, request_id, request, 200, [Settled(row.row, state) for row in rows])

    def all(self, most: int = 4) -> list[int]:
        """The rows as they come, batch by batch."""
        taken: list[int] = []
        while not self.queue.is_empty():
            rows = self.queue.take(most)
            assert 0 < len(rows) <= most
            taken += _numbers(rows)
        return taken


def _numbers(rows: list[QueuedRow]) -> list[int]:
    return [row.row for row in rows]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Run]]:
    """Makes runs whose queue reads five rows ahead; they are closed with the test."""
    monkeypatch.setattr(queue_module, "_AHEAD", 5)
    monkeypatch.setattr(queue_module, "_LEAST_AHEAD", 5)
    made: list[_Run] = []

    def run(positions: list[int], alone: set[int] = frozenset()) -> _Run:
        made.append(_Run(tmp_path, positions, alone))
        return made[-1]

    yield run
    for one in made:
        one.journal.close()


@pytest.mark.parametrize("count", [0, 1, 4, 5, 6, 10, 11, 23])
def test_every_row_comes_once_and_in_order(make, count: int) -> None:
    assert make(list(range(count))).all() == list(range(2, count + 2))


def test_rows_come_by_position_and_equal_positions_by_row(make) -> None:
    assert make([3, 1, 2, 1, 3, 1, 3, 3, 1, 2, 2, 3]).all() == [3, 5, 7, 10, 4, 11, 12, 2, 6, 8, 9, 13]


def test_rows_given_back_come_first_and_in_their_order(make) -> None:
    run = make(list(range(8)))
    first, second = run.queue.take(3), run.queue.take(2)
    run.queue.give_back(second)
    run.queue.give_back(first)
    assert run.all() == [2, 3, 4, 5, 6, 7, 8, 9]


def test_rows_given_back_after_the_last_are_left_to_take(make) -> None:
    run = make([0, 1])
    taken = run.queue.take(4)
    assert run.queue.is_empty()
    run.queue.give_back(taken)
    assert not run.queue.is_empty()
    assert run.all() == [2, 3]


def test_a_row_that_must_travel_alone_does(make) -> None:
    run = make(list(range(7)), alone={2, 5, 6, 8})
    batches = []
    while not run.queue.is_empty():
        batches.append(_numbers(run.queue.take(4)))
    assert batches == [[2], [3, 4], [5], [6], [7], [8]]


@pytest.mark.parametrize("late", [[3], [3, 9], [13], [9, 10, 11], [2, 3, 4, 5, 6, 7]])
@pytest.mark.parametrize("read_first", [False, True])
def test_rows_looked_up_for_a_dead_process_do_not_come_twice(make, late: list[int], read_first: bool) -> None:
    run = make(list(range(12)))
    run.settle([QueuedRow(row, row - 2, b"{}", None, 0) for row in late], "unsettled")
    taken = _numbers(run.queue.take(1)) if read_first else []
    doubtful = run.journal.unsettled(run.run_id)
    run.journal.settle(run.run_id, [Settled(row.row, "new") for row in doubtful])
    run.queue.give_back(doubtful)
    assert sorted(taken + run.all()) == list(range(2, 14))


def test_rows_of_other_states_do_not_come(make) -> None:
    run = make(list(range(9)))
    for row, state in ((2, "created"), (4, "rejected"), (6, "unsettled")):
        run.settle([QueuedRow(row, row - 2, b"{}", None, 0)], state)
    assert run.all() == [3, 5, 7, 8, 9, 10]


def test_rows_that_were_made_ready_share_a_request_and_only_the_others_are_looked_at(make) -> None:
    run = make(list(range(7)), alone={2, 3, 6})

    def prepare(rows: list[QueuedRow]) -> None:
        for row in rows:
            row.ready = "made" if row.row in (2, 3) else None

    run.queue = Queue(run.journal, run.run_id, lambda row: row.row in (2, 3, 6), prepare=prepare)
    assert [_numbers(run.queue.take(4)) for _ in range(3)] == [[2, 3, 4, 5], [6], [7, 8]]


def test_long_rows_are_read_few_at_a_time_and_short_ones_many(make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_module, "_LEAST_AHEAD", 2)
    run, read = make(list(range(23))), []
    inner = run.journal.queued

    def queued(run_id: int, limit: int, *more: object) -> list[QueuedRow]:
        read.append(limit)
        return inner(run_id, limit, *more)

    run.journal.queued = queued
    assert _numbers(run.queue.take(9)) == list(range(2, 11))
    assert read == [2, 5, 5]
    monkeypatch.setattr(queue_module, "_AHEAD_BYTES", 3 * len(b'{"NAME":"Mara"}'))
    assert run.all() == list(range(11, 25))
    assert read == [2, 5, 5, 5, 3, 3, 3]
