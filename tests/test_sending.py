"""What contacts need beside them: companies once each, files whole, whatever fails and whoever dies."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from importer.batcher import loading
from importer.batcher.kinds import CONTACTS
from importer.batcher.loading import Loader
from importer.batcher.terms import Terms
from importer.journal.entries import QueuedRow
from importer.portals.connection import connect
from tests.batcher.rig import planned
from tests.batcher.test_fault_schedules import schedule
from tests.batcher.virtual_sockets import run_virtually
from tests.sending_rig import Plans, SendingRig, sending

ROWS = 120
SCHEDULES = 40


def _with_companies(count: int = ROWS, companies: int = 30) -> Plans:
    """Rows that need every company several times, from two fields of which one writes links."""
    rows = []
    for number in range(2, count + 2):
        first, second = f"Firm {number % companies}", f"Firm {(number * 7) % companies}"
        rows.append(planned(number, COMPANY_ID=f"company:{first}", COMPANY_IDS=list(dict.fromkeys([f"company:{first}", f"company:{second}"]))))
    return Plans(rows, [f"Firm {n}" for n in range(companies)], {"company_prefixes": {"COMPANY_ID": "", "COMPANY_IDS": ""}})


def _assert_each_company_once(rig: SendingRig) -> None:
    there = rig.companies()
    for title, state, company_id, _ in rig.history.companies(rig.run_id):
        assert there.pop(title, []) == ([company_id] if state == "created" else []), title
    assert not there
    titles = {ids: title for title, _, ids, _ in rig.history.companies(rig.run_id) if ids}
    contacts, outcomes = rig.contacts(), rig.outcomes()
    for row in rig.plans.rows:
        found = contacts.pop(row.origin[1], [])
        assert len(found) == (outcomes[row.row][0] == "created"), (row.row, outcomes[row.row])
        if found:
            assert f"company:{titles[int(found[0]['COMPANY_ID'])]}" == row.fields["COMPANY_ID"]
    assert not contacts


def test_each_company_is_created_once_before_the_rows_that_need_it(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sending(tmp_path, _with_companies()) as rig:
            assert await rig.send() is None
            assert rig.states() == {"created": ROWS}
            _assert_each_company_once(rig)
            assert rig.methods()["crm.company.add"] == 30

    run_virtually(scenario())


def test_a_link_field_gets_its_prefix_and_what_is_no_placeholder_stays() -> None:
    table = {"company:Firm": "CO_7"}
    loader = Loader(CONTACTS, Terms({}, replacements={"UF_CRM_TIES": table}), connect({"B24_WEBHOOK_URL": "http://127.0.0.1:1/rest/1/abc/"}))
    row = QueuedRow(2, 2, b'{"UF_CRM_TIES": ["company:Firm", "C_12"], "COMMENTS": "company:Firm"}', None, 0)
    [sent] = loader.load([row], 50).operations
    assert sent.fields == {"UF_CRM_TIES": ["CO_7", "C_12"], "COMMENTS": "company:Firm"}


def test_rows_of_a_company_that_the_portal_refuses_are_rejected_with_its_words_and_no_other(tmp_path: Path) -> None:
    refused = {"when": {"row": "260202-1200-efgh:c4", "method": "crm.company.add"}, "do": {"command_error": {"code": "", "text": "No such firm."}}}

    async def scenario() -> None:
        async with sending(tmp_path, _with_companies(), refused) as rig:
            assert await rig.send() is None
            _assert_each_company_once(rig)
            rejected = [row for row in rig.history.rows(rig.run_id) if row.state == "rejected"]
            needing = [row.row for row in rig.plans.rows if "company:Firm 3" in row.fields["COMPANY_IDS"]]
            assert [row.row for row in rejected] == needing
            assert {row.code for row in rejected} == {"company_refused"}
            assert 'The company "Firm 3" is not there' in rejected[0].problem
            assert "No such firm." in rejected[0].problem

    run_virtually(scenario())


@pytest.mark.parametrize("seed", range(SCHEDULES))
def test_companies_and_their_rows_are_there_once_whatever_failed(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    deaths = [dice.randint(1, 9) for _ in range(dice.choice([0, 1, 4]))]

    async def scenario() -> None:
        async with sending(tmp_path, _with_companies(), *schedule(dice, rows=ROWS)) as rig:
            await rig.carry_out(deaths)
            assert set(rig.states()) <= {"created", "rejected"}
            _assert_each_company_once(rig)

    run_virtually(scenario())


@pytest.mark.parametrize("lives", range(1, 9))
def test_a_death_at_any_request_doubles_no_company(lives: int, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sending(tmp_path, _with_companies(20, 12)) as rig:
            await rig.carry_out([lives] * 3)
            assert rig.states() == {"created": 20}
            _assert_each_company_once(rig)

    run_virtually(scenario())


# -- files ------------------------------------------------------------------------------------


def _with_photos(folder: Path, count: int, size: int = 30) -> Plans:
    (folder / "photos").mkdir()
    for number in range(2, count + 2):
        (folder / "photos" / f"{number}.png").write_bytes(b"\x89PNG" + bytes([number % 251]) * size)
    return Plans([planned(number, PHOTO={"file": f"photos/{number}.png"}) for number in range(2, count + 2)])


def _photo(rig: SendingRig, row: int) -> tuple[str, bytes] | None:
    [contact] = rig.contacts()[f"K-{row}"]
    return rig.sandbox.store.file(int(contact["PHOTO"])) if contact["PHOTO"] else None


def test_photos_arrive_whole_and_the_journal_keeps_their_paths_alone(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sending(tmp_path, _with_photos(tmp_path, 12)) as rig:
            assert await rig.send() is None
            assert rig.states() == {"created": 12}
            for row in range(2, 14):
                assert _photo(rig, row) == (f"{row}.png", b"\x89PNG" + bytes([row]) * 30)
            contents = rig.journal.database.connection.execute("SELECT contact FROM contents").fetchall()
            assert all('"file":"photos/' in row[0] and "fileData" not in row[0] for row in contents)

    run_virtually(scenario())


def test_a_photo_that_has_vanished_rejects_its_row_and_costs_its_neighbours_nothing(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sending(tmp_path, _with_photos(tmp_path, 12)) as rig:
            (tmp_path / "photos" / "5.png").unlink()
            (tmp_path / "photos" / "6.png").unlink()
            (tmp_path / "photos" / "6.png").symlink_to("/etc/hostname")
            assert await rig.send() is None
            outcomes = rig.outcomes()
            assert {row for row, outcome in outcomes.items() if outcome == ("rejected", "file_missing")} == {5, 6}
            assert rig.states() == {"created": 10, "rejected": 2}
            assert len(rig.contacts()) == 10

    run_virtually(scenario())


def test_a_batch_carries_so_many_bytes_of_files_and_a_larger_file_goes_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MOST_BATCH_BYTES", 3000)

    async def scenario() -> None:
        plans = _with_photos(tmp_path, 12, size=1000)
        (tmp_path / "photos" / "4.png").write_bytes(b"\x89PNG" + b"4" * 9000)
        async with sending(tmp_path, plans) as rig:
            assert await rig.send() is None
            assert rig.states() == {"created": 12}
            assert _photo(rig, 4)[1] == b"\x89PNG" + b"4" * 9000
            added = [request for request in rig.history.requests(rig.run_id) if request.purpose == "add"]
            assert max(request.commands for request in added) == 2

    run_virtually(scenario())


@pytest.mark.parametrize("seed", range(10))
def test_photos_and_their_rows_are_there_once_whatever_failed(seed: int, tmp_path: Path) -> None:
    dice = random.Random(1000 + seed)

    async def scenario() -> None:
        async with sending(tmp_path, _with_photos(tmp_path, 60), *schedule(dice, rows=60)) as rig:
            await rig.carry_out([dice.randint(1, 6)] * dice.choice([0, 2]))
            created = {row for row, (state, _) in rig.outcomes().items() if state == "created"}
            assert {row for row in range(2, 62) if rig.contacts().get(f"K-{row}")} == created
            assert all(_photo(rig, row) is not None for row in created)

    run_virtually(scenario())
