"""`suggest` as a person calls it: what is printed, what is written, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import table


@pytest.fixture
def alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder without a portal in its environment."""
    monkeypatch.delenv("B24_WEBHOOK_URL")
    return folder


ROWS = ("a1;Anna;Ivanova;+7 900 000-11-22;anna@example.com;01.02.1980", "a2;Boris;Petrov;8 900 000-33-44;;")


def test_the_mapping_goes_to_standard_output_and_the_summary_beside_it(alone: Path, b24) -> None:
    said = b24("suggest", table(alone, *ROWS))
    assert said.code == 0
    assert "LAST_NAME: Last name" in said.out and "region: RU" in said.out
    assert said.err.startswith("c.csv: no known export; 6 of 6 columns are taken")


def test_what_is_written_passes_check_as_it_is(alone: Path, b24) -> None:
    name = table(alone, *ROWS)
    assert b24("suggest", name, "-o", "new.yaml").code == 0
    said = b24("check", name, "-m", "new.yaml", "--offline", "--json", "--quiet")
    assert (said.code, json.loads(said.out)["counts"]) == (0, {"create": 2, "update": 0, "skip": 0, "reject": 0})


def test_the_command_that_is_named_can_be_pasted_whatever_the_names(alone: Path, b24) -> None:
    said = b24("suggest", table(alone, *ROWS, name="my list.csv"), "-o", "my map.yaml")
    assert "b24-import check 'my list.csv' -m 'my map.yaml'" in said.err


def test_a_mapping_that_is_there_is_not_overwritten_unasked(alone: Path, b24) -> None:
    name = table(alone, *ROWS)
    before = Path("m.yaml").read_text(encoding="utf-8")
    said = b24("suggest", name, "-o", "m.yaml")
    assert said.code == 2 and "m.yaml is there already" in said.err
    assert Path("m.yaml").read_text(encoding="utf-8") == before
    assert b24("suggest", name, "-o", "m.yaml", "--yes").code == 0
    assert "LAST_NAME: Last name" in Path("m.yaml").read_text(encoding="utf-8")


def test_the_schema_is_named_only_where_it_lies(alone: Path, b24) -> None:
    name = table(alone, *ROWS)
    b24("suggest", name, "-o", "plain.yaml")
    assert "yaml-language-server" not in Path("plain.yaml").read_text(encoding="utf-8")
    Path("mappings").mkdir()
    Path("mappings/schema.json").write_text("{}", encoding="utf-8")
    b24("suggest", name, "-o", "mappings/beside.yaml")
    b24("suggest", name, "-o", "above.yaml")
    assert Path("mappings/beside.yaml").read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=./schema.json\n")
    assert Path("above.yaml").read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=./mappings/schema.json\n")


def test_what_was_said_about_the_file_is_kept_in_the_mapping(alone: Path, b24) -> None:
    text = "Список\nИмя;Фамилия;Телефон\nЛев;Жаров;+7 900 000-11-22\n"
    (alone / "old.csv").write_bytes(text.encode("cp1251"))
    b24("suggest", "old.csv", "-o", "old.yaml", "--encoding", "cp1251", "--delimiter", ";", "--header-row", "2")
    assert 'source: {header_row: 2, encoding: cp1251, delimiter: ";"}' in Path("old.yaml").read_text(encoding="utf-8")
    assert b24("check", "old.csv", "-m", "old.yaml", "--offline").code == 0


def test_a_header_below_notes_is_found_by_the_words_in_it(alone: Path, b24) -> None:
    (alone / "notes.csv").write_text("Отдел продаж,Выгрузка,Март\nИмя,Фамилия,Телефон\nЛев,Жаров,+7 900 000-11-22\n", encoding="utf-8")
    assert "LAST_NAME: Фамилия" in b24("suggest", "notes.csv").out


def test_with_a_portal_its_custom_fields_are_matched_and_required_ones_told(folder: Path, b24) -> None:
    (folder / "tiers.csv").write_text("Имя,Уровень\nЛев,Gold\nИнна,Silver\n", encoding="utf-8")
    said = b24("suggest", "tiers.csv", "-o", "tiers.yaml")
    assert said.code == 0, said.err
    text = Path("tiers.yaml").read_text(encoding="utf-8")
    assert "UF_CRM_1720697698689: Уровень" in text
    assert "The portal requires UF_CRM_LOYALTY" in text
    assert b24("check", "tiers.csv", "-m", "tiers.yaml", "--quiet").code == 0
    assert "UF_CRM_1720697698689" not in b24("suggest", "tiers.csv", "--offline").out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nowhere.csv",), "nowhere.csv"), (("empty.csv",), "empty.csv"), (("c.csv", "-o", "no/such/folder/m.yaml"), "cannot be written"),
        (("c.csv", "--to", "webhook"), "B24_WEBHOOK_URL"), (("c.csv", "--header-row", "90"), "row 90"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_told_in_one_line_with_exit_2(alone: Path, b24, arguments: tuple[str, ...], told: str) -> None:
    table(alone, *ROWS)
    (alone / "empty.csv").write_bytes(b"")
    said = b24("suggest", *arguments)
    assert (said.code, said.out) == (2, "")
    assert told in said.err and len(said.err.strip().splitlines()) == 1
