"""A run is taken back: what it created is deleted, what it changed restored, what people touched since is left."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from importer.errors import UsageError
from importer.journal.journal import Journal
from importer.sandbox.multifields import Changes, Multifield
from importer.undo import UndoPlan
from tests.nights import HEADER, MAPPING, Nights, nights

ANN = ("1", "Ann", "Reed", "020 7946 0001", "ann@example.com", "Nurse")
BEN = ("2", "Ben", "Moss", "020 7946 0002", "ben@example.com", "Clerk")


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Nights]:
    async with nights(tmp_path) as made:
        yield made


def _row(row: tuple[str, ...], **changes: str) -> tuple[str, ...]:
    return tuple(changes.get(name, value) for name, value in zip(HEADER, row, strict=True))


def _entered(night: Nights, phones: tuple[tuple[str, str], ...] = (), **fields: object) -> int:
    """A contact that somebody entered by hand and that the file's first row means; its id."""
    added = [Multifield("PHONE", value, kind) for value, kind in phones]
    stamped = {"DATE_CREATE": "2026-01-01T10:00:00+03:00", "DATE_MODIFY": "2026-01-01T10:00:00+03:00", "ORIGINATOR_ID": "erp", "ORIGIN_ID": "1"}
    return night.sandbox.store.insert("contact", {"NAME": "Ann", "LAST_NAME": "Reed", **stamped, **fields}, added)


def _edited(night: Nights, contact_id: int, *, later_s: int = 60, entity: str = "contact", **fields: object) -> None:
    """A person changes a record so many seconds after it was last changed."""
    modified = datetime.fromisoformat(str(night.sandbox.store.row(entity, contact_id)["DATE_MODIFY"]))
    stamp = (modified + timedelta(seconds=later_s)).isoformat()
    night.sandbox.store.update(entity, contact_id, {"DATE_MODIFY": stamp, **fields}, Changes())


def _without_dates(contacts: list[dict[str, object]]) -> list[dict[str, object]]:
    moving = ("DATE_MODIFY", "MODIFY_BY_ID")
    return [
        {name: [(one["VALUE"], one["VALUE_TYPE"]) for one in value] if name in ("PHONE", "EMAIL") else value for name, value in contact.items() if name not in moving}
        for contact in contacts
    ]


# -- what is taken back ---------------------------------------------------------------------------


async def test_what_a_run_created_is_deleted(night: Nights) -> None:
    await night.run(ANN, BEN)
    ended = await night.undo()
    assert (ended.exit_code, night.counts()) == (0, {"deleted": 2})
    assert night.contacts() == []
    assert night.results() == {2: ("deleted", ""), 3: ("deleted", "")}


async def test_only_what_the_run_created_is_deleted(night: Nights) -> None:
    await night.run(ANN)
    await night.run(ANN, BEN)
    await night.undo()
    assert [contact["ORIGIN_ID"] for contact in night.contacts()] == ["1"]


async def test_what_a_run_changed_holds_again_what_it_held(night: Nights) -> None:
    await night.run(ANN)
    before = _without_dates(night.contacts())
    await night.run(_row(ANN, Job="Doctor", Phone="020 7946 0001;020 7946 0009", Mail="new@example.com", Last="Stone"))
    assert _without_dates(night.contacts()) != before
    ended = await night.undo()
    assert (ended.exit_code, night.counts()) == (0, {"restored": 1})
    assert _without_dates(night.contacts()) == before


@pytest.mark.parametrize("rule", ["{column: Phone, type: MOBILE}", "{column: Phone, type: WORK, clear: true}", "{column: Phone, type: MOBILE, clear: true}"])
async def test_kinds_of_phones_go_back_and_removed_ones_come_back(night: Nights, rule: str) -> None:
    _entered(night, (("+44 20 7946 0008", "HOME"), ("020 7946 0001", "WORK")))
    before = sorted(night.phones(night.contacts()[0]))
    mapping = MAPPING.replace('{column: Phone, type: WORK, split: ";"}', rule)
    await night.run(ANN, mapping=mapping)
    assert sorted(night.phones(night.contacts()[0])) != before
    await night.undo()
    assert sorted(night.phones(night.contacts()[0])) == before


async def test_a_field_that_was_empty_is_empty_again_and_one_that_was_emptied_is_filled(night: Nights) -> None:
    _entered(night, POST="Boss", COMMENTS=None)
    mapping = MAPPING.replace("POST: Job", "POST: {column: Job, clear: true}") + "  COMMENTS: First\n"
    await night.run(_row(ANN, Job=""), mapping=mapping)
    assert (night.contacts()[0]["POST"], night.contacts()[0]["COMMENTS"]) == (None, "Ann")
    await night.undo()
    assert (night.contacts()[0]["POST"], night.contacts()[0]["COMMENTS"] or None) == ("Boss", None)


async def test_after_an_undo_the_same_file_is_imported_as_if_it_never_had_been(night: Nights) -> None:
    await night.run(ANN, BEN)
    await night.undo()
    await night.run(ANN, BEN)
    assert night.counts() == {"created": 2}


