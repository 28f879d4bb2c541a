"""What one answer makes of each of its rows: a table of results and states."""

from __future__ import annotations

import pytest

from importer.batcher.fates import fates, given_up, refusal, stopped_by
from importer.journal.entries import QueuedRow, Settled
from importer.portals.portal import Answer, Done, Failure, Refused, Result, Unanswered, Verdict


def _row(number: int = 2, origin: tuple[str, str] | None = ("legacy", "K-2")) -> QueuedRow:
    return QueuedRow(number, number, b'{"NAME": "Mara"}', origin, attempts=1)


def _said(verdict: Verdict) -> Refused:
    return Refused(verdict, "CODE", "text", "Do this.")


@pytest.mark.parametrize(
    ("result", "state", "goes"),
    [
        (Done(7), "created", None),
        (_said(Verdict.REJECT), "rejected", None),
        (_said(Verdict.AGAIN), "new", "postponed"),
        (_said(Verdict.AFTER_RESET), "new", "again"),
        (_said(Verdict.STOP), "new", "again"),
        (_said(Verdict.DOUBT), "unsettled", "doubtful"),
        (Unanswered(), "unsettled", "doubtful"),
        (Done("7"), "unsettled", "doubtful"),
        (Done(None), "unsettled", "doubtful"),
    ],
)
def test_a_row_becomes_what_its_own_result_says(result: Result, state: str, goes: str | None) -> None:
    row = _row()
    made = fates([row], Answer([result]))
    assert [settled.state for settled in made.settled] == [state]
    assert {name: getattr(made, name) for name in ("again", "postponed", "doubtful")} == {
        name: [row] if name == goes else [] for name in ("again", "postponed", "doubtful")
    }
    assert (made.stops is result) is (isinstance(result, Refused) and result.verdict is Verdict.STOP)
    assert made.is_budget_refused is (isinstance(result, Refused) and result.verdict is Verdict.AFTER_RESET)


def test_one_bad_row_costs_its_neighbours_nothing() -> None:
    results = [Done(7), _said(Verdict.REJECT), Done(8), Unanswered(), Done(9)]
    made = fates([_row(number) for number in range(2, 7)], Answer(results))
    assert [(s.row, s.state, s.contact_id) for s in made.settled] == [
        (2, "created", 7), (3, "rejected", None), (4, "created", 8), (5, "unsettled", None), (6, "created", 9),
    ]  # fmt: skip


def test_an_answer_of_another_length_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError):
        fates([_row(2), _row(3)], Answer([Done(7)]))


@pytest.mark.parametrize(
    ("code", "text", "sentence"),
    [
        ("ERROR_CORE", "No.", "The portal refused this row: ERROR_CORE: No."),
        ("", "No.", "The portal refused this row: No."),
        ("100", "", "The portal refused this row: 100"),
        ("", "", "The portal refused this row: no reason given"),
    ],
)
def test_a_rejected_row_tells_the_portals_own_words(code: str, text: str, sentence: str) -> None:
    problem = refusal(code, text)
    assert (problem.code, problem.problem, problem.is_warning) == ("portal_refused", sentence, False)
    [settled] = fates([_row()], Answer([Refused(Verdict.REJECT, code, text)])).settled
    assert settled == Settled(2, "rejected", problem=problem)


@pytest.mark.parametrize(
    ("origin", "advice"),
    [(("legacy", "K-2"), "`b24-import resume` looks it up"), (None, "Look for it by name or phone")],
)
def test_a_doubtful_row_carries_advice(origin: tuple[str, str] | None, advice: str) -> None:
    [settled] = fates([_row(origin=origin)], Answer([Unanswered()])).settled
    assert settled.problem is not None
    assert settled.problem.code == "answer_lost"
    assert advice in settled.problem.problem


def test_what_stops_a_run_says_why_and_what_to_do() -> None:
    stopped = stopped_by(Failure(Verdict.STOP, "OVERLOAD_LIMIT", "Blocked.", advice="Ask its support."))
    assert str(stopped) == "The portal stopped us: OVERLOAD_LIMIT: Blocked. Ask its support."
    assert stopped.exit_code == 3
    assert str(stopped_by(Refused(Verdict.STOP, "", "Access denied."))) == "The portal stopped us: Access denied."


@pytest.mark.parametrize("verdict", [Verdict.AGAIN, Verdict.AFTER_RESET, Verdict.DOUBT])
def test_a_portal_given_up_on_leaves_a_run_to_resume(verdict: Verdict) -> None:
    given = given_up(Failure(verdict, "no_connection", "it cannot be reached"), "acme.bitrix24.ru")
    assert given.exit_code == 3
    assert str(given).startswith("acme.bitrix24.ru did not answer as it should")
    assert "(last: it cannot be reached)" in str(given)
    assert "b24-import resume" in str(given)
