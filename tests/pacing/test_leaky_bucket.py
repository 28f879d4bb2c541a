"""The request counter as arithmetic: level and seconds in, seconds out; and against the portal's own counter."""

from __future__ import annotations

import math
import random

import pytest

from importer.pacing.leaky_bucket import LeakyBucket, level_now, usable, wait_s
from importer.sandbox.limits import Bucket


@pytest.mark.parametrize(("capacity", "leak_per_s", "places"), [(50, 2.0, 46), (250, 5.0, 243), (4, 2.0, 1), (1, 5.0, 1)])
def test_places_stay_free_for_the_portals_step_of_a_second_and_for_jitter(capacity: int, leak_per_s: float, places: float) -> None:
    assert usable(capacity, leak_per_s) == places


@pytest.mark.parametrize(
    ("level", "since_s", "left"),
    [(10, 0, 10), (10, 1, 8), (10, 5, 0), (10, 60, 0), (0, 3, 0), (10, -7, 10)],
)
def test_the_level_falls_by_the_leak_and_a_clock_that_went_back_forgets_nothing(level: float, since_s: float, left: float) -> None:
    assert level_now(level, since_s, 2.0) == left


@pytest.mark.parametrize(
    ("level", "since_s", "wait"),
    [
        (0, 0, 0.0),
        (45, 0, 0.0),
        (46, 0, 0.5),
        (46, 0.25, 0.25),
        (46, 0.5, 0.0),
        (50, 0, 2.5),
        (50, 2.5, 0.0),
        (50, 3600, 0.0),
        (50, -10, 2.5),
    ],
)
def test_the_wait_is_until_one_more_request_fits(level: float, since_s: float, wait: float) -> None:
    assert wait_s(level, since_s, capacity=50, leak_per_s=2.0) == wait


def test_a_wait_that_was_obeyed_is_enough() -> None:
    bucket, now, taken = LeakyBucket(50, 2.0), 1000.0, 0
    while taken < 200:
        wait = bucket.take(now)
        now += wait
        if wait == 0:
            taken += 1
    # 46 at once, then two a second.
    assert now - 1000.0 == pytest.approx((200 - 46) / 2)


def test_a_request_that_must_wait_is_not_counted() -> None:
    bucket = LeakyBucket(50, 2.0, level=46.0, at=0.0)
    assert [bucket.take(0.0) for _ in range(3)] == [0.5, 0.5, 0.5]


def test_after_a_refusal_the_bucket_is_full() -> None:
    bucket = LeakyBucket(50, 2.0)
    bucket.refused(100.0)
    assert bucket.take(100.0) == 2.5


def test_a_clock_that_goes_back_brings_no_request_forward() -> None:
    bucket = LeakyBucket(50, 2.0, level=46.0, at=100.0)
    assert bucket.take(40.0) == 0.5
    assert bucket.take(100.5) == 0.0


@pytest.mark.parametrize(("capacity", "drops_per_s"), [(50, 2), (250, 5)])
@pytest.mark.parametrize("seed", range(5))
def test_the_portal_never_counts_past_its_capacity_whatever_its_phase_and_the_way(capacity: int, drops_per_s: int, seed: int) -> None:
    """Against the sandbox's counter, which falls in steps: bursts and pauses, each request 0 to 0.4 s on its way."""
    chance = random.Random(seed)
    ours, portal = LeakyBucket(capacity, float(drops_per_s)), Bucket(capacity, drops_per_s)
    now, phase, arrivals = 0.0, chance.random(), []
    for _ in range(3000):
        while wait := ours.take(now):
            now += wait
        arrivals.append(now + phase + chance.uniform(0, 0.4))
        if chance.random() < 0.01:
            now += chance.uniform(0, 40)
    assert all(portal.admit(moment) for moment in sorted(arrivals))
    assert math.isfinite(now)