async def test_what_an_undo_deleted_is_not_taken_for_there_where_rows_are_not_matched(night: Nights) -> None:
    mapping = MAPPING.replace("match: {by: [origin, phone, email], on_match: update}\n", "")
    await night.run(ANN, BEN, mapping=mapping)
    await night.undo()
    await night.run(_row(ANN, Job="x"), BEN, mapping=mapping)
    assert night.counts() == {"created": 2}


async def test_a_restored_row_is_changed_again_by_the_next_night(night: Nights) -> None:
    await night.run(ANN)
    await night.run(_row(ANN, Job="Doctor"))
    await night.undo()
    await night.run(_row(ANN, Job="Doctor"))
    assert (night.counts(), night.contacts()[0]["POST"]) == ({"updated": 1}, "Doctor")


# -- what people have changed ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "edit", [{"POST": "Boss"}, {"later_s": 1, "POST": "Boss"}, {}, {"COMMENTS": "called"}, {"later_s": 0, "LAST_ACTIVITY_TIME": "2036-01-01T10:00:00+03:00"}],
    ids=["a value", "a value at once", "nothing we sent", "another field", "worked with"],
)  # fmt: skip
async def test_a_created_contact_that_people_touched_is_left_unless_forced(night: Nights, edit: dict) -> None:
    await night.run(ANN, BEN)
    _edited(night, 1, **edit)
    ended = await night.undo()
    assert (ended.exit_code, night.counts()) == (0, {"deleted": 1, "skipped": 1})
    assert night.results() == {2: ("skipped", "changed_since"), 3: ("deleted", "")}
    assert night.planned.left == {"changed_since": 1} and night.planned.deletes == 1
    await night.undo(is_forced=True)
    assert (night.counts(), night.contacts()) == ({"deleted": 1}, [])


async def test_a_restored_contact_keeps_what_people_changed_beside(night: Nights) -> None:
    await night.run(ANN)
    await night.run(_row(ANN, Job="Doctor"))
    _edited(night, 1, COMMENTS="called")
    await night.undo()
    assert (night.contacts()[0]["POST"], night.contacts()[0]["COMMENTS"]) == ("Nurse", "called")


async def test_a_changed_contact_whose_value_people_changed_is_left_unless_forced(night: Nights) -> None:
    await night.run(ANN)
    await night.run(_row(ANN, Job="Doctor", Last="Stone"))
    _edited(night, 1, POST="Boss")
    assert isinstance(await night.undo(), UndoPlan)
    assert (night.planned.left, night.contacts()[0]["LAST_NAME"]) == ({"changed_since": 1}, "Stone")
    await night.undo(is_forced=True)
    assert (night.contacts()[0]["POST"], night.contacts()[0]["LAST_NAME"]) == ("Nurse", "Reed")


async def test_a_phone_that_people_added_stays_and_ours_goes_only_when_forced(night: Nights) -> None:
    await night.run(ANN)
    await night.run(_row(ANN, Phone="020 7946 0001;020 7946 0009"))
    night.sandbox.store.update("contact", 1, {}, Changes(added=[Multifield("PHONE", "+442079460077", "HOME")]))
    await night.undo()
    assert night.planned.left == {"changed_since": 1}
    await night.undo(is_forced=True)
    assert [value for value, _ in night.phones(night.contacts()[0])] == ["+442079460001", "+442079460077"]


async def test_a_contact_that_is_gone_needs_nothing(night: Nights) -> None:
    await night.run(ANN, BEN)
    night.sandbox.store.delete("contact", 1)
    await night.undo()
    assert night.results() == {2: ("skipped", "gone"), 3: ("deleted", "")}


async def test_a_contact_that_a_later_run_changed_is_left_until_that_is_taken_back(night: Nights) -> None:
    first = (await night.run(ANN)).run.run
    second = (await night.run(_row(ANN, Job="Doctor"))).run.run
    await night.undo(first)
    assert f"undo {second}" in night.planned.reasons["changed_later"][0]
    await night.undo(second)
    assert night.contacts()[0]["POST"] == "Nurse"
    await night.undo(first)
    assert night.contacts() == []


# -- again, and in between ------------------------------------------------------------------------


async def test_a_second_undo_finds_nothing_left(night: Nights) -> None:
    await night.run(ANN)
    await night.undo()
    again = await night.undo()
    assert isinstance(again, UndoPlan) and again.is_empty
    assert len(night.history().runs()) == 2


async def test_an_undo_is_not_undone(night: Nights) -> None:
    await night.run(ANN)
    ended = await night.undo()
    with pytest.raises(UsageError, match="an undo is not undone"):
        await night.undo(ended.run.run)


async def test_verify_does_not_miss_what_was_taken_back(night: Nights) -> None:
    ended = await night.run(ANN, BEN)
    _edited(night, 1)
    await night.undo()
    verified = await night.verify(ended.run.run)
    assert (verified.rows, [finding.kind for finding in verified.findings]) == (1, ["changed"])


LOST = [{"reset_after": 0}, {"reset_after": 1}, {"reset_after": 2}, "reset_before", {"status": 502, "body": "html"}, "not_json", "empty", {"missing_keys": [1]}]


