"""Names of columns, as the rest of the importer knows them."""

from importer.reader.header import column_names
from importer.reader.source import open_source


def test_repeated_names_are_numbered_past_those_that_are_taken():
    assert column_names(["x", "x (2)", "x", "", "x"]) == ("x", "x (2)", "x (3)", "Column D", "x (4)")


def test_very_many_columns_of_one_name_are_told_apart():
    names = column_names(["x"] * 20_000)
    assert (names[1], names[-1], len(set(names))) == ("x (2)", "x (20000)", 20_000)


def test_a_title_and_a_blank_row_above_two_columns_are_no_header(written):
    source = open_source(written("t.csv", "Guests\n\nName;Phone\nAnn;1\nBob;2\n"))
    assert (source.header, source.header_row) == (("Name", "Phone"), 3)
    assert open_source(written("t.csv", "Name\n\nAnn\nBob\n")).header == ("Name",)
