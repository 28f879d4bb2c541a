"""A run is taken back through VibeCode as far as it goes; what cannot be done there is said."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import doors
from tests.nights import Nights, nights
from tests.test_undo import ANN, BEN, _row
from tests.test_undo_beside import ENTRIES, WITH_FIRM, _entries


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Nights]:
    async with nights(tmp_path) as made:
        yield made


@pytest.fixture
def through_vibecode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "current", doors.DOORS["vibecode"])
    doors.begin_at_full_pace(monkeypatch)


async def test_what_a_run_created_is_deleted(night: Nights, through_vibecode: None) -> None:
    await night.run(ANN, BEN)
    ended = await night.undo()
    assert (ended.exit_code, night.counts(), night.contacts()) == (0, {"deleted": 2}, [])


async def test_fields_are_given_back_and_a_phone_that_stays_is_told(night: Nights, through_vibecode: None) -> None:
    await night.run(ANN)
    await night.run(_row(ANN, Job="Doctor", Phone="020 7946 0001;020 7946 0009"))
    ended = await night.undo()
    assert (ended.exit_code, night.counts(), night.contacts()[0]["POST"]) == (0, {"restored": 1}, "Nurse")
    assert [value for value, _ in night.phones(night.contacts()[0])] == ["+442079460001", "+442079460009"]
    [group] = ended.facts.warnings
    assert "PHONE could not be given back: VibeCode" in group.examples[0].problem


async def test_list_entries_stay_and_are_told(night: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    await night.run((*ANN, "Fair"), mapping=ENTRIES, header=WITH_FIRM)
    monkeypatch.setattr(doors, "current", doors.DOORS["vibecode"])
    doors.begin_at_full_pace(monkeypatch)
    ended = await night.undo()
    assert (night.contacts(), {"Fair", "Nurse"} <= _entries(night)) == ([], True)
    assert len(ended.facts.stays) == 2 and "VibeCode cannot delete list entries" in ended.facts.stays[0]
