"""The second and the hundredth import of a file: who is meant, what is compared, what is written, and at what price."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from importer.batcher.progress import Progress
from importer.batcher.stopping import Stop
from importer.errors import GuardRail, MappingError
from importer.findings import GuardRails
from importer.journal.database import Database
from importer.journal.journal import Journal
from importer.journal.memory import forget_what_is_sent, images
from importer.run import import_file
from importer.sandbox.multifields import Changes, Multifield
from tests.nights import HEADER, MAPPING, Nights, nights

ANN = ("1", "Ann", "Reed", "020 7946 0001", "ann@example.com", "Nurse")
BEN = ("2", "Ben", "Cole", "020 7946 0002", "ben@example.com", "Clerk")


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Nights]:
    async with nights(tmp_path) as made:
        yield made


def _with(on_match: str, by: str = "origin, phone, email", more: str = "") -> str:
    return MAPPING.replace("by: [origin, phone, email], on_match: update", f"by: [{by}], on_match: {on_match}{more}")


def _row(row: tuple[str, ...], **changes: str) -> tuple[str, ...]:
    return tuple(changes.get(name, value) for name, value in zip(HEADER, row, strict=True))


def _entered(night: Nights, phones: tuple[tuple[str, str], ...] = (), **fields: object) -> int:
    """A contact that somebody entered by hand; its id."""
    added = [Multifield("PHONE", value, kind) for value, kind in phones]
    stamped = {"DATE_CREATE": "2026-01-01T10:00:00+03:00", "DATE_MODIFY": "2026-01-01T10:00:00+03:00"}
    return night.sandbox.store.insert("contact", {"NAME": "Ann", "LAST_NAME": "Reed", **stamped, **fields}, added)


# -- the second night -----------------------------------------------------------------------------


async def test_the_same_file_twice_writes_and_compares_nothing(night: Nights) -> None:
    await night.run(ANN, BEN)
    ended = await night.run(ANN, BEN)
    assert (ended.exit_code, night.counts()) == (0, {"skipped": 2})
    assert night.results() == {2: ("skipped", "unchanged"), 3: ("skipped", "unchanged")}
    assert not {"crm.contact.add", "crm.contact.update", "crm.contact.list", "crm.duplicate.findbycomm"} & night.called.keys()


async def test_thirty_changed_rows_of_two_thousand_make_exactly_thirty_updates(night: Nights) -> None:
    rows = [(str(n), "Ann", f"Row {n}", "", f"r{n}@example.com", "Nurse") for n in range(2000)]
    await night.run(*rows)
    changed = [_row(row, Job="Doctor") if n % 66 == 0 and n < 1980 else row for n, row in enumerate(rows)]
    ended = await night.run(*changed)
    assert (ended.exit_code, night.counts()) == (0, {"updated": 30, "skipped": 1970})
    assert night.called["crm.contact.update"] == 30
    assert night.called["crm.contact.add"] == 0
    # A page of ids, a page to compare, the newest contact; and one before each batch of updates.
    assert night.called["crm.contact.list"] <= 3 + night.called["crm.contact.update"] / 5


async def test_recheck_compares_every_row_and_still_writes_nothing(night: Nights) -> None:
    await night.run(ANN, BEN)
    await night.run(ANN, BEN, is_rechecked=True)
    assert night.counts() == {"skipped": 2}
    assert night.called["crm.contact.list"] and not night.called["crm.contact.update"]


async def test_recheck_mends_what_a_person_changed(night: Nights) -> None:
    await night.run(ANN)
    night.sandbox.store.update("contact", 1, {"POST": "Boss"}, Changes())
    await night.run(ANN)
    assert night.contacts()[0]["POST"] == "Boss"
    await night.run(ANN, is_rechecked=True)
    assert night.contacts()[0]["POST"] == "Nurse"


async def test_a_value_that_goes_back_to_what_it_was_two_nights_ago_is_written(night: Nights) -> None:
    for job in ("Nurse", "Doctor", "Nurse"):
        await night.run(_row(ANN, Job=job))
    assert night.contacts()[0]["POST"] == "Nurse"
    assert night.counts() == {"updated": 1}


async def test_another_mapping_knows_nothing_of_the_first_ones_rows(night: Nights) -> None:
    await night.run(ANN)
    await night.run(ANN, mapping=MAPPING + "  TYPE_ID: {value: CLIENT}\n")
    assert night.called["crm.contact.list"] > 1


async def test_phones_are_not_doubled_after_ten_nights(night: Nights) -> None:
    for number in range(10):
        await night.run(_row(ANN, Job=f"Job {number}", Phone="020 7946 0001; 020 7946 0009"), is_rechecked=True)
    [contact] = night.contacts()
    assert night.phones(contact) == [("+442079460001", "WORK"), ("+442079460009", "WORK")]
    assert [entry["VALUE"] for entry in contact["EMAIL"]] == ["ann@example.com"]


# -- who is meant ---------------------------------------------------------------------------------


@pytest.mark.parametrize("stored", ["+442079460001", "+44 20 7946 0001", "020 7946 0001", "02079460001", "2079460001", "442079460001", "+44 20 7946 0001 ext. 12"])
async def test_a_contact_entered_by_hand_is_found_by_its_phone_however_it_is_spelled(night: Nights, stored: str) -> None:
    _entered(night, ((stored, "WORK"),))
    await night.run(ANN)
    [contact] = night.contacts()
    assert night.counts() == {"updated": 1}
    assert (contact["POST"], contact["ORIGIN_ID"]) == ("Nurse", "1")


async def test_a_contact_of_another_record_of_the_same_source_is_told_and_left_alone(night: Nights) -> None:
    _entered(night, (("+442079460001", "WORK"),), ORIGINATOR_ID="erp", ORIGIN_ID="99")
    await night.run(ANN)
    [contact] = night.contacts()
    assert night.results() == {2: ("rejected", "other_record")}
    assert (contact["ORIGIN_ID"], contact["POST"]) == ("99", None)


async def test_a_row_that_meets_another_records_contact_does_not_cost_that_record_its_row(night: Nights) -> None:
    _entered(night, (("+442079460001", "WORK"),), ORIGINATOR_ID="erp", ORIGIN_ID="99")
    await night.run(ANN, ("99", "Ada", "Kern", "", "ada@example.com", "Boss"))
    assert night.results() == {2: ("rejected", "other_record"), 3: ("updated", "")}
    assert night.contacts()[0]["POST"] == "Boss"


WITHOUT_ORIGIN = """\
version: 1
{origin}
defaults: {{region: GB}}
match: {{by: [{by}], on_match: {on_match}}}
fields: {{NAME: First, LAST_NAME: Last, PHONE: {{column: Phone, type: WORK}}, EMAIL: {{column: Mail, type: WORK}}, POST: Job}}
"""


@pytest.mark.parametrize("origin", ["", "origin: false"])
@pytest.mark.parametrize(("by", "on_match", "changed"), [("phone", "update", "Boss"), ("email", "update", "Boss"), ("phone", "fill", "Nurse")])
async def test_a_row_without_an_identity_finds_what_an_earlier_night_created(night: Nights, origin: str, by: str, on_match: str, changed: str) -> None:
    mapping = WITHOUT_ORIGIN.format(origin=origin, by=by, on_match=on_match)
    await night.run(ANN, mapping=mapping)
    await night.run((*ANN[:5], "Boss"), mapping=mapping)
    [contact] = night.contacts()
    assert contact["POST"] == changed
    assert night.results() == {2: ("updated", "") if on_match == "update" else ("skipped", "unchanged")}


async def test_a_contact_with_half_an_identity_is_no_other_record_of_a_row_without_one(night: Nights) -> None:
    _entered(night, (("+442079460001", "WORK"),), ORIGIN_ID="77")
    await night.run(ANN, mapping=WITHOUT_ORIGIN.format(origin="origin: false", by="phone", on_match="update"))
    assert night.results() == {2: ("updated", "")}


async def test_a_number_written_with_and_without_extension_is_one_person_before_it_is_sent(night: Nights) -> None:
    mapping = WITHOUT_ORIGIN.format(origin="", by="phone", on_match="update").replace("defaults: {region: GB}\n", "")
    phones = ("8 (495) 123-45-67", "8 (495) 123-45-67 доб. 12")
    rows = [(str(n), "Ann", "Reed", phone, "", "Nurse") for n, phone in enumerate(phones)]
    await night.run(*rows, mapping=mapping)
    assert night.results() == {2: ("created", ""), 3: ("rejected", "duplicate_phone")}


NAMED_AS_WE_ARE = (
    "origin: {originator: b24-import, id: [Id]}\nfields: {NAME: First}\n",
    "fields: {NAME: First, ORIGINATOR_ID: {value: b24-import}, ORIGIN_ID: Id}\n",
)


@pytest.mark.parametrize("identity", NAMED_AS_WE_ARE)
async def test_an_identity_of_a_persons_own_that_bears_our_name_is_one(night: Nights, identity: str) -> None:
    header, mapping = ("Id", "First"), f"version: 1\n{identity}"
    await night.run(("1", "Ann"), ("2", "Ben"), ("2", "Cid"), mapping=mapping, header=header)
    assert night.results() == {2: ("created", ""), 3: ("created", ""), 4: ("rejected", "duplicate_origin")}
    assert (await night.verify()).exit_code == 0
    await night.run(("1", "Ann"), ("2", "Ben"), mapping=mapping, header=header, limit=9)
    assert night.results() == {2: ("skipped", "exists"), 3: ("skipped", "exists")}
    assert len(night.contacts()) == 2


async def test_the_identity_of_another_source_is_never_taken(night: Nights) -> None:
    _entered(night, (("+442079460001", "WORK"),), ORIGINATOR_ID="shop", ORIGIN_ID="99")
    await night.run(ANN)
    [contact] = night.contacts()
    assert (contact["ORIGINATOR_ID"], contact["ORIGIN_ID"], contact["POST"]) == ("shop", "99", "Nurse")


async def test_hits_of_one_search_are_told_apart_by_row(night: Nights) -> None:
    people = [(str(n), "Ann", f"Row {n}", f"020 7946 0{n:03d}", "", "Nurse") for n in range(60)]
    for n in range(0, 60, 7):
        _entered(night, ((f"020 7946 0{n:03d}", "WORK"),), LAST_NAME=f"Entered {n}")
    await night.run(*people)
    found = {int(contact["ORIGIN_ID"]): contact for contact in night.contacts()}
    assert len(found) == 60
    assert {n for n, contact in found.items() if contact["ID"] <= 9} == set(range(0, 60, 7))


@pytest.mark.parametrize("stored", ["79161234600", "+79161234600"])
@pytest.mark.parametrize("phones", [["79161234600"], ["+79161234600"], ["+79161234600", "79161234600"], ["79161234600", "+79161234600"], ["89161234600", "+79161234600"]])
async def test_what_a_row_finds_does_not_depend_on_its_neighbours(night: Nights, stored: str, phones: list[str]) -> None:
    _entered(night, ((stored, "WORK"),))
    people = [(str(n), "Ann", "Reed", phone, "", "Nurse") for n, phone in enumerate(phones)]
    await night.run(*people, mapping=_with("skip", "phone").replace("defaults: {region: GB}\n", ""))
    results = list(night.results().values())
    if phones[0] == "89161234600":
        assert results[1] == ("rejected", "duplicate_phone")
    else:
        assert results == [("skipped", "exists"), ("rejected", "duplicate_phone")][: len(phones)]
        assert len(night.contacts()) == 1


async def test_a_phone_of_one_row_is_no_hit_of_its_neighbour(night: Nights) -> None:
    """One command asks for both; the contact's other number belongs to the second row only as the portal itself says."""
    _entered(night, (("+442079460001", "WORK"), ("020/7946/0002", "WORK")))
    mapping = _with("skip", "phone")
    await night.run(ANN, BEN, mapping=mapping)
    assert night.results() == {2: ("skipped", "exists"), 3: ("created", "")}


