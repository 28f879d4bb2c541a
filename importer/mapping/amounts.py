"""Whole numbers, decimals and money in the way the source's country writes them.

"1,234" is 1234 in London and 1.234 in Moscow. What decides, in this order: both marks in one number (the
last is the decimal one); a mark that comes twice (it groups); anything but three digits behind a single
mark (it is decimal); `decimal` of the rule or of `defaults`; the country of `defaults.region`. What is then
still open is refused: a factor of a thousand is not for us to guess.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal

from importer.mapping.currencies import currency_of
from importer.mapping.digits import ascii_digits
from importer.mapping.findings import Finding, doubted, refused, shown

# Countries by the marks of their numbers (Unicode CLDR). Where the decimal mark is a comma, thousands are set
# apart either by blanks, so that a point can only be decimal (a computer's), or by points, so that it is open.
POINT_COUNTRIES = frozenset(
    "US GB IE AU NZ CA IN PK BD LK NP CN HK TW MO JP KR KP SG MY PH TH MM IL EG SA AE QA KW BH OM JO KE NG GH UG TZ ZW "
    "ZM BW MT MX GT HN SV NI PA DO PR JM TT LI CH".split()
)
COMMA_AND_POINT_COUNTRIES = frozenset(
    "DE AT NL BE LU IT ES PT BR AR CL CO UY PY BO EC VE PE CR DK IS GR TR RO HR SI RS BA ME MK ID VN CY".split()
)

# Where digits are grouped by two above the thousands: 12,34,567.
_LAKH_COUNTRIES = frozenset("IN PK BD NP LK".split())

_GROUPING_BLANKS = re.compile(r"(?<=\d)(?<!\d{4})[\s'’_](?=\d{3}(?!\d))")
_LAKHS = re.compile(r"(?<![\d,.])\d{1,2}(?:,\d{2})+,\d{3}(?![\d,])")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*|[+-]?[.,]\d+")
_EXPONENT = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eEеЕ][+-]?\d+")

# A point ends an abbreviation before the amount (Rs.1200), and begins the amount after a sign, a blank or a code ($.99).
_MONEY = re.compile(r"(?P<before>(?:[^\d.,+\-()]|(?<=[^\W\d_])(?<![A-Z]{3})\.)*)(?P<amount>[+\-(]?[\d.,][\d.,\s'’]*\)?)(?P<after>[^\d,]*)")
# What stands for no pence (1200,- and 1'200.— and 1200:-), and the sign or brackets of a whole sum (-$5, ($5)).
_NO_PENCE = re.compile(r"(?<=\d)(?:([.,])[-–—]{1,2}|:-|=)(?!\d)")
_SIGNED = re.compile(r"(?P<minus>-|\()\s*(?P<sign>[^\d\s.,+\-()]{1,3})\s*(?P<rest>[\d.,].*)")
_PORTAL_MONEY = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)\|([A-Z]{3})")

# A longer cell is a text, and costs the patterns above the square of its length.
_LONGEST_MONEY = 200

# What PHP's int holds, and what the column of a whole number holds in the published on-premise schema (INT of MySQL).
_MOST_IN_PHP, _MOST_IN_COLUMN = 2**63 - 1, 2**31 - 1


class NumberReader:
    """Reads numbers of one source. `decimal` is "," or "." when the mapping says so, else None."""

    def __init__(self, region: str | None, decimal: str | None = None) -> None:
        self._comma = _mark_meaning(region, decimal, ",")
        self._point = _mark_meaning(region, decimal, ".")
        self._has_lakhs = region in _LAKH_COUNTRIES

    def decimal(self, text: str) -> str | Finding:
        """The number with a point and without grouping: `1 234,50` gives `1234.50`."""
        cell, text = text, ascii_digits(text)
        if _EXPONENT.fullmatch(text):
            sentence = f"{shown(cell)} was shortened by a spreadsheet. Give the column a plain number format, and save it again."
            return refused("number_as_exponent", sentence)
        bare = _GROUPING_BLANKS.sub("", text.replace("−", "-").strip())
        if bare.startswith("(") and bare.endswith(")"):
            bare = "-" + bare[1:-1]
        if not _NUMBER.fullmatch(bare):
            return refused("bad_number", f"{shown(cell)} is not a number.", "Correct the cell, or clean it with `replace`.")
        plain = self._without_marks(_LAKHS.sub(lambda match: match[0].replace(",", ""), bare) if self._has_lakhs else bare)
        if plain is None:
            sentence = f"{shown(cell)} can mean two numbers, a thousand times apart. Set `decimal` of the rule or of `defaults`."
            return refused("bad_number", sentence)
        if plain == "":
            return refused("bad_number", f"{shown(cell)} groups its digits as no number does.", "Correct the cell.")
        return plain.removeprefix("+")

    def whole(self, text: str) -> str | Finding:
        """A whole number's digits; `5,00` is whole, `5,5` is refused.

        So is what the portal would turn into another number. Of one beyond 32 bits only the portal can tell whether its
        column takes it: it is sent with the warning `odd_number`.
        """
        number = self.decimal(text)
        if isinstance(number, Finding):
            return number
        digits, _point, fraction = number.partition(".")
        if fraction.strip("0"):
            return refused("bad_number", f"{shown(text)} is not a whole number, the field takes no other.", "Correct the cell.")
        # Python itself refuses to read some thousand digits.
        value = int(digits) if len(digits) < 40 else _MOST_IN_PHP + 1
        if not -_MOST_IN_PHP <= value <= _MOST_IN_PHP:
            return refused("bad_number", f"{shown(text)} is larger than any whole number the portal can keep. Map it to a field of text.")
        if not -_MOST_IN_COLUMN - 1 <= value <= _MOST_IN_COLUMN:
            sentence = (
                f"{shown(text)} is beyond {_MOST_IN_COLUMN}, and a field of whole numbers may keep no larger one. "
                "It is sent as written; a field of text keeps it surely."
            )
            return doubted("odd_number", sentence, digits)
        return digits

    def rounded(self, text: str, decimals: int) -> str | Finding:
        """The number with as many decimals as the field keeps; the warning `rounded_number` where that changes it."""
        number = self.decimal(text)
        if isinstance(number, Finding):
            return number
        fraction = number.partition(".")[2].rstrip("0")
        if len(fraction) <= decimals:
            return number
        # As PHP's round does it: half away from zero.
        kept = f"{Decimal(number).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, Context(prec=len(number) + 2)):f}"
        return doubted("rounded_number", f"{shown(text)} has more decimals than the field keeps ({decimals}). It is sent as {kept}.", kept)

    def _without_marks(self, bare: str) -> str | None:
        """The number in plain form; None when it is open, empty when its groups are wrong."""
        has_comma, has_point = "," in bare, "." in bare
        if has_comma and has_point:
            decimal_mark = "," if bare.rindex(",") > bare.rindex(".") else "."
            return _grouped(bare, "." if decimal_mark == "," else ",", decimal_mark)
        mark = "," if has_comma else "."
        if not has_comma and not has_point:
            return bare
        if bare.count(mark) > 1:
            return _grouped(bare, mark, "")
        whole, _mark, fraction = bare.partition(mark)
        if len(fraction) != 3 or not 1 <= len(whole.lstrip("+-")) <= 3 or whole.lstrip("+-") == "0":
            return _pointed(whole, fraction)
        means_decimal = self._comma if mark == "," else self._point
        if means_decimal is None:
            return None
        return _pointed(whole, fraction) if means_decimal else whole + fraction


def _mark_meaning(region: str | None, decimal: str | None, mark: str) -> bool | None:
    """True when `mark` before three digits is decimal, False when it groups, None when nothing tells."""
    if decimal is not None:
        return mark == decimal
    if region is None:
        return None
    if region in POINT_COUNTRIES:
        return mark == "."
    if mark == ",":
        return True
    return None if region in COMMA_AND_POINT_COUNTRIES else True


def _pointed(whole: str, fraction: str) -> str:
    sign = whole[:1] if whole[:1] in ("+", "-") else ""
    digits = whole[len(sign) :] or "0"
    return f"{sign}{digits}.{fraction}" if fraction else f"{sign}{digits}"


def _grouped(bare: str, group_mark: str, decimal_mark: str) -> str:
    whole, _mark, fraction = bare.partition(decimal_mark) if decimal_mark else (bare, "", "")
    groups = whole.lstrip("+-").split(group_mark)
    well_grouped = 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if not well_grouped or group_mark in fraction or (decimal_mark and decimal_mark in fraction):
        return ""
    return _pointed(whole.replace(group_mark, ""), fraction)


def money_conversion(numbers: NumberReader, currency: str | None):
    """A conversion to `1200.50|RUB`: the currency from the text or its sign, else `currency`, else refused.

    Source: apidocs.bitrix24.com, crm.item.add; the portal does not check the code, so here it is one of ISO 4217, or the
    mapping's own.
    """

    def convert(cell: str) -> str | Finding:
        text = ascii_digits(cell)
        portal_money = _PORTAL_MONEY.fullmatch(text)
        if portal_money and currency_of(portal_money[2], currency):
            return text
        match = _MONEY.fullmatch(_plain(text)) if len(text) <= _LONGEST_MONEY else None
        if not match:
            return refused("bad_money", f"{shown(text)} is not an amount of money.", "Correct the cell.")
        amount = numbers.decimal(match["amount"].strip())
        if isinstance(amount, Finding):
            return refused(amount.code, amount.sentence.replace(shown(match["amount"].strip()), shown(text), 1), amount.repair)
        word = f"{match['before'].strip()} {match['after'].strip()}".strip(". ")
        code = currency_of(word, currency) if word else currency
        if code is None:
            what = f"the currency {shown(word)} is not known" if word else "no currency is given"
            sentence = f"{shown(text)}: {what}. Write its three letters in the cell, or set `currency` of the rule or of `defaults`."
            return refused("bad_money", sentence)
        return f"{amount}|{code}"

    return convert


def _plain(text: str) -> str:
    """The amount without what stands for no pence, its minus or brackets next to the digits."""
    bare = _NO_PENCE.sub(lambda match: f"{match[1]}00" if match[1] else "", text.strip().replace("|", " ").replace("−", "-"))
    signed = _SIGNED.fullmatch(bare)
    if not signed or (signed["minus"] == "(") != signed["rest"].endswith(")"):
        return bare
    return f"{signed['sign']}{signed['minus']}{signed['rest']}"
