"""`run`, `check`, `resume`, `report`, `runs`, `verify`, `portal` as a person calls them: words, files, exit codes."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import HEADER, MAPPING, table


def _portal(webhook: str, what: str, body: object) -> None:
    """Sets the sandbox's faults through its control address."""
    import urllib.request

    base = webhook.split("/rest/")[0]
    request = urllib.request.Request(f"{base}/sandbox/{what}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    urllib.request.urlopen(request).close()


GOOD = [f"{n};Имя{n};Фамилия{n};+7900000{n:04};p{n}@example.com;01.02.1980" for n in range(1, 31)]


def test_every_row_of_a_good_file_is_created_and_exit_is_0(folder: Path, b24) -> None:
    said = b24("run", table(folder, *GOOD), "-m", "m.yaml", "--json", "--quiet")
    assert said.code == 0
    summary = json.loads(said.out)
    assert summary["counts"] == {"rows": 30, "created": 30, "updated": 0, "skipped": 0, "rejected": 0, "unsettled": 0}
    assert summary["requests"]["limited"] == 0
    assert summary["exit_code"] == 0


def test_a_report_has_its_five_files_and_every_row_in_source_order(folder: Path, b24) -> None:
    b24("run", table(folder, "a1;Anna;;;;", "a2;;;;;", "a3;Olga;;;;"), "-m", "m.yaml", "--report-dir", "out")
    assert sorted(os.listdir("out")) == ["rejects.csv", "report.html", "report.xlsx", "results.csv", "summary.json"]
    with open("out/results.csv", encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["row"], row["origin_id"], row["outcome"], row["code"]) for row in rows] == [
        ("2", "a1", "created", ""), ("3", "a2", "rejected", "no_name"), ("4", "a3", "created", ""),
    ]  # fmt: skip
    assert rows[0]["url"].endswith(f"/crm/contact/details/{rows[0]['contact_id']}/")


def test_rejected_rows_mended_in_rejects_csv_go_in_with_the_same_mapping(folder: Path, b24) -> None:
    mapping = MAPPING + "source: {header_row: 2, encoding: cp1251, delimiter: ';'}\n"
    (folder / "m.yaml").write_text(mapping, encoding="utf-8")
    (folder / "c.csv").write_bytes(f"Клиенты\n{HEADER}\nb1;Анна;;+7 900 000 11 22;no-mail;\n".encode("cp1251"))
    assert b24("run", "c.csv", "-m", "m.yaml", "--report-dir", "first").code == 1
    rejects = folder / "first" / "rejects.csv"
    text = rejects.read_bytes().decode("utf-8-sig")
    assert "'+7 900 000 11 22" in text
    rejects.write_bytes(text.replace("no-mail", "anna@example.com").encode("utf-8-sig"))
    said = b24("run", str(rejects), "-m", "m.yaml", "--json", "--quiet")
    assert (said.code, json.loads(said.out)["counts"]["created"]) == (0, 1)


def _counts(said) -> dict:
    return {name: n for name, n in json.loads(said.out)["counts"].items() if n}


def test_a_trial_and_then_the_whole_file_creates_everybody_once(folder: Path, b24) -> None:
    name = table(folder, *[f"t{n};Name{n};;;;" for n in range(5)])
    assert _counts(b24("run", name, "-m", "m.yaml", "--limit", "2", "--json", "--quiet")) == {"rows": 2, "created": 2}
    checked = json.loads(b24("check", name, "-m", "m.yaml", "--json").out)
    assert checked["counts"] == {"create": 3, "update": 0, "skip": 2, "reject": 0}
    said = b24("run", name, "-m", "m.yaml", "--json", "--quiet", "--report-dir", "out")
    assert (said.code, _counts(said)) == (0, {"rows": 5, "created": 3, "skipped": 2})
    with open("out/results.csv", encoding="utf-8-sig", newline="") as stream:
        first = next(csv.DictReader(stream))
    assert (first["outcome"], first["code"], first["url"] != "") == ("skipped", "exists", True)


def test_only_on_match_create_creates_a_contact_once_more(folder: Path, b24) -> None:
    name = table(folder, "c1;Anna;;;;")
    run = ("run", name, "-m", "m.yaml", "--json", "--quiet")
    assert _counts(b24(*run)) == {"rows": 1, "created": 1}
    assert _counts(b24(*run)) == {"rows": 1, "skipped": 1}
    assert _counts(b24(*run, "--on-match", "create")) == {"rows": 1, "created": 1}


