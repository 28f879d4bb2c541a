"""Every sample with its mapping: checked without a portal, then imported into a sandbox, with exact counts."""

from __future__ import annotations

import asyncio
import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from importer.batcher.progress import Progress
from importer.batcher.stopping import Stop
from importer.check import check_file
from importer.ending import Ended
from importer.findings import Findings, GuardRails
from importer.job import Job
from importer.journal.journal import Journal
from importer.mapping.mapping_file import load_mapping
from importer.pacing.plans import PLANS
from importer.preparing import Choices
from importer.reader.source import open_source
from importer.run import import_file
from importer.sandbox.server import Sandbox
from importer.sandbox.settings import SandboxSettings

ROOT = Path(__file__).parents[2]
SAMPLES, MAPPINGS = ROOT / "samples", ROOT / "mappings"

#: sample → its mapping
PAIRS = {
    "clients.xlsx": "clients.yaml",
    "semicolon_cp1251.csv": "event_visitors.yaml",
    "excel_unicode_text.txt": "event_visitors.yaml",
    "with_created_dates.csv": "with_created_dates.yaml",
}

#: what a portal is not needed for; dates and list items of custom fields are seen only with one
FOUND_OFFLINE = {
    "clients.xlsx": (640, {
        "bad_date": 2, "bad_email": 3, "bad_phone": 1, "duplicate_origin": 2, "no_name": 1, "no_origin": 1,
        "number_as_exponent": 1, "required": 2,
    }),
    "semicolon_cp1251.csv": (8, {"bad_email": 1, "no_name": 1}),
    "excel_unicode_text.txt": (5, {}),
    "with_created_dates.csv": (8, {"bad_date": 1}),
}  # fmt: skip

#: contacts created, and rows rejected by code, with the sandbox portal's fields, lists and users
IMPORTED = {
    "clients.xlsx": (617, {
        "bad_date": 3, "bad_email": 3, "bad_money": 1, "bad_number": 2, "bad_phone": 1, "bad_yes_no": 1, "duplicate_origin": 2,
        "inactive_user": 1, "no_name": 1, "no_origin": 1, "number_as_exponent": 1, "required": 2, "unknown_list_item": 2,
        "unknown_status": 1, "unknown_user": 1,
    }),
    "semicolon_cp1251.csv": (5, {"bad_date": 1, "bad_email": 1, "no_name": 1}),
    "excel_unicode_text.txt": (4, {"bad_date": 1}),
    "with_created_dates.csv": (7, {"bad_date": 1}),
}  # fmt: skip


@dataclass
class Imported:
    """A sample after its import."""

    ended: Ended
    #: contacts as the portal stored them, by ORIGIN_ID
    contacts: dict[str, dict[str, object]]
    #: rows of results.csv, by row number
    results: dict[int, dict[str, str]]


Import = Callable[[str], Imported]


@pytest.fixture(scope="module")
def import_sample(tmp_path_factory: pytest.TempPathFactory) -> Import:
    """A sample imported into a sandbox of its own; each once for all tests, which only look."""

    @cache
    def imported(sample: str) -> Imported:
        return asyncio.run(_imported(sample, tmp_path_factory.mktemp("import")))

    return imported


async def _imported(sample: str, folder: Path) -> Imported:
    async with Sandbox(SandboxSettings(plan="enterprise", is_latency_real=False)) as sandbox:
        job = Job(
            journal=folder / "journal.db", plan=PLANS["enterprise"], report_dir=folder / "report",
            environment={"B24_WEBHOOK_URL": sandbox.webhook_url, "B24_IMPORT_STATE": str(folder)},
        )  # fmt: skip
        with Journal(job.journal) as journal:
            ended = await import_file(job, SAMPLES / sample, MAPPINGS / PAIRS[sample], journal, Stop(), Progress())
        contacts = {str(contact["ORIGIN_ID"]): contact for contact in sandbox.store.contacts()}
    with (folder / "report" / "results.csv").open(encoding="utf-8-sig", newline="") as lines:
        results = {int(line["row"]): line for line in csv.DictReader(lines)}
    return Imported(ended, contacts, results)


def test_every_sample_is_tested() -> None:
    samples = {path.name for path in SAMPLES.iterdir() if path.suffix in (".csv", ".txt", ".xlsx")}
    assert samples <= PAIRS.keys()


