"""rejects.csv imported once more, mended wholly, partly or not: nobody is overwritten, nobody is created under another identity."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.nights import HEADER, MAPPING, Nights, nights

PLAIN = MAPPING.replace("match: {by: [origin, phone, email], on_match: update}\n", "")
BY_ORIGIN = MAPPING.replace("by: [origin, phone, email]", "by: [origin]")
BY_PHONE = MAPPING.replace("by: [origin, phone, email]", "by: [phone]")

ANN = ("001", "Ann", "Reed", "020 7946 0001", "ann@example.com", "Nurse")
BEN = ("001", "Ben", "Stone", "020 7946 0002", "ben@example.com", "Cook")
BEN_BY_PHONE = ("002", "Ben", "Stone", "020 7946 0001", "ben@example.com", "Cook")


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Nights]:
    async with nights(tmp_path) as made:
        yield made


async def _again(night: Nights, mapping: str, change: Callable[[list[str]], list[str]]) -> dict[int, tuple[str, str]]:
    """Imports the last run's rejects.csv with its rows changed, as a person saves it: under another name, its report elsewhere."""
    with (night.folder / "report" / "rejects.csv").open(encoding="utf-8-sig", newline="") as lines:
        header, *rows = list(csv.reader(lines))
    await night.run(*map(change, rows), mapping=mapping, header=header, limit=99)
    return night.results()


def _names(night: Nights) -> list[tuple[str, str, str]]:
    return sorted((str(one["NAME"]), str(one["POST"]), str(one["ORIGIN_ID"])) for one in night.contacts())


@pytest.mark.parametrize(
    ("mapping", "rows", "code"),
    [(PLAIN, (ANN, BEN), "duplicate_origin"), (BY_ORIGIN, (ANN, BEN), "duplicate_origin"), (BY_PHONE, (ANN, BEN_BY_PHONE), "duplicate_phone"),
     (MAPPING, (ANN, BEN), "duplicate_origin")],
)  # fmt: skip
async def test_a_double_that_nobody_mended_is_rejected_again_and_changes_nobody(night: Nights, mapping: str, rows: tuple, code: str) -> None:
    await night.run(*rows, mapping=mapping)
    assert night.results()[3] == ("rejected", code)
    before = _names(night)
    for _ in range(2):
        assert await _again(night, mapping, lambda row: row) == {2: ("rejected", code)}
        told = (night.folder / "report" / "rejects.csv").read_text("utf-8-sig")
        assert told.count("Not mended yet") == 1 and "Row 2 has the same" in told
    assert _names(night) == before


async def test_a_double_goes_in_once_it_has_an_identity_of_its_own_or_its_person_says_that_it_is_the_same(night: Nights) -> None:
    await night.run(ANN, BEN, mapping=BY_ORIGIN)
    assert await _again(night, BY_ORIGIN, lambda row: ["009", *row[1:]]) == {2: ("created", "")}
    assert [one[2] for one in _names(night)] == ["001", "009"]
    await night.run(ANN, BEN, mapping=BY_ORIGIN)
    code_at = len(HEADER) + 1
    assert await _again(night, BY_ORIGIN, lambda row: [*row[:code_at], "", *row[code_at + 1 :]]) == {2: ("updated", "")}
    assert _names(night)[0] == ("Ben", "Cook", "001")


@pytest.mark.parametrize("mapping", [PLAIN, BY_ORIGIN])
async def test_an_identity_whose_zeros_a_spreadsheet_took_is_told_and_creates_nobody(night: Nights, mapping: str) -> None:
    bad = ("00005", "", "", "x", "", "")
    await night.run(ANN, bad, mapping=mapping)
    mended = ["Eve", "Hill", "020 7946 0005", "", ""]
    assert await _again(night, mapping, lambda row: ["5", *mended, *row[6:]]) == {2: ("rejected", "zeros_lost")}
    assert 'rejected as ""00005"" and is ""5"" now' in (night.folder / "report" / "rejects.csv").read_text("utf-8-sig")
    await night.run(ANN, bad, mapping=mapping)
    assert await _again(night, mapping, lambda row: ["00005", *mended, *row[6:]]) == {2: ("created", "")}
    assert [one[2] for one in _names(night)] == ["001", "00005"]


