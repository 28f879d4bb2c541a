"""What makes two rows of a file the same person, and finding the second of them."""

from __future__ import annotations

import phonenumbers
import pytest

from importer.mapping.communication import phone_key
from importer.mapping.duplicates import SeenBefore, keys_of
from importer.records import Contact


def contact(*, phones: tuple[str, ...] = (), emails: tuple[str, ...] = ()) -> Contact:
    fields: dict[str, object] = {"NAME": "Ada"}
    for name, values in (("PHONE", phones), ("EMAIL", emails)):
        if values:
            fields[name] = [{"VALUE": value, "VALUE_TYPE": "WORK"} for value in values]
    return Contact(fields)


@pytest.mark.parametrize(
    ("given", "by", "keys"),
    [
        (contact(), ["phone", "email"], []),
        (contact(phones=("+79000000001",)), ["phone"], [("phone", "+79000000001")]),
        (contact(phones=("+79000000001;ext=12", "+79000000001")), ["phone"], [("phone", "+79000000001")]),
        (contact(phones=("8 900 000-00-01",)), ["phone"], [("phone", "local 89000000001")]),
        (contact(phones=("0", "12-34", "нет")), ["phone"], []),
        (contact(emails=("Ada@Example.com", "ada@example.com")), ["email"], [("email", "ada@example.com")]),
        (contact(phones=("+79000000001",), emails=("a@example.com",)), ["email", "phone"],
         [("email", "a@example.com"), ("phone", "+79000000001")]),
    ],
)  # fmt: skip
def test_a_contact_has_the_keys_match_names_each_once_and_in_that_order(given, by, keys):
    assert keys_of(given, by) == keys


@pytest.mark.parametrize(
    "phone",
    ["+79161234567", "+79161234567;ext=12", "+7 916 123-45-67", "8 (495) 123-45-67 доб. 12", "84951234567,12", "+49 151 23456789", "+12345678", "12-34", "нет",
     "+39 06 1234 5678", "+54 9 11 2345-6789", "0049 151 23456789", "ext. 5 8005550199"],
)  # fmt: skip
def test_a_phone_has_one_key_in_the_file_and_in_the_portal(phone: str) -> None:
    for written in {phone, convert_phone(phone)}:
        assert keys_of(contact(phones=(written,)), ["phone"]) == ([("phone", phone_key(written))] if phone_key(written) else [])


def convert_phone(phone: str) -> str:
    """As mapping writes it."""
    found = phonenumbers.parse(phone, None) if phone.startswith("+") else None
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164) if found is not None and phonenumbers.is_valid_number(found) else phone


def test_a_key_seen_before_gives_the_row_that_had_it_first():
    seen = SeenBefore()
    assert [seen.first_row("phone", "7", row) for row in (2, 3, 4)] == [None, 2, 2]
    assert seen.first_row("email", "7", 5) is None
    seen.close()


@pytest.mark.parametrize(
    ("phones", "firsts"),
    [
        (["+79000000001", "local 79000000001"], [None, 1]),
        (["local 79000000001", "+79000000001"], [None, 1]),
        (["local 89000000001", "local 9000000001", "+79000000001"], [None, None, 1]),
        (["+79000000001", "local 9000000001", "local 89000000001"], [None, 1, 1]),
        # The same national number of two countries.
        (["+74991234567", "+14991234567"], [None, None]),
        (["local 9000000001", "local 9000000002"], [None, None]),
    ],
)
def test_a_phone_without_its_country_is_the_one_match_would_find_under_it(phones: list[str], firsts: list[int | None]) -> None:
    seen = SeenBefore()
    assert [seen.first_alike("phone", phone, row) for row, phone in enumerate(phones, 1)] == firsts
    seen.close()
