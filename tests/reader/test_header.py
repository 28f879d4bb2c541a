"""Names of columns, as the rest of the importer knows them."""

from importer.reader.header import column_names


def test_repeated_names_are_numbered_past_those_that_are_taken():
    assert column_names(["x", "x (2)", "x", "", "x"]) == ("x", "x (2)", "x (3)", "Column D", "x (4)")


def test_very_many_columns_of_one_name_are_told_apart():
    names = column_names(["x"] * 20_000)
    assert (names[1], names[-1], len(set(names))) == ("x (2)", "x (20000)", 20_000)
