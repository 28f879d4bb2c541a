"""What a bad input gets: one clear message, the right exit code, nothing sent, never a trace."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import MAPPING, portal_state, table


def _is_one_clear_message(said) -> bool:
    return said.err.strip() != "" and "Traceback" not in said.err and len(said.err.strip().splitlines()) <= 3


@pytest.mark.parametrize(
    ("prepare", "file", "says"),
    [
        (None, "nowhere.csv", "nowhere.csv"),
        (lambda p: p.write_bytes(b""), "empty.csv", "empty"),
        (lambda p: p.mkdir(), "folder.csv", "folder"),
        (lambda p: p.write_bytes(b"%PDF-1.7 \x00\x01"), "scan.xlsx", "PDF"),
        (lambda p: p.write_bytes(os.urandom(4096)), "noise.csv", "noise.csv"),
    ],
)
def test_a_file_that_is_no_table_is_exit_2_and_says_what_it_is(folder: Path, b24, prepare, file: str, says: str) -> None:
    if prepare:
        prepare(folder / file)
    said = b24("run", file, "-m", "m.yaml")
    assert said.code == 2
    assert says in said.err
    assert _is_one_clear_message(said)


@pytest.mark.parametrize("file", [".", "/", "", ".."])
@pytest.mark.parametrize("command", ["check", "run"])
def test_a_folder_without_a_name_of_its_own_is_exit_2_too(folder: Path, b24, command: str, file: str) -> None:
    said = b24(command, file, "-m", "m.yaml", *(["--offline"] if command == "check" else []))
    assert said.code == 2
    assert ("folder" in said.err or "directory" in said.err) and _is_one_clear_message(said)


def test_a_place_where_the_sandbox_cannot_keep_its_contacts_is_exit_2(folder: Path, b24) -> None:
    for place in ("nowhere/x.db", "m.yaml", "."):
        said = b24("sandbox", "--port", "0", "--data", place)
        assert said.code == 2
        assert f"{place}: the portal's contacts cannot be kept there" in said.err and _is_one_clear_message(said)


def test_a_column_read_beside_another_of_its_name_is_told(folder: Path, b24) -> None:
    (folder / "c.csv").write_text("Id;First name;First name;Last name;Phone;E-mail;Born\n1;Anna;Ann;Berg;;;\n", encoding="utf-8")
    said = b24("check", "c.csv", "-m", "m.yaml", "--offline")
    assert (said.code, 'column "First name": the header has the name again, and that column is called "First name (2)"' in said.out + said.err) == (0, True)
    mapping = (folder / "m.yaml").read_text(encoding="utf-8")
    (folder / "m.yaml").write_text(mapping.replace("NAME: First name", "NAME: {concat: [First name, First name (2)]}", 1), encoding="utf-8")
    assert "again" not in b24("check", "c.csv", "-m", "m.yaml", "--offline").out


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        (MAPPING.replace("column: Phone", "column: Fone"), ["m.yaml, line 7", '"Fone"', '"Phone"']),
        (MAPPING.replace("LAST_NAME:", "LAST_NMAE:"), ["m.yaml, line 6", "LAST_NMAE", "LAST_NAME"]),
        (MAPPING + "fieldz: {}\n", ["m.yaml, line 10", "fieldz", "fields"]),
        ("version: 1\nfields: [", ["m.yaml, line"]),
        ("", ["m.yaml"]),
        (MAPPING + "match: {by: [email]}\n", ["m.yaml, line 10", "does not say what happens", "on_match: skip"]),
        (MAPPING + "match: {by: [origin, fone], on_match: skip}\n", ["m.yaml, line 10", "phone"]),
    ],
)
def test_a_faulty_mapping_is_exit_2_with_line_and_nearest_name(folder: Path, b24, mapping: str, says: list[str]) -> None:
    (folder / "m.yaml").write_text(mapping, encoding="utf-8")
    said = b24("run", table(folder, "1;Anna;;;;"), "-m", "m.yaml")
    assert said.code == 2
    for text in says:
        assert text in said.err
    assert "Traceback" not in said.err


def test_a_missing_mapping_is_exit_2(folder: Path, b24) -> None:
    said = b24("run", table(folder, "1;Anna;;;;"), "-m", "none.yaml")
    assert (said.code, "none.yaml" in said.err, _is_one_clear_message(said)) == (2, True, True)


def test_a_wrong_sheet_names_the_sheets_there_are(folder: Path, b24) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Clients"
    book.active.append(["Id", "First name"])
    book.save(folder / "b.xlsx")
    said = b24("run", "b.xlsx", "-m", "m.yaml", "--sheet", "Cleints")
    assert (said.code, "Clients" in said.err) == (2, True)


@pytest.mark.parametrize(
    ("address", "code", "says"),
    [
        ("", 2, "B24_WEBHOOK_URL"),
        ("https://portal.example.com/crm/", 2, "not the address of an incoming webhook"),
        ("http://portal.example.com/rest/1/s3cret/", 2, "Write https"),
        ("http://127.0.0.1:9/rest/1/s3cret/", 3, "cannot be reached"),
    ],
)
def test_a_wrong_webhook_is_told_without_its_secret(
    folder: Path, b24, monkeypatch: pytest.MonkeyPatch, address: str, code: int, says: str
) -> None:
    monkeypatch.setenv("B24_WEBHOOK_URL", address)
    monkeypatch.setattr("importer.batcher.retry.MOST_ATTEMPTS", 1)
    said = b24("run", table(folder, "1;Anna;;;;"), "-m", "m.yaml")
    assert said.code == code
    assert says in said.err
    assert "s3cret" not in said.out + said.err
    assert _is_one_clear_message(said)


def test_a_refused_secret_is_exit_3_with_what_to_do(folder: Path, b24, monkeypatch: pytest.MonkeyPatch, webhook: str) -> None:
    monkeypatch.setenv("B24_WEBHOOK_URL", webhook.replace("sandboxsecret", "wrongsecret"))
    said = b24("run", table(folder, "1;Anna;;;;"), "-m", "m.yaml")
    assert said.code == 3
    assert "Make a new incoming webhook" in said.err
    assert "Nothing was sent" in said.err
    assert "wrongsecret" not in said.err


def test_an_error_with_json_is_still_one_object(folder: Path, b24) -> None:
    said = b24("run", "nowhere.csv", "-m", "m.yaml", "--json")
    told = json.loads(said.out)
    assert (told["exit_code"], "nowhere.csv" in told["error"]) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [["run"], ["run", "c.csv"], ["frobnicate"], ["run", "c.csv", "-m", "m.yaml", "--max-rejects", "many"],
     ["run", "c.csv", "-m", "m.yaml", "--to", "oauth"],
     ["resume"], ["report"], ["runs"], ["verify"]],
)  # fmt: skip
def test_usage_that_cannot_be_meant_is_exit_2(folder: Path, b24, arguments: list[str]) -> None:
    table(folder, "1;Anna;;;;")
    said = b24(*arguments)
    assert said.code == 2
    assert "Traceback" not in said.err


def test_a_mistyped_command_names_the_nearest(folder: Path, b24) -> None:
    assert "Did you mean resume?" in b24("resum").err


@pytest.mark.parametrize(("option", "value"), [("--max-rejects", "²"), ("--sheet", "①"), ("--max-rejects", "5²%")])
def test_a_number_that_is_none_is_told_in_a_sentence(folder: Path, b24, option: str, value: str) -> None:
    said = b24("check", table(folder, "1;Anna;;;;"), "-m", "m.yaml", option, value)
    assert (said.code, value in said.err, "Traceback" in said.err) == (2, True, False)


def test_a_fault_of_ours_shows_its_trace_and_is_none_of_the_contracts_codes(folder: Path, b24, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("importer.cli.run_command.import_file", broken)
    said = b24("run", table(folder, "1;Anna;;;;"), "-m", "m.yaml")
    assert (said.code, "Traceback" in said.err, "please report it" in said.err) == (70, True, True)


def test_a_mapping_is_faulted_once_for_its_form_and_its_meaning_whatever_the_portal_says(folder: Path, b24, monkeypatch) -> None:
    table(folder, "1;Ann;;;;")
    (folder / "bad.yaml").write_text(MAPPING.replace("NAME: First name", "NAME: {columm: First name}").replace("Last name", "Lst name"))
    for command in ("check", "run"):
        said = b24(command, "c.csv", "-m", "bad.yaml")
        assert (said.code, len(said.err.strip().splitlines())) == (2, 2)
        assert 'no key "columm"' in said.err and '"Lst name"' in said.err
    monkeypatch.delenv("B24_WEBHOOK_URL")
    said = b24("check", "c.csv", "-m", "bad.yaml")
    assert said.code == 2 and said.err.index('no key "columm"') < said.err.index("B24_WEBHOOK_URL")


def test_a_file_with_a_header_alone_is_said_to_have_no_rows(folder: Path, b24) -> None:
    table(folder)
    checked = b24("check", "c.csv", "-m", "m.yaml")
    assert (checked.code, "a header and no rows" in checked.out) == (0, True)
    ran = b24("run", "c.csv", "-m", "m.yaml")
    assert (ran.code, "holds no rows, so nothing was sent" in ran.out) == (0, True)
    assert b24("run", "c.csv", "-m", "m.yaml", "--min-rows", "1").code == 2


def test_check_does_not_call_clear_what_the_portal_may_refuse(folder: Path, b24) -> None:
    table(folder, "1;Ann;;;;")
    said = b24("check", "c.csv", "-m", "m.yaml")
    assert (said.code, "Nothing stands in the way" in said.out) == (0, False)
    assert "The portal may refuse 1 row for fields it requires" in said.out
    assert "required_by_portal: 1 row\n" in said.out
    assert "Nothing stands in the way" in b24("check", "c.csv", "-m", "m.yaml", "--offline").out


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="this system has only Unicode names")
@pytest.mark.parametrize("words", [["run", "{}.csv", "-m", "m.yaml"], ["check", "a.csv", "-m", "{}.yaml", "--json"], ["run", "a.csv", "-m", "m.yaml", "--report-dir", "{}"], ["run", "in/*.csv", "-m", "m.yaml"]])
def test_a_name_that_is_no_text_is_exit_2_and_shown_escaped(folder: Path, b24, words: list[str]) -> None:
    name = os.fsdecode(b"cli\xff")
    (folder / "in").mkdir()
    for path in (folder / f"{name}.csv", folder / "in" / f"{name}.csv"):
        path.write_text("Id\n1\n", encoding="utf-8")
    said = b24(*(word.replace("{}", name) for word in words))
    assert (said.code, said.out != "", "cli\\udcff" in said.err, _is_one_clear_message(said)) == (2, "--json" in words, True, True)
    assert "Rename the file or folder." in said.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("run c.csv -m m.yaml --no-such-option", 2),
        ("run", 2),
        ("check nowhere.csv", 2),
        ("report", 2),
        ("runs", 2),
        ("verify", 2),
        ("resume", 2),
        ("undo 261128", 2),
        ("portal --to oauth", 2),
        ("nonsense", 2),
    ],
)
def test_with_json_there_is_one_object_also_when_a_command_never_began(folder: Path, b24, arguments: str, code: int) -> None:
    said = b24(*arguments.split(), "--json")
    told = json.loads(said.out)
    assert (said.code, told["exit_code"]) == (code, code)
    assert told["error"].splitlines()[0] in said.err


@pytest.mark.parametrize("command", ["resume", "undo 261128"])
def test_a_mistyped_journal_is_said_and_none_is_made(folder: Path, b24, command: str) -> None:
    said = b24(*command.split(), "--journal", "typo/journal.db")
    assert (said.code, "there is no journal here yet" in said.err) == (2, True)
    assert not (folder / "typo").exists()


def test_check_ends_with_the_file_at_which_it_was_interrupted(folder: Path, b24, monkeypatch: pytest.MonkeyPatch) -> None:
    async def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("importer.cli.check_command.check_file", interrupt)
    said = b24("check", table(folder, "o1;Anna;;;;"), table(folder, "o2;Boris;;;;", name="d.csv"), "-m", "m.yaml", "--json")
    assert (said.code, json.loads(said.out)["file"]) == (4, "c.csv")


def test_check_stops_where_run_would_for_want_of_the_right_to_read(folder: Path, b24, webhook: str) -> None:
    name = table(folder, "o1;Anna;;;;")
    with portal_state(webhook, rights=[]):
        checked, ran = (b24(*command, name, "-m", "m.yaml") for command in (("check",), ("run", "--yes")))
    assert (checked.code, ran.code) == (3, 3)
    for said in (checked, ran):
        assert "Here it is the right to read contacts" in said.err + said.out
