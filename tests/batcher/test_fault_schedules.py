"""A hundred and more portals that fail in a hundred ways: afterwards every row is there exactly once, and said so."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from importer.sandbox.oauth.switches import OAuthSwitches
from tests import doors
from tests.batcher.rig import Died, Rig, rows, running
from tests.batcher.virtual_sockets import run_virtually

SCHEDULES = 120
# For each further door; what is between rig and door is tried enough.
FURTHER_SCHEDULES = 24
ROWS = 300

# A process may have to be started so often until the portal has run out of faults.
_MOST_STARTS = 40


def _deed(dice: random.Random) -> object:
    """One thing that goes wrong with a request, at any moment of it."""
    after = dice.choice([0, 1, dice.randint(2, 49), "all"])
    return dice.choice([
        {"status": dice.choice([500, 502, 503, 504]), "body": dice.choice(["json", "html", "empty"]), "after": after},
        {"status": 503, "code": "QUERY_LIMIT_EXCEEDED", "text": "Too many requests"},
        {"status": 429, "code": "OPERATION_TIME_LIMIT", "text": "Method is blocked due to operation time limit."},
        "reset_before",
        {"reset_after": after},
        {"cut_body": after},
        {"not_json": after},
        {"empty": after},
        {"missing_keys": [dice.randint(1, 50) for _ in range(dice.randint(1, 10))]},
        {"missing_keys": "result"},
        {"garbage": dice.choice(["string", "number", "null", "list", "entries"])},
        {"delay_s": dice.choice([1, 30, 69, 71, 100])},
        {"reset_after": after, "delay_s": dice.randint(1, 50)},
        {"keep_writing_s": dice.choice([5, 40, 55]), "after": dice.randint(0, 10)},
        {"refuse_connections": dice.randint(1, 100)},
        "operating_refusal",
        {"command_error": {"code": "INTERNAL_SERVER_ERROR", "text": "Internal server error"}},
        {"command_error": {"code": "QUERY_LIMIT_EXCEEDED", "text": "Too many requests"}},
    ])  # fmt: skip


def schedule(dice: random.Random, rows: int = ROWS) -> list[dict[str, object]]:
    """Rules of one portal: some rare, some frequent, none for ever, and a few rows it will not have."""
    rules: list[dict[str, object]] = [
        {
            "when": {"probability": dice.choice([0.05, 0.2, 0.6]), "seed": dice.randrange(1 << 30), "times": dice.randint(1, 6)},
            "do": _deed(dice),
        }
        for _ in range(dice.randint(2, 8))
    ]
    refused = [f"K-{dice.randint(2, rows + 1)}" for _ in range(dice.randint(0, 3))]
    if refused:
        rules.append({"when": {"row": refused, "method": "crm.contact.add"}, "do": {"command_error": {"code": "", "text": "No."}}})
    return rules


async def _carry_out(rig: Rig, dice: random.Random) -> None:
    """Starts processes, some of which die in the middle, until one gets to the end."""
    deaths = dice.choice([0, 0, 1, 3])
    for start in range(_MOST_STARTS):
        try:
            if await rig.send(lives=dice.randint(1, 12) if start < deaths else None) is None:
                return
        except Died:
            continue
    raise AssertionError(f"not at the end after {_MOST_STARTS} starts: {rig.states()}")


def _tokens(dice: random.Random) -> tuple[OAuthSwitches, list[dict[str, object]]]:
    """Tokens that grow old in the middle of a run, and a token server that loses some of its answers."""
    switches = OAuthSwitches(
        access_life_s=dice.choice([2, 4, 10, 3600]), spent_refresh_token=dice.choice(["refused", "accepted"]),
        old_access_token=dice.choice(["kept", "ended"]),
    )  # fmt: skip
    deed = dice.choice(["reset_before", {"reset_after": "all"}, {"status": 502, "body": "html"}, "not_json", {"delay_s": dice.choice([5, 29, 31])}])
    return switches, [{"when": {"method": "oauth.token", "probability": 0.3, "seed": dice.randrange(1 << 30), "times": 4}, "do": deed}]


def _seeds() -> list[tuple[int, str]]:
    further = [(seed, name) for name in doors.DOORS if name != "webhook" for seed in range(SCHEDULES, SCHEDULES + FURTHER_SCHEDULES)]
    return [(seed, "webhook") for seed in range(SCHEDULES)] + further


@pytest.mark.parametrize(("seed", "door"), _seeds(), indirect=["door"])
def test_every_row_is_in_the_portal_once_whatever_failed(seed: int, door: str, tmp_path: Path) -> None:
    dice = random.Random(seed)
    rules = schedule(dice)
    switches, of_tokens = _tokens(dice) if door == "oauth" else (OAuthSwitches(), [])

    async def scenario() -> None:
        async with running(tmp_path, rows(ROWS), *of_tokens, *rules, oauth=switches) as rig:
            rig.terms = replace(rig.terms, in_order=seed % 10 == 9)
            await _carry_out(rig, dice)
            assert set(rig.states()) <= {"created", "rejected"}
            rig.assert_true()

    run_virtually(scenario())
