from pathlib import Path

from importer.report.text import summary_text

from .conftest import Filled, created, new


def test_the_terminal_gets_the_outcome_the_reasons_the_next_step_and_the_report(mixed: Filled):
    said = summary_text(mixed.facts, Path("reports/k3"))
    for part in (
        "clients.csv → portal.example.com, run 20251121-1923-k3",
        "3 of 7 rows are in the portal; 2 were rejected and 2 are in doubt.",
        "7 rows: 2 created, 1 skipped, 2 rejected, 2 unsettled",
        "10 s, 0.3 rows/s, 2 requests, 1 failed",
        "1  The date cannot be read (bad_date)",
        "`b24-import run reports/k3/rejects.csv -m mappings/crm.yaml`",
        "Report: reports/k3/report.html",
    ):
        assert part in said


def test_a_clean_run_says_no_more_than_it_must(filled: Filled):
    said = summary_text(filled.plan(new(2)).send(created(2)).end().facts, Path("r"))
    assert said.splitlines() == [
        "clients.csv → portal.example.com, run 20251121-1923-k3", "The only contact was created.", "",
        "  1 row: 1 created", "  10 s, 0.1 rows/s, 1 request", "", "Report: r/report.html",
    ]  # fmt: skip


def test_the_reason_of_a_stop_is_told(filled: Filled):
    said = summary_text(filled.plan(new(2)).end("stopped", 3, stopped_by="401 expired_token.").facts, Path("r"))
    assert "Why: 401 expired_token." in said
    assert "\x1b" not in said
