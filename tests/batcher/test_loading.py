"""What is made of rows before they leave, and that nothing hangs on whether it was made ahead."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic_core import to_json

from importer.batcher import loading
from importer.batcher.kinds import COMPANIES, CONTACTS, UPDATES, Kind
from importer.batcher.loading import Loader
from importer.batcher.terms import Terms
from importer.journal.entries import QueuedRow
from importer.portals.connection import connect
from importer.portals.operations import Add, Ready

_PARAMS = {"IMPORT": "Y"}


def _row(number: int, **more: object) -> QueuedRow:
    return QueuedRow(number, number, to_json({"NAME": f"Row {number}"}), ("legacy", str(number)), 0, **more)


def _loader(kind: Kind = CONTACTS, **terms: object) -> Loader:
    return Loader(kind, Terms(_PARAMS, **terms), connect({"B24_WEBHOOK_URL": "http://127.0.0.1:1/rest/1/abc/"}))


@pytest.mark.parametrize("kind", [CONTACTS, COMPANIES])
def test_rows_are_made_ready_ahead_in_their_order(kind: Kind) -> None:
    rows = [_row(number) for number in range(2, 250)]
    loader = _loader(kind)
    loader.prepare(rows)
    assert all(f"=Row+{row.row}&" in row.ready.text for row in rows)
    load = loader.load(rows, 50)
    assert load.operations == [row.ready for row in rows[:50]]
    assert load.left == rows[50:]


@pytest.mark.parametrize(
    ("kind", "terms"),
    [
        (UPDATES, {}),
        (CONTACTS, {"folder": Path("photos")}),
        (CONTACTS, {"replacements": {"COMPANY_ID": {"company:Firm": "7"}}}),
    ],
    ids=["changed as the contact is then", "with files", "with what is created before"],
)
def test_what_is_only_known_when_it_leaves_is_not_made_ahead(kind: Kind, terms: dict[str, object]) -> None:
    rows = [_row(2), _row(3)]
    _loader(kind, **terms).prepare(rows)
    assert [row.ready for row in rows] == [None, None]


def test_a_row_with_an_address_is_left_for_when_it_leaves() -> None:
    rows = [_row(2), _row(3, address={"CITY": "Leeds"}), _row(4)]
    loader = _loader(preset_id="1")
    loader.prepare(rows)
    assert [type(operation) for operation in loader.load(rows, 50).operations] == [Ready, Add, Ready]


def test_no_more_is_made_ahead_than_memory_bears(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [_row(number) for number in range(2, 452)]
    monkeypatch.setattr(loading, "_MOST_BYTES_AHEAD", 250 * len(rows[-1].contact))
    loader = _loader()
    loader.prepare(rows)
    assert [row.ready is not None for row in rows] == [True] * 200 + [False] * 250
    # What was left undone is done when it leaves.
    assert [type(operation) for operation in loader.load(rows[180:220], 50).operations] == [Ready] * 20 + [Add] * 20
