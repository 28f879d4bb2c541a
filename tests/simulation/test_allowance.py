"""The whole import against what the portal's rules allow: nothing refused, 0.98 of the allowance used."""

from __future__ import annotations

import math

import pytest

from importer.pacing.plans import PLANS, Plan
from tests.simulation.conftest import Import, Simulate
from tests.simulation.simulated_portal import Rules, steady

# What may be lost of the allowance.
_USED = 0.98


def shortest_s(rows: int, command_s: float, plan: Plan, *, others_s: float = 0.0, others_requests: int = 0) -> float:
    """The shortest time in which the rules let so many rows through; written apart from `plans.least_seconds`.

    Requests: by t the portal lets capacity + leak × t of them in, whoever sent them, and a batch carries 50 rows:
        t ≥ (rows / 50 + others − capacity) / leak
    Operating time: a window of 600 s lets 480 s through, the first of them at once, the next 600 s later:
        t ≥ 600 × (⌈(rows × command_s + others_s) / 480⌉ − 1)
    """
    by_requests = (math.ceil(rows / 50) + others_requests - plan.capacity) / plan.leak_per_s
    by_operating = 600 * (math.ceil((rows * command_s + others_s) / 480) - 1)
    return max(by_requests, by_operating)


def _expect_every_row_once(done: Import, rows: int) -> None:
    assert done.counts == {"created": rows}
    assert len(done.contacts) == rows
    assert all(len(ids) == 1 for ids in done.contacts.values())


@pytest.mark.parametrize(
    ("plan", "rows", "command_s"),
    [
        # 0.08 s a command: operating time is the narrow pass on either plan.
        ("standard", 100_000, 0.08),
        ("enterprise", 100_000, 0.08),
        # The figure of the documentation's sample: 18 commands fit 20 s.
        ("slow", 22_000, 1.1),
        # So quick that requests are the narrow pass; the ramp and the places left free cost 4 s, whatever the rows.
        ("quick", 30_000, 0.004),
    ],
)
def test_a_healthy_portal_refuses_nothing_and_its_allowance_is_used(simulate: Simulate, plan: str, rows: int, command_s: float) -> None:
    terms = PLANS.get(plan, PLANS["standard"])
    rules = Rules(terms.capacity, int(terms.leak_per_s), steady(command_s))
    done = simulate(rows, terms, rules)
    _expect_every_row_once(done, rows)
    assert (done.seen.rate_refusals, done.seen.budget_refusals, done.seen.cut) == (0, 0, 0)
    assert max(sent.took_s for sent in done.seen.adds) < 20
    assert shortest_s(rows, command_s, terms) / done.elapsed_s >= _USED


@pytest.mark.parametrize("phase_s", [1_770_301_080.0, 1_770_301_139.95])
def test_where_the_portals_minutes_begin_does_not_matter(simulate: Simulate, phase_s: float) -> None:
    terms = PLANS["standard"]
    done = simulate(10_000, terms, Rules(50, 2, steady(0.8), phase_s=phase_s))
    assert (done.seen.rate_refusals, done.seen.budget_refusals) == (0, 0)
    assert shortest_s(10_000, 0.8, terms) / done.elapsed_s >= _USED


def test_what_a_competitor_leaves_is_used_and_nothing_refused(simulate: Simulate) -> None:
    """It takes what it can get of the operating budget and a quarter of the requests; we see it in answers only."""
    terms = PLANS["standard"]
    done = simulate(30_000, terms, Rules(50, 2, steady(0.08)), is_contested=True)
    _expect_every_row_once(done, 30_000)
    assert (done.seen.rate_refusals, done.seen.budget_refusals) == (0, 0)
    others = done.competitor
    assert others.used_s > 150
    shortest = shortest_s(30_000, 0.08, terms, others_s=others.used_s, others_requests=others.requests)
    assert shortest / done.elapsed_s >= _USED


def test_each_pause_is_told_once_and_journaled_as_it_happened(simulate: Simulate) -> None:
    done = simulate(5_000, PLANS["standard"], Rules(50, 2, steady(0.32)))
    assert len(done.told) == len(done.pauses) == 3
    assert [began for began, _ in done.told] == pytest.approx([began for began, _, _ in done.pauses])
    # It goes on at the moment that was told, not later.
    assert [until for _, until in done.told] == pytest.approx([ended for _, ended, _ in done.pauses], abs=0.01)
    assert {why for _, _, why in done.pauses} == {"operating time of crm.contact.add"}
    assert done.progress.paused_until is None
