"""How batches and their number follow a portal that slows down, recovers, or queues what it gets at once."""

from __future__ import annotations

from itertools import pairwise

import pytest

from importer.pacing.plans import PLANS, Plan
from tests.simulation.conftest import Import, Simulate
from tests.simulation.simulated_portal import Rules, Sent

# No budget of operating time, so that only size and width decide.
_FREE = Plan("free", 50, 2.0, operating_limit_s=1e9)
_FREE_RULES = {"capacity": 50, "drops_per_s": 2, "operating_limit_s": 1e9}


def _between(done: Import, began_s: float, ended_s: float) -> list[Sent]:
    return [sent for sent in done.seen.adds if began_s <= sent.at_s < ended_s]


def _expect_every_row_once(done: Import, rows: int) -> None:
    assert done.counts == {"created": rows}
    assert sorted(len(ids) for ids in done.contacts.values()) == [1] * rows


def test_batches_shrink_in_a_slow_phase_and_grow_back_after_it(simulate: Simulate) -> None:
    def command_s(elapsed_s: float, under_way: int) -> float:
        return 0.7 if 60 <= elapsed_s < 500 else 0.08

    done = simulate(16_000, _FREE, Rules(command_s=command_s, **_FREE_RULES))
    _expect_every_row_once(done, 16_000)
    assert done.seen.cut == 0
    assert {sent.commands for sent in _between(done, 25, 60)} == {50}
    assert max(sent.commands for sent in _between(done, 140, 500)) <= 18 / 0.7 * 1.1
    assert max(sent.took_s for sent in _between(done, 140, 470)) < 20
    assert {sent.commands for sent in _between(done, 560, done.elapsed_s - 5)} == {50}


def test_a_batch_that_was_cut_off_is_looked_up_and_smaller_ones_follow(simulate: Simulate) -> None:
    """From 0.08 to 3 s a command: what is under way when it happens is cut, and no row is lost or doubled."""

    def command_s(elapsed_s: float, under_way: int) -> float:
        return 3.0 if elapsed_s >= 30 else 0.08

    done = simulate(6_000, _FREE, Rules(command_s=command_s, **_FREE_RULES))
    _expect_every_row_once(done, 6_000)
    assert 0 < done.seen.cut <= 30
    assert max(sent.at_s + sent.took_s for sent in done.seen.adds if sent.took_s > 59) < 400
    assert max(sent.commands for sent in _between(done, 400, done.elapsed_s)) <= 6


def test_width_gives_way_when_requests_wait_for_each_other(simulate: Simulate) -> None:
    """A portal with four places: more requests at once only make each of them slower."""

    def command_s(elapsed_s: float, under_way: int) -> float:
        return 0.1 * max(1.0, under_way / 4)

    done = simulate(10_000, _FREE, Rules(command_s=command_s, **_FREE_RULES))
    _expect_every_row_once(done, 10_000)
    # Finding the places takes one overshoot; even that stays under half of the 60 s.
    assert max(sent.took_s for sent in done.seen.adds) < 30
    assert max(sent.took_s for sent in _between(done, 40, done.elapsed_s)) < 20
    # Without giving way it would be 2 a second × 20 s = 40.
    assert max(sent.under_way for sent in _between(done, 60, done.elapsed_s)) <= 16
    # What four places can do at their best: 40 rows a second.
    assert done.elapsed_s <= 10_000 / 40 * 1.2


@pytest.mark.parametrize(("plan", "command_s"), [("standard", 0.1), ("enterprise", 0.1), ("standard", 0.02)])
def test_so_many_are_under_way_that_requests_leave_as_fast_as_the_bucket_leaks(simulate: Simulate, plan: str, command_s: float) -> None:
    """Little's law: requests a second × seconds a request, and little more."""
    terms = Plan(plan, PLANS[plan].capacity, PLANS[plan].leak_per_s, operating_limit_s=1e9)
    rules = Rules(terms.capacity, int(terms.leak_per_s), lambda elapsed_s, under_way: command_s, operating_limit_s=1e9)
    done = simulate(8_000, terms, rules)
    _expect_every_row_once(done, 8_000)
    needed = terms.leak_per_s * (50 * command_s + 0.1)
    assert needed <= max(sent.under_way for sent in done.seen.adds) <= needed * 1.2 + 2
    assert done.seen.rate_refusals == 0


def test_the_first_batches_only_measure(simulate: Simulate) -> None:
    done = simulate(300, PLANS["standard"], Rules(50, 2, lambda elapsed_s, under_way: 0.08))
    sizes = [sent.commands for sent in sorted(done.seen.adds, key=lambda sent: sent.at_s)]
    assert sizes[:2] == [5, 5]
    assert all(later <= 2 * earlier for earlier, later in pairwise(sizes))