async def test_keys_are_tried_in_their_order(night: Nights) -> None:
    by_mail = _entered(night, LAST_NAME="By mail")
    night.sandbox.store.update("contact", by_mail, {}, Changes(added=[Multifield("EMAIL", "ann@example.com", "WORK")]))
    by_phone = _entered(night, (("+442079460001", "WORK"),), LAST_NAME="By phone")
    await night.run(ANN, mapping=_with("update", "email, phone"))
    jobs = {contact["ID"]: contact["POST"] for contact in night.contacts()}
    assert jobs == {by_mail: "Nurse", by_phone: None}


@pytest.mark.parametrize(("more", "outcome"), [("", ("rejected", "many_matches")), (", on_many: oldest", ("updated", ""))])
async def test_many_matches_never_mean_all(night: Nights, more: str, outcome: tuple[str, str]) -> None:
    first, second = (_entered(night, (("+442079460001", "WORK"),)) for _ in range(2))
    await night.run(ANN, mapping=_with("update", more=more))
    assert night.results() == {2: outcome}
    jobs = {contact["ID"]: contact["POST"] for contact in night.contacts()}
    assert jobs == {first: "Nurse" if more else None, second: None}


async def test_a_search_that_may_be_cut_off_is_asked_value_by_value(night: Nights) -> None:
    for _ in range(25):
        _entered(night, (("+442079460002", "WORK"),))
    mine = _entered(night, (("+442079460001", "WORK"),))
    await night.run(BEN, ANN, mapping=_with("skip", "phone"))
    assert night.results() == {2: ("rejected", "many_matches"), 3: ("skipped", "exists")}
    assert mine == 26