@pytest.mark.parametrize("sample", PAIRS)
def test_check_finds_without_a_portal_what_needs_none(sample: str) -> None:
    rows, rejected = FOUND_OFFLINE[sample]
    findings = asyncio.run(check_file(SAMPLES / sample, load_mapping(MAPPINGS / PAIRS[sample]), Choices(), None, GuardRails(), Progress())).findings
    assert (findings.rows, _kinds(findings)) == (rows, rejected)
    assert findings.creates == rows - sum(rejected.values())


@pytest.mark.parametrize("sample", PAIRS)
def test_an_import_creates_all_but_the_rows_that_are_wrong_on_purpose(sample: str, import_sample: Import) -> None:
    created, rejected = IMPORTED[sample]
    imported = import_sample(sample)
    assert imported.ended.exit_code == 1
    assert len(imported.contacts) == created
    outcomes = Counter(line["outcome"] for line in imported.results.values())
    assert outcomes == {"created": created, "rejected": sum(rejected.values())}
    assert Counter(line["code"] for line in imported.results.values() if line["outcome"] == "rejected") == rejected


def test_a_client_arrives_as_the_list_shows_him(import_sample: Import) -> None:
    contacts = import_sample("clients.xlsx").contacts
    row = _rows("clients.xlsx")["00001"]
    contact = contacts["00001"]
    assert [contact[name] for name in ("NAME", "SECOND_NAME", "LAST_NAME")] == [row["Имя"], row["Отчество"], row["Фамилия"]]
    assert contact["ORIGINATOR_ID"] == "clients-xlsx"
    assert contact["UF_CRM_LOYALTY"] == row["Номер карты"]
    assert contact["COMMENTS"] == f"Клиент с {row['Создан']}.\n{row['Заметки']}".rstrip()


def test_several_phones_of_a_cell_become_several_phones(import_sample: Import) -> None:
    contacts = import_sample("clients.xlsx").contacts
    rows = _rows("clients.xlsx")
    several = [number for number, row in rows.items() if number in contacts and "; " in row["Телефоны"]]
    assert len(several) > 50
    assert all(len(contacts[number]["PHONE"]) > 1 for number in several)


def test_text_that_looks_like_a_command_reference_arrives_as_written(import_sample: Import) -> None:
    contacts = import_sample("clients.xlsx").contacts
    assert "$result[r0001]" in str(contacts["00273"]["COMMENTS"])


def test_contacts_with_created_dates_are_created_oldest_first(import_sample: Import) -> None:
    contacts = import_sample("with_created_dates.csv").contacts
    by_id = sorted(contacts.values(), key=lambda contact: int(str(contact["ID"])))
    assert [contact["ORIGIN_ID"] for contact in by_id] == ["C-1001", "C-1002", "C-1003", "C-1005", "C-1006", "C-1007", "C-1009"]
    assert str(contacts["C-1001"]["DATE_CREATE"]).startswith("2017-06-19T08:45:00+03:00")


@pytest.mark.parametrize("script", ["make_clients.py", "make_traps.py"])
def test_the_scripts_make_the_samples_that_are_kept(script: str, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-B", SAMPLES / script, tmp_path], check=True)
    made = sorted(tmp_path.iterdir())
    assert made
    for path in made:
        kept = SAMPLES / path.name
        assert _table(path) == _table(kept), path.name


def test_the_demo_imports_the_sample_and_reports_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "importer", "demo", "--json", "--quiet", "--report-dir", tmp_path / "report"]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert (ended.returncode, ended.stderr) == (0, "")
    counts = json.loads(ended.stdout)["counts"]
    assert (counts["rows"], counts["created"], counts["rejected"]) == (640, 617, 23)
    assert (tmp_path / "report" / "report.html").exists()


def _kinds(findings: Findings) -> dict[str, int]:
    return {group.code: group.rows for group in findings.sorted_groups() if not group.is_warning}


def _rows(sample: str) -> dict[str, dict[str, str]]:
    """The sample's rows as the reader gives them, by their first cell."""
    source = open_source(SAMPLES / sample)
    return {row.cells[0]: dict(zip(source.header, row.cells, strict=True)) for row in source.rows()}


def _table(path: Path) -> object:
    """A text file's bytes; of a workbook, whose bytes hold the time of saving, header and cells."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    source = open_source(path)
    return source.header, source.header_row, [(row.number, row.cells, row.warnings) for row in source.rows()]
