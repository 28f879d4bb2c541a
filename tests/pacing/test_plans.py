"""The shortest time a plan allows, as a table."""

from __future__ import annotations

import pytest

from importer.pacing.plans import PLANS, least_seconds


@pytest.mark.parametrize(
    ("plan", "commands", "command_s", "seconds"),
    [
        ("standard", 0, 0.08, 0.0),
        ("standard", -5, 0.08, 0.0),
        ("standard", 1, 0.08, 0.0),
        # 480 s of operating time go at once; one command more waits for the next window.
        ("standard", 6_000, 0.08, 35.0),
        ("standard", 6_001, 0.08, 600.0),
        ("enterprise", 6_000, 0.08, 0.0),
        ("standard", 100_000, 0.08, 9_600.0),
        ("enterprise", 100_000, 0.08, 9_600.0),
        ("standard", 100_000, 1.1, 137_400.0),
        # So quick that requests are what counts: (2000 − 50) / 2 and (2000 − 250) / 5.
        ("standard", 100_000, 0.001, 975.0),
        ("enterprise", 100_000, 0.001, 350.0),
        ("standard", 100_000, 0.0, 975.0),
    ],
)
def test_the_narrower_of_requests_and_operating_time_decides(plan: str, commands: int, command_s: float, seconds: float) -> None:
    assert least_seconds(commands, PLANS[plan], command_s) == pytest.approx(seconds)


def test_smaller_batches_need_more_requests() -> None:
    assert least_seconds(1_000, PLANS["standard"], 0.0, batch=1) == 475.0
