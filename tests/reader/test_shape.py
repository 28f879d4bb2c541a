"""Headers of several lines, whose cells are merged."""

import pytest

from importer.reader.source import SourceOptions, open_source

#: names of groups above, C1:C2 merged
TWO_LINES = [["Contact", None, "Phone"], ["Name", "Surname", None], ["Ann", "Lee", "1"], ["Bob", "Ray", "2"]]


def two_lines(sheet):
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("C1:C2")


@pytest.mark.parametrize("expected", [(), ("Name", "Surname", "Phone"), ("Phone",)])
def test_a_header_of_two_lines_is_its_second_with_the_names_merged_into_it(workbook, expected):
    source = open_source(workbook(TWO_LINES, two_lines), expected=expected)
    assert (source.header, source.header_row) == (("Name", "Surname", "Phone"), 2)
    assert [(row.cells, row.warnings) for row in source.rows()] == [(["Ann", "Lee", "1"], ()), (["Bob", "Ray", "2"], ())]
    assert any("cells merged from row 1 end there" in note for note in source.notes) == (expected != ("Name", "Surname", "Phone"))


@pytest.mark.parametrize(("row", "header"), [(1, ("Contact", "Column B", "Phone")), (2, ("Name", "Surname", "Phone"))])
def test_a_line_that_is_asked_for_is_the_header(workbook, row, header):
    assert open_source(workbook(TWO_LINES, two_lines), SourceOptions(header_row=row)).header == header


def test_the_first_line_is_the_header_when_the_mapping_names_its_groups(workbook):
    source = open_source(workbook(TWO_LINES, two_lines), expected=("Contact", "Phone"))
    assert (source.header, source.header_row) == (("Contact", "Column B", "Phone"), 1)


def test_a_title_merged_down_beside_the_whole_table_moves_no_header(workbook):
    table = [["Ours", "Name", "Phone"], *[[None, f"Ann {number}", number] for number in range(5)]]
    source = open_source(workbook(table, lambda sheet: sheet.merge_cells("A1:A6")))
    assert (source.header, source.header_row) == (("Ours", "Name", "Phone"), 1)
