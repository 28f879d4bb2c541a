r"""Quotes written `\"` inside quotes; every other backslash is the person's own."""

import pytest

from importer.reader.backslash_quotes import rewritten
from importer.reader.source import open_source


@pytest.mark.parametrize(
    ("lines", "rewritten_lines"),
    [
        ([r'1;"a \"b\" c";x'], ['1;"a ""b"" c";x']),
        ([r'1;"a ""b"" c";"x"'], ['1;"a ""b"" c";"x"']),
        ([r"1;A\u1;C:\dir" + "\\"], [r"1;A\u1;C:\dir" + "\\"]),
        ([r'"C:\\";"\"x\""'], [r'"C:\\";"""x"""']),
        ([r'a\"b;c'], [r'a\"b;c']),
        ([r'"a \n \t";b'], [r'"a \n \t";b']),
        (["1;\"a \\\"b\n", "c\\\" d\";x\n"], ["1;\"a \"\"b\n", "c\"\" d\";x\n"]),
    ],
)
def test_only_a_backslash_before_a_quote_inside_quotes_goes(lines, rewritten_lines):
    assert list(rewritten(lines, ";")) == rewritten_lines


def test_backslashes_of_other_cells_are_kept_and_it_is_said(written):
    source = open_source(written("t.csv", 'ID;Имя;Логин\n1;"Анна \\"А\\" Б";DOMAIN\\u1\n2;Боб;DOMAIN\\u2\n3;"x\\"\ny";\\\\host\\\n'))
    rows = list(source.rows())
    assert [row.cells for row in rows] == [
        ["1", 'Анна "А" Б', "DOMAIN\\u1"], ["2", "Боб", "DOMAIN\\u2"], ["3", 'x"\ny', "\\\\host\\"],
    ]  # fmt: skip
    assert any(note.endswith('\\" inside quotes is read as a quote, every other backslash is kept') for note in source.notes)


def test_a_broken_record_is_shown_as_it_stands(written):
    rows = list(open_source(written("t.csv", 'ID;Name\n1;"Ann \\"A\\""\n2;"Bob" \\"x\\"\n3;"Cid \\"C\\""\n')).rows())
    assert [(row.cells, row.problem and row.problem.code) for row in rows] == [
        (["1", 'Ann "A"'], None), (["2", '"Bob" \\"x\\"'], "stray_quote"), (["3", 'Cid "C"'], None),
    ]  # fmt: skip