@pytest.mark.parametrize("column", ["Phone", "Mail"])
async def test_two_rows_for_one_contact_are_told_before_sending(night: Nights, column: str) -> None:
    await night.run(ANN, _row(BEN, **{column: _row(ANN)[HEADER.index(column)]}))
    assert night.results()[3] == ("rejected", {"Phone": "duplicate_phone", "Mail": "duplicate_email"}[column])
    assert len(night.contacts()) == 1


async def test_two_rows_that_find_the_same_contact_by_different_keys_are_told_before_sending(night: Nights) -> None:
    contact = _entered(night, (("+442079460001", "WORK"),))
    night.sandbox.store.update("contact", contact, {}, Changes(added=[Multifield("EMAIL", "ben@example.com", "WORK")]))
    await night.run(ANN, BEN)
    assert night.results() == {2: ("updated", ""), 3: ("rejected", "same_contact")}


async def test_a_large_file_reads_the_index_of_its_originator_and_not_every_id(night: Nights) -> None:
    await night.run(*[(str(n), "Ann", f"Row {n}", "", "", "") for n in range(100)], mapping=_with("update", "origin"))
    await night.run(*[(str(n), "Ann", f"Row {n}", "", "", "x") for n in range(5200)], mapping=_with("update", "origin"))
    assert night.counts() == {"updated": 100, "created": 5100}
    assert night.called["crm.contact.list"] < 70
    assert any("whole index" in said for said in night.progress.messages)


