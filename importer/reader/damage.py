"""Damage a spreadsheet did to values before the file came to us: recognised and named, never repaired.

Two kinds of evidence. A cell alone: digits turned to an exponent, letters read in the wrong encoding. A column, as
the first records show it (`Watch`): codes with leading zeros beside shorter ones without, dates beside day counts,
dates whose day and month look swapped, long codes that all end in zeros. Columns are judged once, on the sample, so
that reading stays one pass; a column that looks whole in the sample is not watched further down.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from importer.records import RowProblem

_EXPONENT = re.compile(r"[+-]?\d([.,]\d+)?[Ee]\+\d{1,3}")
# cp1251 read as cp1252: whole words of accented Latin letters. No language writes three in a row but Estonian's
# "jäääär", whose letters are equal.
_LATIN_RUN = re.compile(r"[À-ÿ¸¨]{3,}")
# UTF-8 read as cp1251: each Cyrillic letter becomes Р or С and a sign that no word has there.
_UTF8_AS_1251 = re.compile(r"(?:[РС][\u0400-\u040f\u0450-\u045f\u0490\u0491\u00a0-\u00bf\u2010-\u2122]){2,}")
# UTF-8 read as cp1252 or latin-1.
_UTF8_AS_1252 = re.compile(r"[ÂÃÄÅÐÑØÙ][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u2122]")
_QUESTION_MARKS = re.compile(r"\?{3,}")
# Characters that neither plain Latin nor plain Russian text has: one cheap pass that rules most records out.
_UNUSUAL = re.compile("[^\\0-\x7f\u0410-\u044fё№«»–—\u00a0]")
_MISREADINGS = (_LATIN_RUN, _UTF8_AS_1251, _UTF8_AS_1252, re.compile("\N{REPLACEMENT CHARACTER}"))

_ISO_DATE = re.compile(r"\d{4}-(\d\d)-(\d\d)( \d\d:\d\d:\d\d)?")
_LOCAL_DATE = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d\d)(\D.*)?")
# Day counts from 1927 to 2064: what people's dates become when a column loses its date format.
_SERIAL_DATE = re.compile(r"[1-5]\d{4}([.,]\d+)?")
_LONG_CODE = re.compile(r"\d{16,}")
_KEPT_DIGITS = 15


def is_unusual(text: str) -> bool:
    """The text has characters that neither plain Latin nor plain Russian text has; quick, for every record."""
    return not text.isascii() and _UNUSUAL.search(text) is not None


def may_be_damaged(text: str, unusual: bool) -> bool:
    """False when no cell of this record, joined by tabs, can be damaged on its own; quick, for every record."""
    if "E+" in text or "e+" in text:
        return True
    return unusual and any(pattern.search(text) for pattern in _MISREADINGS)


def cell_damage(cell: str) -> tuple[str, str] | None:
    """Code and sentence for damage the cell shows by itself, or None."""
    if _EXPONENT.fullmatch(cell):
        return "number_as_exponent", (
            f'"{cell}" is a long number that a spreadsheet has shortened; its digits are lost. '
            "Take it from the original, with the column formatted as text."
        )
    if reading := _misread(cell):
        return "mojibake", f'"{_short(cell)}" {reading}'
    return None


def _misread(cell: str) -> str | None:
    run = _LATIN_RUN.search(cell)
    if run and len(set(run[0].casefold())) > 1 and (text := _recoded(cell, "cp1252", "cp1251")):
        return (
            f'looks like Cyrillic text read in the wrong encoding ("{_short(text)}"). Export the file again as UTF-8.'
        )
    for pattern, codec in ((_UTF8_AS_1251, "cp1251"), (_UTF8_AS_1252, "cp1252"), (_UTF8_AS_1252, "latin-1")):
        run = pattern.search(cell)
        # The whole cell, or what of it can be told: some bytes have no letter in the wrong encoding and are gone.
        if run and (text := _recoded(cell, codec, "utf-8") or _recoded(run[0], codec, "utf-8")):
            return f'looks like UTF-8 text read as {codec} ("{_short(text)}"). Export the file again as UTF-8.'
    if "\N{REPLACEMENT CHARACTER}" in cell:
        return "has letters that an earlier program could not read and replaced. Take it from the original."
    return None


def _recoded(text: str, wrong: str, right: str) -> str | None:
    try:
        return text.encode(wrong).decode(right)
    except UnicodeError:
        return None


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


@dataclass(frozen=True)
class Watch:
    """One suspicion about one column, checked on every row."""

    #: position of the column, from 0
    index: int
    #: stable word of ours
    code: str
    #: cells that are damaged if the suspicion is right
    pattern: re.Pattern[str]
    #: what is said of such a cell, with `{cell}`
    sentence: str

    def warning(self, cell: str, column: str) -> RowProblem | None:
        """The warning for this cell, or None when it is not one of the damaged."""
        if not self.pattern.fullmatch(cell):
            return None
        return RowProblem(self.code, self.sentence.format(cell=_short(cell)), column, is_warning=True)


def watches(records: Sequence[Sequence[str]], width: int) -> tuple[Watch, ...]:
    """What to watch in which columns, judged on these records (the header not among them)."""
    found: list[Watch] = []
    for index in range(width):
        cells = [cells[index] for cells in records if index < len(cells) and cells[index]]
        for judge in (_lost_zeros, _day_counts, _swapped_dates, _lost_digits, _question_marks):
            if watch := judge(index, cells):
                found.append(watch)
    return tuple(found)


def _lost_zeros(index: int, cells: list[str]) -> Watch | None:
    """Codes of one length, some with a leading zero, beside shorter ones without."""
    codes = [cell for cell in cells if cell.isascii() and cell.isdigit()]
    kept = Counter(len(code) for code in codes if code[0] == "0" and len(code) > 1)
    if not kept or len(codes) * 10 < len(cells) * 8:
        return None
    length = kept.most_common(1)[0][0]
    shorter = any(len(code) < length and code[0] != "0" for code in codes)
    # Lengths above it mean that the codes are not of one length, so a short one need not have lost anything.
    if not shorter or length < 3 or any(len(code) > length for code in codes):
        return None
    return Watch(
        index,
        "zeros_lost",
        re.compile(rf"[1-9]\d{{0,{length - 2}}}"),
        f'"{{cell}}" is shorter than the {length} digits of others in this column that begin with 0: '
        "a spreadsheet may have cut its leading zeros. Restore them in the source.",
    )


def _is_date(cell: str) -> bool:
    return bool(_ISO_DATE.fullmatch(cell) or _LOCAL_DATE.fullmatch(cell))


def _day_counts(index: int, cells: list[str]) -> Watch | None:
    """Numbers such as 36526 in a column of which most is dates."""
    dates = sum(map(_is_date, cells))
    if dates < 2 or dates * 2 < len(cells):
        return None
    return Watch(
        index,
        "date_as_number",
        _SERIAL_DATE,
        'the column has dates, but this is "{cell}": a date that a spreadsheet turned into its count of days. '
        "Format the cell as a date in the spreadsheet and export again.",
    )


def _swapped_dates(index: int, cells: list[str]) -> Watch | None:
    """Dates of two forms, where one form has only days after the 12th and the other only days up to the 12th.

    That is what remains when a spreadsheet of another locale took every text it could read as month/day: those became
    dates with day and month swapped, and the others stayed text.
    """
    real = [found for cell in cells if (found := _ISO_DATE.fullmatch(cell))]
    texts = [found for cell in cells if (found := _LOCAL_DATE.fullmatch(cell))]
    if len(real) < 2 or len(texts) < 2:
        return None
    if any(int(date[2]) > 12 for date in real):
        return None
    if not all(int(text[1]) > 12 or int(text[3]) > 12 for text in texts):
        return None
    return Watch(
        index,
        "date_maybe_swapped",
        re.compile(r"\d{4}-\d\d-(0[1-9]|1[0-2])( .*)?"),
        'day and month of "{cell}" may be swapped: in this column every real date has a day up to 12, and the rest '
        "stayed text. Compare a few with the original.",
    )


def _lost_digits(index: int, cells: list[str]) -> Watch | None:
    """Codes of 16 and more digits that all have zeros past the fifteenth."""
    codes = [cell for cell in cells if _LONG_CODE.fullmatch(cell)]
    if not codes or any(code[_KEPT_DIGITS:].strip("0") for code in codes):
        return None
    # A single 16-digit code ends in 0 one time in ten by itself; two, or one with two zeros, once in a hundred.
    if len(codes) < 2 and len(codes[0]) < _KEPT_DIGITS + 2:
        return None
    return Watch(
        index,
        "digits_lost",
        re.compile(r"\d{15}0+"),
        '"{cell}" has only zeros after its fifteenth digit: a spreadsheet may have rounded it. '
        "Take it from the original, with the column formatted as text.",
    )


def _question_marks(index: int, cells: list[str]) -> Watch | None:
    """Words of question marks: letters the exporting program had no place for."""
    if not any(_QUESTION_MARKS.search(cell) for cell in cells):
        return None
    return Watch(
        index,
        "mojibake",
        re.compile(r"(?s).*\?{3,}.*"),
        '"{cell}" has question marks where letters were: the export could not write them. Export again as UTF-8.',
    )
