"""What of a row is sent to a contact that is there: a table of wanted, stored and change."""

from __future__ import annotations

import pytest

from importer.mapping.differences import Differences, FieldPolicy

PHONES = [{"ID": "5", "VALUE": "020 7946 0001", "VALUE_TYPE": "WORK", "TYPE_ID": "PHONE"}]


def _phone(value: str, kind: str = "WORK") -> dict[str, str]:
    return {"VALUE": value, "VALUE_TYPE": kind}


def _between(name: str, policy: FieldPolicy, wanted: object, stored: object) -> object:
    differences = Differences({name: policy}, "GB")
    return differences.between({name: wanted}, {name: stored}).get(name)


@pytest.mark.parametrize(
    ("wanted", "clears", "change"),
    [
        ([_phone("+442079460001")], False, None),
        ([_phone("+442079460002")], False, [_phone("+442079460002")]),
        ([_phone("+442079460001", "MOBILE")], False, [{"ID": "5", "VALUE": "020 7946 0001", "VALUE_TYPE": "MOBILE"}]),
        ([_phone("+442079460002")], True, [_phone("+442079460002"), {"ID": "5", "DELETE": "Y"}]),
        ([], True, [{"ID": "5", "DELETE": "Y"}]),
        ([], False, None),
        ([_phone("+442079460001;ext=7")], False, [_phone("+442079460001;ext=7")]),
        ([{"VALUE": "+442079460001"}], False, None),
    ],
)
def test_values_of_a_multifield(wanted: list, clears: bool, change: object) -> None:
    assert _between("PHONE", FieldPolicy("crm_multifield", clears=clears), wanted, PHONES) == change


@pytest.mark.parametrize(
    ("wanted", "held", "is_new"),
    [
        ("89160000000", "+7 916 000-00-00", False),
        ("+79160000000", "8 (916) 000-00-00", False),
        ("9160000000", "+79160000000", False),
        ("89160000001", "+79160000000", True),
        ("89160000000", "+442079460011", True),
        ("89160000000;ext=5", "+79160000000", True),
        ("0", "+79160000000", True),
    ],
)
def test_without_a_region_a_number_dialled_within_its_country_is_not_added_to_itself(wanted: str, held: str, is_new: bool) -> None:
    differences = Differences({"PHONE": FieldPolicy("crm_multifield")}, None)
    change = differences.between({"PHONE": [_phone(wanted)]}, {"PHONE": [{"ID": "5", **_phone(held)}]})
    assert change == ({"PHONE": [_phone(wanted)]} if is_new else {})


def test_of_two_alike_the_one_of_the_wanted_kind_is_meant() -> None:
    held = [{"ID": "5", "VALUE": "a@example.com", "VALUE_TYPE": "WORK"}, {"ID": "6", "VALUE": "A@example.com", "VALUE_TYPE": "HOME"}]
    assert _between("EMAIL", FieldPolicy("crm_multifield"), [_phone("a@example.com", "HOME")], held) is None


@pytest.mark.parametrize(
    ("overwrite", "stored", "change"),
    [
        ("always", "Clerk", "Nurse"), ("always", "Nurse", None), ("always", None, "Nurse"),
        ("if_empty", "Clerk", None), ("if_empty", None, "Nurse"),
        ("never", "Clerk", None), ("never", None, None),
    ],
)  # fmt: skip
def test_what_a_field_lets_an_update_do(overwrite: str, stored: str | None, change: str | None) -> None:
    assert _between("POST", FieldPolicy("string", overwrite), "Nurse", stored) == change


@pytest.mark.parametrize(
    ("clears", "wanted", "stored", "change"),
    [
        (False, ["3"], ["5"], ["5", "3"]),
        (False, ["5"], ["5", "3"], None),
        (True, ["3"], ["5"], ["3"]),
        (True, ["3", "5"], ["5", "3"], None),
    ],
)
def test_companies_that_others_linked_stay_unless_the_mapping_clears(clears: bool, wanted: list, stored: list, change: object) -> None:
    assert _between("COMPANY_IDS", FieldPolicy("crm_company", clears=clears), wanted, stored) == change


def test_an_empty_cell_empties_only_where_it_may() -> None:
    differences = Differences({"POST": FieldPolicy("string", clears=True), "NAME": FieldPolicy("string"), "EMAIL": FieldPolicy("crm_multifield", clears=True)})
    wanted = differences.wanted({"LAST_NAME": "Reed"})
    assert wanted == {"LAST_NAME": "Reed", "POST": "", "EMAIL": []}
    assert differences.between(wanted, {"LAST_NAME": "Reed", "POST": "Clerk"}) == {"POST": ""}


def test_filling_only_fills_and_empties_nothing() -> None:
    filling = Differences({"POST": FieldPolicy("string", clears=True), "NAME": FieldPolicy("string")}).filling()
    assert filling.between(filling.wanted({"NAME": "Ann"}), {"NAME": "Anna", "POST": "Clerk"}) == {}


@pytest.mark.parametrize(
    ("stored", "change"),
    [
        ({}, {"ORIGINATOR_ID": "erp", "ORIGIN_ID": "1"}),
        ({"ORIGINATOR_ID": "crm", "ORIGIN_ID": ""}, {}),
        ({"ORIGINATOR_ID": "erp", "ORIGIN_ID": "9"}, {}),
        ({"ORIGINATOR_ID": "erp", "ORIGIN_ID": "1"}, {}),
    ],
)
def test_an_identity_goes_only_where_there_is_none(stored: dict, change: dict) -> None:
    assert Differences({}).between({"ORIGINATOR_ID": "erp", "ORIGIN_ID": "1"}, stored) == change


def test_address_texts_go_together_for_the_portal_empties_what_is_missing() -> None:
    differences = Differences({"ADDRESS_CITY": FieldPolicy("string")})
    stored = {"ADDRESS": "Main Street 1", "ADDRESS_CITY": "Leeds", "ADDRESS_COUNTRY": None}
    assert differences.between({"ADDRESS_CITY": "York"}, stored) == {"ADDRESS_CITY": "York", "ADDRESS": "Main Street 1"}


def test_what_a_run_began_with_is_what_it_is_resumed_with() -> None:
    differences = Differences({"POST": FieldPolicy("string", "if_empty", True)}, "GB")
    assert Differences.from_settings(differences.as_settings()) == differences
