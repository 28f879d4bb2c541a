"""Phone numbers to E.164 where they are valid, as they stand where they are not.

phonenumbers judges. Its whole path costs some 40 µs a number, so numbers written plainly in the source's own
country take patterns made from the library's own metadata of that country; whatever these do not settle goes
the whole way, and tests hold the two ways equal.

An extension is kept as `;ext=12` (RFC 3966): the portal's search for duplicates ignores extensions and compares
the rest as a whole (apidocs.bitrix24.com, crm.duplicate.findbycomm), and a telephone program dials this form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber

from importer.mapping.digits import ascii_digits
from importer.mapping.findings import Conversion, Finding, doubted, refused, shown

_PLAIN = re.compile(r"(?:\+ ?)?\(?\d[\d ()\-\u00a0]{4,24}")
_EXPONENT = re.compile(r"\+?\d+(?:[.,]\d+)?[eEеЕ]\+?\d+")
# A phone that a spreadsheet holds as a number, written out with decimals.
_FLOAT_TAIL = re.compile(r"(\+?\d{7,})[.,]0{1,2}")
_DIGIT = re.compile(r"\d")

# ITU-T E.164 allows 15 digits; below 7 a number with its area is hardly complete. Used only where no country is
# known to judge by.
_LIKELY_DIGITS = range(7, 16)


def phone_conversion(region: str | None) -> Conversion:
    """A conversion to E.164. `region` (ISO, two letters) says where numbers without a country code are from.

    Without a region such numbers cannot be judged and leave as written. Not valid: sent as written with the
    warning `odd_phone`. Refused: `bad_phone` without a digit, `number_as_exponent` when digits are lost.
    """
    quick = _quick_way(region)

    def convert(text: str) -> str | Finding:
        number = quick(text)
        return whole_way(text, region) if number is None else number

    return convert


def whole_way(text: str, region: str | None) -> str | Finding:
    """What phonenumbers makes of one number, with the findings for what it does not take."""
    bare = ascii_digits(text.strip().lstrip("'").strip())
    if _EXPONENT.fullmatch(bare):
        return refused(
            "number_as_exponent",
            f"{shown(text)} is a number the spreadsheet has shortened, its last digits are lost. "
            "Format the column as text, and export it again.",
        )
    if not _DIGIT.search(bare):
        return refused("bad_phone", f"{shown(text)} has no digit.", "Clear the cell or write the number.")
    as_float = _FLOAT_TAIL.fullmatch(bare)
    if as_float:
        bare = as_float[1]
    number = _parsed(bare, region)
    if number is not None and phonenumbers.is_valid_number(number):
        plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return f"{plain};ext={number.extension}" if number.extension else plain
    digits = len(_DIGIT.findall(bare))
    if region is None and number is None and not bare.startswith("+") and digits in _LIKELY_DIGITS:
        return bare
    return doubted("odd_phone", _doubt(text, bare, digits, region), bare)


def _parsed(bare: str, region: str | None) -> PhoneNumber | None:
    # The library dials letters as a keypad does, and would make a number of "8 916 000 Anna".
    if phonenumbers.is_alpha_number(bare):
        return None
    try:
        return phonenumbers.parse(bare, region)
    except phonenumbers.NumberParseException:
        return None


def _doubt(text: str, bare: str, digits: int, region: str | None) -> str:
    if digits > max(_LIKELY_DIGITS) and re.search(r"[;,/\n]", bare):
        return f'{shown(text)} looks like several numbers. Add `split: "[;,/]"` to the rule; it is sent as written.'
    whose = f" of {region}" if region and not bare.startswith("+") else ""
    return f"{shown(text)} is no valid phone number{whose} ({digits} digits). It is sent as written."


def _quick_way(region: str | None) -> Callable[[str], str | None]:
    """E.164 of a plainly written valid number; None from it means "ask the library"."""
    national = _national_pattern(region) if region else None
    plus_code = f"+{phonenumbers.country_code_for_region(region)}" if region else ""

    def quick(text: str) -> str | None:
        if _PLAIN.fullmatch(text) is None:
            return None
        # Four times as fast as `translate` with a table of these.
        bare = text.replace(" ", "").replace("-", "").replace("(", "").replace(")", "").replace("\u00a0", "")
        if bare[0] == "+":
            pattern = _international_pattern(bare[1:4])
            return bare if pattern is not None and pattern.fullmatch(bare) else None
        match = national.fullmatch(bare) if national is not None else None
        return plus_code + match[match.lastindex] if match else None

    return quick


@lru_cache(maxsize=1000)
def _international_pattern(start: str) -> re.Pattern[str] | None:
    """Valid numbers of the main country behind a country code; `start` is the three digits after the plus."""
    for digits in (1, 2, 3):
        regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(start[:digits]))
        metadata = PhoneMetadata.metadata_for_region(regions[0], None) if regions else None
        if metadata is not None:
            return re.compile(rf"\+{metadata.country_code}{_own_numbers(metadata, regions[0])}")
    return None


def _national_pattern(region: str) -> re.Pattern[str] | None:
    """Numbers of `region` without a plus, the national number in the group that matched last."""
    metadata = PhoneMetadata.metadata_for_region(region, None)
    if metadata is None:
        return None
    code, own = metadata.country_code, _own_numbers(metadata, region)
    # The country code (unless the whole could be a national number), no prefix at all, or the trunk prefix.
    ways = [rf"(?!(?:{metadata.general_desc.national_number_pattern})$){code}({own})", f"(?!{code})({own})"]
    if _is_prefix_plain(metadata):
        ways.append(f"{metadata.national_prefix}({own})")
    abroad = f"(?!{metadata.international_prefix})" if metadata.international_prefix else ""
    return re.compile(f"{abroad}(?:{'|'.join(ways)})")


def _is_prefix_plain(metadata: PhoneMetadata) -> bool:
    """True when the trunk prefix is simply cut off, with no carrier code and no rewriting behind it."""
    prefix, parsing = metadata.national_prefix, metadata.national_prefix_for_parsing
    if not prefix or not parsing or metadata.national_prefix_transform_rule:
        return False
    pattern = re.compile(parsing)
    return pattern.groups == 0 and pattern.fullmatch(prefix) is not None


def _own_numbers(metadata: PhoneMetadata, region: str) -> str:
    # A national number that itself begins like a prefix is read in two ways by the library; not here.
    parsing = metadata.national_prefix_for_parsing
    return f"(?!{parsing}){_valid_national(metadata, region)}" if parsing else _valid_national(metadata, region)


def _valid_national(metadata: PhoneMetadata, region: str) -> str:
    """A pattern of national numbers that are valid and belong to `region`, and to none asked before it."""
    guards = []
    for other in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[metadata.country_code]:
        if other == region:
            break
        earlier = PhoneMetadata.metadata_for_region(other, None)
        guards.append(f"(?!{earlier.leading_digits})" if earlier.leading_digits else f"(?!(?:{_any_kind(earlier)})$)")
    if metadata.leading_digits:
        guards.append(f"(?={metadata.leading_digits})")
    return f"{''.join(guards)}(?:{_any_kind(metadata)})"


def _any_kind(metadata: PhoneMetadata) -> str:
    """One pattern over all kinds of numbers of a country, each with its own lengths, as the library asks them."""
    kinds = []
    for desc in _kinds(metadata):
        lengths = "|".join(rf"\d{{{count}}}$" for count in desc.possible_length)
        kinds.append(f"(?={lengths})(?:{desc.national_number_pattern})" if lengths else f"(?:{desc.national_number_pattern})")
    return f"(?=(?:{metadata.general_desc.national_number_pattern})$)(?:{'|'.join(kinds)})"


def _kinds(metadata: PhoneMetadata) -> Iterator[phonenumbers.PhoneNumberDesc]:
    kinds = "mobile fixed_line toll_free shared_cost voip personal_number premium_rate pager uan voicemail"
    for kind in kinds.split():
        desc = getattr(metadata, kind)
        if desc is not None and desc.national_number_pattern:
            yield desc
