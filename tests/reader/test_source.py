"""What every kind of file becomes: header, rows, problems, notes."""

import hashlib
from pathlib import Path

import pytest

from importer.errors import SourceError
from importer.reader.source import SourceOptions, fingerprint, open_source


def cells(source):
    return [row.cells for row in source.rows()]


def codes(source):
    return {row.number: row.problem.code for row in source.rows() if row.problem}


def warned(source):
    return {(row.number, warning.column, warning.code) for row in source.rows() for warning in row.warnings}


def test_words_for_nothing_zeros_and_long_codes_survive(fixture_file):
    assert cells(open_source(fixture_file("words_for_nothing.csv"))) == [
        ["NA", "00042", "4000000000000002"],
        ["Null", "None", "nan"],
        ["True", "1.0", "-"],
    ]


def test_invisible_space_is_cut_at_the_ends_and_blank_rows_are_skipped(fixture_file):
    source = open_source(fixture_file("invisible_spaces.csv"))
    assert [(row.number, row.cells) for row in source.rows()] == [
        (2, ["Ann", "+7 900 000-00-01"]),
        (4, ["Bob \u00a0 Lee", "2"]),
    ]


def test_ragged_records_are_problems_and_never_shifted(fixture_file):
    source = open_source(fixture_file("missing_and_surplus_cells.csv"))
    rows = {row.number: row for row in source.rows()}
    assert codes(source) == {3: "ragged_row", 4: "ragged_row"}
    assert rows[3].cells == ["4", "5"] and rows[4].cells == ["6", "7", "8", "9"]
    assert rows[5].cells == ["10", "11", "12"]


def test_a_trailing_delimiter_on_every_line_is_no_column(fixture_file, written):
    source = open_source(written("t.csv", '"ID";"Name";\n"1";"Ann";\n"2";"Bob";\n'))
    assert source.header == ("ID", "Name")
    assert cells(source) == [["1", "Ann"], ["2", "Bob"]]


def test_a_record_that_lacks_a_cell_among_lines_ending_in_delimiters_is_ragged(written):
    lines = "ID;Name;City;\n" + "1;Ann;York;\n" * 1000 + "2;Bath;\n"
    assert codes(open_source(written("t.csv", lines))) == {1002: "ragged_row"}


def test_a_last_column_that_no_record_has_is_empty_and_said_so(fixture_file):
    source = open_source(fixture_file("last_column_never_written.csv"))
    assert cells(source) == [["1", "Ann", ""], ["2", "Bob", ""]]
    assert "all records end before column C: read as empty" in source.notes


def test_a_preamble_is_left_out_with_a_note(fixture_file):
    source = open_source(fixture_file("header_on_line_4.csv"))
    assert (source.header, source.header_row) == (("First Name", "Last Name", "URL"), 4)
    assert [row.number for row in source.rows()] == [5, 6]
    assert any("above the header left out" in note for note in source.notes)


def test_a_footer_after_a_blank_row_is_left_out_with_a_note(fixture_file):
    source = open_source(fixture_file("footer.csv"))
    assert cells(source) == [["Lee", "Example Ltd"]]
    assert any("Grand Totals (1 records)" in note for note in source.notes)


def test_a_company_called_total_is_no_footer(fixture_file):
    assert len(cells(open_source(fixture_file("contact_called_total.csv")))) == 2


def test_names_below_a_total_are_kept_with_it(written):
    source = open_source(written("t.csv", "Имя\nАнна\n\nTotal\nБорис\nВера\n"))
    assert cells(source) == [["Анна"], ["Total"], ["Борис"], ["Вера"]]


def test_two_columns_are_enough_to_tell_a_company_from_a_footer(written):
    text = "Company,Phone\nExample Ltd,020 7946 0001\n\nTotal Example,020 7946 0002\nAnn,020 7946 0003\n"
    assert len(cells(open_source(written("t.csv", text)))) == 3


def test_rows_after_what_looks_like_a_footer_are_kept_when_they_are_many(written):
    text = "Name,City\nAnn,York\n\nTotal,\n" + "Bob,Bath\n\n" * 30 + "Total,x\nEve,Ely\n"
    assert len(cells(open_source(written("t.csv", text)))) == 34


def test_a_repeated_header_is_left_out_with_a_note(fixture_file):
    source = open_source(fixture_file("repeated_header.csv"))
    assert cells(source) == [["Ann", "Leeds"], ["Bob", "York"]]
    assert any("its repetitions are left out" in note for note in source.notes)


