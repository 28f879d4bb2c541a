"""Cells of XLSX workbooks as the text a person sees."""

import datetime
import re
import zipfile

import pytest
from openpyxl.utils.datetime import MAC_EPOCH

from importer.errors import SourceError
from importer.reader.source import SourceOptions, open_source

from .raw_xlsx import raw_xlsx


def rows(path, **options):
    return list(open_source(path, SourceOptions(**options)).rows())


def with_part(path, name, change):
    """The workbook with one of its parts changed."""
    changed = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, change(content.decode()) if info.filename == name else content)
    return changed


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        ("NA", None, "NA"),
        ("00042", None, "00042"),
        ("4000000000000002", None, "4000000000000002"),
        (42, None, "42"),
        (79000000001.0, None, "79000000001"),
        (380441234567.0, None, "380441234567"),
        (0.1 + 0.2, None, "0.3"),
        (1234.5678, None, "1234.5678"),
        (42, "00000", "00042"),
        (0.125, "0.0%", "12.5%"),
        (0.5, "0%", "50%"),
        (1200.5, '#,##0.00\\ "₽"', "1200.50 ₽"),
        (-1200.5, "$#,##0.00;($#,##0.00)", "-$1200.50"),
        (79000000001, "0.00E+00", "79000000001"),
        (2025550123, "[<=9999999]###\\-####;\\(###\\)\\ ###\\-####", "(202) 555-0123"),
        (True, None, "TRUE"),
        (False, None, "FALSE"),
        (datetime.date(2001, 2, 3), None, "2001-02-03"),
        (datetime.datetime(2001, 2, 3, 4, 5, 6), None, "2001-02-03 04:05:06"),
        (datetime.datetime(2001, 2, 3), "dd.mm.yyyy hh:mm", "2001-02-03"),
        (36892, "d-mmm-yy", "2001-01-01"),
        (datetime.time(4, 5, 6), None, "04:05:06"),
        (datetime.timedelta(hours=36, minutes=30), None, "36:30:00"),
        (79000000001, "dd.mm.yyyy", "79000000001"),
        ("two\nlines", None, "two\nlines"),
        ("\u00a0padded\u200b ", None, "padded"),
        ("line_x000D_end", None, "line\rend"),
    ],
)
def test_a_value_is_the_text_a_person_sees(workbook, value, number_format, text):
    def change(sheet):
        if number_format:
            sheet["B2"].number_format = number_format

    path = workbook([["Name", "Value"], ["Ann", value]], change)
    assert rows(path)[0].cells == ["Ann", text]


@pytest.mark.parametrize(
    ("number", "text"),
    [(14, "2001-02-03"), (27, "2001-02-03"), (36, "2001-02-03"), (58, "2001-02-03"), (71, "2001-02-03"), (79, "886200:00:00"),
     (62, "36925.00"), (67, "3692500%"), (23, "36925")],
)  # fmt: skip
def test_a_format_built_in_for_one_language_is_known(workbook, number, text):
    path = workbook([["Name", "Value"], ["Ann", 36925]], lambda sheet: setattr(sheet["B2"], "number_format", "0.0"))
    path = with_part(path, "xl/styles.xml", lambda xml: re.sub("<numFmts.*?</numFmts>", "", xml).replace('Id="164"', f'Id="{number}"'))
    assert rows(path)[0].cells == ["Ann", text]


def test_dates_of_the_1904_system_are_those_people_see(workbook):
    def change(sheet):
        sheet.parent.epoch = MAC_EPOCH

    path = workbook([["Name", "Born"], ["Ann", datetime.date(2001, 2, 3)]], change)
    assert rows(path)[0].cells[1] == "2001-02-03"


def test_more_digits_than_spreadsheets_keep_are_warned_of(workbook):
    (row,) = rows(workbook([["Name", "Card"], ["Ann", 4000000000000002]]))
    assert row.cells[1] == "4000000000000002"
    assert [(warning.code, warning.column) for warning in row.warnings] == [("digits_lost", "Card")]


def test_error_values_are_empty_with_a_warning(workbook):
    (row,) = rows(workbook([["Name", "Sum"], ["Ann", "#N/A"]]))
    assert row.cells == ["Ann", ""]
    assert [(warning.code, warning.column, warning.is_warning) for warning in row.warnings] == [
        ("formula_error", "Sum", True)
    ]
    assert "#N/A" in row.warnings[0].problem


def test_a_formula_gives_its_stored_result(workbook):
    path = workbook([["Name", "Sum"], ["Ann", "=1+1"]])
    path = with_part(
        path,
        SHEET,
        lambda xml: xml.replace("<v></v>", "<v>2</v>").replace("<v />", "<v>2</v>").replace("<v/>", "<v>2</v>"),
    )
    (row,) = rows(path)
    assert (row.cells, row.warnings) == (["Ann", "2"], ())