@pytest.mark.parametrize("mapping", [PLAIN, BY_ORIGIN])
async def test_lost_zeros_are_told_in_every_round_until_they_are_written_again(night: Nights, mapping: str) -> None:
    lost, mended = "5", ["Eve", "Hill", "020 7946 0005", "", ""]
    await night.run(ANN, ("00007", "Bo", "Reed", "", "", ""), ("00005", "", "", "x", "", ""), mapping=mapping)
    assert await _again(night, mapping, lambda row: [lost, *mended, *row[6:]]) == {2: ("rejected", "zeros_lost")}
    # The same file once more, and then what that run rejected, as it is.
    for _ in range(3):
        assert await _again(night, mapping, lambda row: row) == {2: ("rejected", "zeros_lost")}
    told = (night.folder / "report" / "rejects.csv").read_text("utf-8-sig")
    assert 'rejected as ""00005"" and is ""5"" now' in told
    assert await _again(night, mapping, lambda row: ["00005", *row[1:]]) == {2: ("created", "")}
    assert [one[2] for one in _names(night)] == ["001", "00007", "00005"]


async def test_the_file_that_lost_its_zeros_is_told_so_as_often_as_it_is_sent(night: Nights) -> None:
    await night.run(ANN, ("00005", "", "", "x", "", ""), mapping=PLAIN)
    header, row = [*HEADER, "_row", "_code", "_column", "_problem"], ("5", "Eve", "Hill", "", "", "", "3", night.results()[3][1], "", "said")
    for _ in range(3):
        await night.run(row, mapping=PLAIN, header=header, limit=99)
        assert night.results() == {2: ("rejected", "zeros_lost")}


@pytest.mark.parametrize("mapping", [PLAIN, BY_ORIGIN, BY_PHONE, MAPPING])
async def test_a_double_with_another_mistake_is_still_a_double_when_that_is_mended(night: Nights, mapping: str) -> None:
    required = mapping.replace("LAST_NAME: Last", "LAST_NAME: {column: Last, required: true}")
    ben = ("001", "Ben", "", "020 7946 0001", "ben@example.com", "Cook")
    await night.run(ANN, ben, mapping=required)
    before = _names(night)
    [(outcome, code)] = (await _again(night, required, lambda row: [*row[:2], "Stone", *row[3:]])).values()
    assert outcome == "rejected" and code in ("duplicate_origin", "duplicate_phone")
    assert _names(night) == before


async def test_a_mended_row_whose_contact_the_run_gave_to_another_row_changes_nobody(night: Nights) -> None:
    required = BY_PHONE.replace("LAST_NAME: Last", "LAST_NAME: {column: Last, required: true}").replace("origin: {originator: erp, id: [Id]}\n", "")
    await night.run(("1", "Ann", "", "020 7946 0001", "", ""), ("2", "Ben", "Stone", "020 7946 0001", "", ""), mapping=required)
    assert night.results() == {2: ("rejected", "required"), 3: ("created", "")}
    for _ in range(2):
        assert await _again(night, required, lambda row: [*row[:2], "Reed", *row[3:]]) == {2: ("rejected", "same_contact")}
    assert [one["NAME"] for one in night.contacts()] == ["Ben"]
    assert await _again(night, required, lambda row: [*row[:3], "020 7946 0009", *row[4:]]) == {2: ("created", "")}


NO_ORIGIN = BY_PHONE.replace("origin: {originator: erp, id: [Id]}\n", "").replace("LAST_NAME: Last", "LAST_NAME: {column: Last, required: true}").replace(
    "POST: Job", "POST: {column: Job, required: true}"
)


