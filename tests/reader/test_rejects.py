"""A rejects file of ours, run again: what was mended goes on, what is as broken as it was does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from importer.reader.source import open_source

HEADER = "Id,Name,Phone,_more_1,_row,_code,_column,_problem"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('7,Ann,,,5,ragged_row,,"cells in the record: 2, expected: 3. Correct it."', "ragged_row"),
        ('7,Ann,+44,,5,ragged_row,,"cells in the record: 2, expected: 3. Correct it."', None),
        ('7,Ann,,,5,,,"cells in the record: 2, expected: 3. Correct it."', None),
        ('7,Lee,Ann,+44,5,ragged_row,,"column D has a value, but the header ends before it."', "ragged_row"),
        ('7,"Lee, Ann",+44,,5,ragged_row,,"column D has a value, but the header ends before it."', None),
        ("7,Ann\ufffd,+44,,5,bad_encoding,,x", "bad_encoding"),
        ("7,Anna,+44,,5,bad_encoding,,x", None),
        ("7,Ann,,,5,bad_email,Name,x", None),
    ],
)
def test_a_record_that_is_as_broken_as_it_was_is_not_taken(tmp_path: Path, line: str, code: str | None) -> None:
    (tmp_path / "rejects.csv").write_text(f"{HEADER}\n{line}\n", encoding="utf-8-sig")
    [row] = open_source(tmp_path / "rejects.csv").rows()
    assert (row.problem.code if row.problem else None) == code