# -- what is written ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on_match", "post", "expected", "code"),
    [
        ("skip", "Boss", "Boss", "exists"),
        ("fill", "Boss", "Boss", ""),
        ("fill", None, "Nurse", ""),
        ("update", "Boss", "Nurse", ""),
        ("update", None, "Nurse", ""),
    ],
)
async def test_what_happens_to_a_contact_that_is_there(night: Nights, on_match: str, post: str | None, expected: str, code: str) -> None:
    _entered(night, ORIGINATOR_ID="erp", ORIGIN_ID="1", POST=post)
    await night.run(ANN, mapping=_with(on_match))
    [contact] = night.contacts()
    assert (contact["POST"], night.results()[2][1]) == (expected, code)


async def test_create_creates_regardless(night: Nights) -> None:
    await night.run(ANN)
    await night.run(ANN, mapping=_with("create"))
    assert len(night.contacts()) == 2


async def test_the_command_line_wins_over_the_mapping(night: Nights) -> None:
    await night.run(ANN)
    await night.run(_row(ANN, Job="Doctor"), on_match="skip")
    assert night.contacts()[0]["POST"] == "Nurse"


@pytest.mark.parametrize(
    ("rule", "held", "cell", "expected"),
    [
        ("POST: Job", "Boss", "", "Boss"),
        ("POST: {column: Job, clear: true}", "Boss", "", None),
        ("POST: {column: Job, overwrite: if_empty}", "Boss", "Nurse", "Boss"),
        ("POST: {column: Job, overwrite: if_empty}", None, "Nurse", "Nurse"),
        ("POST: {column: Job, overwrite: never}", None, "Nurse", None),
        ("POST: {column: Job, overwrite: always}", "Boss", "Nurse", "Nurse"),
    ],
)
async def test_a_field_may_narrow_what_an_update_does(night: Nights, rule: str, held: str | None, cell: str, expected: str | None) -> None:
    _entered(night, ORIGINATOR_ID="erp", ORIGIN_ID="1", POST=held)
    await night.run(_row(ANN, Job=cell), mapping=MAPPING.replace("POST: Job", rule))
    assert night.contacts()[0]["POST"] == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("{column: Phone, type: WORK}", [("+442079460008", "HOME"), ("020 7946 0001", "WORK")]),
        ("{column: Phone, type: MOBILE}", [("+442079460008", "HOME"), ("020 7946 0001", "MOBILE")]),
        ("{column: Phone, type: WORK, clear: true}", [("020 7946 0001", "WORK")]),
    ],
)
async def test_phones_are_added_changed_by_id_and_removed_only_where_asked(night: Nights, rule: str, expected: list) -> None:
    _entered(night, (("+442079460008", "HOME"), ("020 7946 0001", "WORK")), ORIGINATOR_ID="erp", ORIGIN_ID="1")
    mapping = MAPPING.replace('{column: Phone, type: WORK, split: ";"}', rule)
    await night.run(ANN, mapping=mapping)
    assert night.phones(night.contacts()[0]) == expected