@pytest.mark.parametrize("on_match", ["update", "skip", "fill"])
async def test_the_other_row_is_known_after_rounds_and_nights_between(night: Nights, on_match: str) -> None:
    mapping = NO_ORIGIN.replace("on_match: update", f"on_match: {on_match}")
    await night.run(("1", "Ann", "", "020 7946 0001", "", ""), ("2", "Ben", "Stone", "020 7946 0001", "", "Cook"), mapping=mapping)
    rejects = (night.folder / "report" / "rejects.csv").read_bytes()
    before = _names(night)
    # Another night, whose row of that number is rejected for the same; then the first night's rejects, mended in two rounds.
    await night.run(("7", "Zoe", "", "020 7946 0077", "", ""), mapping=mapping)
    (night.folder / "report" / "rejects.csv").write_bytes(rejects)
    assert (await _again(night, mapping, lambda row: [*row[:2], "Reed", *row[3:]]))[2][0] == "rejected"
    assert await _again(night, mapping, lambda row: [*row[:5], "Nurse", *row[6:]]) == {2: ("rejected", "same_contact")}
    assert _names(night) == before
    assert await _again(night, mapping, lambda row: [*row[:3], "020 7946 0009", *row[4:]]) == {2: ("created", "")}


async def test_another_row_that_left_its_contact_as_it_was_counts_as_well(night: Nights) -> None:
    mapping = NO_ORIGIN.replace("version: 1\n", "version: 1\norigin: false\n")
    ben = ("2", "Ben", "Stone", "020 7946 0001", "", "Cook")
    await night.run(ben, mapping=mapping)
    await night.run(("1", "Ann", "", "020 7946 0001", "", "Nurse"), ben, mapping=mapping)
    assert night.results() == {2: ("rejected", "required"), 3: ("skipped", "unchanged")}
    assert await _again(night, mapping, lambda row: [*row[:2], "Reed", *row[3:]]) == {2: ("rejected", "same_contact")}
    assert [one["NAME"] for one in night.contacts()] == ["Ben"]


@pytest.mark.parametrize("mapping", [PLAIN, BY_ORIGIN])
async def test_a_double_whose_zeros_were_lost_and_written_again_is_still_a_double(night: Nights, mapping: str) -> None:
    await night.run(ANN, BEN, mapping=mapping)
    before = _names(night)
    assert await _again(night, mapping, lambda row: ["1", *row[1:]]) == {2: ("rejected", "zeros_lost")}
    assert await _again(night, mapping, lambda row: ["001", *row[1:]]) == {2: ("rejected", "duplicate_origin")}
    assert _names(night) == before


async def test_doubles_of_a_key_that_match_no_longer_goes_by_go_in(night: Nights) -> None:
    by_both = MAPPING.replace("by: [origin, phone, email]", "by: [origin, phone]")
    await night.run(ANN, BEN_BY_PHONE, mapping=by_both)
    assert night.results()[3] == ("rejected", "duplicate_phone")
    assert await _again(night, BY_ORIGIN, lambda row: row) == {2: ("created", "")}


async def test_a_sentence_does_not_grow_from_round_to_round(night: Nights) -> None:
    required = BY_ORIGIN.replace("LAST_NAME: Last", "LAST_NAME: {column: Last, required: true}")
    await night.run(ANN, ("001", "Ben", "", "020 7946 0002", "", ""), mapping=required)
    for _ in range(3):
        await _again(night, required, lambda row: row)
        told = (night.folder / "report" / "rejects.csv").read_text("utf-8-sig")
        assert (told.count("Not mended yet"), told.count("has the same identity"), told.count("requires a value")) == (1, 1, 1)


