"""When two phones or e-mails are the same, and how a portal may spell them."""

from __future__ import annotations

import pytest

from importer.mapping.communication import email_key, extension, holds_email, holds_phone, national_digits, phone_key, phone_spellings


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


def test_digits_that_are_a_valid_number_with_a_plus_are_asked_for_with_it() -> None:
    assert phone_spellings("79160000000") == ("79160000000", "+79160000000")


@pytest.mark.parametrize(
    ("asked", "held", "verdict"),
    [
        ("+79160000000", ["8 (916) 000-00-00"], True),
        ("+79160000000", ["+7 916 000-00-00 доб. 12"], True),
        ("79160000000", ["+79160000000"], True),
        ("89160000000", ["79160000000"], None),
        # A portal that takes 8 for +7 finds it, and would be given the contact a second time.
        ("89160000000", ["+79160000000"], None),
        ("89160000000", ["+79160000001"], False),
        ("+79160000000", ["＋７９１６０００００００"], None),
        ("+79160000000", ["+79160000001"], False),
        ("+79160000000", ["79160000001", "+442079460011"], False),
        ("+79160000000", ["home 916/0000000"], None),
        ("+79160000000", ["+7/916/0000000"], None),
        ("+79160000000", [], None),
        # 8 499 123-45-67 in Moscow and +84 99 123 45 67 in Vietnam have the same digits.
        ("+74991234567", ["+84991234567"], False),
        ("+74991234567", ["84991234567"], True),
    ],
)
def test_whose_a_hit_is_depends_on_the_number_asked_for_alone(asked: str, held: list[str], verdict: bool | None) -> None:
    assert holds_phone(phone_spellings(asked), held) is verdict


@pytest.mark.parametrize(
    ("held", "verdict"), [(["Ann@Example.com"], True), (["ben@example.com"], False), (["ann@example.com, ben@example.com"], None), ([], None)]
)
def test_an_address_among_others_in_one_field_is_for_the_portal_to_tell(held: list[str], verdict: bool | None) -> None:
    assert holds_email(["ann@example.com"], held) is verdict


@pytest.mark.parametrize("phone", ["+79160000000", "+442079460011", "+12125550123", "+375294911911", "+390612345678", "+37120123456"])
def test_digits_without_a_country_are_those_of_the_spellings(phone: str) -> None:
    spelled = {"".join(char for char in spelling if char.isdecimal()) for spelling in phone_spellings(phone)}
    assert set(national_digits(phone)) == spelled - {phone[1:]}
