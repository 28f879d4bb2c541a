"""Cell styles of a workbook, as far as they decide what a number looks like.

Read here and not by openpyxl, which stops at colours and borders that are not as the standard says; many programs write
such, and then nothing would be known of dates and formats either. ECMA-376 part 1, 18.8.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from functools import lru_cache
from xml.etree.ElementTree import XML

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from importer.reader.cells import number_text
from importer.reader.number_format import formatter
from importer.reader.serial_date import serial_text
from importer.reader.xml_blocks import MAIN

_EXACT_DIGITS = 15
# Formats built in that mean a date or time in the languages that have them, and nothing in the rest: Chinese, Japanese and
# Korean, then Thai. What exactly they show does not matter, as dates are always ISO. ECMA-376 part 1, 18.8.30.
_LOCAL_DATES = dict.fromkeys((*range(27, 37), *range(50, 59), *range(71, 82)), "yyyy-mm-dd hh:mm:ss") | {79: "[h]:mm:ss"}
_LOCAL_NUMBERS = {59: "0", 60: "0.00", 61: "#,##0", 62: "#,##0.00", 67: "0%", 68: "0.00%", 69: "# ?/?", 70: "# ??/??"}
_BUILT_IN = {**BUILTIN_FORMATS, **_LOCAL_DATES, **_LOCAL_NUMBERS}
# Counts of days repeat in a file: a lifetime has 30,000.
_REMEMBERED_DAYS = 32_768

#: a number as the file has it → its text, and code and value of a flaw, or two empty texts
NumberReader = Callable[[str], tuple[str, str, str]]


def format_codes(styles: bytes) -> list[str]:
    """The format code of each cell style of a `styles.xml`, in the order of their numbers; raises ElementTree's ParseError."""
    root = XML(styles)
    own = {found.get("numFmtId"): found.get("formatCode", "") for found in root.iterfind(f"{MAIN}numFmts/{MAIN}numFmt")}
    return list(_codes(own, (style.get("numFmtId", "0") for style in root.iterfind(f"{MAIN}cellXfs/{MAIN}xf"))))


def _codes(own: dict[str | None, str], numbers: Iterator[str]) -> Iterator[str]:
    for number in numbers:
        # A workbook's own formats may redefine those that are built in.
        yield own.get(number) or built_in_code(int(number))


def built_in_code(number: int) -> str:
    """The format code that a workbook need not define; `General` for numbers that mean nothing."""
    return _BUILT_IN.get(number, "General")


def number_reader(code: str, epoch: datetime.datetime) -> NumberReader:
    """Reads the numbers of cells with this format code. `epoch` is openpyxl's `WINDOWS_EPOCH` or `MAC_EPOCH`."""
    if is_date_format(code) or is_timedelta_format(code):
        return _date_reader(epoch, is_timedelta_format(code))
    return general_number if code == "General" else _formatted(formatter(code))


def _date_reader(epoch: datetime.datetime, is_duration: bool) -> NumberReader:
    @lru_cache(_REMEMBERED_DAYS)
    def read(value: str) -> tuple[str, str, str]:
        number = _number(value)
        return serial_text(number, epoch, is_duration) or number_text(number), "", ""

    return read


def general_number(value: str) -> tuple[str, str, str]:
    """Reads a number without a format; see `NumberReader`."""
    if len(value) <= _EXACT_DIGITS and value.isdecimal() and value[0] != "0":
        return value, "", ""
    return _flawed(number_text(_number(value)), value)


def _formatted(shown: Callable[[int | float], str]) -> NumberReader:
    return lambda value: _flawed(shown(_number(value)), value)


def _number(value: str) -> int | float:
    return int(value) if value.isdecimal() else float(value)


def _flawed(text: str, value: str) -> tuple[str, str, str]:
    number = _number(value)
    if abs(number) >= 10**_EXACT_DIGITS and number == int(number):
        return text, "digits_lost", text
    return text, "", ""