@pytest.mark.parametrize("deed", LOST, ids=str)
async def test_lost_answers_delete_and_restore_once_and_are_told_as_done(night: Nights, deed: object) -> None:
    await night.run(ANN)
    await night.run(_row(ANN, Job="Doctor", Phone="020 7946 0001;020 7946 0009"), BEN)
    for method in ("crm.contact.update", "crm.contact.delete"):
        night.sandbox.control.add_fault({"when": {"method": method, "times": 1}, "do": deed})
    ended = await night.undo()
    assert (ended.exit_code, night.counts()) == (0, {"deleted": 1, "restored": 1})
    [contact] = night.contacts()
    assert (contact["POST"], night.phones(contact)) == ("Nurse", [("+442079460001", "WORK")])


async def test_an_undo_that_stopped_goes_on_as_it_was_agreed_to(night: Nights) -> None:
    rows = [(str(n), "Ann", f"Row {n}", "", f"r{n}@example.com", "Nurse") for n in range(60)]
    await night.run(*rows)
    later = f"{len(night.sandbox.requests) + 6}-{len(night.sandbox.requests) + 500}"
    night.sandbox.control.add_fault({"when": {"request": later}, "do": {"status": 402, "code": "PAYMENT_REQUIRED"}})
    ended = await night.undo()
    assert (ended.exit_code, 0 < len(night.contacts()) < 60) == (3, True)
    night.sandbox.control.clear_faults()
    ended = await night.resume()
    assert (ended.exit_code, night.counts(), night.contacts()) == (0, {"deleted": 60}, [])


async def test_undo_again_goes_on_with_the_unfinished_one(night: Nights) -> None:
    await night.run(ANN)
    night.sandbox.control.add_fault({"when": {"method": "crm.contact.delete"}, "do": {"status": 402, "code": "PAYMENT_REQUIRED"}})
    first = await night.undo()
    night.sandbox.control.clear_faults()
    second = await night.undo()
    assert (first.exit_code, second.exit_code, first.run.run) == (3, 0, second.run.run)
    assert night.contacts() == []


async def test_a_run_that_was_not_finished_is_taken_back_and_never_goes_on(night: Nights) -> None:
    rows = [(str(n), "Ann", f"Row {n}", "", f"r{n}@example.com", "Nurse") for n in range(60)]
    night.sandbox.control.add_fault({"when": {"row": "30"}, "do": {"status": 402, "code": "PAYMENT_REQUIRED"}})
    ended = await night.run(*rows, on_match="create")
    assert ended.exit_code == 3
    there = len(night.contacts())
    assert 0 < there < 60
    night.sandbox.control.clear_faults()
    ended = await night.undo()
    assert (ended.exit_code, night.counts(), night.contacts()) == (0, {"deleted": there}, [])
    with pytest.raises(UsageError, match="no run is unfinished"):
        await night.resume()
    await night.run(*rows)
    assert night.counts() == {"created": 60}


@pytest.mark.parametrize("is_there", [True, False])
async def test_rows_in_doubt_are_looked_up_before_the_run_is_taken_back(night: Nights, is_there: bool) -> None:
    ended = await night.run(ANN, BEN)
    with Journal(night.journal) as journal, journal.database.transaction() as connection:
        connection.execute("UPDATE rows SET state = 'sending', contact_id = NULL WHERE row = 3")
        connection.execute("UPDATE runs SET state = 'running'")
    if not is_there:
        night.sandbox.store.delete("contact", 2)
    await night.undo()
    assert (night.contacts(), night.counts()) == ([], {"deleted": 1 + is_there})
    states = {row.row: (row.state, row.code) for row in night.history().rows(ended.run.id)}
    assert states[3] == (("created", None) if is_there else ("skipped", "taken_back"))


@pytest.mark.parametrize("edited_after", ["the first run", "the second run"])
async def test_a_persons_edit_is_not_hidden_by_what_later_runs_and_their_undo_write(night: Nights, edited_after: str) -> None:
    first = await night.run(ANN)
    if edited_after == "the first run":
        _edited(night, 1, later_s=120, SOURCE_DESCRIPTION="met at the fair")
    second = await night.run(_row(ANN, Job="Doctor"), is_rechecked=True)
    if edited_after == "the second run":
        _edited(night, 1, later_s=120, SOURCE_DESCRIPTION="met at the fair")
    await night.undo(second.run.run)
    await night.undo(first.run.run)
    [contact] = night.contacts()
    assert contact["SOURCE_DESCRIPTION"] == "met at the fair"


async def test_a_contact_that_only_our_runs_wrote_to_is_taken_back_to_the_first(night: Nights) -> None:
    first = await night.run(ANN)
    second = await night.run(_row(ANN, Job="Doctor"))
    await night.undo(second.run.run)
    await night.undo(first.run.run)
    assert night.contacts() == []


async def test_its_report_says_which_contacts_were_left_and_why(night: Nights) -> None:
    await night.run(ANN, BEN)
    _edited(night, 1, POST="Boss")
    await night.undo()
    page = (night.folder / "report" / "report.html").read_text("utf-8")
    assert "Skipped: 1 row" in page and "It is kept; --force deletes it." in page