def test_without_an_identity_of_its_own_the_same_file_is_told_to_come_again(folder: Path, b24) -> None:
    (folder / "m.yaml").write_text(MAPPING.replace("origin: {originator: legacy, id: [Id]}\n", ""), encoding="utf-8")
    name = table(folder, "c1;Anna;;;;")
    b24("run", name, "-m", "m.yaml")
    assert "was imported before, by run" in b24("run", name, "-m", "m.yaml").err


@pytest.mark.parametrize("changed", ["c.csv", "m.yaml"])
def test_an_unfinished_run_is_not_passed_over_because_file_or_mapping_changed(folder: Path, b24, webhook: str, changed: str) -> None:
    name = table(folder, *[f"{changed}{n};Name{n};;;;" for n in range(9)])
    _portal(webhook, "faults", [{"when": {"row": f"{changed}3", "times": 1}, "do": {"status": 503, "code": "OVERLOAD_LIMIT", "text": "stop"}}])
    assert b24("run", name, "-m", "m.yaml").code == 3
    with open(folder / changed, "a", encoding="utf-8") as stream:
        stream.write("new;Row;;;;\n" if changed == "c.csv" else "# changed\n")
    said = b24("run", name, "-m", "m.yaml")
    assert (said.code, "is not finished, and the file or its mapping has changed since" in said.err) == (2, True)
    assert b24("run", name, "-m", "m.yaml", "--new-run").code == 0


def test_a_report_that_cannot_be_written_is_told_before_anything_is_sent(folder: Path, b24) -> None:
    (folder / "taken").write_text("a file", encoding="utf-8")
    said = b24("run", table(folder, "r1;Anna;;;;"), "-m", "m.yaml", "--report-dir", "taken/out")
    assert (said.code, "the report cannot be written there" in said.err) == (2, True)
    assert json.loads(b24("runs", "--json").out)["runs"] == []


def test_a_report_that_fails_in_the_end_does_not_deny_what_was_sent(folder: Path, b24, monkeypatch: pytest.MonkeyPatch) -> None:
    from importer.errors import ImporterError

    def failing(*_: object) -> None:
        raise ImporterError("out: the disk is gone.")

    monkeypatch.setattr("importer.report.writing.write_report", failing)
    said = b24("run", table(folder, "e1;Anna;;;;"), "-m", "m.yaml")
    assert (said.code, "The run itself is finished; `b24-import report" in said.err) == (1, True)


def test_a_journal_that_cannot_be_made_is_one_message(folder: Path, b24) -> None:
    (folder / "taken").write_text("a file", encoding="utf-8")
    said = b24("run", table(folder, "j1;Anna;;;;"), "-m", "m.yaml", "--journal", "taken/deep/j.db")
    assert (said.code, "the journal cannot be made there" in said.err) == (2, True)


def test_two_files_of_one_name_have_reports_of_their_own(folder: Path, b24) -> None:
    for where in ("a", "b"):
        (folder / where).mkdir()
        table(folder / where, f"{where}1;Anna;;;;")
    assert b24("run", "a/c.csv", "b/c.csv", "-m", "m.yaml", "--report-dir", "out").code == 0
    assert sorted(os.listdir("out")) == ["c", "c-2"]


def test_limit_takes_the_first_rows_only(folder: Path, b24) -> None:
    said = b24("run", table(folder, *GOOD), "-m", "m.yaml", "--limit", "3", "--json", "--quiet")
    assert json.loads(said.out)["counts"]["rows"] == 3