def test_a_formula_without_a_result_is_warned_of(workbook):
    (row,) = rows(workbook([["Name", "Sum"], ["Ann", "=1+1"]]))
    assert row.cells == ["Ann", ""]
    assert [warning.code for warning in row.warnings] == ["formula_without_value"]


@pytest.mark.parametrize(
    ("when", "result", "text", "warnings"),
    [
        ('fullCalcOnLoad="1"', "0", "", ["formula_without_value"]),
        ('fullCalcOnLoad="1"', "2", "2", []),
        ('fullCalcOnLoad="0"', "0", "0", []),
        ("", "0", "0", []),
    ],
)
def test_a_zero_of_a_formula_that_waits_to_be_computed_is_no_result(workbook, when, result, text, warnings):
    """As XlsxWriter writes them: 0 for every formula, to be computed when the workbook is opened."""
    path = with_part(workbook([["Name", "Sum"], ["Ann", "=1+1"]]), SHEET, lambda xml: re.sub("<v */>|<v></v>", f"<v>{result}</v>", xml))
    (row,) = rows(with_part(path.rename(path.with_name("x.xlsx")), "xl/workbook.xml", lambda xml: xml.replace('fullCalcOnLoad="1"', when)))
    assert (row.cells, [warning.code for warning in row.warnings]) == (["Ann", text], warnings)


def test_rows_keep_the_numbers_of_the_sheet(workbook):
    path = workbook([["Name", "City"], [], ["Ann", "York"], [], [], ["Bob", "Bath"]])
    assert [row.number for row in rows(path)] == [3, 6]


def test_merged_cells_give_their_value_once(workbook):
    path = workbook([["Name", "City"], ["Ann", "York"], ["Bob", None]], lambda sheet: sheet.merge_cells("B2:B3"))
    assert [row.cells for row in rows(path)] == [["Ann", "York"], ["Bob", ""]]


def test_values_hidden_under_a_merged_cell_are_not_seen(workbook):
    path = workbook([["Name", "City"], ["Ann", "York"], ["Bob", "hidden"], ["Cid", "Bath"]])
    merged = '</sheetData><mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>'
    path = with_part(path, SHEET, lambda xml: xml.replace("</sheetData>", merged))
    assert [row.cells for row in rows(path)] == [["Ann", "York"], ["Bob", ""], ["Cid", "Bath"]]


def test_a_value_beside_the_table_makes_a_column_and_none_is_lost(workbook):
    source = open_source(workbook([["Name"], ["Ann"], ["Bob", "note"]]))
    assert source.header == ("Name", "Column B")
    assert [row.cells for row in source.rows()] == [["Ann", ""], ["Bob", "note"]]


def test_a_value_beside_the_table_far_below_is_a_problem_of_its_row(workbook):
    path = workbook([["Name"], *[["Ann"]] * 1000, ["Bob", "note"]])
    *_, last = rows(path)
    assert (last.number, last.problem.code, last.cells) == (1002, "ragged_row", ["Bob", "note"])


def test_a_footer_of_a_sheet_is_left_out(workbook):
    path = workbook([["Name", "Sum"], ["Ann", 1], [], ["Итого", 1]])
    assert len(rows(path)) == 1


@pytest.mark.parametrize("below", [None, "Copyright (c) Example Ltd", "Total"])
@pytest.mark.parametrize("formula", ["=COUNTA(C2:C3)", "#DIV/0!"])
def test_a_formula_below_the_table_is_no_footer_and_no_fault(workbook, formula: str, below: str | None) -> None:
    def change(sheet) -> None:
        sheet["C5"] = formula
        if formula.startswith("#"):
            sheet["C5"].data_type = "e"
        sheet["A6"] = below

    found = list(rows(workbook([["Name", "Phone", "City"], ["Ann", "1", "York"], ["Bob", "2", "Bath"]], change)))
    assert [row.cells[0] for row in found][:3] == ["Ann", "Bob", ""]
    assert found[2].warnings[0].code in ("formula_without_value", "formula_error")


@pytest.fixture
def three_sheets(workbook):
    def change(sheet):
        book = sheet.parent
        sheet.title = "Hidden"
        sheet.sheet_state = "hidden"
        book.create_sheet("Empty")
        people = book.create_sheet("2024")
        people.append(["Name"])
        people.append(["Bob"])
        book.active = 2

    return workbook([["Name"], ["Ann"]], change)


@pytest.mark.parametrize(
    ("wanted", "sheet", "name"),
    [
        (None, "2024", "Bob"),
        ("hidden ", "Hidden", "Ann"),
        (1, "Hidden", "Ann"),
        ("3", "2024", "Bob"),
        (2024, "2024", "Bob"),
    ],
)
def test_the_sheet_is_the_one_asked_for_or_the_first_to_be_seen(three_sheets, wanted, sheet, name):
    source = open_source(three_sheets, SourceOptions(sheet=wanted))
    assert source.sheet == sheet
    assert [row.cells for row in source.rows()] == [[name]]
    assert str(source.place(2)) == f'contacts.xlsx, sheet "{sheet}", row 2'