def test_notes_do_not_grow_with_each_reading(fixture_file):
    source = open_source(fixture_file("repeated_header.csv"))
    cells(source)
    notes = list(source.notes)
    cells(source)
    assert source.notes == notes


def test_repeated_and_empty_names_are_told_apart(fixture_file):
    source = open_source(fixture_file("repeated_and_empty_names.csv"))
    assert source.header == ("Name", "Phone", "Column C", "Phone (2)", "phone")


def test_a_header_row_asked_for_wins(fixture_file):
    source = open_source(fixture_file("header_on_line_4.csv"), SourceOptions(header_row=5))
    assert source.header == ("Ann", "Lee", "https://example.com/a")


def test_names_the_mapping_uses_decide_where_the_header_is(written):
    path = written("t.csv", "Report,of,May\nalpha,beta,gamma\n1,2,3\n")
    assert open_source(path, expected={"Beta", "gamma "}).header_row == 2


def test_guards_against_formulas_are_taken_away(fixture_file):
    assert cells(open_source(fixture_file("espocrm_guard.csv"))) == [
        ["Ann", "+7 900 000-00-01"],
        ["'Quoted'", "O'Brien"],
    ]


def test_a_file_of_rejected_rows_is_read_as_the_original_was(fixture_file):
    options = SourceOptions(encoding="cp866", delimiter="|", header_row=3)
    source = open_source(fixture_file("rejected_rows.csv"), options)
    assert source.is_rejects
    assert source.header == ("Name", "Phone", "=Sum")
    assert cells(source) == [["Ann", "+7900", "=1+1"], ["'Bob", "-", "''"]]


def test_a_file_of_rejected_rows_may_have_been_saved_by_excel(fixture_file):
    source = open_source(fixture_file("rejected_rows_saved_by_excel.csv"))
    assert (source.is_rejects, source.header, cells(source)) == (True, ("Имя", "Телефон"), [["Иван", "+7900"]])


def test_a_file_of_rejected_rows_may_have_been_saved_as_a_workbook(workbook):
    path = workbook(
        [["Name", "Phone", "_row", "_code", "_column", "_problem"], ["Ann", "'+7900", 5, "bad_phone", "Phone", "no"]]
    )
    source = open_source(path, SourceOptions(sheet="People"))
    assert (source.is_rejects, source.header, cells(source)) == (True, ("Name", "Phone"), [["Ann", "+7900"]])


def test_damage_a_spreadsheet_did_is_named_and_left_alone(fixture_file):
    source = open_source(fixture_file("excel_damage.csv"))
    assert warned(source) == {
        (2, "Name", "mojibake"),
        (2, "Phone", "number_as_exponent"),
        (3, "Name", "mojibake"),
        (4, "Name", "mojibake"),
        (4, "Code", "zeros_lost"),
        (4, "Created", "date_as_number"),
        (5, "Name", "mojibake"),
        (6, "Name", "mojibake"),
    }
    assert next(source.rows()).cells == ["Èâàíîâ", "7,92E+10", "007", "2024-01-02"]


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("7.92E+10", "its digits are lost"),
        ("7,92e+10", "its digits are lost"),
        ("7.9261234E10", "its digits are lost"),
        ("7.92Е+10", "its digits are lost"),
        ("8Е+10", "its digits are lost"),
        ("'7.92E+10", "its digits are lost"),
        ("7.92E+10, 7.93E+10", "its digits are lost"),
        ("7,92E+10; 7,9261234567E+10", "its digits are lost"),
        ("7.9261234567E+10", "its digits are all there"),
        ("+7.9261234567E10", "its digits are all there"),
    ],
)
def test_a_number_with_an_exponent_is_told_in_every_form(written, cell, what):
    (row,) = open_source(written("t.csv", f'Name\tPhone\nAnn\t"{cell}"\n')).rows()
    assert [(warning.code, warning.column, what in warning.problem) for warning in row.warnings] == [("number_as_exponent", "Phone", True)]


def test_dates_of_two_forms_with_low_and_high_days_are_suspected(fixture_file):
    source = open_source(fixture_file("swapped_day_and_month.csv"))
    assert warned(source) == {(number, "Born", "date_maybe_swapped") for number in (2, 4, 6)}


def test_long_codes_that_all_end_in_zeros_are_suspected(fixture_file):
    source = open_source(fixture_file("rounded_to_15_digits.csv"))
    assert warned(source) == {(2, "Card", "digits_lost"), (3, "Card", "digits_lost")}


