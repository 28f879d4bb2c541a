import pytest

from importer.report.sheet_text import MOST_CHARACTERS, sheet_text


@pytest.mark.parametrize(
    ("text", "stored"),
    [("a\x00b\x1fc", "a\u2400b\u241fc"), ("a\ufffeb\uffff", "a\ufffdb\ufffd"), ("a\tb\nc", "a\tb\nc"), ("\x01=1", "\u2401=1"), (None, "")],
)
def test_what_xml_cannot_hold_is_shown_by_a_sign(text, stored):
    assert sheet_text(text) == stored


@pytest.mark.parametrize("text", ["я" * 40_000, "😀" * 20_000, "=" + "x" * 40_000])
def test_a_text_too_long_for_a_cell_is_cut_with_a_mark(text):
    cut = sheet_text(text)
    assert len(cut.encode("utf-16-le")) // 2 <= MOST_CHARACTERS
    assert "(cut, the text has " in cut


def test_a_text_of_exactly_the_longest_length_is_whole():
    assert sheet_text("x" * MOST_CHARACTERS) == "x" * MOST_CHARACTERS
