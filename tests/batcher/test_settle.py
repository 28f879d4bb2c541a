"""Rows whose answer was lost: when the portal may be asked, what is asked, and what its word is worth."""

from __future__ import annotations

from pathlib import Path

import pytest

from importer.batcher.settle import PORTAL_FINISHES_S, Findings, conclude, look_up, wait_s
from importer.journal.entries import QueuedRow, Settled
from importer.portals.exchange import CONNECT_TIMEOUT_S
from importer.portals.portal import Failure
from tests import doors
from tests.batcher.rig import ORIGINATOR, Rig, running
from tests.batcher.virtual_sockets import run_virtually

pytestmark = pytest.mark.usefixtures("door")


def _row(number: int, origin_id: str | None = None, *, sent: float | None = None, originator: str = ORIGINATOR) -> QueuedRow:
    return QueuedRow(number, number, b"{}", (originator, origin_id or f"K-{number}"), 1, sent)


# -- when ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "now", "seconds"),
    [
        ([1000.0], 1000.0, 78.0),
        ([1000.0], 1070.0, 8.0),
        ([1000.0], 1078.0, 0.0),
        ([1000.0], 9999.0, 0.0),
        # The row that was sent last decides.
        ([1000.0, 1040.0, 1020.0], 1070.0, 48.0),
        ([1000.0, None], 1070.0, 8.0),
        # Nobody knows that any was sent.
        ([None], 1000.0, 0.0),
        ([], 1000.0, 0.0),
        # A clock that was set back since: never longer than the portal takes.
        ([90_000.0], 1000.0, 78.0),
    ],
)
def test_the_portal_is_asked_once_it_has_certainly_finished(sent: list[float | None], now: float, seconds: float) -> None:
    assert wait_s([_row(number, sent=at) for number, at in enumerate(sent)], now, PORTAL_FINISHES_S) == seconds


def test_the_wait_covers_a_connection_that_came_about_late() -> None:
    assert wait_s([_row(2, sent=0.0)], 0.0, PORTAL_FINISHES_S) >= CONNECT_TIMEOUT_S + PORTAL_FINISHES_S


def test_a_test_portal_that_finishes_sooner_is_asked_sooner() -> None:
    assert wait_s([_row(2, sent=100.0)], 100.0, 0.25) == 0.25


# -- what it is worth ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hits", "last_id_before", "found"),
    [
        ([], 100, {}),
        ([("K-2", 101)], 100, {2: 101}),
        ([("K-2", 101), ("K-3", 102)], 100, {2: 101, 3: 102}),
        # As old as the run, or older: of an import before this one.
        ([("K-2", 100)], 100, {}),
        ([("K-2", 7), ("K-2", 101)], 100, {2: 101}),
        ([("K-2", 1)], None, {2: 1}),
        ([("K-2", 1)], 0, {2: 1}),
        # The portal's own search takes one for the other, we do not.
        ([("k-2", 101)], 100, {}),
        ([("K-2 ", 101)], 100, {}),
        ([("k-2", 101), ("K-2", 102)], 100, {2: 102}),
        # Doubled by somebody: the first is the row's, `verify` tells of the other.
        ([("K-2", 105), ("K-2", 103)], 100, {2: 103}),
        ([("K-9", 101), ("", 102)], 100, {}),
    ],
)
def test_only_a_new_contact_of_the_very_same_identity_is_the_rows(
    hits: list[tuple[str, int]], last_id_before: int | None, found: dict[int, int]
) -> None:
    rows = [_row(2), _row(3)]
    assert conclude(rows, [((ORIGINATOR, origin_id), contact_id) for origin_id, contact_id in hits], last_id_before) == Findings(
        [Settled(row, "created", contact_id) for row, contact_id in found.items()], [row for row in rows if row.row not in found]
    )


# -- what is asked -------------------------------------------------------------------------------


async def _looked_up(rig: Rig, rows: list[QueuedRow], last_id_before: int = 0) -> Findings:
    rig.journal.start(rig.run_id)
    async with rig.line() as line:
        return await look_up(line, rig.stop, rows, last_id_before)


def _insert(rig: Rig, origin_id: str, originator: str = ORIGINATOR) -> int:
    return rig.sandbox.store.insert("contact", {"NAME": "Mara", "ORIGINATOR_ID": originator, "ORIGIN_ID": origin_id}, [])


def _finds(rig: Rig) -> list[dict[str, int]]:
    """For each look-up: method → searches in it."""
    return [record.methods or {record.method: 1} for record in rig.sandbox.requests]