def test_codes_that_became_decimals_are_told(written):
    source = open_source(written("t.csv", "ID;Name\n12.0;Ann\n0042.0;Bob\n;Cid\n"))
    assert warned(source) == {(2, "ID", "decimal_code"), (3, "ID", "decimal_code")}
    assert cells(source) == [["12.0", "Ann"], ["0042.0", "Bob"], ["", "Cid"]]


@pytest.mark.parametrize(
    "text",
    [
        "Sum\n12.0\n15.5\n13.0\n",
        "Sum\n12.0\n15.0\n12.0\n",
        "Version\n1.0\n",
        "Phone\n79000000001.0\n89000000002.0\n",
        "Name\njäääär\nSæþór Æþórsson\nMüller\nLefèvre\nNguyễn\nØyvind Åse\n",
        "Имя\nРСФСР\nСергей Рыжёв\nООО «Ромашка» — №1\n",
        "Code\n007\n008\n123\n",
        "Code\n0123\n45\n123456\n",
        "Sum\n1E5\n12\nE+\n7.9E+10 or so\nv1.2e3\n3,2 Ежей\n1.5E\n",
        "Card\n4000000000000000\n4000000000000012\n",
    ],
)
def test_sound_values_raise_no_suspicion(written, text):
    assert warned(open_source(written("t.csv", text))) == set()


def test_a_place_reads_as_people_find_it(fixture_file):
    source = open_source(fixture_file("pipe.csv"))
    assert str(source.place(2, "Phone")) == 'pipe.csv, row 2, column "Phone"'


def test_the_fingerprint_is_the_sha256_of_the_file(written):
    assert fingerprint(written("t.csv", "abc")) == hashlib.sha256(b"abc").hexdigest()


def test_the_fingerprint_of_a_missing_file_is_a_source_error(tmp_path):
    with pytest.raises(SourceError, match="Check the path"):
        fingerprint(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("tail", "rows"),
    [
        ("\nMy contacts\n\"Copyright (c) 2000-2026 example, inc. All rights reserved.\"\nConfidential Information - Do Not Distribute\n", 2),
        ("\nGrand Totals (2 records)\n", 2),
        ("\nMy contacts\nsome words\nCopyright (c) example\n", 5),
        ("\nCid,,\nDan,3,x\n", 4),
        ("\nCid,,\n\nTotal: 3\n", 3),
        ("\nИтого: 2\n", 2),
        ("\nВсего записей: 2,,\n", 2),
        ("\nВсего записей: 2,,\nСформировано: 01.02.2026 10:00,,\n", 2),
        ("\nОтчёт сформирован 01.02.2026,,\n", 2),
        ("\nДата выгрузки: 01.02.2026,,\nМенеджер: Анна,,\n", 2),
        ("\nGenerated on 2026-02-01,,\n", 2),
        ("\nВыгруженов,,\n", 3),
        ("\nИтого,,\"1 234,50\"\n", 2),
        ("\nИтого-Маркет,+7 900 000-00-01,\nВега,,\n", 4),
        ("\nИтого,79000000001,\n", 3),
        ("\nTotal,,\nCid,,\nDan,,\n", 5),
        ("\nGrand Totals (2 records)\n\nMy contacts\nCopyright (c) Example Inc.\nGenerated By: Ann\nExample Ltd\n", 2),
    ],
)
def test_a_footer_may_begin_with_the_name_of_its_report(tmp_path: Path, tail: str, rows: int) -> None:
    (tmp_path / "report.csv").write_text(f"Name,Phone,City\nAnn,1,x\nBob,2,y\n{tail}", encoding="utf-8")
    assert len(list(open_source(tmp_path / "report.csv").rows())) == rows


@pytest.mark.parametrize(
    ("tail", "warns"),
    [("Итого,,10", True), ("Total: 3,,", True), ("Всего записей: 2,,\n\n", True), ("Итого,79000000001,", False), ("Total Care,,", False), ("Итого,,10\nCid,3,z", False)],
)  # fmt: skip
def test_a_total_right_below_the_rows_goes_as_a_row_with_a_warning(written, tail: str, warns: bool) -> None:
    rows = list(open_source(written("t.csv", f"Name,Phone,City\nAnn,1,x\nBob,2,y\n{tail}\n")).rows())
    assert [(row.number, problem.code) for row in rows for problem in row.warnings if problem.code == "maybe_total"] == ([(4, "maybe_total")] if warns else [])
    assert rows[2].cells[0] == tail.split(",")[0].strip()


