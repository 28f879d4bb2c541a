"""Addresses beside their contacts: one requisite and one address each, whatever fails and whoever dies."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from importer.journal.entries import PlannedRow
from tests.batcher.rig import anonymous, planned
from tests.batcher.test_fault_schedules import schedule
from tests.batcher.virtual_sockets import run_virtually
from tests.sending_rig import Plans, SendingRig, sending

ROWS = 90
SCHEDULES = 60
SETTINGS = {"preset_id": "5"}


def _housed(number: int, **fields: object) -> PlannedRow:
    return replace(planned(number, **fields), address={"ADDRESS_1": f"Street {number}", "CITY": "Riga"})


def _plans(count: int = ROWS) -> Plans:
    """Rows of which every fourth has no address."""
    return Plans([_housed(n) if n % 4 else planned(n) for n in range(2, count + 2)], settings=SETTINGS)


def _houses(rig: SendingRig) -> dict[int, list[list[dict]]]:
    """Contact id → its requisites, each as the list of its addresses."""
    directories = rig.sandbox.store.directories
    addresses = defaultdict(list)
    for address in directories.addresses():
        addresses[address["entity_id"]].append({"TYPE_ID": address["type_id"], **address["fields"]})
    found = defaultdict(list)
    for requisite in directories.requisites():
        assert requisite["fields"]["ORIGINATOR_ID"] == "b24-import"
        found[requisite["entity_id"]].append(addresses[requisite["id"]])
    return found


def _assert_everybody_housed(rig: SendingRig) -> None:
    """Every created row's contact is there once and has its own address, once; nobody else has one."""
    houses, contacts, records = _houses(rig), rig.contacts(), {row.row: row for row in rig.history.rows(rig.run_id)}
    warned = {row for row, code, _, _ in rig.history.warnings(rig.run_id) if code == "address_refused"}
    for row in rig.plans.rows:
        record, there = records[row.row], contacts.pop(row.origin[1], [])
        assert [contact["ID"] for contact in there] == ([record.contact_id] if record.state == "created" else []), record
        own = [{"TYPE_ID": 1, **row.address}] if row.address and there else None
        found = houses.pop(record.contact_id, [])
        if row.row in warned:
            assert found in ([], [[]]), record
        else:
            assert found == ([own] if own else []), record
    assert not contacts
    assert not houses


def test_an_address_leaves_in_the_batch_of_its_contact(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sending(tmp_path, _plans()) as rig:
            assert await rig.send() is None
            assert rig.states() == {"created": ROWS}
            _assert_everybody_housed(rig)
            requests = list(rig.history.requests(rig.run_id))
            assert {request.purpose for request in requests} == {"read", "add"}
            assert max(request.commands for request in requests) <= 50
            assert rig.history.request_counts(rig.run_id)["limited"] == 0
            methods = rig.methods()
            assert methods["crm.requisite.add"] == methods["crm.address.add"] == sum(bool(row.address) for row in rig.plans.rows)

    run_virtually(scenario())


def test_a_refused_contact_gives_its_address_to_nobody_and_costs_its_neighbours_nothing(tmp_path: Path) -> None:
    """A reference to a failed command becomes a map, which PHP takes for the number 1: the very first contact."""
    no = {"when": {"row": ["K-2", "K-7", "K-9", "K-31"], "method": "crm.contact.add"}, "do": {"command_error": {"code": "", "text": "No."}}}

    async def scenario() -> None:
        async with sending(tmp_path, _plans(), no) as rig:
            first = rig.sandbox.store.insert("contact", {"LAST_NAME": "Somebody", "ORIGIN_ID": "else"}, [])
            assert first == 1
            assert await rig.send() is None
            assert rig.states() == {"created": ROWS - 4, "rejected": 4}
            assert _houses(rig)[1] == []
            assert {row.attempts for row in rig.history.rows(rig.run_id)} <= {1, 2, 3}

    run_virtually(scenario())


@pytest.mark.parametrize("method", ["crm.requisite.add", "crm.address.add"])
def test_a_refused_address_is_a_warning_and_its_contact_is_created(method: str, tmp_path: Path) -> None:
    no = {"when": {"method": method, "times": 3}, "do": {"command_error": {"code": "", "text": "No such street."}}}

    async def scenario() -> None:
        async with sending(tmp_path, _plans(), no) as rig:
            assert await rig.send() is None
            assert rig.states() == {"created": ROWS}
            _assert_everybody_housed(rig)
            told = [problem for _, code, _, problem in rig.history.warnings(rig.run_id) if code == "address_refused"]
            assert len(told) == 3
            assert "No such street." in told[0]

    run_virtually(scenario())


def test_a_row_that_travels_alone_gets_its_address_too(tmp_path: Path) -> None:
    plans = Plans([_housed(2), _housed(3, COMMENTS="$result[r0000]"), _housed(4, LAST_NAME="$next[0]")], settings=SETTINGS)

    async def scenario() -> None:
        async with sending(tmp_path, plans) as rig:
            assert await rig.send() is None
            assert rig.states() == {"created": 3}
            _assert_everybody_housed(rig)
            assert rig.contacts()["K-3"][0]["COMMENTS"] == "$result[r0000]"

    run_virtually(scenario())


def test_a_row_without_identity_whose_contact_is_known_gets_its_address(tmp_path: Path) -> None:
    lost = {"when": {"method": "crm.address.add", "times": 1}, "do": {"missing_keys": [6]}}
    plans = Plans([replace(anonymous(n), address={"CITY": "Riga"}) for n in range(2, 5)], settings=SETTINGS)

    async def scenario() -> None:
        async with sending(tmp_path, plans, lost) as rig:
            assert await rig.send() is None
            assert rig.states() == {"created": 3}
            assert sorted(map(len, _houses(rig).values())) == [1, 1, 1]

    run_virtually(scenario())


@pytest.mark.parametrize("seed", range(SCHEDULES))
def test_everybody_is_housed_once_whatever_failed(seed: int, tmp_path: Path) -> None:
    dice = random.Random(2000 + seed)
    deaths = [dice.randint(1, 9) for _ in range(dice.choice([0, 1, 4]))]

    async def scenario() -> None:
        plans = _plans()
        plans.settings = {**SETTINGS, "in_order": seed % 10 == 9}
        async with sending(tmp_path, plans, *schedule(dice, rows=ROWS)) as rig:
            await rig.carry_out(deaths)
            assert set(rig.states()) <= {"created", "rejected"}
            _assert_everybody_housed(rig)

    run_virtually(scenario())


@pytest.mark.parametrize("lives", range(1, 10))
def test_a_death_at_any_request_doubles_no_address(lives: int, tmp_path: Path) -> None:
    lost = {"when": {"method": "crm.requisite.add", "times": 3}, "do": {"cut_body": 30}}

    async def scenario() -> None:
        async with sending(tmp_path, _plans(40), lost) as rig:
            await rig.carry_out([lives] * 4)
            assert rig.states() == {"created": 40}
            _assert_everybody_housed(rig)

    run_virtually(scenario())