async def test_before_images_hold_what_was_there_before_anything_was_sent(night: Nights) -> None:
    _entered(night, (("020 7946 0009", "WORK"),), ORIGINATOR_ID="erp", ORIGIN_ID="1", POST="Boss")
    ended = await night.run(ANN)
    [image] = images(Database(night.journal, read_only=True), ended.run.id)
    assert (image.row, image.contact_id) == (2, 1)
    assert image.held["POST"] == "Boss"
    assert [entry["VALUE"] for entry in image.held["PHONE"]] == ["020 7946 0009"]
    assert image.sent["POST"] == "Nurse"
    assert "NAME" not in image.held


# -- what breaks ----------------------------------------------------------------------------------


@pytest.mark.parametrize("deed", [{"reset_after": 0}, {"reset_after": 1}, {"reset_after": 2}, "reset_before", {"status": 502, "body": "html"}, "not_json"], ids=str)
async def test_an_update_whose_answer_is_lost_is_made_once_and_told_as_made(night: Nights, deed: object) -> None:
    await night.run(ANN, BEN)
    night.sandbox.control.add_fault({"when": {"method": "crm.contact.update", "times": 1}, "do": deed})
    await night.run(_row(ANN, Job="Doctor"), _row(BEN, Phone="020 7946 0007"))
    assert sum(night.sandbox.control.statistics()["faults"].values()) == 1
    assert night.counts() == {"updated": 2}
    assert night.phones(night.contacts()[1]) == [("+442079460002", "WORK"), ("+442079460007", "WORK")]


async def test_a_run_that_stopped_between_its_updates_goes_on(night: Nights) -> None:
    rows = [(str(n), "Ann", f"Row {n}", "", f"r{n}@example.com", "Nurse") for n in range(60)]
    await night.run(*rows)
    # The night asks some seven times before its first updates leave, ten rows at once and then more.
    later = f"{len(night.sandbox.requests) + 13}-{len(night.sandbox.requests) + 500}"
    night.sandbox.control.add_fault({"when": {"request": later}, "do": {"status": 402, "code": "PAYMENT_REQUIRED"}})
    ended = await night.run(*[_row(row, Job="Doctor") for row in rows])
    assert (ended.exit_code, 0 < night.counts().get("updated", 0) < 60) == (3, True)
    night.sandbox.control.clear_faults()
    ended = await night.resume()
    assert (ended.exit_code, night.counts()) == (0, {"updated": 60})
    assert {contact["POST"] for contact in night.contacts()} == {"Doctor"}
    await night.run(*[_row(row, Job="Doctor") for row in rows])
    assert night.counts() == {"skipped": 60}


async def test_a_contact_deleted_before_the_night_is_created_anew(night: Nights) -> None:
    await night.run(ANN, BEN)
    night.sandbox.store.delete("contact", 1)
    await night.run(_row(ANN, Job="x"), _row(BEN, Job="y"))
    assert night.counts() == {"created": 1, "updated": 1}


