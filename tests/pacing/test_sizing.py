"""Size and width of batches as tables: measured seconds in, numbers out."""

from __future__ import annotations

import pytest

from importer.pacing.sizing import FIRST_BATCH, Measured, Sizing, batch_size, halved, is_crowded, width


@pytest.mark.parametrize(
    ("size", "each_s", "way_s", "wanted"),
    [
        # Never more than twice as many as before, never more than the portal takes.
        (5, 0.08, 0.1, 10),
        (40, 0.08, 0.1, 50),
        (50, 0.08, 0.1, 50),
        # 18 s are aimed at.
        (50, 0.36, 0.0, 50),
        (50, 0.5, 0.0, 36),
        (50, 1.1, 0.1, 16),
        (50, 1.1, 10.0, 7),
        # Slower than one command in 18 s: one at a time.
        (50, 30.0, 0.0, 1),
        (1, 30.0, 0.0, 1),
        (8, 0.1, 40.0, 1),
        (50, 0.0, 0.0, 50),
    ],
)
def test_as_many_commands_as_fit_the_seconds_aimed_at(size: int, each_s: float, way_s: float, wanted: int) -> None:
    assert batch_size(size, each_s, way_s, 50) == wanted


@pytest.mark.parametrize(("size", "half"), [(50, 25), (3, 1), (1, 1)])
def test_a_batch_that_was_cut_off_is_halved(size: int, half: int) -> None:
    assert halved(size) == half


@pytest.mark.parametrize(
    ("now", "request_s", "leak_per_s", "wanted"),
    [
        # Requests a second × seconds a request, and one more; upwards by one.
        (2, 5.0, 2.0, 3),
        (10, 5.0, 2.0, 11),
        (11, 5.0, 2.0, 11),
        (30, 5.0, 2.0, 11),
        (30, 5.0, 5.0, 26),
        (2, 0.1, 2.0, 2),
        (49, 60.0, 5.0, 50),
        (50, 60.0, 5.0, 50),
    ],
)
def test_so_many_are_under_way_that_requests_leave_as_fast_as_the_bucket_leaks(
    now: float, request_s: float, leak_per_s: float, wanted: float
) -> None:
    assert width(now, request_s, leak_per_s) == wanted


@pytest.mark.parametrize(
    ("request_s", "commands", "command_s", "is_so"),
    [
        # At its best a command takes 0.1 s and the way 0.2 s: 5.2 s for 50.
        (5.2, 50, 0.1, False),
        (8.7, 50, 0.17, False),
        (9.0, 50, 0.17, True),
        # The commands are as quick as ever, but the request stood in a queue.
        (20.0, 50, 0.1, True),
        # The way of a small batch is not slowness.
        (1.2, 1, 0.1, False),
        (2.0, 1, 0.1, True),
    ],
)
def test_a_portal_is_crowded_when_a_request_takes_far_longer_than_at_its_best(
    request_s: float, commands: int, command_s: float, is_so: bool
) -> None:
    assert is_crowded(Measured(request_s, commands, command_s), best_way_s=0.2, best_command_s=0.1) is is_so


@pytest.mark.parametrize(
    ("measured", "each_s", "way_s"),
    [
        (Measured(5.2, 50, 0.1), 0.1, 0.2),
        (Measured(5.0, 50), 0.1, 0.0),
        # A portal whose commands claim more than the request took: no time is left for the way.
        (Measured(1.0, 50, 0.1), 0.1, 0.0),
    ],
)
def test_a_request_is_its_commands_and_the_way(measured: Measured, each_s: float, way_s: float) -> None:
    assert (measured.each_s, measured.way_s) == pytest.approx((each_s, way_s))


def _fed(*answers: Measured) -> Sizing:
    sizing = Sizing(50, 2.0)
    for measured in answers:
        sizing.answered(measured)
    return sizing


def test_the_first_batch_is_small_and_the_next_ones_double() -> None:
    sizing, sizes = Sizing(50, 2.0), []
    for _ in range(6):
        sizes.append(sizing.size)
        sizing.answered(Measured(sizing.size * 0.08 + 0.1, sizing.size, 0.08))
    assert sizes == [FIRST_BATCH, 10, 20, 40, 50, 50]


def test_one_full_slow_answer_shrinks_the_next_batch() -> None:
    quick = [Measured(5.1, 50, 0.1)] * 6
    assert _fed(*quick).size == 50
    assert _fed(*quick, Measured(50.1, 50, 1.0)).size == 17


def test_a_single_slow_command_says_little_of_a_full_batch() -> None:
    quick = [Measured(5.1, 50, 0.1)] * 6
    assert _fed(*quick, Measured(2.1, 1, 2.0)).size == 50


def test_a_request_of_which_nothing_ran_says_nothing() -> None:
    quick = [Measured(5.1, 50, 0.1)] * 6
    before, after = _fed(*quick), _fed(*quick, Measured(0.1, 0))
    assert (before.size, before.width) == (after.size, after.width)


def test_a_cut_off_request_halves_size_and_width() -> None:
    sizing = _fed(*[Measured(5.1, 50, 0.1)] * 12)
    assert (sizing.size, sizing.width) == (50, 12)
    sizing.cut_off()
    assert (sizing.size, sizing.width) == (25, 6)


def test_width_gives_way_while_the_portal_is_crowded_and_comes_back_slower() -> None:
    sizing = _fed(*[Measured(5.1, 50, 0.1)] * 12)
    for _ in range(12):
        sizing.answered(Measured(15.1, 50, 0.3))
    assert sizing.width == 6
    for _ in range(6):
        sizing.answered(Measured(5.1, 50, 0.1))
    # One more for a round of answers, not for each.
    assert sizing.width in (6, 7)


def test_a_portal_that_stays_slower_is_not_called_crowded_for_ever() -> None:
    sizing = _fed(*[Measured(5.1, 50, 0.1)] * 12)
    for _ in range(400):
        sizing.answered(Measured(10.1, 50, 0.2))
    assert sizing.width > 12


def test_neither_size_nor_width_ever_falls_below_one() -> None:
    sizing = Sizing(50, 2.0)
    for _ in range(10):
        sizing.cut_off()
        sizing.answered(Measured(59.0, 1, 58.0))
    assert (sizing.size, sizing.width >= 1) == (1, True)
