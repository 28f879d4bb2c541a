"""Planning: the identity of each row, two rows with one identity, the order of sending, and guard rails."""

from __future__ import annotations

from pathlib import Path

import pytest

from importer import planning
from importer.batcher.progress import Progress
from importer.errors import GuardRail, MappingError, SourceError
from importer.findings import Findings, GuardRails, hold, most_rejects
from importer.journal.entries import PlannedRow
from importer.mapping.contact_fields import offline_catalogue
from importer.mapping.mapping_file import load_mapping, read_mapping
from importer.planning import plan, plan_matched
from importer.preparing import Choices, open_and_prepare, open_table, prepare
from importer.records import RowProblem

FIELDS = "fields: {NAME: Name, DATE_CREATE: Created}\ndefaults: {timezone: UTC}\n"


@pytest.fixture
def planned(tmp_path: Path):
    """Plans a table of Id, Name, Created with what a mapping says of identity."""

    def made(origin: str, *lines: str) -> list[PlannedRow]:
        (tmp_path / "m.yaml").write_text(f"version: 1\n{origin}\n{FIELDS}", encoding="utf-8")
        (tmp_path / "t.csv").write_text("\n".join(["Id,Name,Created", *lines]) + "\n", encoding="utf-8")
        loaded = load_mapping(tmp_path / "m.yaml")
        preparation = prepare(open_table(tmp_path / "t.csv", loaded, Choices()), loaded, Choices(), offline_catalogue())
        return list(plan(preparation, "r1", Findings()))

    return made


OWN = "origin: {originator: legacy, id: [Id]}"


def test_without_an_origin_the_run_stamps_its_own(planned) -> None:
    [row] = planned("", "7,Ann,")
    assert row.origin == ("b24-import", "r1:2")
    assert (row.fields["ORIGINATOR_ID"], row.fields["ORIGIN_ID"]) == row.origin


def test_origin_false_stamps_nothing(planned) -> None:
    [row] = planned("origin: false", "7,Ann,")
    assert row.origin is None
    assert "ORIGIN_ID" not in row.fields


def test_the_later_of_two_rows_with_one_identity_is_rejected_with_the_number_of_the_first(planned) -> None:
    first, second, third = planned(OWN, "7,Ann,", "7,Bob,", "8,Cid,")
    assert [row.state for row in (first, second, third)] == ["new", "rejected", "new"]
    assert second.problem.code == "duplicate_origin"
    assert "Row 2 " in second.problem.problem


def test_it_is_rejected_also_when_the_first_is_rejected_itself(planned) -> None:
    first, second = planned(OWN, "7,,", "7,Bob,")
    assert (first.problem.code, second.problem.code) == ("no_name", "duplicate_origin")


def test_an_identity_the_portal_might_cut_is_rejected(planned) -> None:
    whole, long = planned(OWN, f"{'x' * 255},Ann,", f"{'y' * 256},Bob,")
    assert (whole.state, long.state, long.problem.code) == ("new", "rejected", "origin_too_long")


def test_rows_with_date_create_are_sent_by_it_and_those_without_last(planned) -> None:
    rows = planned(OWN, "1,Ann,2020-05-01", "2,Bob,", "3,Cid,2019-05-01", "4,Dan,2019-04-30 23:59:59")
    assert [row.row for row in sorted(rows, key=lambda row: (row.position, row.row))] == [5, 4, 2, 3]


@pytest.mark.parametrize(
    ("rails", "says"),
    [
        (GuardRails(), None),
        (GuardRails(max_rejects=10), None),
        (GuardRails(max_rejects=9), "--max-rejects allows 9"),
        (GuardRails(max_rejects_percent=10), None),
        (GuardRails(max_rejects_percent=9.9), "allows 9 (9.9% of 100 rows)"),
        (GuardRails(max_creates=90), None),
        (GuardRails(max_creates=89), "--max-creates allows 89"),
        (GuardRails(max_updates=7), None),
        (GuardRails(max_updates=6), "--max-updates allows 6"),
        (GuardRails(min_rows=100), None),
        (GuardRails(min_rows=101), "--min-rows asks for 101"),
    ],
)
def test_a_guard_rail_holds_exactly_past_its_figure(rails: GuardRails, says: str | None) -> None:
    findings = Findings(rows=100, creates=90, updates=7, rejects=10)
    if says is None:
        hold(findings, rails)
        return
    with pytest.raises(GuardRail, match="Nothing was sent") as raised:
        hold(findings, rails)
    assert says in str(raised.value)