def test_a_sheet_that_is_not_there_is_refused_with_the_nearest_and_all(three_sheets):
    with pytest.raises(
        SourceError, match='no sheet "Hiden". Did you mean "Hidden"[?] The sheets are "Hidden", "Empty", "2024"'
    ):
        open_source(three_sheets, SourceOptions(sheet="Hiden"))


def test_an_empty_sheet_asked_for_is_refused(three_sheets):
    with pytest.raises(SourceError, match='sheet "Empty": there is no text in it'):
        open_source(three_sheets, SourceOptions(sheet="Empty"))


def test_a_lie_about_the_size_of_a_sheet_changes_nothing(workbook):
    path = workbook([["Name", "City"], ["Ann", "York"]])
    path = with_part(path, SHEET, lambda xml: xml.replace('ref="A1:B2"', 'ref="A1:XFD1048576"'))
    assert [row.cells for row in rows(path)] == [["Ann", "York"]]


ROWS = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("old", "new"),
    [('row r="2"', 'row r="999999999999"'), ('row r="2"', 'row r="1"'), ("A2", "ZZZZ2"), ("<v>1</v>", "<v>77</v>")],
)
def test_damage_inside_a_sheet_is_told_with_the_place(tmp_path, old, new):
    path = raw_xlsx(tmp_path / "t.xlsx", ROWS.replace(old, new), "<si><t>Name</t></si><si><t>Ann</t></si>")
    with pytest.raises(SourceError, match='sheet "Contacts".*damaged after row 1'):
        rows(path)


def test_rich_text_is_read_as_plain_text_without_its_reading_aid(tmp_path):
    rich = "<si><r><t>Yo</t></r><r><rPr><b/></rPr><t>ko</t></r><rPh sb='0' eb='1'><t>x</t></rPh></si>"
    path = raw_xlsx(tmp_path / "t.xlsx", ROWS, f"<si><t>Name</t></si>{rich}")
    assert rows(path)[0].cells == ["Yoko"]


def test_cells_without_references_follow_each_other(tmp_path):
    cells = (
        "<row><c t='inlineStr'><is><t>Name</t></is></c><c t='inlineStr'><is><t>Age</t></is></c></row>"
        "<row><c t='str'><v>Ann</v></c><c><v>7</v></c></row>"
    )
    assert [(row.number, row.cells) for row in rows(raw_xlsx(tmp_path / "t.xlsx", cells))] == [(2, ["Ann", "7"])]


def test_colours_not_as_the_standard_says_hide_no_format(workbook):
    def change(sheet):
        sheet["B2"].number_format = "0.0%"

    path = workbook([["Name", "Share", "Born"], ["Ann", 0.125, datetime.date(2001, 2, 3)]], change)
    path = with_part(path, "xl/styles.xml", lambda xml: re.sub("<fill>.*?</fill>", "<fill/>", xml))
    source = open_source(path)
    assert [row.cells for row in source.rows()] == [["Ann", "12.5%", "2001-02-03"]]
    assert not any("standard" in note for note in source.notes)


def test_a_cell_under_a_merged_one_is_warned_of_with_the_value_above(workbook):
    table = [["Name", "City", "Phone"], ["Ann", "York", "1"], ["Bob", None, "2"], ["Cid", None, None], [None, None, None], ["Dan", "Bath", "3"]]

    def change(sheet):
        sheet.merge_cells("B2:C5")
        sheet.merge_cells("A6:B6")

    found = rows(workbook(table, change))
    assert [row.cells for row in found] == [["Ann", "York", ""], ["Bob", "", ""], ["Cid", "", ""], ["Dan", "", "3"]]
    assert [[(warning.code, warning.column) for warning in row.warnings] for row in found] == [
        [], [("merged_cell", "City")], [("merged_cell", "City")], [],
    ]  # fmt: skip
    assert 'B2:C5, whose value "York" is in row 2' in found[1].warnings[0].problem


def test_an_empty_merged_cell_and_a_merged_title_warn_of_nothing(workbook):
    def change(sheet):
        sheet.merge_cells("A1:B2")
        sheet.merge_cells("B4:B5")

    table = [["Our clients"], [], ["Name", "City", "Age"], ["Ann", None, 1], ["Bob", None, 2]]
    found = rows(workbook(table, change))
    assert [(row.cells, row.warnings) for row in found] == [(["Ann", "", "1"], ()), (["Bob", "", "2"], ())]


def test_cells_out_of_order_stand_where_they_say(tmp_path):
    cells = (
        "<row><c r='A1' t='str'><v>Name</v></c><c r='B1' t='str'><v>City</v></c></row>"
        "<row><c r='B2' t='str'><v>York</v></c><c r='A2' t='str'><v>Ann</v></c></row>"
    )
    assert [row.cells for row in rows(raw_xlsx(tmp_path / "t.xlsx", cells))] == [["Ann", "York"]]
