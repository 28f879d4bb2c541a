"""A cell's value as the text a person sees, and the trimming every text gets.

Holds no knowledge of files; number formats of spreadsheets are in `number_format`. Dates are the one exception to
"as a person sees it": they are always ISO (`2001-02-03`, `2001-02-03 04:05:06`), because what a spreadsheet shows
depends on the locale of whoever looks at it.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

# Directional marks come with phone numbers copied from phones; the rest with texts copied from web pages.
_INVISIBLE = "".join(map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)))
#: everything that is cut from both ends of a cell: all Unicode white space (NBSP too) and invisible marks
TRIMMED = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + _INVISIBLE + "\0"

# Digits a double holds for certain; spreadsheets show and keep no more.
SIGNIFICANT_DIGITS = 15

_ESCAPED_CHARACTER = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATE = re.compile("[\ud800-\udfff]")


def trimmed(text: str) -> str:
    """The text without NUL characters and without white space or invisible marks at its ends."""
    return text.replace("\0", "").strip(TRIMMED)


def number_text(number: int | float) -> str:
    """A number without a format: no `.0`, no exponent below 1e21, a dot, at most 15 significant digits.

    Whole numbers keep all their digits: a card number a program wrote as a number is exact in the file.
    """
    if isinstance(number, int):
        return str(number)
    if not -1e21 < number < 1e21:  # also true of NaN, which no spreadsheet stores
        return repr(number).upper()
    text = format(Decimal(f"{number:.{SIGNIFICANT_DIGITS}g}"), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def moment_text(moment: datetime.datetime | datetime.date) -> str:
    """`2001-02-03`, or `2001-02-03 04:05:06` when there is a time of day; rounded to the second."""
    if not isinstance(moment, datetime.datetime):
        return moment.isoformat()
    if moment.microsecond >= 500_000 and moment < datetime.datetime.max - datetime.timedelta(seconds=1):
        moment += datetime.timedelta(seconds=1)
    moment = moment.replace(microsecond=0)
    if moment.time() == datetime.time(0):
        return moment.date().isoformat()
    return moment.isoformat(sep=" ")


def duration_text(duration: datetime.timedelta) -> str:
    """`h:mm:ss`, hours beyond 24 counted on: `36:30:00`; rounded to the second."""
    seconds = round(abs(duration.total_seconds()))
    sign = "-" if duration < datetime.timedelta(0) and seconds else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def text_of(value: object) -> str:
    """Any value a spreadsheet library returns, as text; empty for nothing. Text itself is returned untrimmed."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, datetime.date):
        return moment_text(value)
    if isinstance(value, datetime.time):
        return f"{value:%H:%M:%S}"
    if isinstance(value, datetime.timedelta):
        return duration_text(value)
    return str(value)


def unescaped(text: str) -> str:
    """Text of an Office XML file with `_x000D_` and its like as the characters they stand for."""
    if "_x" not in text:
        return text
    # Half of a pair (D800 to DFFF) is no character: it could be neither journaled nor sent.
    return _SURROGATE.sub("\ufffd", _ESCAPED_CHARACTER.sub(lambda found: chr(int(found[1], 16)), text))


def column_letter(index: int) -> str:
    """The spreadsheet's name of a column, from 0: A, B … Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """The position, from 0, of the column a spreadsheet calls `letters`. Raises ValueError for what is no name."""
    index = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise ValueError(f"{letters} is no column")
        index = index * 26 + ord(letter) - 64
    return index - 1
