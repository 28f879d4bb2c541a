"""Sample exports of other systems: told by `suggest`, mapped by its proposal and by the ready mapping, and imported."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from importer.batcher.progress import Progress
from importer.batcher.stopping import Stop
from importer.check import check_file
from importer.findings import Findings, GuardRails
from importer.job import Job
from importer.journal.journal import Journal
from importer.mapping.json_schema import json_schema
from importer.mapping.mapping_file import load_mapping
from importer.mapping.suggestion.recognition import EXPORTS
from importer.mapping.suggestion.suggestion import Sample, Suggestion, suggest
from importer.pacing.plans import PLANS
from importer.preparing import Choices
from importer.reader.source import open_source
from importer.run import import_file
from importer.sandbox.server import Sandbox
from importer.sandbox.settings import SandboxSettings

ROOT = Path(__file__).parents[2]
EXPORTS_FOLDER, MAPPINGS = ROOT / "samples" / "exports", ROOT / "mappings"
SAMPLES = {path.stem: path for path in sorted(EXPORTS_FOLDER.iterdir())}

#: rows, and those rejected by code: folders, companies, deleted records, rows without a name or an id
EXPECTED: dict[str, tuple[int, dict[str, int]]] = {
    **dict.fromkeys(SAMPLES, (8, {})),
    **dict.fromkeys(("amocrm-deals-ru", "bitrix24-codes", "bitrix24-ru", "outlook-ru"), (7, {})),
    "1c-counterparties": (8, {"not_in_map": 1, "no_name": 2}), "amocrm-contacts-ru": (8, {"not_in_map": 1}), "linkedin": (8, {"no_name": 1}),
    "monday": (8, {}), "salesforce-api": (8, {"not_in_map": 1}), "suitecrm": (8, {"not_in_map": 1}),
}  # fmt: skip
#: rows rejected; a folder of 1C is so for two reasons at once
REJECTED = {system: min(sum(codes.values()), 2) for system, (_rows, codes) in EXPECTED.items()}

#: imported with their proposed mapping, too
IMPORTED = (
    "1c-counterparties", "amocrm-contacts-ru", "amocrm-deals-ru", "bitrix24-codes", "bitrix24-ru", "google-2024", "google-old", "hubspot", "linkedin", "monday",
    "outlook-de", "outlook-en", "outlook-ru", "pipedrive", "salesforce-api", "salesforce-report", "zoho",
)  # fmt: skip


@cache
def proposed(system: str) -> Suggestion:
    """The mapping `suggest` proposes for the sample, with no portal."""
    source = open_source(SAMPLES[system])
    rows = [row.cells for row in source.rows() if row.problem is None]
    return suggest(Sample(SAMPLES[system].name, source.header, rows))


def found(sample: Path, mapping: Path) -> tuple[int, int, dict[str, int]]:
    """Rows, rejected rows, and rejecting problems by code."""
    findings: Findings = asyncio.run(check_file(sample, load_mapping(mapping), Choices(), None, GuardRails(), Progress())).findings
    return findings.rows, findings.rejects, {group.code: group.rows for group in findings.sorted_groups() if not group.is_warning}


def test_every_known_export_has_its_sample_and_its_ready_mapping() -> None:
    ids = {export.id for export in EXPORTS}
    assert set(SAMPLES) == ids
    assert ids <= {path.stem for path in MAPPINGS.glob("*.yaml")}


@pytest.mark.parametrize("system", SAMPLES)
def test_every_sample_is_recognised_as_its_own_system(system: str) -> None:
    assert proposed(system).export == system


@pytest.mark.parametrize("system", SAMPLES)
def test_the_proposed_mapping_passes_check_as_it_is(system: str, tmp_path: Path) -> None:
    mapping = tmp_path / "proposed.yaml"
    mapping.write_text(proposed(system).text, encoding="utf-8")
    rows, codes = EXPECTED[system]
    assert found(SAMPLES[system], mapping) == (rows, REJECTED[system], codes)


@pytest.mark.parametrize("system", SAMPLES)
def test_the_ready_mapping_passes_check_as_it_is(system: str) -> None:
    rows, codes = EXPECTED[system]
    assert found(SAMPLES[system], MAPPINGS / f"{system}.yaml") == (rows, REJECTED[system], codes)


@pytest.mark.parametrize("path", sorted(MAPPINGS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_mapping_names_the_schema_first_and_has_no_fault(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=./schema.json\n")
    load_mapping(path)


def test_the_schema_kept_is_the_schema_of_the_grammar() -> None:
    assert json.loads((MAPPINGS / "schema.json").read_text(encoding="utf-8")) == json_schema()


@pytest.mark.parametrize(("script", "kept"), [("samples/make_exports.py", ROOT / "samples"), ("mappings/make_ready.py", MAPPINGS)])
def test_the_scripts_make_what_is_kept(script: str, kept: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-B", ROOT / script, tmp_path], check=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)})
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(made) >= len(SAMPLES)
    for path in made:
        assert _content(path) == _content(kept / path.relative_to(tmp_path)), path.name


def test_every_person_of_the_samples_is_invented() -> None:
    for system in SAMPLES:
        for row in open_source(SAMPLES[system]).rows():
            for cell in row.cells:
                assert "@" not in cell or "example.com" in cell or "example.org" in cell, (system, cell)


@pytest.fixture(scope="module")
def contacts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, object]]]:
    """Contacts in a sandbox of their own after the import of each sample with its proposed mapping."""
    folder = tmp_path_factory.mktemp("import")
    return asyncio.run(_all_imported(folder))


async def _all_imported(folder: Path) -> dict[str, list[dict[str, object]]]:
    return {system: await _imported(system, folder / system) for system in IMPORTED}


async def _imported(system: str, folder: Path) -> list[dict[str, object]]:
    folder.mkdir()
    mapping = folder / "proposed.yaml"
    mapping.write_text(proposed(system).text, encoding="utf-8")
    async with Sandbox(SandboxSettings(plan="enterprise", is_latency_real=False)) as sandbox:
        job = Job(
            journal=folder / "journal.db", plan=PLANS["enterprise"], report_dir=folder / "report",
            environment={"B24_WEBHOOK_URL": sandbox.webhook_url, "B24_IMPORT_STATE": str(folder)},
        )  # fmt: skip
        with Journal(job.journal) as journal:
            ended = await import_file(job, SAMPLES[system], mapping, journal, Stop(), Progress())
        assert ended.exit_code == (1 if REJECTED[system] else 0), system
        return list(sandbox.store.contacts())


@pytest.mark.parametrize("system", IMPORTED)
def test_an_import_creates_all_but_what_is_no_contact(system: str, contacts: dict[str, list[dict[str, object]]]) -> None:
    rows, _codes = EXPECTED[system]
    assert len(contacts[system]) == rows - REJECTED[system]
    assert all(contact["NAME"] or contact["LAST_NAME"] for contact in contacts[system])


@pytest.mark.parametrize("system", ["hubspot", "zoho", "salesforce-report", "pipedrive", "bitrix24-ru", "amocrm-contacts-ru"])
def test_owners_are_found_among_the_portals_users(system: str, contacts: dict[str, list[dict[str, object]]]) -> None:
    assert len(Counter(str(contact["ASSIGNED_BY_ID"]) for contact in contacts[system])) > 1


@pytest.mark.parametrize("system", ["hubspot", "zoho", "salesforce-api", "pipedrive", "bitrix24-ru", "amocrm-contacts-ru", "linkedin", "monday", "1c-counterparties"])
def test_records_keep_their_identity(system: str, contacts: dict[str, list[dict[str, object]]]) -> None:
    own = {str(contact["ORIGIN_ID"]) for contact in contacts[system]}
    assert len(own) == len(contacts[system])
    assert {contact["ORIGINATOR_ID"] for contact in contacts[system]} == {next(export.originator for export in EXPORTS if export.id == system)}


def test_values_joined_in_one_cell_arrive_one_by_one(contacts: dict[str, list[dict[str, object]]]) -> None:
    for system, person in (("google-2024", "Pemberton"), ("amocrm-contacts-ru", "Ковалёв"), ("bitrix24-ru", "Никольская")):
        (contact,) = [contact for contact in contacts[system] if contact["LAST_NAME"] == person]
        phones = [phone["VALUE"] for phone in contact["PHONE"]]
        assert len(phones) == len(set(phones)) >= 2, system
        assert all(phone.startswith("+") and phone[1:].isdigit() for phone in phones), system


def test_birthdays_arrive_on_their_day(contacts: dict[str, list[dict[str, object]]]) -> None:
    for system in ("google-2024", "outlook-en", "outlook-de", "salesforce-report", "salesforce-api"):
        (contact,) = [contact for contact in contacts[system] if contact["LAST_NAME"] == "Whitfield"]
        assert str(contact["BIRTHDATE"]).startswith("1978-07-29"), system


def _content(path: Path) -> object:
    """A text file's bytes; of a workbook, whose bytes hold the time of saving, header and cells."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    source = open_source(path)
    return source.header, [(row.number, row.cells) for row in source.rows()]
