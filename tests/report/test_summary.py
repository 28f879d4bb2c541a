import json

from importer.report.as_json import write_summary
from importer.report.summary import summary

from .conftest import Filled, new, rejected

KEYS = [
    "run", "state", "started", "finished", "duration_s", "source", "mapping", "portal", "counts", "problems", "requests",
    "rows_per_s", "exit_code",
]  # fmt: skip


def test_the_keys_stand_in_the_order_of_the_contract(mixed: Filled):
    said = summary(mixed.facts)
    assert list(said)[: len(KEYS)] == KEYS
    assert list(said["source"]) == ["file", "sha256", "rows"]
    assert list(said["mapping"]) == ["file", "sha256"]
    assert said["portal"] == {"host": "portal.example.com", "user": "Anna Petrova"}
    assert list(said["counts"]) == ["rows", "created", "updated", "skipped", "rejected", "unsettled"]
    assert said["requests"] == {"sent": 2, "retried": 0, "limited": 0, "failed": 1}
    assert (said["exit_code"], said["rows_per_s"], said["duration_s"]) == (1, 0.3, 10.0)


def test_problems_are_rejected_and_unsettled_rows_by_code_and_warnings_stand_apart(mixed: Filled):
    said = summary(mixed.facts)
    assert said["problems"] == {"answer_lost": 2, "bad_date": 1, "portal_refused": 1}
    assert said["warnings"] == {"odd_phone": 1}


def test_the_problems_of_a_run_add_up_to_its_rejected_and_unsettled_rows(filled: Filled):
    said = summary(filled.plan(new(2), new(3), rejected(4)).end("interrupted", 4).facts)
    assert sum(said["problems"].values()) == said["counts"]["rejected"] + said["counts"]["unsettled"] == 3


def test_a_run_that_has_not_ended_says_null_where_nothing_is_known(filled: Filled):
    said = summary(filled.plan(new(2)).facts)
    assert (said["finished"], said["exit_code"], said["state"]) == (None, None, "running")


def test_the_file_holds_the_same_object_with_cyrillic_as_it_is(mixed: Filled, tmp_path):
    path = tmp_path / "summary.json"
    write_summary(mixed.facts, path)
    assert json.loads(path.read_text(encoding="utf-8")) == summary(mixed.facts)