def test_a_share_of_rejects_is_a_number_of_rows_for_the_sending_too() -> None:
    assert most_rejects(Findings(rows=150), GuardRails(max_rejects_percent=5)) == 7
    assert most_rejects(Findings(rows=150), GuardRails(max_rejects=3)) == 3
    assert most_rejects(Findings(rows=150), GuardRails()) is None


def test_an_option_the_file_has_no_use_for_is_refused_and_such_a_setting_noted(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("source: {sheet: Contacts}\nfields: {NAME: Name}\n", encoding="utf-8")
    (tmp_path / "t.csv").write_text("Id,Name\n1,Ann\n", encoding="utf-8")
    loaded = load_mapping(tmp_path / "m.yaml")
    with pytest.raises(SourceError, match="--sheet 2 was given, but the file has no sheets. Leave it out."):
        open_table(tmp_path / "t.csv", loaded, Choices(sheet=2))
    notes = open_table(tmp_path / "t.csv", loaded, Choices()).notes
    assert "`source.sheet` of the mapping is not followed: the file has no sheets" in notes


def test_a_row_is_counted_once_a_kind_however_many_problems_of_it_it_has() -> None:
    findings = Findings()
    for row in (2, 3, 4, 5, 6, 7):
        findings.note(row, RowProblem("unknown_company", '"Ash" is no company.', "Firm"))
        findings.note(row, RowProblem("unknown_company", '"Oak" is no company.', "Firm"))
        findings.note(row, RowProblem("unknown_company", '"Ivy" is no company.', "Other firm"))
        findings.note(row, RowProblem("bad_date", "No date.", "Day"))
    groups = {group.code: group for group in findings.sorted_groups()}
    assert [groups[code].rows for code in ("unknown_company", "bad_date")] == [6, 6]
    assert [row for row, _, _ in groups["unknown_company"].examples] == [2, 3, 4, 5, 6]
    assert groups["unknown_company"].examples[0] == (2, "Firm", '"Ash" is no company. "Oak" is no company. Column "Other firm": "Ivy" is no company.')


@pytest.mark.parametrize(
    ("source", "says"),
    [("{encoding: utf8x}", 'there is no encoding called "utf8x"'), ("{header_row: 9}", "row 9 was given as the header")],
)
def test_a_setting_nobody_can_follow_has_its_line_and_hides_no_other_fault(tmp_path: Path, source: str, says: str) -> None:
    (tmp_path / "t.csv").write_text("Id,Name\n7,Ann\n", encoding="utf-8")
    (tmp_path / "m.yaml").write_text(
        f"source: {source}\nmatch: {{by: [phone], on_match: skip}}\nfields:\n  NAME: Nix\n  NONE: X\n  POST: {{column: A, split: '['}}\n", encoding="utf-8",
    )  # fmt: skip
    with pytest.raises(MappingError) as raised:
        open_and_prepare(tmp_path / "t.csv", read_mapping(tmp_path / "m.yaml"), Choices(), offline_catalogue())
    *others, last = raised.value.faults
    assert last.startswith("m.yaml, line 1: t.csv: ") and says in last and "--" not in last
    parts = ("goes by phone", 'no contact field "NONE"', "no regular expression")
    assert [part in fault for part, fault in zip(parts, others, strict=True)] == [True] * 3


def test_a_setting_of_the_command_line_is_not_laid_to_the_mapping(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("Id,Name\n7,Ann\n", encoding="utf-8")
    (tmp_path / "m.yaml").write_text("source: {encoding: cp1251}\nfields: {NAME: Name}\n", encoding="utf-8")
    with pytest.raises(SourceError, match="^t.csv: there is no encoding"):
        open_and_prepare(tmp_path / "t.csv", read_mapping(tmp_path / "m.yaml"), Choices(encoding="utf8x"), offline_catalogue())


def test_what_match_lacks_is_told_with_the_other_faults(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("Id,Name\n7,Ann\n", encoding="utf-8")
    (tmp_path / "m.yaml").write_text("match: {by: [phone, email]}\nfields: {NAME: Nix, PHONE: {column: Id, split: '['}}\n", encoding="utf-8")
    with pytest.raises(MappingError) as raised:
        open_and_prepare(tmp_path / "t.csv", read_mapping(tmp_path / "m.yaml"), Choices(), offline_catalogue())
    told = " ".join(raised.value.faults)
    assert all(part in told for part in ("does not say what happens", "goes by email", 'column "Nix"', "no regular"))
    assert "goes by phone" not in told


def test_a_row_that_is_rejected_anyway_is_told_whom_it_repeats_and_keeps_no_later_row_back(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("Name,Mail,Born\nAnn,a@example.com,\nBob,a@example.com,soon\nCid,c@example.com,soon\nDan,c@example.com,\n", encoding="utf-8")
    (tmp_path / "m.yaml").write_text("match: {by: [email], on_match: skip}\nfields: {NAME: Name, EMAIL: Mail, BIRTHDATE: Born}\n", encoding="utf-8")
    loaded = load_mapping(tmp_path / "m.yaml")
    preparation = prepare(open_table(tmp_path / "t.csv", loaded, Choices()), loaded, Choices(), offline_catalogue())
    _, second, third, fourth = plan(preparation, "r1", findings := Findings())
    assert second.problem.code == "duplicate_email" and 'Row 2 has the same e-mail "a@example.com"' in second.problem.problem and '"soon"' in second.problem.problem
    assert "same e-mail" not in third.problem.problem and fourth.state == "new"
    assert findings.groups["duplicate_email", False].rows == 1


@pytest.mark.parametrize(
    ("rows", "states"),
    [
        # The second is rejected for its identity, then for its phone: nobody keeps the third one's e-mail, or phone.
        ("1,Ann,+79160000001,\n1,Bob,+79160000002,b@example.com\n3,Cid,89160000002,b@example.com\n", "new rejected new"),
        ("1,Ann,+79160000001,\n2,Bob,+79160000001,b@example.com\n3,Cid,,b@example.com\n", "new rejected new"),
        ("1,Ann,,a@example.com\n2,Bob,+79160000002,a@example.com\n3,Cid,89160000002,\n4,Dan,+79160000002,\n", "new rejected new rejected"),
    ],
)
def test_only_a_row_that_is_taken_keeps_later_ones_back(tmp_path: Path, rows: str, states: str) -> None:
    assert [row.state for row in _matched(tmp_path, rows)] == states.split()


def test_a_row_that_writes_one_number_in_two_ways_repeats_nobody(tmp_path: Path) -> None:
    first, second = _matched(tmp_path, "1,Ann,+79160000001; 8 916 000-00-01,\n2,Bob,9160000001; +7 916 000-00-01,\n")
    assert first.state == "new"
    assert "Row 2 has the same phone" in second.problem.problem


def _matched(folder: Path, rows: str) -> list:
    (folder / "t.csv").write_text(f"Id,Name,Phone,Mail\n{rows}", encoding="utf-8")
    (folder / "m.yaml").write_text(
        "origin: {originator: crm, id: [Id]}\nmatch: {by: [phone, email], on_match: skip}\n"
        "fields: {NAME: Name, PHONE: {column: Phone, split: ';'}, EMAIL: Mail}\n", encoding="utf-8",
    )  # fmt: skip
    loaded = load_mapping(folder / "m.yaml")
    preparation = prepare(open_table(folder / "t.csv", loaded, Choices()), loaded, Choices(), offline_catalogue())
    return list(plan(preparation, "r1", Findings()))


@pytest.mark.parametrize(("characters", "sizes"), [(100, [4, 4, 1]), (7, [4, 4, 1]), (6, [3, 3, 3]), (1, [1] * 9)])
async def test_rows_are_planned_so_many_at_once_and_fewer_where_they_are_long(monkeypatch: pytest.MonkeyPatch, characters: int, sizes: list[int]) -> None:
    monkeypatch.setattr(planning, "_CHUNK", 4)
    monkeypatch.setattr(planning, "_CHUNK_CHARACTERS", characters)

    async def uncut(waiting):
        return await waiting

    rows = [PlannedRow(row, "new", ["a", "b"]) for row in range(2, 11)]
    chunks = [chunk async for chunk in plan_matched(rows, None, uncut, Progress())]
    assert [len(chunk) for chunk in chunks] == sizes
    assert [row for chunk in chunks for row in chunk] == rows


def test_where_the_header_was_asked_for_its_missing_columns_say_so(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("version: 1\nsource: {header_row: 3}\nfields: {NAME: Name}\n", encoding="utf-8")
    (tmp_path / "t.csv").write_text("Name,Phone\nAnn,1\nBen,2\nCid,3\n", encoding="utf-8")
    loaded = load_mapping(tmp_path / "m.yaml")
    for choices, who in ((Choices(), "`source.header_row` of the mapping"), (Choices(header_row=2), "--header-row")):
        with pytest.raises(MappingError) as caught:
            prepare(open_table(tmp_path / "t.csv", loaded, choices), loaded, choices, offline_catalogue())
        row = choices.header_row or 3
        assert f"row {row} was taken for the header, because {who} says so" in caught.value.faults[-1]
