"""Entries that rows need in directories and lists: once each, whatever fails, whoever dies and whoever else adds them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from importer.batcher import list_entries
from importer.mapping.directories import folded
from importer.mapping.new_items import ItemList
from importer.portals.list_entries import AddToDirectory, AddToListField
from importer.portals.operations import Operation
from importer.sandbox.seed import CustomField
from tests import doors
from tests.batcher.rig import planned
from tests.batcher.test_fault_schedules import schedule
from tests.batcher.virtual_sockets import run_virtually
from tests.sending_rig import Plans, SendingRig, sending

SOURCE, TIER, HOBBY = ItemList("SOURCE", True), ItemList("UF_CRM_1720697698689", False), ItemList("UF_CRM_INTERESTS", False)
ROWS = 90
SCHEDULES = 40


def _plans(count: int = ROWS, channels: int = 12, tiers: int = 9) -> Plans:
    """Rows that need every entry several times: of a directory, of a list, and of a list that takes several."""
    rows = [
        planned(n, SOURCE_ID=f"create:Channel {n % channels}", **{
            TIER.name: f"create:Tier {n % tiers}",
            HOBBY.name: list(dict.fromkeys(["91", f"create:Hobby {n % 5}", f"create:Hobby {n % 3}"])),
        })
        for n in range(2, count + 2)
    ]  # fmt: skip
    return Plans(rows, entries={
        "SOURCE_ID": (SOURCE, [f"Channel {n}" for n in range(channels)]),
        TIER.name: (TIER, [f"Tier {n}" for n in range(tiers)]),
        HOBBY.name: (HOBBY, [f"Hobby {n}" for n in range(5)]),
    })  # fmt: skip


def _lists(rig: SendingRig) -> dict[str, dict[str, list[str]]]:
    """List → folded text → what contacts are sent with, of every entry of that text."""
    directories = rig.sandbox.store.directories
    found: dict[str, dict[str, list[str]]] = {}
    for status in directories.statuses():
        found.setdefault(status["ENTITY_ID"], {}).setdefault(folded(status["NAME"]), []).append(status["STATUS_ID"])
    for custom in directories.userfields():
        for item in custom["items"]:
            found.setdefault(custom["field_name"], {}).setdefault(folded(item["VALUE"]), []).append(item["ID"])
    return found


def _assert_once(rig: SendingRig) -> None:
    """Every entry is in its list once, every created row is there once, and with the entries it needs."""
    there = _lists(rig)
    for record in rig.history.entries(rig.run_id):
        values = there[record.list].get(folded(record.text), [])
        assert len(values) == (record.state in ("created", "skipped")), (record, values)
        if record.state == "created" and not record.is_directory:
            assert values == [str(record.id)]
    contacts, outcomes = rig.contacts(), rig.outcomes()
    lists = {name: whose.name for name, (whose, _) in rig.plans.entries.items()}
    for row in rig.plans.rows:
        found = contacts.pop(row.origin[1], [])
        assert len(found) == (outcomes[row.row][0] == "created"), (row.row, outcomes[row.row])
        for name in lists if found else ():
            wanted = row.fields[name] if isinstance(row.fields[name], list) else [row.fields[name]]
            values = found[0][name] if isinstance(found[0][name], list) else [found[0][name]]
            of_list = there[lists[name]]
            assert [str(value) for value in values] == [of_list[folded(w.removeprefix("create:"))][0] if w.startswith("create:") else w for w in wanted]
    assert not contacts


def _states(rig: SendingRig) -> dict[str, int]:
    return rig.history.entry_counts(rig.run_id)


def test_each_entry_is_added_once_before_the_rows_that_need_it(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sending(tmp_path, _plans()) as rig:
            assert await rig.send() is None
            assert (rig.states(), _states(rig)) == ({"created": ROWS}, {"created": 26})
            _assert_once(rig)
            methods = rig.methods()
            assert (methods["crm.status.add"], methods["crm.contact.userfield.update"]) == (12, 2)

    run_virtually(scenario())


def test_new_entries_come_after_those_that_are_there_in_the_files_order(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sending(tmp_path, _plans()) as rig:
            await rig.send()
            directories = rig.sandbox.store.directories
            assert directories.codes("SOURCE")[0] == "CALL", "the first of a directory is what new contacts get"
            assert [row["NAME"] for row in directories.statuses() if row["ENTITY_ID"] == "SOURCE"][-12:] == [f"Channel {n}" for n in range(12)]

    run_virtually(scenario())


def test_an_entry_that_a_person_has_added_since_is_used(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sending(tmp_path, _plans()) as rig:
            directories = rig.sandbox.store.directories
            directories.add_status("SOURCE", "UC_ABC123", " channel  3 ", 500)
            assert await rig.send() is None
            assert _states(rig) == {"created": 25, "skipped": 1}
            _assert_once(rig)
            assert rig.contacts()["K-3"][0]["SOURCE_ID"] == "UC_ABC123"

    run_virtually(scenario())


def test_an_entry_that_another_run_adds_at_the_same_moment_is_used(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sending(tmp_path, _plans()) as rig:
            directories = rig.sandbox.store.directories

            def other_run(operations: Sequence[Operation]) -> None:
                if isinstance(operations[0], AddToDirectory) and SOURCE.code("Channel 3") not in directories.codes("SOURCE"):
                    directories.add_status("SOURCE", SOURCE.code("Channel 3"), "Channel 3", 500)
                    [tier] = [row for row in directories.userfields() if row["field_name"] == TIER.name]
                    item = {"ID": str(directories.next_item_id()), "SORT": "500", "VALUE": "tier 1", "DEF": "N", "XML_ID": TIER.code("Tier 1")}
                    directories.change_userfield(tier["id"], items=[*tier["items"], item])

            assert await rig.send(before=other_run) is None
            assert _states(rig) == {"created": 24, "skipped": 2}
            assert rig.states() == {"created": ROWS}
            _assert_once(rig)

    run_virtually(scenario())


def test_an_entry_of_ours_that_a_person_renamed_is_another_one(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sending(tmp_path, _plans()) as rig:
            rig.sandbox.store.directories.add_status("SOURCE", SOURCE.code("Channel 3"), "Television", 500)
            assert await rig.send() is None
            assert rig.contacts()["K-3"][0]["SOURCE_ID"] == SOURCE.code("Channel 3") + "_2"
            _assert_once(rig)

    run_virtually(scenario())


def test_an_entry_whose_code_another_text_gets_at_the_same_moment_takes_the_next_code(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sending(tmp_path, _plans()) as rig:
            directories = rig.sandbox.store.directories

            def other(operations: Sequence[Operation]) -> None:
                if isinstance(operations[0], AddToDirectory) and SOURCE.code("Channel 3") not in directories.codes("SOURCE"):
                    directories.add_status("SOURCE", SOURCE.code("Channel 3"), "Television", 500)

            assert await rig.send(before=other) is None
            assert rig.contacts()["K-3"][0]["SOURCE_ID"] == SOURCE.code("Channel 3") + "_2"
            assert (rig.states(), _states(rig)) == ({"created": ROWS}, {"created": 26})
            _assert_once(rig)

    run_virtually(scenario())


def test_an_entry_that_vanished_before_a_resume_rejects_its_rows_and_no_other(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sending(tmp_path, _plans()) as rig:
            rig.sandbox.control.add_fault({"when": {"method": "crm.contact.add", "times": 1}, "do": {"status": 503, "code": "OVERLOAD_LIMIT", "text": "stop"}})
            assert await rig.send() is not None
            directories = rig.sandbox.store.directories
            [gone] = [row for row in directories.statuses() if row["NAME"] == "Channel 3"]
            directories.delete_status(int(gone["ID"]))
            assert await rig.send() is None
            rejected = [row for row in rig.history.rows(rig.run_id) if row.state == "rejected"]
            assert {row.row % 12 for row in rejected} == {3}
            assert "somebody has removed it" in rejected[0].problem

    run_virtually(scenario())


def _refusing(position: int, method: str = "crm.status.add") -> dict[str, object]:
    return {"when": {"method": method, "command": position, "times": 1}, "do": {"command_error": {"code": "", "text": "Error on creating status."}}}


def test_rows_of_an_entry_that_the_portal_refuses_are_rejected_with_its_words_and_no_other(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sending(tmp_path, _plans(), _refusing(4)) as rig:
            assert await rig.send() is None
            rejected = [row for row in rig.history.rows(rig.run_id) if row.state == "rejected"]
            assert [row.row for row in rejected] == [n for n in range(2, ROWS + 2) if n % 12 == 3]
            assert {row.code for row in rejected} == {"list_item_refused"}
            assert '"Channel 3" is not in the directory SOURCE' in rejected[0].problem
            assert "Error on creating status." in rejected[0].problem
            _assert_once(rig)

    run_virtually(scenario())


def test_one_item_that_a_list_refuses_costs_its_neighbours_nothing(tmp_path: Path) -> None:
    """Items go together, and are refused together: alone it is seen which of them is meant."""
    plans = Plans(_plans(20).rows, entries={TIER.name: _plans().entries[TIER.name]})
    for row in plans.rows:
        del row.fields["SOURCE_ID"], row.fields[HOBBY.name]
    update = "crm.contact.userfield.update"

    async def scenario() -> None:
        # All nine together, then the second of them.
        async with sending(tmp_path, plans, _refusing(1, update), _refusing(2, update)) as rig:
            assert await rig.send() is None
            assert _states(rig) == {"created": 8, "rejected": 1}
            assert {row.row % 9 for row in rig.history.rows(rig.run_id) if row.state == "rejected"} == {1}
            _assert_once(rig)

    run_virtually(scenario())


def test_many_items_go_some_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_entries, "_ITEMS_AT_ONCE", 4)

    async def scenario() -> None:
        async with sending(tmp_path, _plans(channels=80)) as rig:
            sizes: list[int] = []

            def watch(operations: Sequence[Operation]) -> None:
                sizes.extend(len(operation.entries) for operation in operations if isinstance(operation, AddToListField))

            assert await rig.send(before=watch) is None
            assert sizes == [4, 4, 1, 4, 1]
            assert rig.methods()["crm.status.add"] == 80
            _assert_once(rig)

    run_virtually(scenario())


def test_a_directory_of_many_pages_is_read_to_its_end(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sending(tmp_path, _plans()) as rig:
            for n in range(130):
                rig.sandbox.store.directories.add_status("SOURCE", f"UC_{n}", f"Old {n}" if n != 120 else "CHANNEL 3", 200 + n)
            assert await rig.send() is None
            assert _states(rig) == {"created": 25, "skipped": 1}
            _assert_once(rig)

    run_virtually(scenario())


def test_a_text_that_a_batch_would_replace_arrives_as_it_is(tmp_path: Path) -> None:
    text = "$result[r0000] & co"
    rows = [planned(n, SOURCE_ID=f"create:{text}", **{TIER.name: f"create:{text}"}) for n in range(2, 5)]

    async def scenario() -> None:
        async with sending(tmp_path, Plans(rows, entries={"SOURCE_ID": (SOURCE, [text]), TIER.name: (TIER, [text])})) as rig:
            assert await rig.send() is None
            assert rig.states() == {"created": 3}
            _assert_once(rig)

    run_virtually(scenario())


def test_without_the_right_nothing_is_sent_and_the_run_goes_on_once_it_is_given(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sending(tmp_path, _plans()) as rig:
            rig.sandbox.control.set_state(is_admin=False)
            reason = await rig.send()
            assert "list entries they need" in str(reason)
            assert (rig.states(), rig.contacts()) == ({"new": ROWS}, {})
            rig.sandbox.control.set_state(is_admin=True)
            assert await rig.send() is None
            _assert_once(rig)

    run_virtually(scenario())


def test_a_field_that_vanished_rejects_its_rows(tmp_path: Path) -> None:
    async def scenario() -> None:
        gone = ItemList("UF_CRM_GONE", False)
        async with sending(tmp_path, Plans([planned(2, UF_CRM_GONE="create:A"), planned(3)], entries={"UF_CRM_GONE": (gone, ["A"])})) as rig:
            assert await rig.send() is None
            assert rig.outcomes() == {2: ("rejected", "list_item_refused"), 3: ("created", None)}

    run_virtually(scenario())


@pytest.mark.parametrize("method", ["crm.status.add", "crm.contact.userfield.update"])
@pytest.mark.parametrize("deed", [{"reset_after": "all"}, {"reset_after": 0}, {"reset_after": 3}, {"keep_writing_s": 50, "after": 1}, {"not_json": "all"}])
def test_after_a_lost_answer_the_lists_are_read_before_anything_is_added_again(deed: dict, method: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sending(tmp_path, _plans(20), {"when": {"method": method, "times": 2}, "do": deed}) as rig:
            assert await rig.send() is None
            assert rig.states() == {"created": 20}
            assert _states(rig) == {"created": 26}
            _assert_once(rig)

    run_virtually(scenario())


@pytest.mark.parametrize("method", ["crm.status.add", "crm.contact.userfield.update"])
def test_what_a_lost_request_still_writes_is_waited_for(method: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sending(tmp_path, _plans(20), {"when": {"method": method, "times": 1}, "do": {"keep_writing_s": 55, "after": 0}}) as rig:
            assert await rig.send() is None
            methods = rig.methods()
            assert (methods["crm.status.add"], methods["crm.contact.userfield.update"]) == (12, 2)
            _assert_once(rig)

    run_virtually(scenario())


@pytest.mark.parametrize("seed", range(SCHEDULES))
def test_entries_and_their_rows_are_there_once_whatever_failed(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    deaths = [dice.randint(1, 9) for _ in range(dice.choice([0, 1, 4]))]

    async def scenario() -> None:
        async with sending(tmp_path, _plans(), *schedule(dice, rows=ROWS)) as rig:
            rig.sandbox.store.directories.add_userfield(CustomField("UF_CRM_OTHER", "enumeration", "Other", items={500: "Far"}))
            await rig.carry_out(deaths)
            assert set(rig.states()) <= {"created", "rejected"}
            assert set(_states(rig)) == {"created"}
            _assert_once(rig)

    run_virtually(scenario())


@pytest.mark.parametrize("lives", range(1, 9))
def test_a_death_at_any_request_doubles_no_entry(lives: int, door: str, tmp_path: Path) -> None:
    if not doors.current.is_native:
        pytest.skip("entries of lists cannot be created through this door; `check` refuses a mapping that asks for it")

    async def scenario() -> None:
        async with sending(tmp_path, _plans(20)) as rig:
            await rig.carry_out([lives] * 3)
            assert (rig.states(), _states(rig)) == ({"created": 20}, {"created": 26})
            _assert_once(rig)

    run_virtually(scenario())
