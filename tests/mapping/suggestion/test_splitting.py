"""Where cells with several values fall apart, and where they must not."""

from __future__ import annotations

import re

import pytest

from importer.mapping.suggestion.column_facts import ColumnFacts
from importer.mapping.suggestion.splitting import email_split, list_split, phone_split


@pytest.mark.parametrize(
    ("cells", "parts"),
    [
        (["+7 900 000-11-22; +7 900 000-11-23"], 2), (["+7 900 000-11-22, +7 900 000-11-23"], 2), (["+7 900 000-11-22\n8 900 000-11-23"], 2),
        (["+44 20 7946 0301 ::: +44 20 7946 0303"], 2), (["+7 900 000-11-22 / +7 900 000-11-23"], 2), (["+7 900 000-11-22"], 1), (["+7 900 000-11-22, доб. 12"], 1),
        (["7,92E+10"], 1), (["7,92E+10", "+7 900 000-11-22; +7 900 000-11-23"], 1), ([], 1),
        (["+7 900 000-11-22, +7 900 000-11-23", "7,92E+10"], 2), (["7,92E+10", "+7 900 000-11-22, +7 900 000-11-23"], 1),
        (["+7 900 000-11-22, доб. 12", "7,92E+10"], 1),
    ],
)  # fmt: skip
def test_phones_are_split_between_whole_numbers_only(cells: list[str], parts: int) -> None:
    pattern = phone_split(ColumnFacts("Phone", cells))
    assert (len(re.split(pattern, cells[0])) if pattern else 1) == parts


@pytest.mark.parametrize(("cell", "pattern"), [("a@example.com; b@example.com", ";"), ("a@example.com,b@example.com", ","), ("a@example.com", ""), ("a;b@example.com", "")])
def test_e_mails_are_split_where_there_are_several(cell: str, pattern: str) -> None:
    assert email_split(ColumnFacts("E-mail", [cell])) == pattern


def test_words_of_a_list_are_split_at_the_mark_most_cells_have() -> None:
    assert list_split(ColumnFacts("Tags", ["a; b", "c; d, e", "f"])) == ";"
    assert list_split(ColumnFacts("Tags", ["a ::: b"])) == " ::: "
    assert list_split(ColumnFacts("Tags", ["a"])) == ""
