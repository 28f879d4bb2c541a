"""Any table written as CSV or XLSX and read back gives the same text, after the trimming that is promised."""

import csv

import openpyxl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from importer.reader.cells import trimmed
from importer.reader.source import SourceOptions, open_source

HEADER = ["Name", "Phone", "Remark"]
#: all of Unicode but surrogates, which no file can hold, and what XML cannot hold
CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from(
    "\n\t,;|\"'=+-@0"
)
CELLS = st.text(CHARACTERS, max_size=12)
TABLES = st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8)
ROUNDS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def as_promised(table):
    """Trimmed; one guarding apostrophe gone; blank rows gone."""
    rows = [[trimmed(cell) for cell in row] for row in table]
    rows = [[cell[1:] if cell[:1] == "'" and cell[1:2] in tuple("+-@=") else cell for cell in row] for row in rows]
    return [row for row in rows if any(row)]


def is_ordinary(table):
    """None of the words by which a footer begins, and no row like the header."""
    firsts = [trimmed(row[0]).casefold() for row in table]
    return not any(first.startswith(("total", "name")) for first in firsts)


@ROUNDS
@given(
    TABLES,
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_a_table_survives_csv(tmp_path, table, encoding, delimiter, line_end, quoting):
    assume(is_ordinary(table))
    # The writer leaves a line feed bare when lines end in CR; whoever writes such files quotes it.
    quoting = csv.QUOTE_ALL if line_end == "\r" else quoting
    path = tmp_path / "table.csv"
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
        writer.writerows([HEADER, *table])
    source = open_source(path, SourceOptions(delimiter=delimiter), expected=HEADER)
    assert [row.cells for row in source.rows() if not row.problem] == as_promised(table)
    assert not [row for row in source.rows() if row.problem]


@settings(ROUNDS, max_examples=60)
@given(TABLES)
def test_a_table_survives_xlsx(tmp_path, table):
    assume(is_ordinary(table))
    book = openpyxl.Workbook()
    for row in [HEADER, *table]:
        book.active.append([None] * 3)
        for column, text in enumerate(row, 1):
            cell = book.active.cell(book.active.max_row if row is HEADER else book.active._current_row, column)
            cell.value = text
            cell.data_type = "s"  # else "=…" would be stored as a formula and "#N/A" as an error
    path = tmp_path / "table.xlsx"
    book.save(path)
    assert [row.cells for row in open_source(path, expected=HEADER).rows()] == as_promised(table)


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866"])
@settings(ROUNDS, max_examples=30)
@given(
    st.lists(st.sampled_from("Иван Анна Пётр Сергеевна Москва Тверь Уфа Рыбинск Ольга".split()), min_size=1, max_size=5)
)
def test_russian_words_survive_every_code_page(tmp_path, encoding, words):
    path = tmp_path / "words.csv"
    path.write_bytes("\n".join(["Имя;Город", *(f"{word};Москва" for word in words)]).encode(encoding))
    assert [row.cells for row in open_source(path).rows()] == [[word, "Москва"] for word in words]