@pytest.mark.parametrize("copies", [1, 2, 49, 50, 51, 100, 151])
def test_hits_past_a_full_page_are_read_too(copies: int, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path, []) as rig:
            ids = [_insert(rig, "K-2") for _ in range(copies)]
            later = _insert(rig, "K-3")
            findings = await _looked_up(rig, [_row(2), _row(3), _row(4)])
            assert findings == Findings([Settled(2, "created", ids[0]), Settled(3, "created", later)], [_row(4)])

    run_virtually(scenario())


def test_contacts_of_before_the_run_are_not_even_read(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path, []) as rig:
            before = [_insert(rig, "K-2") for _ in range(120)][-1]
            ours = _insert(rig, "K-2")
            assert (await _looked_up(rig, [_row(2)], before)).found == [Settled(2, "created", ours)]
            assert len(rig.sandbox.requests) == 1

    run_virtually(scenario())


def test_many_rows_share_a_request_and_fifty_a_search(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path, []) as rig:
            ids = {number: _insert(rig, f"K-{number}") for number in range(2, 2602, 2)}
            findings = await _looked_up(rig, [_row(number) for number in range(2, 2602)])
            assert {settled.row: settled.contact_id for settled in findings.found} == ids
            assert [row.row for row in findings.missing] == list(range(3, 2602, 2))
            assert _finds(rig) == [{"crm.contact.list": 50}, {"crm.contact.list": 2}]

    run_virtually(scenario())


def test_originators_are_asked_for_apart(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path, []) as rig:
            theirs = _insert(rig, "K-2", "other")
            findings = await _looked_up(rig, [_row(2), _row(3, "K-2", originator="other")])
            assert findings == Findings([Settled(3, "created", theirs)], [_row(2)])

    run_virtually(scenario())


def test_an_identity_that_a_batch_would_replace_is_asked_for_alone(tmp_path: Path) -> None:
    odd = ["$result[r0000]", "$RESULT[x]", "$total[r0000] 7"]

    async def scenario() -> None:
        async with running(tmp_path, []) as rig:
            ids = [_insert(rig, text) for text in (*odd, "K-9")]
            rows = [_row(9), *(_row(number, text) for number, text in enumerate(odd, 2)), _row(10)]
            findings = await _looked_up(rig, rows)
            assert {settled.row: settled.contact_id for settled in findings.found} == {2: ids[0], 3: ids[1], 4: ids[2], 9: ids[3]}
            assert [row.row for row in findings.missing] == [10]

    run_virtually(scenario())


def _skip_where_it_makes_a_sound_answer(deed: object) -> None:
    # A lone search is a plain list there, from which the fault takes a record: a shorter list, and nothing to see of it.
    if deed == {"missing_keys": [1]} and not doors.current.is_native:
        pytest.skip("through this door the answer is whole")


@pytest.mark.parametrize(
    "deed",
    [
        {"status": 502, "body": "html"}, "reset_before", {"reset_after": "all"}, "cut_body", "empty", "not_json", {"missing_keys": [1]},
        {"garbage": "entries"}, {"delay_s": 100}, {"refuse_connections": 20}, "operating_refusal",
        {"status": 429, "code": "OPERATION_TIME_LIMIT", "text": ""}, {"command_error": {"code": "QUERY_LIMIT_EXCEEDED", "text": ""}},
        {"command_error": {"code": "", "text": "Failed to get list. General error."}},
    ],
)  # fmt: skip
def test_a_question_whose_answer_is_lost_is_asked_again(deed: object, tmp_path: Path) -> None:
    _skip_where_it_makes_a_sound_answer(deed)

    async def scenario() -> None:
        async with running(tmp_path, [], {"when": {"times": 2}, "do": deed}) as rig:
            there = _insert(rig, "K-2")
            assert await _looked_up(rig, [_row(2), _row(3)]) == Findings([Settled(2, "created", there)], [_row(3)])
            assert len(rig.sandbox.requests) == 3

    run_virtually(scenario())


@pytest.mark.parametrize(
    "fault",
    [
        {"do": {"command_error": {"code": "", "text": "Parameter 'filter' must be array"}}},
        {"do": {"command_error": {"code": "insufficient_scope", "text": "higher privileges"}}},
        {"do": {"status": 401, "code": "INVALID_CREDENTIALS", "text": "Invalid request credentials"}},
        {"do": {"status": 500, "body": "html"}},
        {"do": {"missing_keys": [1]}},
    ],
)
def test_a_portal_that_cannot_be_asked_says_nothing_of_any_row(fault: dict, tmp_path: Path) -> None:
    _skip_where_it_makes_a_sound_answer(fault["do"])

    async def scenario() -> None:
        async with running(tmp_path, [], fault) as rig:
            with pytest.raises(Failure):
                await _looked_up(rig, [_row(2)])

    run_virtually(scenario())