def test_several_files_are_runs_of_their_own_and_the_worst_exit_counts(folder: Path, b24) -> None:
    first, second = table(folder, "d1;Anna;;;;"), table(folder, "d2;;;;;", name="d.csv")
    said = b24("run", first, "missing.csv", second, "-m", "m.yaml", "--json", "--quiet")
    whole = json.loads(said.out)
    assert said.code == whole["exit_code"] == 2
    assert [run["exit_code"] for run in whole["runs"]] == [0, 2, 1]
    assert b24("runs", "--json").out.count('"run":') == 2


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--max-creates", "2"], "--max-creates allows 2"),
        (["--min-rows", "40"], "--min-rows asks for 40"),
        (["--max-rejects", "0"], "--max-rejects allows 0"),
        (["--max-rejects", "2%"], "--max-rejects allows 0 (2%"),
    ],
)
def test_a_guard_rail_stops_before_anything_is_sent(folder: Path, b24, options: list[str], says: str) -> None:
    name = table(folder, *GOOD, "x;;;;;")
    said = b24("run", name, "-m", "m.yaml", *options)
    assert said.code == 2
    assert says in said.err
    assert json.loads(b24("runs", "--json").out)["runs"] == []
    checked = b24("check", name, "-m", "m.yaml", *options)
    assert (checked.code, says in checked.out) == (2, True)


def test_check_writes_nothing_and_finds_every_problem_at_once(folder: Path, b24) -> None:
    said = b24("check", table(folder, "e1;Anna;;;no-mail;31.02.1999", "e2;;;;;", "e1;Olga;;;;", "e4;Ida;;;;"), "-m", "m.yaml", "--json")
    found = json.loads(said.out)
    assert said.code == found["exit_code"] == 1
    assert found["counts"] == {"create": 1, "update": 0, "skip": 0, "reject": 3}
    assert {p["code"] for p in found["problems"]} == {"bad_email", "bad_date", "no_name", "duplicate_origin"}
    assert not (folder / ".b24-import").exists()
    assert not (folder / "reports").exists()


