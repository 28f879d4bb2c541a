from datetime import datetime

import pytest

from importer.records import RowProblem
from importer.report.facts import file_name, iso_time

from .conftest import Filled, created, new, rejected


def test_every_row_is_counted_under_exactly_one_outcome(mixed: Filled):
    assert mixed.facts.counts == {"rows": 7, "created": 2, "updated": 0, "skipped": 1, "rejected": 2, "unsettled": 2}


def test_rows_that_never_left_and_rows_on_their_way_count_as_unsettled(filled: Filled):
    filled.plan(new(2), new(3), new(4)).take(3)
    facts = filled.facts
    assert (facts.counts["unsettled"], facts.not_sent, facts.in_doubt) == (3, 2, 1)
    assert {group.code: group.rows for group in facts.unsettled} == {"not_sent": 2, "answer_lost": 1}


def test_rows_that_say_the_same_are_one_example_with_their_number(filled: Filled):
    facts = filled.plan(*(rejected(n) for n in range(2, 12))).facts
    (group,) = facts.rejected
    (example,) = group.examples
    assert (example.first, example.rows, example.more, group.more) == ([2, 3, 4], 10, 7, 0)


def test_examples_of_a_code_are_bounded_and_the_rest_is_counted(filled: Filled):
    rows = (rejected(n, problem=RowProblem("bad_date", f'"{n}" is not a date.', "Born")) for n in range(2, 52))
    (group,) = filled.plan(*rows).facts.rejected
    assert (group.rows, len(group.examples), group.more) == (50, 5, 45)


def test_a_thousand_unsent_rows_are_counted_without_reading_them_all(filled: Filled):
    (group,) = filled.plan(*(new(n) for n in range(2, 1002))).facts.unsettled
    assert (group.rows, group.examples[0].rows, group.examples[0].first) == (1000, 1000, [2, 3, 4])


def test_a_portal_that_makes_up_codes_does_not_grow_the_examples_without_end(filled: Filled):
    rows = (rejected(n, problem=RowProblem(f"code_{n}", "refused.")) for n in range(2, 202))
    facts = filled.plan(*rows).facts
    assert len(facts.rejected) == 200
    assert sum(len(group.examples) for group in facts.rejected) == 40


def test_warnings_are_not_problems(mixed: Filled):
    assert [(group.code, group.rows) for group in mixed.facts.warnings] == [("odd_phone", 1)]
    assert "odd_phone" not in {group.code for group in [*mixed.facts.rejected, *mixed.facts.unsettled]}


def test_a_row_with_two_warnings_of_a_kind_counts_once(filled: Filled):
    odd = [RowProblem("odd_phone", f'"{n}" is no phone.', "Phone", is_warning=True) for n in range(3)]
    (group,) = filled.plan(new(2, warnings=(odd[0], odd[1])), new(3, warnings=(odd[2],))).facts.warnings
    assert (group.rows, len(group.examples), group.more) == (2, 3, 0)


def test_the_rate_counts_rows_the_portal_answered_for_not_those_rejected_before(mixed: Filled):
    # Three rows got their outcome by sending, in ten seconds of work.
    assert mixed.facts.rows_per_s == pytest.approx(0.3)


def test_a_run_killed_before_it_noted_its_time_still_has_a_rate(filled: Filled):
    filled.plan(new(2), new(3)).send(created(2), created(3), took_s=4.0)
    assert filled.facts.rows_per_s == pytest.approx(0.5)


def test_the_longest_rejected_row_decides_the_width_of_the_rejects(filled: Filled):
    assert filled.plan(rejected(2, ["1", "2", "3", "4", "5"]), rejected(3, ["1"])).facts.reject_width == 5


def test_contacts_created_are_known_by_their_originator(mixed: Filled):
    assert mixed.facts.originators == [("crm", 2)]


@pytest.mark.parametrize(
    ("path", "name"), [("a/b/c.csv", "c.csv"), (r"C:\export\c.csv", "c.csv"), ("c.csv", "c.csv"), ("/", "/"), ("", "")]
)
def test_a_file_is_named_without_its_folder(path, name):
    assert file_name(path) == name


def test_times_carry_their_offset():
    said = datetime.fromisoformat(iso_time(1_763_753_000.0))
    assert said.tzinfo is not None and said.timestamp() == 1_763_753_000.0
    assert iso_time(None) is None


def test_time_that_a_killed_process_spent_counts_as_well(filled: Filled):
    filled.plan(new(2), new(3)).send(created(2), created(3), took_s=4.0).end(busy_s=0.1)
    assert (filled.facts.spent_s, filled.facts.rows_per_s) == (pytest.approx(4.0), pytest.approx(0.5))
