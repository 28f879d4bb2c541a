"""The whole batcher before a sandbox that fails in one known way: what becomes of the rows, and of the run."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from importer.errors import PortalStopped
from importer.journal.entries import PlannedRow
from importer.pacing.sizing import FIRST_BATCH
from tests import doors
from tests.batcher.rig import Crowded, Died, Rig, anonymous, carry_out, planned, rows

pytestmark = pytest.mark.usefixtures("door")

# -- every kind of fault, three times in a row ---------------------------------------------------

_HOW_FAR = [0, 1, 3, "all"]
_DEEDS: list[object] = [
    *({"status": status, "body": body, "after": after} for status in (500, 502, 503, 504) for body in ("json", "html", "empty") for after in (0, 3, "all")),
    *({deed: after} for deed in ("reset_after", "cut_body", "not_json", "empty") for after in _HOW_FAR),
    "reset_before",
    {"status": 503, "code": "QUERY_LIMIT_EXCEEDED", "text": "Too many requests"},
    {"status": 429, "code": "OPERATION_TIME_LIMIT", "text": "Method is blocked due to operation time limit."},
    {"status": 429, "body": "html"},
    {"status": 408, "body": "empty", "after": "all"},
    {"status": 202, "body": "html", "after": "all"},
    {"missing_keys": [1]}, {"missing_keys": ["2-4"]}, {"missing_keys": ["1-50"]}, {"missing_keys": "result"},
    *({"garbage": kind} for kind in ("string", "number", "null", "list", "entries")),
    {"delay_s": 5}, {"delay_s": 69}, {"delay_s": 75}, {"delay_s": 200},
    {"keep_writing_s": 30}, {"keep_writing_s": 55, "after": 2},
    {"refuse_connections": 3}, {"refuse_connections": 35},
    "operating_refusal",
    {"command_error": {"code": "QUERY_LIMIT_EXCEEDED", "text": "Too many requests"}},
    {"command_error": {"code": "INTERNAL_SERVER_ERROR", "text": "Internal server error"}},
]  # fmt: skip


@pytest.mark.parametrize("deed", _DEEDS, ids=str)
def test_no_fault_loses_or_doubles_a_row(deed: object, tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        assert await rig.send() is None
        assert rig.states() == {"created": 40}
        rig.assert_true()

    carry_out(tmp_path, rows(40), [{"when": {"times": 3}, "do": deed}], scenario)


def test_a_healthy_portal_refuses_nothing_and_hears_of_each_row_once(tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        assert await rig.send() is None
        rig.assert_true()
        assert {record.status for record in rig.sandbox.requests} == {200}
        assert sum(rig.adds()) == 500
        assert {record.attempts for record in rig.records().values()} == {1}
        assert rig.progress.created == 500

    carry_out(tmp_path, rows(500), [], scenario)


def test_an_empty_run_asks_nothing(tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        assert await rig.send() is None
        assert rig.sandbox.requests == []

    carry_out(tmp_path, [], [], scenario)


# -- single rows ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "text", "sentence"),
    [
        ("ERROR_CORE", "The field `Work e-mail` contains an invalid address", "ERROR_CORE: The field `Work e-mail` contains an invalid address"),
        ("", "Not that one", "Not that one"),
        ("", "", "no reason given"),
    ],
)
def test_a_refused_row_costs_its_neighbours_nothing(code: str, text: str, sentence: str, tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        assert await rig.send() is None
        records = rig.records()
        assert [row for row, record in records.items() if record.state == "rejected"] == [4, 30]
        said = sentence if doors.current.wraps is None else f"{doors.current.wraps}: {text or code}".removesuffix(": ")
        assert (records[4].code, records[4].problem) == ("portal_refused", f"The portal refused this row: {said}")
        rig.assert_true()

    carry_out(tmp_path, rows(60), [{"when": {"row": ["K-4", "K-30"]}, "do": {"command_error": {"code": code, "text": text}}}], scenario)


@pytest.mark.parametrize("deed", ["reset_before", {"status": 500, "body": "html"}, {"status": 504, "after": 0, "delay_s": 100}], ids=str)
@pytest.mark.parametrize("poison", [["K-2"], ["K-50"], ["K-121"], ["K-40", "K-41", "K-100"]], ids=str)
def test_a_row_on_which_the_portal_dies_each_time_is_rejected_and_its_neighbours_created(poison: list[str], deed: object, tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        assert await rig.send() is None
        rejected = {row: record for row, record in rig.records().items() if record.state == "rejected"}
        assert [f"K-{row}" for row in rejected] == poison
        assert {record.code for record in rejected.values()} == {"portal_fails"}
        assert rig.states() == {"created": 120 - len(poison), "rejected": len(poison)}
        rig.assert_true()

    carry_out(tmp_path, rows(120), [{"when": {"row": poison, "method": "crm.contact.add"}, "do": deed}], scenario)


def test_a_portal_that_takes_no_row_at_all_stops_the_run_and_no_row_is_to_blame(tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        reason = await rig.send()
        assert isinstance(reason, PortalStopped)
        assert "did not answer as it should" in str(reason)
        assert set(rig.states()) <= {"new", "unsettled"}
        rig.sandbox.control.clear_faults()
        assert await rig.send() is None
        assert rig.states() == {"created": 60}
        rig.assert_true()

    carry_out(tmp_path, rows(60), [{"when": {"method": "crm.contact.add"}, "do": {"status": 500, "body": "html"}}], scenario)


def test_rows_refused_one_by_one_for_ever_do_not_keep_the_run_for_ever(tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        reason = await rig.send()
        assert isinstance(reason, PortalStopped)
        assert rig.states() == {"created": 19, "new": 1}
        rig.sandbox.control.clear_faults()
        assert await rig.send() is None
        rig.assert_true()

    fault = {"when": {"row": "K-7"}, "do": {"command_error": {"code": "QUERY_LIMIT_EXCEEDED", "text": "Too many requests"}}}
    carry_out(tmp_path, rows(20), [fault], scenario)


_ODD = [
    "$result[r0000]", "$RESULT[r0001][ID]", "pay $total[x] now", "$result\u00a0[r0000]", "$time[r0000][start]", "a & b = c # d % 25 + e ? f / g",
    "fields[NAME]=x", "\u202eright to left", "Ünï çødé Анна 张 👩\u200d👧", "one\r\ntwo\tthree", "'; DROP TABLE contact; --", "%00%26", "x" * 4000,
]  # fmt: skip


def test_odd_values_arrive_as_they_are_and_what_a_batch_would_replace_travels_alone(tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        assert await rig.send() is None
        rig.assert_true()
        arrived = {contact["ORIGIN_ID"]: contact["POST"] for contact in rig.sandbox.store.contacts()}
        assert arrived == {f"K-{number}": value for number, value in enumerate(_ODD, 2)}
        alone = [record.method for record in rig.sandbox.requests].count("crm.contact.add")
        assert alone == (5 if doors.current.is_native else 0)

    carry_out(tmp_path, [planned(number, POST=value) for number, value in enumerate(_ODD, 2)], [], scenario)


@pytest.mark.parametrize("deed", [{"reset_after": "all"}, {"status": 502, "body": "html"}, "cut_body", "empty", "reset_before"], ids=str)
def test_a_row_that_travels_alone_is_settled_as_all_others(deed: object, tmp_path: Path) -> None:
    origins = ["$result[r0000]", "$next[x]", "K-4"]

    async def scenario(rig: Rig) -> None:
        assert await rig.send() is None
        assert rig.states() == {"created": 3}
        rig.assert_true()

    alone = [planned(number, ORIGIN_ID=origin) for number, origin in enumerate(origins, 2)]
    carry_out(tmp_path, alone, [{"when": {"times": 3}, "do": deed}], scenario)


# -- what nothing identifies -----------------------------------------------------------------------


@pytest.mark.parametrize("is_in_order", [False, True])
def test_rows_without_an_identity_stay_unsettled_and_are_never_resent(is_in_order: bool, tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        assert await rig.send(in_order=is_in_order) is None
        assert rig.states() == {"created": 25, "unsettled": FIRST_BATCH}
        unsettled = [record for record in rig.records().values() if record.state == "unsettled"]
        assert {(record.code, record.attempts) for record in unsettled} == {("answer_lost", 1)}
        assert all("Look for it by name or phone" in record.problem for record in unsettled)
        assert rig.progress.unsettled == FIRST_BATCH
        # Some of them are there; nobody knows, and nothing is there twice.
        assert sorted(map(len, rig.in_portal().values())) == [1] * 28
        assert sum(rig.adds()) == 30

    carry_out(tmp_path, [anonymous(number) for number in range(2, 32)], [{"when": {"request": 1}, "do": {"reset_after": 3}}], scenario)


# -- the order of DATE_CREATE ----------------------------------------------------------------------


@pytest.mark.parametrize("faults", [[], [{"when": {"probability": 0.3, "seed": 5, "times": 6}, "do": {"reset_after": 0, "delay_s": 2}}]], ids=["healthy", "failing"])
def test_rows_in_order_leave_one_batch_after_another(faults: list[dict], tmp_path: Path) -> None:
    by_date = [PlannedRow(row.row, "new", row.cells, row.fields, row.origin, position=1000 - row.row) for row in rows(200)]

    async def scenario(rig: Rig) -> None:
        most = 0

        async def count() -> None:
            nonlocal most
            while True:
                most = max(most, rig.progress.in_flight)
                await asyncio.sleep(0.05)

        counting = asyncio.create_task(count())
        assert await rig.send(in_order=True) is None
        counting.cancel()
        rig.assert_true()
        assert most == 1
        arrived = [int(contact["ORIGIN_ID"][2:]) for contact in rig.sandbox.store.contacts()]
        assert arrived == sorted(arrived, reverse=True)

    carry_out(tmp_path, by_date, faults, scenario)


def test_a_death_in_the_middle_of_an_ordered_run_is_settled_before_anything_else_leaves(tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        with pytest.raises(Died):
            await rig.send(lives=3, in_order=True)
        assert rig.states()["sending"] > 0
        assert await rig.send(in_order=True) is None
        assert rig.states() == {"created": 100}
        rig.assert_true()
        arrived = [int(contact["ORIGIN_ID"][2:]) for contact in rig.sandbox.store.contacts()]
        assert arrived == sorted(arrived)

    carry_out(tmp_path, rows(100), [{"when": {"request": 3}, "do": "reset_before"}], scenario)


# -- while a batch settles, others go on -----------------------------------------------------------


def test_a_lost_batch_does_not_hold_up_the_others(tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        done_at: list[float] = []

        async def note() -> None:
            while rig.progress.created < 295:
                await asyncio.sleep(0.5)
            done_at.append(asyncio.get_running_loop().time())

        noting = asyncio.create_task(note())
        assert await rig.send() is None
        await noting
        assert done_at[0] < 60.0
        rig.assert_true()

    carry_out(tmp_path, rows(300), [{"when": {"request": 1}, "do": {"reset_after": 2}}], scenario)


def test_the_wait_before_a_look_up_begins_when_the_request_left_not_when_it_wanted_to(tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        rig.bucket = Crowded
        assert await rig.send() is None
        assert rig.states() == {"created": 5}
        rig.assert_true()

    carry_out(tmp_path, rows(5), [{"when": {"request": 1}, "do": {"keep_writing_s": 55}}], scenario)


@pytest.mark.parametrize(("many", "is_awaited"), [(rows(60), {False}), ([anonymous(number) for number in range(2, 62)], {True})], ids=["identified", "anonymous"])
def test_the_answer_to_rows_that_nothing_finds_again_is_on_the_disk_at_once(tmp_path: Path, many: list[PlannedRow], is_awaited: set[bool]) -> None:
    seen: set[bool] = set()

    async def scenario(rig: Rig) -> None:
        end = rig.journal.end_request

        def watched(*arguments: object, is_awaited: bool) -> None:
            seen.add(is_awaited)
            end(*arguments, is_awaited=is_awaited)

        rig.journal.end_request = watched
        assert await rig.send() is None
        assert rig.states() == {"created": 60}

    carry_out(tmp_path, many, [], scenario)
    assert seen == is_awaited
