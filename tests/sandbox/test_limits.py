"""The portal's bucket and operating time, as arithmetic over a given clock."""

from __future__ import annotations

import pytest

from importer.sandbox.limits import Bucket, OperatingTime


def _admitted(bucket: Bucket, moments: list[float]) -> int:
    return sum(bucket.admit(now) for now in moments)


@pytest.mark.parametrize(("capacity", "drops_per_s"), [(50, 2), (250, 5)])
def test_a_burst_gets_exactly_the_capacity(capacity: int, drops_per_s: int) -> None:
    assert _admitted(Bucket(capacity, drops_per_s), [100.0] * 400) == capacity


@pytest.mark.parametrize(
    ("now", "admitted"),
    [(100.0, 0), (100.9, 0), (101.0, 2), (101.9, 2), (103.0, 6), (124.0, 48), (125.0, 50), (9000.0, 50)],
)
def test_a_full_bucket_frees_two_places_at_each_whole_second(now: float, admitted: int) -> None:
    bucket = Bucket(50, 2)
    _admitted(bucket, [100.0] * 50)
    assert _admitted(bucket, [now] * 60) == admitted


def test_a_refused_request_leaves_no_trace() -> None:
    bucket = Bucket(50, 2)
    _admitted(bucket, [0.0] * 50)
    _admitted(bucket, [0.5] * 1000)
    assert _admitted(bucket, [1.0] * 10) == 2


def test_two_requests_a_second_are_never_refused() -> None:
    bucket = Bucket(50, 2)
    assert _admitted(bucket, [tick / 2 for tick in range(2000)]) == 2000


def test_a_clock_that_stands_still_or_slips_back_frees_nothing() -> None:
    bucket = Bucket(2, 2)
    assert [bucket.admit(now) for now in (10.0, 10.0, 9.0, 10.5)] == [True, True, False, False]


def test_the_call_that_crosses_the_limit_still_runs_and_the_next_is_refused() -> None:
    operating = OperatingTime(480)
    operating.add(0, 480)
    assert not operating.is_blocked(1)
    operating.add(1, 0.1)
    assert operating.is_blocked(1)


def test_a_basket_leaves_600_seconds_after_its_first_call() -> None:
    operating = OperatingTime(480)
    operating.add(10, 300)
    operating.add(59, 100)
    operating.add(60, 200)
    assert operating.total(609.9) == 600
    assert operating.total(610) == 200
    assert operating.total(660) == 0


@pytest.mark.parametrize(("now", "reset_at"), [(70, 610), (609, 610), (611, 665), (665, 1265)])
def test_the_reset_is_when_the_oldest_basket_expires(now: float, reset_at: float) -> None:
    operating = OperatingTime()
    operating.add(10, 1)
    operating.add(65, 1)
    assert operating.reset_at(now) == reset_at


def test_when_the_oldest_basket_leaves_a_blocked_method_is_free_again() -> None:
    operating = OperatingTime(480)
    operating.add(0, 400)
    operating.add(120, 100)
    assert [operating.is_blocked(now) for now in (121, 599, 600)] == [True, True, False]
