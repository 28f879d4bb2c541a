import pytest

from importer.journal.entries import RowRecord
from importer.report.outcomes import card_url, reject_cells, reject_header, reported, result_cells

from .conftest import Filled, new


def record(state: str, code: str | None = None, problem: str | None = None) -> RowRecord:
    return RowRecord(5, state, "L-5", None, code, None, problem, 1, ["a"])


@pytest.mark.parametrize(
    ("state", "code", "outcome", "shown"),
    [
        ("new", None, "unsettled", "not_sent"),
        ("new", "query_limit_exceeded", "unsettled", "not_sent"),
        ("sending", None, "unsettled", "answer_lost"),
        ("unsettled", None, "unsettled", "answer_lost"),
        ("unsettled", "no_identity", "unsettled", "no_identity"),
        ("rejected", "bad_date", "rejected", "bad_date"),
        ("rejected", None, "rejected", "no_reason"),
        ("created", None, "created", None),
        ("updated", None, "updated", None),
        ("skipped", "unchanged", "skipped", "unchanged"),
    ],
)
def test_a_state_of_the_journal_is_shown_as_an_outcome_with_its_code(filled: Filled, state, code, outcome, shown):
    row = reported(record(state, code), filled.run)
    assert (row.state, row.code) == (outcome, shown)


@pytest.mark.parametrize("state", ["stopped", "interrupted"])
def test_an_unsent_row_names_the_command_that_goes_on(filled: Filled, state):
    run = filled.plan(new(2)).end(state, 3).run
    assert reported(record("new"), run).problem == (
        "not sent yet: the run was stopped before this row. `b24-import resume 20251121-1923-k3` goes on."
    )


def test_a_finished_run_never_advises_to_resume_it(filled: Filled):
    run = filled.plan().end().run
    assert "resume" not in reported(record("unsettled"), run).problem


def test_only_a_row_with_a_contact_has_an_address(filled: Filled):
    assert card_url(filled.run, 17) == "https://portal.example.com/crm/contact/details/17/"
    assert card_url(filled.run, None) is None
    assert result_cells(record("rejected"), filled.run)[4] is None


def test_an_address_with_another_brace_in_it_does_not_break_the_report(filled: Filled):
    run = filled.run
    run.card_url = "https://portal.example.com/{path}/{id}/"
    assert card_url(run, 3) == "https://portal.example.com/{path}/3/"


def test_surplus_cells_get_columns_of_their_own_before_ours(filled: Filled):
    assert reject_header(filled.run.source_header, 5) == ["ID", "Name", "Born", "_more_1", "_more_2", "_row", "_code", "_column", "_problem"]
    assert reject_header(filled.run.source_header, 3) == ["ID", "Name", "Born", "_row", "_code", "_column", "_problem"]


def test_a_short_row_is_padded_so_that_our_columns_stand_under_their_names():
    assert reject_cells(record("rejected", "ragged_row", "short."), 3) == ["a", "", "", 5, "ragged_row", None, "short."]
