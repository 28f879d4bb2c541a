"""The string table of a workbook: the same texts whether memory or disk holds them."""

import io

import pytest

from importer.reader import shared_strings
from importer.reader.shared_strings import SharedStrings, read_strings

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TEXTS = ["", "Анна", "line\nbreak", "Ann", "\ud83d", "x" * 5000, "Ann"]


@pytest.mark.parametrize("in_memory_bytes", [0, 20, 1 << 20])
def test_texts_come_back_by_their_number(in_memory_bytes, monkeypatch):
    monkeypatch.setattr(shared_strings, "IN_MEMORY_BYTES", in_memory_bytes)
    table = SharedStrings(TEXTS)
    assert [table[number] for number in range(len(TEXTS))] == TEXTS


@pytest.mark.parametrize("number", [-1, 7])
def test_a_number_without_a_text_is_an_error(number):
    with pytest.raises(IndexError):
        SharedStrings(TEXTS)[number]


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("<si/>", ""),
        ("<si><t/></si>", ""),
        ("<si><t> two  blanks </t></si>", " two  blanks "),
        ("<si><r><t>Yo</t></r><r><rPr><b/></rPr><t>ko</t></r></si>", "Yoko"),
        ("<si><t>Yoko</t><rPh sb='0' eb='1'><t>x</t></rPh><phoneticPr fontId='1'/></si>", "Yoko"),
        ("<si><t>a_x000D_b</t></si>", "a\rb"),
        ("<si><t>a_x005F_x000D_b</t></si>", "a_x000D_b"),
        ("<si><t>R&amp;D &#1103;</t></si>", "R&D я"),
    ],
)
def test_an_item_is_its_plain_text(item, text):
    assert read_strings(io.BytesIO(f'<sst xmlns="{MAIN}" count="1">{item}</sst>'.encode()))[0] == text
