"""What outlives a run: before-images keep what was there first, and knowledge is never older than what we did since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from importer.journal.entries import PlannedRow
from importer.journal.journal import Journal
from importer.journal.memory import (
    BeforeImage,
    Known,
    forget_what_is_sent,
    images,
    keep_images,
    known_rows,
    remember_what_is_there,
)
from importer.records import RowProblem
from tests.journal.conftest import NEW_RUN

_RUN = replace(NEW_RUN, mapping_sha256="map-1")


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with Journal(path) as opened:
        yield opened


def _row(number: int, state: str = "skipped", *, identity: str | None = None, digest: str = "d", code: str = "unchanged", contact_id: int | None = 7,
         files: dict[str, str] | None = None) -> PlannedRow:  # fmt: skip
    problem = RowProblem(code, "…") if state == "skipped" else None
    return PlannedRow(number, state, [], {"NAME": "x"}, None, problem, contact_id=contact_id, identity=identity or f"row {number}", digest=digest,
                      action="update", files=files or {})  # fmt: skip


def _planned(journal: Journal, name: str, *rows: PlannedRow, **run: str) -> int:
    run_id = journal.create_run(replace(_RUN, run=name, **run))
    journal.plan(run_id, rows)
    return run_id


def test_what_a_contact_held_first_stays_when_its_row_is_sent_again(journal: Journal) -> None:
    run = _planned(journal, "r1", _row(2))
    keep_images(journal.database, run, [BeforeImage(2, 7, {"POST": "Nurse"}, {"POST": "Doctor"})])
    keep_images(journal.database, run, [BeforeImage(2, 7, {"POST": "Doctor", "NAME": "Ann"}, {"NAME": "Anna"})])
    assert list(images(journal.database, run)) == [BeforeImage(2, 7, {"POST": "Nurse", "NAME": "Ann"}, {"POST": "Doctor", "NAME": "Anna"})]


def test_rows_that_are_there_are_known_to_the_same_mapping_and_portal(journal: Journal) -> None:
    run = _planned(journal, "r1", _row(2, files={"PHOTO": "p"}), _row(3, "rejected", contact_id=None), _row(4, "new", contact_id=8))
    remember_what_is_there(journal.database, run)
    asked = ["row 2", "row 3", "row 4", "row 5"]
    assert known_rows(journal.database, "portal.example.com", "map-1", asked) == {"row 2": Known("d", 7, {"PHOTO": "p"})}
    assert known_rows(journal.database, "portal.example.com", "map-2", asked) == {}
    assert known_rows(journal.database, "other.example.com", "map-1", asked) == {}


def test_a_contact_is_known_under_its_newest_identity_alone(journal: Journal) -> None:
    remember_what_is_there(journal.database, _planned(journal, "r1", _row(2, identity="old")))
    remember_what_is_there(journal.database, _planned(journal, "r2", _row(2, identity="new", digest="e")))
    assert known_rows(journal.database, "portal.example.com", "map-1", ["old", "new"]) == {"new": Known("e", 7)}


@pytest.mark.parametrize("row", [_row(2, "new", identity="a", contact_id=None), _row(2, "new", identity="b", contact_id=7)], ids=["the row", "the contact"])
def test_nothing_is_known_of_what_a_run_is_about_to_send(journal: Journal, row: PlannedRow) -> None:
    remember_what_is_there(journal.database, _planned(journal, "r1", _row(2, identity="a")))
    forget_what_is_sent(journal.database, _planned(journal, "r2", row))
    assert known_rows(journal.database, "portal.example.com", "map-1", ["a", "b"]) == {}


def test_a_row_skipped_for_another_reason_is_not_known(journal: Journal) -> None:
    remember_what_is_there(journal.database, _planned(journal, "r1", _row(2, code="changed")))
    assert known_rows(journal.database, "portal.example.com", "map-1", ["row 2"]) == {}
