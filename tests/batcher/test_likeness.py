"""Lost rows where contacts carry no identity: told apart by what they hold, and left alone where that does not tell."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic_core import to_json

from importer.batcher.likeness import conclude, is_alike
from importer.journal.entries import PlannedRow, QueuedRow, Settled
from importer.portals.portal import Stored
from importer.sandbox.vibecode.switches import VibeSwitches
from tests import doors
from tests.batcher.rig import Died, Rig, planned, running
from tests.batcher.virtual_sockets import run_virtually

SCHEDULES = 16


def _phones(*values: str) -> list[dict[str, str]]:
    return [{"VALUE": value, "VALUE_TYPE": "WORK"} for value in values]


@pytest.mark.parametrize(
    ("sent", "there", "is_so"),
    [
        ({"NAME": "Mara"}, {"NAME": "Mara"}, True),
        ({"NAME": "Mara"}, {"NAME": "Maria"}, False),
        ({"NAME": "Mara", "COMMENTS": "[b]x[/b]"}, {"NAME": "Mara", "COMMENTS": "x"}, True),
        ({"PHONE": _phones("1")}, {"PHONE": [{"ID": "7", "VALUE": "1", "VALUE_TYPE": "OTHER"}, {"VALUE": "2"}]}, True),
        ({"PHONE": _phones("1", "2")}, {"PHONE": [{"VALUE": "1"}]}, False),
        ({"BIRTHDATE": "1990-05-01"}, {"BIRTHDATE": "1990-05-01T03:00:00+03:00"}, True),
        ({"BIRTHDATE": "1990-05-01"}, {"BIRTHDATE": None}, False),
        ({"UF_CRM_1": "12.50"}, {"UF_CRM_1": "12.5"}, True),
        ({"UF_CRM_2": ["7", "9"]}, {"UF_CRM_2": ["9", "7"]}, True),
        ({"PHOTO": {"fileData": ["a", "QQ=="]}}, {"PHOTO": {"id": 3}}, True),
        # Not kept there: it must not stand in the way.
        ({"ORIGINATOR_ID": "legacy", "ORIGIN_ID": "K-1"}, {"ORIGINATOR_ID": None, "ORIGIN_ID": None}, True),
    ],
)
def test_a_contact_is_alike_when_it_holds_what_was_sent(sent: dict, there: dict, is_so: bool) -> None:
    assert is_alike(sent, there) is is_so


def _row(number: int, name: str) -> QueuedRow:
    return QueuedRow(number, number, to_json({"NAME": name, "PHONE": _phones("1")}), ("legacy", f"K-{number}"), 1)


def _stored(number: int, name: str) -> Stored:
    return Stored(number, "", fields={"NAME": name, "PHONE": [{"VALUE": "1"}]})


@pytest.mark.parametrize(
    ("rows", "searched", "stored", "found", "missing", "open_"),
    [
        ([_row(2, "Mara")], {2: {7}}, [_stored(7, "Mara")], {2: 7}, [], []),
        ([_row(2, "Mara")], {2: set()}, [], {}, [2], []),
        # Newer, with the same phone, and not the same: somebody may have corrected it meanwhile.
        ([_row(2, "Mara")], {2: {7}}, [_stored(7, "Nils")], {}, [], [2]),
        # One phone, two people of the same lost batch, of whom one arrived.
        ([_row(2, "Mara"), _row(3, "Nils")], {2: {7}, 3: {7}}, [_stored(7, "Nils")], {3: 7}, [2], []),
        # The same person twice: each contact is one row's.
        ([_row(2, "Mara"), _row(3, "Mara")], {2: {7, 8}, 3: {7, 8}}, [_stored(7, "Mara"), _stored(8, "Mara")], {2: 7, 3: 8}, [], []),
        ([_row(2, "Mara"), _row(3, "Mara")], {2: {7}, 3: {7}}, [_stored(7, "Mara")], {2: 7}, [3], []),
        # Found, and not among those read: another row of the run has become it.
        ([_row(2, "Mara")], {2: {7}}, [], {}, [2], []),
        # Nothing to search by, or too many hits.
        ([_row(2, "Mara")], {2: None}, [], {}, [], [2]),
    ],
)  # fmt: skip
def test_each_contact_is_one_rows_and_nothing_is_guessed(
    rows: list[QueuedRow], searched: dict, stored: list[Stored], found: dict[int, int], missing: list[int], open_: list[int]
) -> None:
    findings = conclude(rows, searched, {one.id: one for one in stored})
    assert findings.found == [Settled(row, "created", number) for row, number in sorted(found.items())]
    assert [row.row for row in findings.missing] == missing
    assert [settled.row for settled in findings.open] == open_


# -- the whole of it, before a portal that keeps no identities ----------------------------------------


def _people(count: int) -> list[PlannedRow]:
    """Families of two share a phone; every seventh row is a copy of the one before it but for its surname."""
    return [
        planned(number, NAME="Mara" if number % 7 else "Nils", PHONE=_phones(f"+4420794{number // 2:05}"),
                **({} if number % 3 else {"EMAIL": _phones(f"row{number}@example.com")}))
        for number in range(2, count + 2)
    ]  # fmt: skip


async def _carry_out(rig: Rig, dice: random.Random) -> None:
    deaths = dice.choice([0, 0, 1, 3])
    for start in range(40):
        try:
            if await rig.send(lives=dice.randint(1, 10) if start < deaths else None) is None:
                return
        except Died:
            continue
    raise AssertionError(f"not at the end: {rig.states()}")


@pytest.fixture
def without_identity(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Settings of a sandbox whose contacts keep no identity; rigs go through VibeCode."""
    monkeypatch.setattr(doors, "current", doors.DOORS["vibecode"])
    return {"vibecode": VibeSwitches(origin_fields="absent", duplicate_values=5)}


@pytest.mark.parametrize("seed", range(SCHEDULES))
def test_every_row_is_there_once_although_nothing_identifies_it(seed: int, without_identity: dict[str, object], tmp_path: Path) -> None:
    dice = random.Random(seed)
    deeds = [
        {"reset_after": dice.choice([0, 1, 3, "all"])}, "cut_body", "not_json", {"status": 502, "body": "html", "after": dice.choice([0, 2, "all"])},
        {"delay_s": 100}, "reset_before", {"keep_writing_s": 40, "after": 2},
    ]  # fmt: skip
    rule = {"when": {"probability": dice.choice([0.2, 0.5]), "seed": seed, "times": dice.randint(1, 6)}, "do": dice.choice(deeds)}

    async def scenario() -> None:
        async with running(tmp_path, _people(80), rule, **without_identity) as rig:
            rig.terms = replace(rig.terms, in_order=True, finishes_s=180.0)
            await _carry_out(rig, dice)
            assert rig.states() == {"created": 80}
            rig.assert_true()

    run_virtually(scenario())


def test_a_row_without_phone_and_e_mail_stays_unsettled_and_says_why(without_identity: dict[str, object], tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path, [planned(2), planned(3)], {"when": {"request": 1}, "do": {"reset_after": 1}}, **without_identity) as rig:
            rig.terms = replace(rig.terms, in_order=True)
            assert await rig.send() is None
            assert rig.states() == {"unsettled": 2}
            assert "phone and e-mail do not tell" in rig.records()[2].problem

    run_virtually(scenario())
