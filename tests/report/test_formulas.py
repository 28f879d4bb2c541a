import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.report.formulas import FORMULA_STARTS, neutralised


def taken_off(text: str) -> str:
    """What the reader does with a cell of a rejects file."""
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_STARTS and text[1:2] else text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+7 900 000-00-00", "'+7 900 000-00-00"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("'quoted'", "''quoted'"),
        ("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"),
        ("a=1", "a=1"),
        (" =1", " =1"),
        ("Иванов", "Иванов"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_cell_that_could_run_gets_one_apostrophe_and_others_none(text, expected):
    assert neutralised(text) == expected


@given(st.one_of(st.text(), st.text(alphabet="=+-@\t\r'ab")))
def test_taking_the_apostrophe_off_gives_every_value_back(text):
    assert taken_off(neutralised(text)) == text


@given(st.text(alphabet="=+-@\t\r'ab", max_size=6))
def test_no_neutralised_cell_begins_like_a_formula(text):
    assert neutralised(text)[:1] not in set("=+-@\t\r")
