"""What gives a contact back what it held, and what tells that people have changed it: decisions as tables."""

from __future__ import annotations

import pytest

from importer.mapping.restoring import Restoring

TYPES = {"BIRTHDATE": "date", "OPENED": "char", "PHOTO": "file", "UF_TIER": "enumeration", "UF_SUM": "money", "COMPANY_ID": "crm_company", "ASSIGNED_BY_ID": "user"}
RESTORING = Restoring(TYPES, "GB", own_companies={"15"})


def _phone(value: str, kind: str = "WORK", number: str = "") -> dict[str, str]:
    return {**({"ID": number} if number else {}), "VALUE": value, "VALUE_TYPE": kind}


@pytest.mark.parametrize(
    ("name", "held", "sent", "now", "changes"),
    [
        ("POST", "Boss", "Nurse", "Nurse", "Boss"),
        ("POST", None, "Nurse", "Nurse", ""),
        ("POST", "R & D", "x", "x", "R & D"),
        ("POST", "Boss", "", None, "Boss"),
        ("BIRTHDATE", "1980-05-03T03:00:00+03:00", "1981-05-03", "1981-05-03T03:00:00+03:00", "1980-05-03"),
        ("BIRTHDATE", "", "1981-05-03", "1981-05-03T03:00:00+03:00", ""),
        ("OPENED", "N", "Y", "Y", "N"),
        ("UF_SUM", "10|RUB", "1200|RUB", "1200.00|RUB", "10|RUB"),
        ("UF_TIER", ["81", "85"], ["81"], ["81"], ["81", "85"]),
        ("UF_TIER", False, ["81"], ["81"], ""),
        ("UF_TIER", {"1": "81", "3": "85"}, ["81"], ["81"], ["81", "85"]),
    ],
)  # fmt: skip
def test_a_field_gets_back_what_it_held_in_a_form_that_can_be_sent(name: str, held: object, sent: object, now: object, changes: object) -> None:
    way = RESTORING.way_back({name: held}, {name: sent}, {name: now})
    assert (way.changes, way.by_people, way.lost) == ({name: changes}, [], [])


@pytest.mark.parametrize(("held", "sent", "now"), [("Boss", "Nurse", "Boss"), (None, "Nurse", ""), ("R & D", "x", "R &amp; D")])
def test_what_is_as_it_was_needs_nothing(held: object, sent: object, now: object) -> None:
    way = RESTORING.way_back({"POST": held}, {"POST": sent}, {"POST": now})
    assert not (way.changes or way.by_people)


def test_what_people_changed_is_told_and_sent_only_when_forced() -> None:
    values = {"POST": "Boss", "NAME": "Ann"}, {"POST": "Nurse", "NAME": "Anne"}, {"POST": "Doctor", "NAME": "Anne"}
    assert RESTORING.way_back(*values).by_people == ["POST"]
    assert RESTORING.way_back(*values, is_forced=True).changes == {"POST": "Boss", "NAME": "Ann"}


def test_files_are_told_as_lost() -> None:
    way = RESTORING.way_back({"PHOTO": {"id": 1}}, {"PHOTO": {"file": "a.png"}}, {"PHOTO": {"id": 2}})
    assert (way.lost, way.changes, way.by_people) == (["PHOTO"], {}, [])


OLD, NEW, HOME = _phone("+442079460001", number="1"), _phone("+442079460009"), _phone("+442079460001", "HOME", "1")
STORED = _phone("+44 20 7946 0009", number="7")


@pytest.mark.parametrize(
    ("held", "sent", "now", "elements"),
    [
        ([OLD], [NEW], [OLD, STORED], [{"ID": "7", "DELETE": "Y"}]),
        (None, [NEW], [STORED], [{"ID": "7", "DELETE": "Y"}]),
        ([OLD], [HOME], [HOME], [OLD]),
        ([OLD], [{"ID": "1", "DELETE": "Y"}], None, [_phone("+442079460001")]),
        ([OLD], [NEW, {"ID": "1", "DELETE": "Y"}], [STORED], [{"ID": "7", "DELETE": "Y"}, _phone("+442079460001")]),
    ],
)  # fmt: skip
def test_values_of_a_multifield_go_back_by_their_ids(held: object, sent: list, now: object, elements: list) -> None:
    way = RESTORING.way_back({"PHONE": held}, {"PHONE": sent}, {"PHONE": now})
    assert (way.changes, way.by_people) == ({"PHONE": elements}, [])