@pytest.mark.parametrize("first", ["Ivanov,+79161234567,York", "Ivanov,ivan@example.com,York", "Ivanov,8 (916) 123-45-67,x", "Ivanov,,01.02.1990"])
def test_a_first_row_that_looks_like_data_is_told_to_be_taken_for_the_header(written, first: str) -> None:
    source = open_source(written("t.csv", f"{first}\nPetrov,+79161234568,Bath\n"))
    assert any("row 1 was taken for the header" in note and "looks like data" in note for note in source.notes)


def test_names_of_columns_are_not_taken_for_data(written) -> None:
    source = open_source(written("t.csv", "E-mail 1 - Value,UF_CRM_1720697698689,2024,№ 12,Tel. 1,a@b\n1,2,3,4,5,6\n"))
    assert not any("looks like data" in note for note in source.notes)


def test_a_text_that_a_formula_keeps_from_a_spreadsheet_is_that_text(written) -> None:
    source = open_source(written("t.csv", 'Id,Code,Note\n1,"=""007""",x\n2,="008",="a\n3,"=""say """"hi""""""","=SUM(""a"")"\n4,\'="009",\n'))
    assert cells(source) == [["1", "007", "x"], ["2", "008", '="a'], ["3", 'say "hi"', '=SUM("a")'], ["4", "009", ""]]


def test_the_untouched_cells_of_a_record_that_cannot_be_decoded_can_be_kept(written) -> None:
    [_, broken] = open_source(written("t.csv", b"Name,City\nAnn,York\nBo\xd1, Bath\n"), SourceOptions(encoding="utf-8")).rows()
    assert broken.problem.code == "bad_encoding"
    assert broken.untouched == ["Bo\ufffd", " Bath"] and "".join(broken.untouched).encode()


def test_untouched_cells_are_those_of_the_file_also_beside_a_formula(written) -> None:
    [row] = open_source(written("t.csv", "Name,City,Code\n''Ann, York,=\"007\"\n")).rows()
    assert (row.cells, row.untouched) == (["''Ann", "York", "007"], ["''Ann", " York", '="007"'])


def test_titles_of_groups_above_repeated_headers_are_left_out(written):
    text = "Board\nTo do\nName,Phone,City\nAnn,1,York\n\nDone\nName,Phone,City\nBob,2,Bath\nCid\n\nLate,,\n\nname, Phone,City\nDan,3,Ely\n"
    source = open_source(written("t.csv", text))
    assert {row.number: row.cells for row in source.rows()} == {4: ["Ann", "1", "York"], 8: ["Bob", "2", "Bath"], 9: ["Cid"], 14: ["Dan", "3", "Ely"]}
    assert codes(source) == {9: "ragged_row"}
    assert 'titles of groups left out, each above a repeated header: "Done" in row 6, "Late" in row 11' in source.notes


def test_a_lone_name_at_the_end_of_the_first_of_two_joined_files_is_a_person(written):
    source = open_source(written("t.csv", "Name,Phone,City\nAnn,1,York\nBob,,\nName,Phone,City\nCid,2,Bath\n"))
    assert cells(source) == [["Ann", "1", "York"], ["Bob", "", ""], ["Cid", "2", "Bath"]]


def test_a_lone_name_above_a_repeated_header_of_two_columns_is_a_person(written):
    assert cells(open_source(written("t.csv", "Name,City\nAnn,York\nBob,\nName,City\nCid,Bath\n"))) == [["Ann", "York"], ["Bob", ""], ["Cid", "Bath"]]


# -- columns, over the whole file: blocks of 1,000 rows are judged together


def column(*parts):
    return "Code\n" + "".join(f"{part}\n" for part in parts)


def test_damage_far_down_is_warned_of_as_at_the_top(written):
    source = open_source(written("t.csv", column(*["0012"] * 2500, "12")))
    assert warned(source) == {(2502, "Code", "zeros_lost")}


def test_damage_above_its_evidence_is_told_at_the_end_with_the_first_rows(written):
    source = open_source(written("t.csv", column(*["12"] * 1500, *["0012"] * 1000, "34")))
    assert warned(source) == {*((number, "Code", "zeros_lost") for number in range(1002, 1502)), (2502, "Code", "zeros_lost")}
    assert source.notes[-1] == (
        'column "Code": 1,000 cells, the first in rows 2, 3, 4, 5, 6, may be damaged too (zeros_lost), as only rows below them show'
    )


