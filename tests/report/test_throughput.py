import pytest

from importer.report.throughput import Stretch, bucket_length_s, find_stretches, throughput

from .conftest import STARTED, Filled, created, new


@pytest.mark.parametrize(
    ("active_s", "bucket_s"), [(0.0, 1), (0.4, 1), (100, 1), (101, 2), (600, 10), (3600, 60), (86_400, 900), (8_640_000, 86_400)]
)
def test_a_run_of_any_length_is_cut_into_at_most_a_hundred_round_slices(active_s, bucket_s):
    assert bucket_length_s(active_s) == bucket_s


@pytest.mark.parametrize(
    ("times", "stretches"),
    [
        ([], []),
        ([(0, 1)], [(0, 1)]),
        ([(0, 1), (2, 3)], [(0, 3)]),
        ([(0, 100), (2, 3)], [(0, 100)]),
        ([(0, 1), (901, 902)], [(0, 902)]),
        ([(0, 1), (902, 903)], [(0, 1), (902, 903)]),
    ],
)
def test_only_a_gap_longer_than_the_operating_window_parts_two_stretches(times, stretches):
    assert [(s.began, s.ended) for s in find_stretches(times)] == stretches


def test_a_run_resumed_a_hundred_times_is_still_a_dozen_stretches():
    found = find_stretches((day * 86_400.0, day * 86_400.0 + 10) for day in range(100))
    assert len(found) == 12
    assert (found[0].began, found[-1].ended) == (0.0, 99 * 86_400.0 + 10)


def test_rows_are_counted_when_their_answer_came_and_requests_when_they_left(filled: Filled):
    filled.plan(new(2), new(3)).send(created(2), created(3), took_s=2.0)
    over_time = throughput(filled.history, filled.run)
    assert over_time.stretches == [Stretch(STARTED, STARTED + 2.0)]
    assert [(bucket.rows, bucket.requests) for bucket in over_time.buckets[0]] == [(0, 1), (0, 0), (2, 0)]


def test_a_refused_request_moves_no_rows_and_is_counted_apart(filled: Filled):
    filled.plan(new(2)).send(state="limited").send(state="refused").send(created(2))
    buckets = throughput(filled.history, filled.run).buckets[0]
    assert [sum(getattr(b, name) for b in buckets) for name in ("answered", "limited", "failed", "rows")] == [1, 1, 1, 1]


def test_operating_time_older_than_ten_minutes_is_forgotten(filled: Filled):
    filled.plan(new(2), new(3), new(4))
    filled.send(created(2), operating_s=100.0)
    filled.now += 400
    filled.send(created(3), operating_s=50.0)
    filled.now += 400
    filled.send(created(4), operating_s=7.0)
    known = [b.operating_s for b in throughput(filled.history, filled.run).buckets[0] if b.operating_s is not None]
    assert known == [100.0, 150.0, 57.0]


def test_a_clock_set_back_during_a_call_loses_no_row(filled: Filled):
    filled.plan(new(2)).send(created(2), took_s=-3600.0)
    assert sum(bucket.rows for bucket in throughput(filled.history, filled.run).buckets[0]) == 1


@pytest.mark.parametrize("value", [None, "2", True, 0, -1, [2]])
def test_a_limit_that_is_not_a_positive_number_is_not_drawn(tmp_path, value):
    run = Filled(tmp_path / "journal.db", settings={"leak_per_s": value})
    assert throughput(run.history, run.run).leak_per_s is None
    run.journal.close()
