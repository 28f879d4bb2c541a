"""How a journaled row appears in a report: its outcome, its problem and the address of its contact.

The journal knows more states than a report has outcomes: a row that is still `new` or `sending` when the report is
written has no fate yet and is `unsettled`, with a code that says which of the two it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from importer.journal import states
from importer.journal.entries import RowRecord, RunRecord
from importer.journal.history import History
from importer.report.commands import completed, told_of

#: Columns of results.csv and, before `warnings`, of the sheet Results.
RESULT_COLUMNS = ("row", "origin_id", "outcome", "contact_id", "url", "code", "column", "problem", "attempts")

#: What follows the source's own columns in rejects.csv and in the sheet Rejects.
REJECT_COLUMNS = ("_row", "_code", "_column", "_problem")

#: Code of a row that never left for the portal.
NOT_SENT = "not_sent"
#: Code of a row that left and whose answer is missing, where the journal has no more precise word.
ANSWER_LOST = "answer_lost"
#: Code of a rejected row without one. No room writes such a row; the report must still not lose it.
NO_REASON = "no_reason"

#: States of rows that have no outcome of their own yet.
OPEN_STATES = (states.NEW, states.SENDING)

#: States that a report shows as they are.
_AS_THEY_ARE = frozenset((states.CREATED, states.UPDATED, states.DELETED, states.RESTORED, states.SKIPPED))

#: The cells of one row under RESULT_COLUMNS.
ResultCells = tuple[int, str | None, str, int | None, str | None, str | None, str | None, str | None, int]


def reported_rows(history: History, run: RunRecord, row_states: tuple[str, ...] | None = None) -> Iterator[RowRecord]:
    """The rows of a run in source order, each with one of the five outcomes as its `state`. Streams.

    Only rejected rows, asked for by themselves, bring their cells: nothing else shows them.
    """
    for row in history.rows(run.id, row_states, with_cells=row_states == (states.REJECTED,)):
        yield reported(row, run)


def reported(row: RowRecord, run: RunRecord) -> RowRecord:
    """The row as a report shows it; the record given is changed and returned."""
    if row.state == states.NEW:
        # A row that was sent, certainly did not run and is new again may still carry that refusal's code.
        row.state, row.code, row.column, row.problem = states.UNSETTLED, NOT_SENT, None, _not_sent(run)
    elif row.state == states.SENDING or (row.state == states.UNSETTLED and not row.code):
        row.state, row.code, row.column, row.problem = states.UNSETTLED, ANSWER_LOST, None, _answer_lost(run)
    elif row.state == states.REJECTED and not row.code:
        row.code = NO_REASON
    return row


def results(history: History, run: RunRecord) -> Iterator[ResultCells]:
    """The cells of RESULT_COLUMNS for every row of a run, in source order; texts are not neutralised yet. Streams."""
    before_and_after = run.card_url.split("{id}")
    for row, state, origin_id, contact_id, code, column, problem, attempts in history.outcomes(run.id):
        if state in _AS_THEY_ARE:
            # What nearly every row is, without a record in between.
            address = None if contact_id is None else str(contact_id).join(before_and_after)
            yield row, origin_id, state, contact_id, address, code, column, problem, attempts
        else:
            record = RowRecord(row, state, origin_id, contact_id, code, column, problem, attempts, [])
            yield result_cells(reported(record, run), run)


def _not_sent(run: RunRecord) -> str:
    why = "the run has not ended" if run.state == "running" else "the run was stopped before this row"
    return _for_anywhere(run, f"not sent yet: {why}. `b24-import resume {run.run}` goes on.")


def _answer_lost(run: RunRecord) -> str:
    lost = "the portal's answer to this row is missing, so the contact may or may not be there."
    if run.state == "finished":
        return f"{lost} Look for it in the portal before you send the row again."
    return _for_anywhere(run, f"{lost} `b24-import resume {run.run}` looks it up before anything is sent again.")


def _for_anywhere(run: RunRecord, sentence: str) -> str:
    return completed(sentence, told_of(run.settings), is_anywhere=True)


def card_url(run: RunRecord, contact_id: int | None) -> str | None:
    """The address of a contact's card in the portal; None without a contact."""
    # Not str.format: an address with another brace in it must not break the report.
    return None if contact_id is None else run.card_url.replace("{id}", str(contact_id))


def result_cells(row: RowRecord, run: RunRecord) -> ResultCells:
    """The cells of RESULT_COLUMNS for a row that went through `reported`; texts are not neutralised yet."""
    return (
        row.row, row.origin_id, row.state, row.contact_id, card_url(run, row.contact_id),
        row.code, row.column, row.problem, row.attempts,
    )  # fmt: skip


def reject_header(source_header: Sequence[str], width: int) -> list[str]:
    """The header of the rejects: the source's columns, `_more_1` … for cells beyond them, then REJECT_COLUMNS.

    `width` is the number of cells of the longest rejected row. A record with too many cells keeps them all, and
    every line of the file has equally many.
    """
    surplus = range(1, width - len(source_header) + 1)
    return [*source_header, *(f"_more_{n}" for n in surplus), *REJECT_COLUMNS]


def reject_cells(row: RowRecord, width: int) -> list[str | int | None]:
    """The row's own cells, padded to `width`, then where and why it was rejected; not neutralised yet."""
    padding = [""] * (width - len(row.cells))
    return [*row.cells, *padding, row.row, row.code, row.column, row.problem]