@pytest.mark.parametrize(
    ("top", "below", "code", "reason"),
    [
        (["0012", "12"], "123456", "zeros_lost", "its codes have no common length"),
        (["2024-01-02", "2024-03-04", "36526"], "x", "date_as_number", "most of it is no dates"),
        (["2024-01-02", "2024-03-04", "13.01.2024", "14.01.2024"], "2024-01-30", "date_maybe_swapped", "it has other dates further down"),
        (["4000000000000000"] * 3, "4000000000000012", "digits_lost", "others of its long codes end in other digits"),
    ],
)
def test_a_suspicion_that_the_rest_of_the_file_refutes_is_taken_back(written, top, below, code, reason):
    source = open_source(written("t.csv", column(*top, *[""] * 3, *["0012" if code == "zeros_lost" else top[0]] * 999, *[below] * 1100)))
    count = len(warned(source))
    assert {found for _, _, found in warned(source)} == {code}
    assert source.notes[-1] == f'column "Code": the warnings {code} ({count:,}) are probably wrong: {reason}'


@pytest.mark.parametrize("below", ["12.5", "1000.0"])
def test_decimals_that_turn_out_to_be_amounts_are_taken_back(written, below):
    source = open_source(written("t.csv", column(*(f"{code}.0" for code in range(1000, 2000)), below)))
    assert {(row, code) for row, _, code in warned(source)} == {(row, "decimal_code") for row in range(2, 1002)}
    assert source.notes[-1] == (
        'column "Code": the warnings decimal_code (1,000) are probably wrong: '
        "its numbers repeat, are round, or have other decimals, as amounts do"
    )


def test_a_reader_that_stops_early_is_told_what_was_seen(written):
    source = open_source(written("t.csv", column(*["12"] * 1500, *["0012"] * 1000)))
    rows = source.rows()
    for _ in range(1001):
        next(rows)
    rows.close()
    assert "1,000 cells" in source.notes[-1]


def test_question_marks_in_the_place_of_letters_are_told_of_each_row(written):
    source = open_source(written("t.csv", "Name,City\n" + "Ann,York\n" * 1200 + "????? ???,Bath\n"))
    assert warned(source) == {(1202, "Name", "mojibake")}


def test_cells_of_a_broken_record_are_in_place_only_where_that_is_certain(written, workbook):
    text = "Id;Name\n1;Ann\n2;Bob;x\n3\n4;\udc98\n5;a;\udc98\n".encode("cp1251", "surrogateescape")
    path = written("t.csv", text)
    found = {row.number: (row.problem.code, row.is_in_place) for row in open_source(path, SourceOptions(encoding="cp1251")).rows() if row.problem}
    assert found == {3: ("ragged_row", False), 4: ("ragged_row", False), 5: ("bad_encoding", True), 6: ("bad_encoding", False)}
    path = workbook([["Id", "Name"], *[["1", "Ann"]] * 1000, ["2", "Bob", "x"]])
    assert [(row.problem.code, row.is_in_place) for row in open_source(path).rows() if row.problem] == [("ragged_row", True)]


@pytest.mark.parametrize(
    ("name", "options", "idle"),
    [
        ("pipe.csv", SourceOptions(sheet="Contacts", encoding="utf-8", delimiter="|"), ["sheet"]),
        ("typed_cells.ods", SourceOptions(sheet=1, encoding="utf-8", delimiter=";", header_row=1), ["encoding", "delimiter"]),
        ("rejected_rows.csv", SourceOptions(sheet="Contacts", encoding="cp866"), []),
    ],
)
def test_settings_that_a_kind_of_file_has_no_use_for_are_named(fixture_file, name, options, idle):
    source = open_source(fixture_file(name), options)
    assert list(source.without_use(options)) == idle
    assert any("are not followed" in note for note in source.notes) == (name == "rejected_rows.csv")


def test_tax_numbers_of_firms_and_persons_in_one_column_have_lost_no_zeros(written):
    numbers = ["770000000001", "027000000002", "050000000003", "780000000004", "7700000001", "0270000002", "7800000003"]
    assert not warned(open_source(written("t.csv", "Name;INN\n" + "".join(f"Ann;{number}\n" for number in numbers * 20))))


@pytest.mark.parametrize(("cell", "is_damaged"), [("Call back???", False), ("Really?!???", False), ("????? ???", True), ("???ov", True)])
def test_question_marks_behind_a_word_are_a_question(written, cell, is_damaged):
    assert bool(warned(open_source(written("t.csv", f"Name,Note\nAnn,{cell}\nBob,x\n")))) == is_damaged


def test_a_few_round_amounts_with_a_decimal_are_no_codes(written):
    assert not warned(open_source(written("t.csv", "Name,Budget\nAnn,1500.0\nBob,2300.0\nCid,900.0\n")))
    assert len(warned(open_source(written("t.csv", "Name,Code\nAnn,1501.0\nBob,2317.0\nCid,900.0\n")))) == 3