@pytest.mark.parametrize("number", ["", "3,0", "1 003", "9" * 30])
async def test_a_double_is_one_whatever_became_of_its_number(night: Nights, number: str) -> None:
    await night.run(ANN, BEN, mapping=BY_ORIGIN)
    at = len(HEADER)
    assert await _again(night, BY_ORIGIN, lambda row: [*row[:at], number, *row[at + 1 :]]) == {2: ("rejected", "duplicate_origin")}


async def test_a_short_record_that_nobody_mended_never_goes_in(night: Nights) -> None:
    await night.run(ANN, ("002", "Ben", "Stone"), mapping=PLAIN)
    assert night.results()[3] == ("rejected", "ragged_row")
    at = len(HEADER) + 3
    for _ in range(3):
        assert await _again(night, PLAIN, lambda row: row) == {2: ("rejected", "ragged_row")}
    assert await _again(night, PLAIN, lambda row: [*row[:at], ""]) == {2: ("rejected", "ragged_row")}
    assert await _again(night, PLAIN, lambda row: [*row[: at - 2], "", "", ""]) == {2: ("created", "")}


async def test_a_change_that_was_rejected_goes_once_it_is_mended(night: Nights) -> None:
    dated = BY_PHONE.replace("origin: {originator: erp, id: [Id]}\n", "").replace("POST: Job", "BIRTHDATE: Job")
    await night.run((*ANN[:5], ""), mapping=dated)
    await night.run((*ANN[:5], "soon"), mapping=dated)
    assert night.results() == {2: ("rejected", "bad_date")}
    assert await _again(night, dated, lambda row: [*row[:5], "1990-02-01", *row[6:]]) == {2: ("updated", "")}


@pytest.mark.parametrize("mapping", [PLAIN, BY_ORIGIN, BY_ORIGIN.replace("on_match: update", "on_match: create")])
async def test_a_double_is_none_of_the_portals_business(night: Nights, mapping: str) -> None:
    """Also where its other half was never sent, as after a check."""
    header = [*HEADER, "_row", "_code", "_column", "_problem"]
    row = (*BEN, "3", "duplicate_origin", "", 'Row 2 has the same identity "001": only one of the two can be taken. Correct one, or remove it.')
    await night.run(row, mapping=mapping, header=header, limit=99)
    assert night.results() == {2: ("rejected", "duplicate_origin")}
    await night.run(("002", *row[1:]), mapping=mapping, header=header, limit=98)
    assert night.results() == {2: ("created", "")}


async def test_an_identity_that_was_changed_on_purpose_is_taken(night: Nights) -> None:
    await night.run(ANN, ("00005", "", "", "x", "", ""), mapping=PLAIN)
    row_at = len(HEADER)
    assert await _again(night, PLAIN, lambda row: ["5", "Eve", "Hill", "", "", "", "", *row[row_at + 1 :]]) == {2: ("created", "")}


async def test_rejects_hold_the_values_of_the_source_as_they_stood(night: Nights) -> None:
    row = ("7", "", "", "  020 7946 0001 ", "\u00a0x@\u200b", '="007"')
    await night.run(row, ("8", " ", "", "", "", ""), mapping=PLAIN)
    with (night.folder / "report" / "rejects.csv").open(encoding="utf-8-sig", newline="") as lines:
        found = [line[: len(HEADER)] for line in list(csv.reader(lines))[1:]]
    assert found == [[*row[:5], "'" + row[5]], ["8", " ", "", "", "", ""]]


async def test_the_first_apostrophe_alone_is_ours_in_every_round(night: Nights) -> None:
    required = PLAIN.replace("  NAME: First", "  NAME: {column: First, required: true}")
    await night.run(("7", "", "''Ann", "", "", '="009"'), mapping=required)
    held = []
    for _ in range(2):
        text = (night.folder / "report" / "rejects.csv").read_text("utf-8-sig")
        held.append(next(csv.reader(text.splitlines()[1:]))[: len(HEADER)])
        await _again(night, required, lambda row: row)
    assert held[0] == held[1] == ["7", "", "'''Ann", "", "", "'=\"009\""]