async def test_a_contact_deleted_between_planning_and_sending_is_told(night: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    await night.run(ANN, BEN)

    def planned(*given: object) -> None:
        night.sandbox.store.delete("contact", 1)
        forget_what_is_sent(*given)

    # What a run does last before it sends.
    monkeypatch.setattr("importer.run.forget_what_is_sent", planned)
    await night.run(_row(ANN, Job="x"), _row(BEN, Job="y"))
    assert night.results() == {2: ("rejected", "contact_gone"), 3: ("updated", "")}
    assert [contact["NAME"] for contact in night.contacts()] == ["Ben"]


async def test_verify_compares_updated_contacts_with_their_rows(night: Nights) -> None:
    _entered(night, (("+442079460001", "WORK"),))
    _entered(night, (("+442079460002", "WORK"),))
    await night.run(ANN, BEN)
    assert (await night.verify()).exit_code == 0
    night.sandbox.store.update("contact", 1, {"POST": "Boss"}, Changes())
    night.sandbox.store.delete("contact", 2)
    found = {finding.row: finding.kind for finding in (await night.verify()).findings}
    assert found == {2: "changed", 3: "missing"}


async def test_an_address_is_written_where_a_contact_has_none_and_never_again(night: Nights) -> None:
    mapping = MAPPING + "  ADDRESS: {city: {column: City}}\n"
    header, row = (*HEADER, "City"), (*ANN, "Leeds")
    _entered(night, (("+442079460001", "WORK"),))
    for outcome in ("updated", "skipped", "skipped"):
        await night.run(row, mapping=mapping, header=header, is_rechecked=True)
        assert night.counts() == {outcome: 1}
    assert night.called["crm.address.add"] == 0


async def test_companies_are_compared_by_their_links(night: Nights) -> None:
    first, second = (night.sandbox.store.insert("company", {"TITLE": title}, []) for title in ("Acme", "Birch"))
    mapping = MAPPING + "  COMPANY_IDS: {column: Firms, lookup: company, split: ';'}\n"
    header = (*HEADER, "Firms")
    await night.run((*ANN, "Acme"), mapping=mapping, header=header)
    await night.run((*ANN, "Acme"), mapping=mapping, header=header, is_rechecked=True)
    assert night.counts() == {"skipped": 1}
    await night.run((*ANN, "Birch"), mapping=mapping, header=header)
    assert [link["COMPANY_ID"] for link in night.sandbox.store.company_links(1)] == [first, second]


async def test_a_photo_is_sent_again_only_when_it_was_changed(night: Nights) -> None:
    folder = night.folder / "photos"
    folder.mkdir()
    (folder / "ann.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"1" * 50)
    mapping, header = MAPPING + "  PHOTO: {column: Photo, files: photos}\n", (*HEADER, "Photo")
    await night.run((*ANN, "ann.png"), mapping=mapping, header=header)
    await night.run((*_row(ANN, Job="x"), "ann.png"), mapping=mapping, header=header)
    assert night.counts() == {"updated": 1}
    first = night.contacts()[0]["PHOTO"]
    (folder / "ann.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"2" * 60)
    await night.run((*_row(ANN, Job="x"), "ann.png"), mapping=mapping, header=header)
    assert night.counts() == {"updated": 1}
    assert night.contacts()[0]["PHOTO"] != first


async def test_a_mended_rejects_file_finds_its_photos_beside_the_source_of_its_run(night: Nights) -> None:
    (night.folder / "photos").mkdir()
    mapping, header = MAPPING + "  PHOTO: {column: Photo, files: photos}\n", (*HEADER, "Photo")
    ended = await night.run((*ANN, "ann.png"), mapping=mapping, header=header)
    assert night.results() == {2: ("rejected", "file_missing")}
    (night.folder / "photos" / "ann.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"1" * 50)
    with Journal(night.journal) as journal:
        again = await import_file(replace(night.job(), report_dir=night.folder / "again"), ended.report_dir / "rejects.csv", night.folder / "night.yaml", journal, Stop(), Progress())
    assert again.exit_code == 0
    assert night.contacts()[0]["PHOTO"]


async def test_a_row_that_was_not_looked_at_says_so_and_a_night_of_such_rows_verifies(night: Nights) -> None:
    await night.run(ANN)
    await night.run(ANN)
    report = (night.folder / "report" / "results.csv").read_text("utf-8")
    assert "was not looked at; --recheck does" in report
    assert (await night.verify()).exit_code == 0


async def test_guard_rails_hold_before_anything_is_written(night: Nights) -> None:
    await night.run(ANN, BEN)
    with pytest.raises(GuardRail, match="2 contacts would be updated, --max-updates allows 1"):
        await night.run(_row(ANN, Job="x"), _row(BEN, Job="y"), rails=GuardRails(max_updates=1))
    assert [contact["POST"] for contact in night.contacts()] == ["Nurse", "Clerk"]


@pytest.mark.parametrize(
    ("match", "told"),
    [
        ("match: {by: [phone]}", "does not say what happens to a contact that is there"),
        ("match: {by: [origin], on_match: skip}", "the mapping gives none"),
        ("match: {by: [phone], on_match: skip}", "the mapping has no PHONE"),
    ],
)
async def test_a_match_that_cannot_be_made_is_a_fault_of_the_mapping(night: Nights, match: str, told: str) -> None:
    with pytest.raises(MappingError, match=told):
        await night.run(ANN, mapping=f"version: 1\n{match}\nfields: {{NAME: First}}\n")
