"""The nearest right name, and silence where none is near."""

from __future__ import annotations

import pytest

from importer.mapping.nearest import did_you_mean, nearest


@pytest.mark.parametrize(
    ("wrong", "right", "name"),
    [
        ("LAST_NMAE", ["NAME", "LAST_NAME", "SECOND_NAME"], "LAST_NAME"),
        ("lastname", ["NAME", "LAST_NAME"], "LAST_NAME"),
        ("Телефн", ["Имя", "Телефон"], "Телефон"),
        ("colum", ["column", "columns", "join"], "column"),
        ("MOBIL", ["WORK", "MOBILE"], "MOBILE"),
    ],
)
def test_a_slip_finds_the_name_that_was_meant(wrong, right, name):
    assert nearest(wrong, right) == [name]


@pytest.mark.parametrize("wrong", ["zzz", "Quantity", ""])
def test_nothing_is_said_when_nothing_is_near(wrong):
    assert did_you_mean(wrong, ["NAME", "PHONE"]) == ""


@pytest.mark.parametrize("wrong", ["Cайт", "Caйт", "cАЙТ"])
def test_a_name_in_letters_of_the_other_alphabet_finds_the_one_that_looks_the_same(wrong: str) -> None:
    assert did_you_mean(wrong, ["Код", "Сайт", "HTML"], quoted=True) == ' Did you mean "Сайт", in letters of the other alphabet?'


def test_another_case_is_no_other_alphabet() -> None:
    assert did_you_mean("name", ["NAME"]) == " Did you mean NAME?"