def test_check_offline_asks_no_portal(folder: Path, b24, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("B24_WEBHOOK_URL")
    assert b24("check", table(folder, "f1;Anna;;;;"), "-m", "m.yaml", "--offline").code == 0


def test_a_report_can_be_written_again_from_the_journal_alone(folder: Path, b24) -> None:
    name = table(folder, "g1;Anna;;;;", "g2;;;;;")
    first = json.loads(b24("run", name, "-m", "m.yaml", "--json", "--quiet").out)
    (folder / name).unlink()
    (folder / "m.yaml").unlink()
    said = b24("report", first["run"][-4:], "--report-dir", "again", "--json")
    assert json.loads(said.out) == first == json.loads((folder / "again" / "summary.json").read_text())


def test_verify_tells_a_missing_and_a_doubled_contact_by_row(folder: Path, b24, webhook: str) -> None:
    import urllib.request

    def portal(method: str, body: dict) -> dict:
        request = urllib.request.Request(webhook + method, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    (folder / "m.yaml").write_text(MAPPING.replace("legacy", "verified"), encoding="utf-8")
    b24("run", table(folder, *[f"v{n};Name{n};;;;" for n in range(1, 121)]), "-m", "m.yaml", "--report-dir", "out")
    assert b24("verify").code == 0
    with open("out/results.csv", encoding="utf-8-sig", newline="") as stream:
        ids = {row["row"]: row["contact_id"] for row in csv.DictReader(stream)}
    portal("crm.contact.delete", {"id": ids["5"]})
    portal("crm.contact.add", {"fields": {"NAME": "Twin", "ORIGINATOR_ID": "verified", "ORIGIN_ID": "v6"}})
    found = json.loads(b24("verify", "--json").out)
    assert found["exit_code"] == 1
    assert [(f["row"], f["kind"]) for f in found["findings"]] == [(5, "missing"), (7, "doubled")]
    assert found["requests"] == 1


def test_portal_lists_fields_lists_statuses_and_users_without_the_secret(folder: Path, b24) -> None:
    said = b24("portal")
    assert said.code == 0
    for text in ("CONTACT_TYPE:", "LAST_NAME", "administrator", "Users ("):
        assert text in said.out
    assert "sandboxsecret" not in said.out + said.err
    assert "fields" in json.loads(b24("portal", "--json").out)


def test_no_output_file_or_journal_holds_the_secret(folder: Path, b24) -> None:
    said = b24("run", table(folder, *GOOD), "-m", "m.yaml", "--log-file", "log/run.log", "--log-format", "json")
    texts = [said.out.encode(), said.err.encode(), *(path.read_bytes() for path in folder.rglob("*") if path.is_file())]
    assert not any(b"sandboxsecret" in text for text in texts)


def test_logs_are_one_json_event_a_line_without_personal_data(folder: Path, b24) -> None:
    bad = "bad;Имя;;;no-mail@@example.com;"
    b24("run", table(folder, *GOOD, bad), "-m", "m.yaml", "--log-file", "run.log", "--log-format", "json")
    events = [json.loads(line) for line in (folder / "run.log").read_text(encoding="utf-8").splitlines()]
    assert {"start", "request", "end", "rejected"} <= {event["event"] for event in events}
    assert {event["run"] for event in events} == {json.loads(b24("runs", "--json").out)["runs"][0]["run"]}
    [rejected] = [event for event in events if event["event"] == "rejected"]
    assert (rejected["code"], rejected["rows"], rejected["first_rows"]) == ("bad_email", 1, [32])
    text = (folder / "run.log").read_text(encoding="utf-8")
    assert "example.com" not in text and "Имя" not in text and "7900000" not in text


def test_companies_are_found_by_their_titles_in_the_portal(folder: Path, b24, webhook: str) -> None:
    import urllib.request

    def portal(method: str, body: dict) -> dict:
        request = urllib.request.Request(webhook + method, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    # More than one page and more than one request, so that the last of them must be found, too.
    portal("batch", {"cmd": {f"c{n}": f"crm.company.add?fields[TITLE]=Works%20{n}" for n in range(50)}})
    portal("batch", {"cmd": {f"c{n}": f"crm.company.add?fields[TITLE]=Plant%20{n}" for n in range(50)}})
    wanted = portal("crm.company.add", {"fields": {"TITLE": "ООО «Ромашка»"}})["result"]
    (folder / "m.yaml").write_text(MAPPING.replace("legacy", "staff").replace("LAST_NAME: Last name", "COMPANY_ID: {column: Last name, lookup: company}"), encoding="utf-8")
    name = table(folder, 's1;Anna;"ооо ""Ромашка""";;;', "s2;Olga;Works 49;;;", "s3;Ida;Wroks 48;;;")
    said = b24("run", name, "-m", "m.yaml", "--json", "--quiet", "--report-dir", "out")
    assert json.loads(said.out)["problems"] == {"unknown_company": 1}
    assert "Works 48" in (folder / "out" / "rejects.csv").read_text(encoding="utf-8-sig")
    contact = portal("crm.contact.list", {"filter": {"ORIGINATOR_ID": "staff", "ORIGIN_ID": "s1"}})["result"][0]
    assert contact["COMPANY_ID"] == str(wanted)


def test_check_takes_the_patterns_that_run_takes(folder: Path, b24) -> None:
    for name in ("b.csv", "a.csv"):
        table(folder, f"{name};Ann;Reed;;;", name=name)
    said = b24("check", "*.csv", "-m", "m.yaml", "--json")
    assert [one["file"] for one in json.loads(said.out)["files"]] == ["a.csv", "b.csv"]
    said = b24("check", "*.tsv", "-m", "m.yaml")
    assert (said.code, "no file fits" in said.err) == (2, True)


def test_verify_tells_looked_for_contacts_from_refused_rows(folder: Path, b24) -> None:
    name = table(folder, "told1;Anna;;;;", "told2;Boris;;;;", "told3;Clara;;;;31.02.1980")
    assert b24("run", name, "-m", "m.yaml").code == 1
    said = b24("verify")
    assert said.code == 0
    assert "2 contacts looked for, 2 there once and unchanged; 0 missing, 0 doubled, 0 changed" in said.out
    assert "1 row was rejected" in said.out


def test_a_row_the_portal_refused_is_not_looked_for(folder: Path, b24, webhook: str) -> None:
    rule = {"when": {"row": "locked2", "method": "crm.contact.add", "times": 1}, "do": {"command_error": {"code": "ERROR_CORE", "text": "Something is locked"}}}
    _portal(webhook, "faults", rule)
    assert b24("run", table(folder, "locked1;Anna;;;;", "locked2;Boris;;;;"), "-m", "m.yaml").code == 1
    assert json.loads(b24("verify", "--json").out)["counts"] == {
        "rows": 1, "sound": 1, "missing": 0, "doubled": 0, "changed": 0, "unidentified": 0, "rejected": 1
    }  # fmt: skip
