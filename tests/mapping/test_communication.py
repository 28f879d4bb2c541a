"""When two phones or e-mails are the same, and how a portal may spell them."""

from __future__ import annotations

import pytest

from importer.mapping.communication import email_key, extension, phone_key, phone_spellings


@pytest.mark.parametrize(
    ("phone", "region", "key"),
    [
        ("+44 20 7946 0011", None, "+442079460011"),
        ("020 7946 0011", "GB", "+442079460011"),
        ("+44 (0)20 7946 0011", "GB", "+442079460011"),
        ("+442079460011;ext=12", None, "+442079460011"),
        ("020 7946 0011 ext. 12", "GB", "+442079460011"),
        ("8 916 000-00-00", "RU", "+79160000000"),
        ("020 7946 0011", None, "local 02079460011"),
        ("+999 1234567", None, "+9991234567"),
        ("112", "RU", ""),
        ("0", None, ""),
    ],
)
def test_what_makes_phones_the_same(phone: str, region: str | None, key: str) -> None:
    assert phone_key(phone, region) == key


def test_every_usual_spelling_is_asked_for() -> None:
    assert phone_spellings("+79160000000") == ("+79160000000", "79160000000", "89160000000", "9160000000", "+7 916 000-00-00", "8 (916) 000-00-00")


def test_the_extension_is_no_part_of_a_spelling() -> None:
    assert phone_spellings("+442079460011;ext=12") == phone_spellings("+442079460011")
    assert extension("+442079460011;ext=12") == "12"


def test_a_number_without_a_country_has_its_own_spelling_and_its_digits() -> None:
    assert phone_spellings("7946-0011") == ("7946-0011", "79460011")


def test_case_does_not_make_two_addresses() -> None:
    assert email_key(" Ann@Example.com") == email_key("ann@example.com")
