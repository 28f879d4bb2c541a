"""What makes two phones or two e-mails the same, and under which spellings a portal may hold a phone.

A portal keeps a phone as it was typed, and its search compares more than digits: the extension is ignored, the rest
counts as a whole, and which characters are dropped before is not documented (apidocs.bitrix24.com,
crm.duplicate.findbycomm). So a phone is asked for under every usual spelling, and judged here.
"""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

_NOT_A_DIGIT = re.compile(r"[^0-9]")

# A phone with fewer digits (a short number, a 0 for "none") does not tell one person from another.
_LEAST_DIGITS = 7

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
    return f"+{digits}" if bare.startswith("+") else f"local {digits}"


def extension(phone: str, region: str | None = None) -> str:
    """The extension of a number, empty for one without."""
    number = _parsed(phone, region)
    return (number.extension or "") if number is not None else ""


def email_key(email: str) -> str:
    """The address without regard to case: two that differ in it alone reach the same person in practice."""
    return email.strip().lower()


def phone_spellings(phone: str) -> tuple[str, ...]:
    """How a portal may hold the number, the likeliest first: `+79160000000`, `79160000000`, `89160000000`,
    `9160000000`, `+7 916 000-00-00`, `8 (916) 000-00-00`. A number that is not in E.164 has its own spelling and its digits."""
    bare = phone.partition(";ext=")[0]
    number = _parsed(bare, None)
    if number is None or not phonenumbers.is_valid_number(number):
        return tuple(dict.fromkeys((bare, _NOT_A_DIGIT.sub("", bare))))
    formats = phonenumbers.PhoneNumberFormat
    national = phonenumbers.format_number(number, formats.NATIONAL)
    e164 = phonenumbers.format_number(number, formats.E164)
    bare_national = phonenumbers.national_significant_number(number)
    spelled = (e164, e164[1:], _NOT_A_DIGIT.sub("", national), bare_national, phonenumbers.format_number(number, formats.INTERNATIONAL), national)
    return tuple(dict.fromkeys(spelled))


def _parsed(phone: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(phone, region)
    except phonenumbers.NumberParseException:
        return None
