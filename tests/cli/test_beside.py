"""Companies, list entries and files as a person has them: a mapping, a folder of photos, `check`, `run` and the report."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

from tests.cli.conftest import MAPPING, table

WITH_COMPANIES = MAPPING.replace("  BIRTHDATE: Born\n", "  COMPANY_ID: {column: Born, lookup: company, create: true}\n")
WITH_PHOTOS = MAPPING.replace("  BIRTHDATE: Born\n", "  PHOTO: {column: Born, files: photos}\n")

ROWS = ['k1;Anna;Ash;;;ООО "Ромашка-7"', "k2;Olga;Oak;;;ООО «Ромашка-7»", "k3;Ivan;Ivy;;;Finch-7 Ltd", "k4;Vera;Vine;;;"]


def _stored(webhook: str, origins: set[str]) -> dict[str, dict]:
    with urllib.request.urlopen(webhook.split("/rest/")[0] + "/sandbox/contacts?after=0") as answer:
        contacts = json.load(answer)["contacts"]
    return {contact["ORIGIN_ID"]: contact for contact in contacts if contact["ORIGIN_ID"] in origins}


def test_check_counts_the_companies_and_run_creates_each_once(folder: Path, b24, webhook: str) -> None:
    (folder / "m.yaml").write_text(WITH_COMPANIES, encoding="utf-8")
    name = table(folder, *ROWS)
    checked = b24("check", name, "-m", "m.yaml")
    assert checked.code == 0
    assert '2 companies to create before them: "ООО "Ромашка-7"", "Finch-7 Ltd"' in checked.out
    told = json.loads(b24("check", name, "-m", "m.yaml", "--json").out)
    assert (told["companies_to_create"], told["new_companies"]) == (2, ['ООО "Ромашка-7"', "Finch-7 Ltd"])
    said = b24("run", name, "-m", "m.yaml", "--json", "--quiet")
    summary = json.loads(said.out)
    assert (said.code, summary["counts"]["rows"], summary["counts"]["created"]) == (0, 4, 4)
    assert summary["companies"] == {"created": 2}
    stored = _stored(webhook, {"k1", "k2", "k3", "k4"})
    assert stored["k1"]["COMPANY_ID"] == stored["k2"]["COMPANY_ID"] != stored["k3"]["COMPANY_ID"]
    assert not stored["k4"]["COMPANY_ID"]
    assert b24("verify").code == 0
    # They are the portal's own now: the next run finds them.
    assert "to create before them" not in b24("check", name, "-m", "m.yaml").out


def test_a_photo_goes_with_its_row_and_a_missing_one_is_found_before_anything_is_sent(folder: Path, b24, webhook: str) -> None:
    (folder / "m.yaml").write_text(WITH_PHOTOS, encoding="utf-8")
    (folder / "photos").mkdir()
    (folder / "photos" / "anna.png").write_bytes(b"\x89PNG\r\n\x1a\nAnna")
    name = table(folder, "f1;Anna;Ash;;;anna.png", "f2;Olga;Oak;;;olga.png")
    assert "file_missing: 1 row" in b24("check", name, "-m", "m.yaml").out
    said = b24("run", name, "-m", "m.yaml", "--json", "--quiet")
    assert json.loads(said.out)["problems"] == {"file_missing": 1}
    photo = _stored(webhook, {"f1"})["f1"]["PHOTO"]
    with urllib.request.urlopen(f"{webhook.split('/rest/')[0]}/sandbox/files/{photo}") as answer:
        assert answer.read() == b"\x89PNG\r\n\x1a\nAnna"


def test_an_address_goes_with_its_contact(folder: Path, b24) -> None:
    mapping = MAPPING.replace("  BIRTHDATE: Born\n", "  ADDRESS: {city: {column: Born}, country: {value: Latvia}}\n")
    (folder / "m.yaml").write_text(mapping, encoding="utf-8")
    name = table(folder, "h1;Anna;Ash;;;Riga", "h2;Olga;Oak;;;")
    assert b24("check", name, "-m", "m.yaml").code == 0
    said = b24("run", name, "-m", "m.yaml", "--json", "--quiet")
    assert (said.code, json.loads(said.out)["counts"]["created"]) == (0, 2)
    assert b24("verify").code == 0


def test_check_names_the_entries_that_are_new_and_run_adds_each_once(folder: Path, b24, webhook: str) -> None:
    fields = "  SOURCE_ID: {column: Born, create: true}\n  UF_CRM_INTERESTS: {column: Last name, split: '/', create: true}\n"
    (folder / "m.yaml").write_text(MAPPING.replace("  BIRTHDATE: Born\n", fields), encoding="utf-8")
    name = table(folder, "n1;Anna;Опт/Яхты-7;;;Радио-7", "n2;Olga;яхты-7;;no-mail;Never-7", "n3;Ivan;Гольф-7;;;РАДИО-7", "n4;Vera;Vine-7;;;Звонок")
    checked = b24("check", name, "-m", "m.yaml")
    assert '  1 entry to add to the list of SOURCE_ID before them: "Радио-7"\n' in checked.out
    assert '  3 entries to add to the list of UF_CRM_INTERESTS before them: "Яхты-7", "Гольф-7", "Vine-7"\n' in checked.out
    asked = json.loads(b24("check", name, "-m", "m.yaml", "--json").out)
    assert asked["entries_to_create"] == {"SOURCE_ID": ["Радио-7"], "UF_CRM_INTERESTS": ["Яхты-7", "Гольф-7", "Vine-7"]}
    said = b24("run", name, "-m", "m.yaml")
    assert "3 created, 1 rejected; 4 list entries created before them" in said.out
    stored = _stored(webhook, {"n1", "n3", "n4"})
    assert stored["n1"]["SOURCE_ID"] == stored["n3"]["SOURCE_ID"] != stored["n4"]["SOURCE_ID"] == "CALL"
    assert b24("verify").code == 0
    # They are the portal's own now: the next run finds them.
    assert "to add to the list" not in b24("check", name, "-m", "m.yaml", "--on-match", "create").out


def test_who_is_no_administrator_is_told_before_the_run_what_new_entries_need(folder: Path, b24, webhook: str) -> None:
    (folder / "m.yaml").write_text(MAPPING.replace("  BIRTHDATE: Born\n", "  SOURCE_ID: {column: Born, create: true}\n"), encoding="utf-8")
    name = table(folder, "w1;Anna;Ash;;;Радио-8")
    _state(webhook, is_admin=False)
    try:
        assert "SOURCE_ID: new entries are added only by an administrator of the CRM" in b24("check", name, "-m", "m.yaml").out
        said = b24("run", name, "-m", "m.yaml")
    finally:
        _state(webhook, is_admin=True)
    assert (said.code, "may not add the companies or list entries they need" in said.out + said.err) == (3, True)
    assert not _stored(webhook, {"w1"})
    assert b24("resume").code == 0


def test_check_says_that_rights_cannot_be_asked_for_and_what_to_do_without_that_of_reading(folder: Path, b24, webhook: str) -> None:
    (folder / "m.yaml").write_text(
        'match: {by: [phone], on_match: update}\nfields: {NAME: First name, PHONE: {value: "+79161234567"}, UF_CRM_LOYALTY: {value: x}}\n', encoding="utf-8",
    )  # fmt: skip
    name = table(folder, "w1;Anna;Ash;;;")
    _state(webhook, is_admin=False, rights=["read"])
    try:
        asked = b24("check", name, "-m", "m.yaml")
        assert "cannot be asked without writing" in asked.out and "cannot be asked without writing" in b24("portal").out
        assert "whether the portal's user may write cannot. Nothing was sent now." in asked.out and "Nothing stands" not in asked.out
        _state(webhook, rights=["add", "import"])
        said = b24("check", name, "-m", "m.yaml")
    finally:
        _state(webhook, is_admin=True, rights=["add", "import", "read", "edit", "delete"])
    assert said.code == 3 and "Access denied. The webhook's user may not" in said.err and "may not read" in said.err


def _state(webhook: str, **changes: object) -> None:
    request = urllib.request.Request(f"{webhook.split('/rest/')[0]}/sandbox/state", json.dumps(changes).encode(), {"Content-Type": "application/json"})
    urllib.request.urlopen(request).close()
