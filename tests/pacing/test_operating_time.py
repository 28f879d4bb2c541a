"""The budget of operating seconds as arithmetic: what is told in, how many commands out."""

from __future__ import annotations

import math

import pytest

from importer.pacing.operating_time import OperatingTime

NOW = 1_770_300_000.0


def _budget(used_s: float = 0.0, resets_in_s: float = 300.0, command_s: float = 0.1, reserved: int = 0) -> OperatingTime:
    budget = OperatingTime()
    budget.learn_command(command_s)
    if used_s:
        budget.learn(NOW, used_s, resets_in_s, NOW)
    if reserved:
        assert budget.reserve(NOW, reserved) == reserved
    return budget


@pytest.mark.parametrize(
    ("used_s", "reserved", "room"),
    [
        # 477.6 s may be used, a command counts 0.11 s, and with none in flight the crossing one runs, too.
        (0.0, 0, 4342),
        (400.0, 0, 706),
        (477.0, 0, 6),
        (477.59, 0, 1),
        (477.6, 0, 0),
        (480.0, 0, 0),
        (9999.0, 0, 0),
        # In flight: counted dear, and none crosses.
        (400.0, 100, 605),
        (400.0, 700, 5),
        (470.0, 69, 0),
    ],
)
def test_the_room_is_what_the_limit_leaves(used_s: float, reserved: int, room: int) -> None:
    assert _budget(used_s, reserved=reserved).room(NOW) == room


@pytest.mark.parametrize(
    ("used_s", "reserved", "wanted", "least", "granted"),
    [
        (0.0, 0, 50, 1, 50),
        (470.0, 0, 50, 1, 50),
        # The last of the budget goes in one batch, once nothing is in flight.
        (476.0, 0, 50, 1, 15),
        (476.0, 5, 50, 1, 0),
        (476.0, 5, 5, 1, 5),
        # Commands that must go together do so or wait.
        (476.0, 0, 50, 50, 0),
        (476.0, 0, 15, 15, 15),
        (480.0, 0, 50, 1, 0),
        # More than the whole budget leaves once nothing of it is used.
        (0.0, 0, 9000, 9000, 9000),
        (1.0, 0, 9000, 9000, 0),
    ],
)
def test_fewer_than_wanted_leave_only_when_none_is_in_flight(used_s: float, reserved: int, wanted: int, least: int, granted: int) -> None:
    assert _budget(used_s, reserved=reserved).reserve(NOW, wanted, least) == granted


def test_a_probe_as_small_as_may_be_leaves_when_the_oldest_basket_has_gone() -> None:
    budget = _budget(478.0, resets_in_s=120.0)
    # A second later than told: whole seconds may have been rounded down.
    assert budget.wait_s(NOW, 50) == 121.0
    assert budget.reserve(NOW + 120.9, 50) == 0
    assert budget.reserve(NOW + 121.0, 50) == 1
    assert budget.reserve(NOW + 121.0, 50) == 0
    assert budget.wait_s(NOW + 121.0, 50) == math.inf


def test_the_answer_to_the_probe_opens_the_budget() -> None:
    budget = _budget(478.0, resets_in_s=120.0)
    budget.reserve(NOW + 121.0, 50)
    budget.release(1)
    budget.learn(NOW + 121.2, 90.0, 60.0, NOW + 121.2)
    assert budget.reserve(NOW + 121.2, 50) == 50


def test_a_probe_without_an_answer_is_repeated_a_minute_later() -> None:
    budget = _budget(478.0, resets_in_s=120.0)
    assert budget.reserve(NOW + 121.0, 50) == 1
    budget.release(1)
    assert budget.wait_s(NOW + 121.0, 50) == 60.0
    assert budget.reserve(NOW + 181.0, 50) == 1


def test_a_portal_that_never_tells_is_trusted_again_after_a_whole_window() -> None:
    budget = _budget()
    budget.refused(NOW)
    assert budget.room(NOW + 599.9) == 0
    assert budget.reserve(NOW + 600.0, 50) == 50


@pytest.mark.parametrize(
    ("told", "granted"),
    [
        # (used, measured at) in the order of arrival
        ([(100.0, 5.0), (90.0, 4.0)], 50),
        ([(470.0, 5.0), (100.0, 4.0)], 50),
        ([(480.0, 5.0), (100.0, 4.0)], 0),
        ([(480.0, 5.0), (100.0, 5.0)], 0),
        ([(100.0, 5.0), (480.0, 5.0)], 0),
        ([(480.0, 5.0), (100.0, 6.0)], 50),
    ],
)
def test_an_older_answer_that_comes_later_is_passed_over(told: list[tuple[float, float]], granted: int) -> None:
    budget = _budget()
    for used_s, measured_at in told:
        budget.learn(NOW, used_s, 300.0, measured_at)
    assert budget.reserve(NOW, 50) == granted


def test_what_others_spend_of_the_same_budget_counts() -> None:
    budget = _budget(10.0)
    budget.learn(NOW + 1, 479.0, 100.0, NOW + 1)
    assert budget.wait_s(NOW + 1) == 101.0


@pytest.mark.parametrize(("resets_in_s", "wait"), [(200.0, 201.0), (0.0, 1.0)])
def test_after_a_refusal_it_waits_for_the_reset_that_was_told(resets_in_s: float, wait: float) -> None:
    budget = _budget(300.0, resets_in_s=resets_in_s)
    budget.refused(NOW)
    assert budget.wait_s(NOW) == wait


def test_a_refusal_before_any_answer_waits_for_the_next_minutes_basket() -> None:
    budget = _budget()
    budget.refused(NOW)
    assert budget.wait_s(NOW) == 60.0


def test_the_first_measurement_replaces_the_guess_and_later_ones_move_the_mean() -> None:
    budget = OperatingTime()
    budget.learn_command(1.0, 5)
    assert budget.command_s == pytest.approx(1.0)
    budget.learn_command(2.0, 5)
    assert budget.command_s == pytest.approx(1.5)
    for _ in range(20):
        budget.learn_command(0.1, 50)
    assert budget.command_s == pytest.approx(0.1, rel=0.01)


def test_a_command_that_costs_nothing_does_not_make_the_room_endless() -> None:
    budget = OperatingTime()
    budget.learn_command(0.0, 50)
    assert 0 < budget.room(NOW) < 1_000_000


def test_what_is_released_twice_does_not_make_room() -> None:
    budget = _budget(400.0)
    room = budget.room(NOW)
    budget.release(50)
    assert budget.room(NOW) == room
