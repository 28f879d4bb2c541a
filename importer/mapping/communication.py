"""What makes two phones or two e-mails the same, and under which spellings a portal may hold a phone.

A portal keeps a phone as it was typed, and its search compares more than digits: the extension is ignored, the rest
counts as a whole, and which characters are dropped before is not documented (apidocs.bitrix24.com,
crm.duplicate.findbycomm). So a phone is asked for under every usual spelling, and judged here.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

import phonenumbers

from importer.mapping.digits import ascii_digits

_NOT_A_DIGIT = re.compile(r"[^0-9]")

# A phone with fewer digits (a short number, a 0 for "none") does not tell one person from another.
_LEAST_DIGITS = 7

#: begins the key of a phone without its country
LOCAL = "local "

# What any portal's comparison of two spellings of a number must leave alike: its last digits.
_TAIL_DIGITS = 7

# Characters of which every comparison of phones can be trusted to see through; others may count for the portal.
_PLAINLY_WRITTEN = re.compile(r"\s*+\+?[0-9\s().\-]*")

# Written extensions, for numbers the library does not take.
_EXTENSION = re.compile(r"(?:;ext=|,|;|#|\bext\.?|\bдоб\.?)\s*\d{1,7}\s*$", re.IGNORECASE)


@lru_cache(maxsize=20_000)
def phone_key(phone: str, region: str | None = None) -> str:
    """`+79160000000` for every spelling of a number that is valid for `region`, without its extension; else its digits.

    Empty for a number too short to tell a person by. A number without a country has a key that equals only its like:
    it may be that of another person elsewhere.
    """
    number = _parsed(phone, region)
    if number is not None and phonenumbers.is_valid_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    bare = _EXTENSION.sub("", phone.strip())
    digits = _NOT_A_DIGIT.sub("", bare)
    if len(digits) < _LEAST_DIGITS:
        return ""
    return f"+{digits}" if bare.startswith("+") else f"{LOCAL}{digits}"


def extension(phone: str, region: str | None = None) -> str:
    """The extension of a number, empty for one without."""
    number = _parsed(phone, region)
    if number is not None:
        return number.extension or ""
    written = _EXTENSION.search(phone)
    return _NOT_A_DIGIT.sub("", written[0]) if written else ""


def email_key(email: str) -> str:
    """The address without regard to case: two that differ in it alone reach the same person in practice."""
    return email.strip().lower()


def phone_spellings(phone: str) -> tuple[str, ...]:
    """How a portal may hold the number, the likeliest first: `+79160000000`, `79160000000`, `89160000000`,
    `9160000000`, `+7 916 000-00-00`, `8 (916) 000-00-00`. A number that is not in E.164 has its own spelling and its
    digits, with a plus too where that makes a valid number: `79160000000` in a file is `+79160000000` in a portal."""
    bare = phone.partition(";ext=")[0]
    number = _parsed(bare, None)
    if number is None or not phonenumbers.is_valid_number(number):
        digits = _NOT_A_DIGIT.sub("", bare)
        abroad = (f"+{digits}",) if _written(f"+{digits}")[1] else ()
        return tuple(dict.fromkeys((bare, digits, *abroad)))
    formats = phonenumbers.PhoneNumberFormat
    national = phonenumbers.format_number(number, formats.NATIONAL)
    e164 = phonenumbers.format_number(number, formats.E164)
    bare_national = phonenumbers.national_significant_number(number)
    spelled = (e164, e164[1:], _NOT_A_DIGIT.sub("", national), bare_national, phonenumbers.format_number(number, formats.INTERNATIONAL), national)
    return tuple(dict.fromkeys(spelled))


def holds_phone(spellings: Collection[str], held: Collection[str]) -> bool | None:
    """Whether a contact with the phones `held` has the number that is asked for under `spellings`; None: the portal alone can tell.

    It never depends on what else was asked. Two numbers that both have their country are the same or not, whatever their
    digits; whether 8 916… is +7 916… only a portal knows that sees through it.
    """
    asked = {_written(spelling)[0] for spelling in spellings}
    tails = {_NOT_A_DIGIT.sub("", spelling)[-_TAIL_DIGITS:] for spelling in spellings}
    is_open, is_local = not held, not _written(next(iter(spellings)))[1]
    for phone in held:
        form, has_country = _written(phone)
        is_plain = _PLAINLY_WRITTEN.fullmatch(_EXTENSION.sub("", phone)) is not None
        if form in asked and is_plain:
            return True
        digits = _NOT_A_DIGIT.sub("", ascii_digits(phone))
        is_open = is_open or not (has_country and is_plain and not is_local) and any(tail in digits for tail in tails)
    return None if is_open else False


def holds_email(spellings: Collection[str], held: Collection[str]) -> bool | None:
    """The same for an e-mail. An address among other words in one field is for the portal to tell."""
    asked, there = {email_key(spelling) for spelling in spellings}, [email_key(email) for email in held]
    if not asked.isdisjoint(there):
        return True
    return None if not held or any(one in email for one in asked for email in there) else False


@lru_cache(maxsize=20_000)
def _written(phone: str) -> tuple[str, bool]:
    """A number as two spellings of it are compared, without extension and separators, and whether it says its country."""
    number = _parsed(phone, None)
    if number is not None and phonenumbers.is_valid_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), True
    bare = _EXTENSION.sub("", phone.strip())
    return ("+" if bare.startswith("+") else "") + _NOT_A_DIGIT.sub("", bare), False


def national_digits(phone: str) -> tuple[str, ...]:
    """The digits of those `phone_spellings` of a number in E.164 that leave its country out, without the cost of the spellings."""
    digits = _NOT_A_DIGIT.sub("", phone)
    for length in (1, 2, 3):
        trunk = _trunk_prefix(digits[:length])
        if trunk is not None:
            own = digits[length:]
            return tuple(dict.fromkeys((trunk + own, own)))
    return ()


def are_one_number(key: str, other: str) -> bool:
    """Whether two keys of `phone_key` stand for one number of one person: they are equal, or one is how the other, which has
    its country, is dialled within it."""
    local, whole = sorted((key, other), key=lambda one: one.startswith("+"))
    return key == other or (whole.startswith("+") > local.startswith("+") and local.removeprefix(LOCAL) in national_digits(whole))


@lru_cache(maxsize=2_000)
def _trunk_prefix(code: str) -> str | None:
    """What is dialled before a number within the country of this code, empty for nothing; None for no country's code."""
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code or 0))
    example = regions and phonenumbers.example_number(regions[0])
    if not example:
        return None
    # As the library writes it, which is not always the prefix it names: 80 and not 8 in Belarus.
    national = _NOT_A_DIGIT.sub("", phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL))
    own = phonenumbers.national_significant_number(example)
    return national.removesuffix(own) if national.endswith(own) else ""


def _parsed(phone: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(phone, region)
    except phonenumbers.NumberParseException:
        return None