@pytest.mark.parametrize("now", [[OLD], [_phone("020 7946 0001", number="1")], [_phone("+442079460001", number="9")]], ids=["same", "spelled", "again"])
def test_a_multifield_that_is_as_it_was_needs_nothing(now: list) -> None:
    way = RESTORING.way_back({"PHONE": [OLD]}, {"PHONE": [NEW]}, {"PHONE": now})
    assert not (way.changes or way.by_people)


def test_where_values_can_only_be_added_what_cannot_be_taken_away_is_lost() -> None:
    restoring = Restoring(TYPES, "GB", is_adding_only=True)
    way = restoring.way_back({"PHONE": [OLD], "POST": None, "NAME": "Ann"}, {"PHONE": [NEW], "POST": "x", "NAME": "y"}, {"PHONE": [OLD, STORED], "POST": "x", "NAME": "y"})
    assert (way.lost, way.changes) == (["PHONE", "POST"], {"NAME": "Ann"})


@pytest.mark.parametrize(
    ("held", "sent", "now", "changes", "link"),
    [
        ({"COMPANY_ID": "12"}, {"COMPANY_ID": "13"}, {"COMPANY_ID": "13", "COMPANY_IDS": ["13", "12"]}, {"COMPANY_ID": "12"}, "13"),
        ({"COMPANY_ID": "12"}, {"COMPANY_ID": "15"}, {"COMPANY_ID": "15", "COMPANY_IDS": ["15", "12", "7"]}, {"COMPANY_IDS": ["12", "7"]}, None),
        ({"COMPANY_ID": None}, {"COMPANY_ID": "13"}, {"COMPANY_ID": "13", "COMPANY_IDS": ["13"]}, {"COMPANY_ID": ""}, None),
        ({"COMPANY_ID": "0"}, {"COMPANY_ID": "13"}, {"COMPANY_ID": "13", "COMPANY_IDS": ["13", "4"]}, {"COMPANY_IDS": ["4"]}, None),
        ({"COMPANY_IDS": ["1", "2"]}, {"COMPANY_IDS": ["1", "2", "3"]}, {"COMPANY_IDS": ["1", "2", "3"]}, {"COMPANY_IDS": ["1", "2"]}, None),
        ({"COMPANY_IDS": []}, {"COMPANY_IDS": ["3"]}, {"COMPANY_IDS": ["3"]}, {"COMPANY_ID": ""}, None),
    ],
)  # fmt: skip
def test_links_to_companies_go_back_as_far_as_they_are_certainly_the_runs(held: dict, sent: dict, now: dict, changes: dict, link: str | None) -> None:
    way = RESTORING.way_back(held, sent, now)
    assert (way.changes, way.link_left, way.by_people) == (changes, link, [])


def test_parts_of_an_address_that_stay_go_along() -> None:
    way = RESTORING.way_back({"ADDRESS_CITY": "Leeds"}, {"ADDRESS_CITY": "York"}, {"ADDRESS_CITY": "York", "ADDRESS": "High Street 1", "ADDRESS_2": None})
    assert way.changes == {"ADDRESS_CITY": "Leeds", "ADDRESS": "High Street 1"}


@pytest.mark.parametrize(
    ("sent", "now", "differing"),
    [
        ({"POST": "Nurse"}, {"POST": "Nurse"}, []),
        ({"POST": "Nurse"}, {"POST": "Boss"}, ["POST"]),
        ({"COMMENTS": "<b>x</b>", "ORIGIN_ID": "1", "DATE_CREATE": "2020-01-01"}, {"COMMENTS": "x"}, []),
        ({"PHOTO": {"file": "a.png"}}, {"PHOTO": {"id": 3}}, []),
        ({"PHONE": [NEW]}, {"PHONE": [STORED]}, []),
        ({"PHONE": [NEW]}, {"PHONE": [STORED, OLD]}, ["PHONE"]),
        ({"PHONE": [NEW]}, {}, ["PHONE"]),
        ({"COMPANY_IDS": ["3"]}, {}, []),
        ({"COMPANY_IDS": ["3"]}, {"COMPANY_IDS": ["4", "3"]}, ["COMPANY_IDS"]),
    ],
)
def test_a_created_contact_differs_where_it_holds_something_else_than_was_sent(sent: dict, now: dict, differing: list) -> None:
    assert RESTORING.differing(sent, now) == differing
