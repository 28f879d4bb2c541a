"""Damage that only a column as a whole shows: codes that lost their leading zeros beside ones that kept them, dates
beside counts of days, dates whose day and month look swapped, long codes that all end in zeros, codes that a program made decimals of.

The whole file counts, yet it is read once. Evidence grows with each block of rows; a suspicion that it bears out warns
of the damaged cells of this block and of those to come. What had passed before, and what was suspected wrongly, is told
at the end, once a column.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from importer.reader.damage import shortened
from importer.records import Row, RowProblem

_ISO_DATE = re.compile(r"\d{4}-\d\d-(\d\d)( \d\d:\d\d:\d\d)?")
_LOCAL_DATE = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d\d)(\D.*)?")
# Day counts from 1927 to 2064: what people's dates become when a column loses its date format.
_SERIAL_DATE = re.compile(r"[1-5]\d{4}([.,]\d+)?")
_KEPT_DIGITS = 15
# A Russian phone with ".0" behind; the mapping reads phones without that.
_PHONE_LENGTH = 13
# So many codes are compared to see whether they repeat.
_COMPARED_CODES = 1000
# No code is longer; what is, counts as of this length.
_LONGEST_CODE = 40
_FIRST_ROWS = 5

_SENTENCES = {
    "zeros_lost": '"{cell}" is shorter than the {length} digits of others in this column that begin with 0: '
    "a spreadsheet may have cut its leading zeros. Restore them in the source.",
    "date_as_number": 'the column has dates, but this is "{cell}": a date that a spreadsheet turned into its count of '
    "days. Format the cell as a date in the spreadsheet and export again.",
    "date_maybe_swapped": 'day and month of "{cell}" may be swapped: in this column every real date has a day up to '
    "12, and the rest stayed text. Compare a few with the original.",
    "decimal_code": '"{cell}" ends in ".0", as all of this column: a program may have made a decimal of a code. Phones are read '
    "without it; restore it in the source where the column is an id or a code.",
    "digits_lost": '"{cell}" has only zeros after its fifteenth digit: a spreadsheet may have rounded it. '
    "Take it from the original, with the column formatted as text.",
}
_REFUTED = {
    "zeros_lost": "its codes have no common length",
    "date_as_number": "most of it is no dates",
    "date_maybe_swapped": "it has other dates further down",
    "decimal_code": "its numbers repeat, are round, or have other decimals, as amounts do",
    "digits_lost": "others of its long codes end in other digits",
}

#: what kind of damage, and the length of the code where that decides
Doubt = tuple[str, int]
_DECIMAL_CODE: list[Doubt] = [("decimal_code", 0)]
_MAYBE_SWAPPED: list[Doubt] = [("date_maybe_swapped", 0)]
_DAY_COUNT: list[Doubt] = [("date_as_number", 0)]
_MARKS = frozenset("./-")


@dataclass(slots=True)
class _Passed:
    """Cells that went by without a warning."""

    count: int = 0
    first_rows: list[int] = field(default_factory=list)

    def add(self, row: int) -> None:
        self.count += 1
        if len(self.first_rows) < _FIRST_ROWS:
            self.first_rows.append(row)


@dataclass(slots=True)
class _Column:
    """What is known of one column so far; no larger for a million rows."""

    filled: int = 0
    #: lengths of whole numbers that begin with a zero, and of the others
    zero_lengths: Counter[int] = field(default_factory=Counter)
    other_lengths: Counter[int] = field(default_factory=Counter)
    real_dates: int = 0
    has_late_day: bool = False
    text_dates: int = 0
    has_early_text: bool = False
    long_codes: int = 0
    longest: int = 0
    has_exact_code: bool = False
    #: whole numbers that end in ".0", and the first of them; codes do not repeat
    decimal_codes: int = 0
    first_decimal_codes: set[str] = field(default_factory=set)
    has_repeated_decimal: bool = False
    #: of them, whole hundreds, as amounts are and one code in a hundred is
    decimal_hundreds: int = 0
    warned: Counter[str] = field(default_factory=Counter)
    passed: dict[Doubt, _Passed] = field(default_factory=lambda: defaultdict(_Passed))

    def take(self, cell: str) -> list[Doubt]:
        """Adds a cell that begins with a digit; gives the kinds of damage it would be an example of."""
        if cell.isdigit() and cell.isascii():
            return self._take_code(cell)
        if cell.endswith(".0") and cell[:-2].isdecimal():
            return self._take_decimal_code(cell)
        if not _MARKS.isdisjoint(cell[1:3]) and (text := _LOCAL_DATE.fullmatch(cell)):
            self.text_dates += 1
            self.has_early_text = self.has_early_text or (int(text[1]) <= 12 and int(text[3]) <= 12)
            return []
        if cell[4:5] == "-" and (real := _ISO_DATE.fullmatch(cell)):
            self.real_dates += 1
            if int(real[1]) > 12:
                self.has_late_day = True
                return []
            return _MAYBE_SWAPPED
        return _DAY_COUNT if _SERIAL_DATE.fullmatch(cell) else []

    def _take_decimal_code(self, cell: str) -> list[Doubt]:
        self.decimal_codes += 1
        self.has_repeated_decimal = self.has_repeated_decimal or cell in self.first_decimal_codes
        self.decimal_hundreds += cell.endswith("00.0")
        if len(self.first_decimal_codes) < _COMPARED_CODES:
            self.first_decimal_codes.add(cell)
        if len(cell) == _PHONE_LENGTH and cell[0] in "78":
            return []
        return _DECIMAL_CODE + (_DAY_COUNT if _SERIAL_DATE.fullmatch(cell) else [])

    def _take_code(self, code: str) -> list[Doubt]:
        length = min(len(code), _LONGEST_CODE)
        if code[0] == "0":
            self.zero_lengths[length] += 1
            return []
        self.other_lengths[length] += 1
        doubts: list[Doubt] = [("zeros_lost", length)]
        if length == 5 and code[0] <= "5":
            doubts.append(("date_as_number", 0))
        if length > _KEPT_DIGITS:
            self.long_codes += 1
            self.longest = max(self.longest, length)
            if code[_KEPT_DIGITS:].strip("0"):
                self.has_exact_code = True
            else:
                doubts.append(("digits_lost", 0))
        return doubts

    def full_length(self) -> int:
        """The length of codes of which shorter ones have lost zeros; 0 when nothing speaks for that.

        Lengths above it mean that the codes are not of one length, so a short one need not have lost anything.
        """
        kept = Counter({length: count for length, count in self.zero_lengths.items() if length > 1})
        codes = self.zero_lengths.total() + self.other_lengths.total()
        if not kept or codes * 10 < self.filled * 8:
            return 0
        length, count = kept.most_common(1)[0]
        # A Russian tax number has 10 digits, a person's 12: those that begin with 0 are of both lengths then.
        if count * 20 < kept.total() * 19:
            return 0
        is_longest = max((*self.zero_lengths, *self.other_lengths)) == length
        return length if is_longest and length >= 3 and min(self.other_lengths, default=length) < length else 0

    def suspicions(self) -> dict[str, int]:
        """Kinds of damage that the evidence bears out → length that codes should have, or 0."""
        found: dict[str, int] = {}
        if length := self.full_length():
            found["zeros_lost"] = length
        dates = self.real_dates + self.text_dates
        if dates >= 2 and dates * 2 >= self.filled:
            found["date_as_number"] = 0
        # What remains when a spreadsheet of another locale took every text it could read as month/day: those became
        # dates with day and month swapped, and the others stayed text.
        if self.real_dates >= 2 and self.text_dates >= 2 and not self.has_late_day and not self.has_early_text:
            found["date_maybe_swapped"] = 0
        are_amounts = self.has_repeated_decimal or self.decimal_hundreds * 2 >= self.decimal_codes
        if self.decimal_codes >= 2 and self.decimal_codes == self.filled and not are_amounts:
            found["decimal_code"] = 0
        # One 16-digit code ends in 0 one time in ten by itself; two, or one with two zeros, once in a hundred.
        if not self.has_exact_code and (self.long_codes > 1 or self.longest > _KEPT_DIGITS + 1):
            found["digits_lost"] = 0
        return found


class ColumnDamage:
    """The columns of one file while its rows pass by."""

    def __init__(self, header: Sequence[str]) -> None:
        self._header = header
        self._columns = [_Column() for _ in header]

    def warnings(self, rows: Sequence[Row]) -> dict[int, list[RowProblem]]:
        """Row number → warnings, of the next rows of the file; broken ones are not looked at."""
        sound = [row for row in rows if row.problem is None]
        found: dict[int, list[RowProblem]] = {}
        for name, column, cells in zip(self._header, self._columns, zip(*(row.cells for row in sound)), strict=False):
            column.filled += len(cells) - cells.count("")
            doubtful = [
                (row.number, cell, doubts)
                for row, cell in zip(sound, cells, strict=True)
                if "0" <= cell < ":" and (doubts := column.take(cell))  # begins with a digit: quick, for every cell
            ]
            suspicions = column.suspicions() if doubtful else {}
            for number, cell, doubts in doubtful:
                for code, length in doubts:
                    if code not in suspicions or length and length >= suspicions[code]:
                        column.passed[code, length].add(number)
                        continue
                    column.warned[code] += 1
                    sentence = _SENTENCES[code].format(cell=shortened(cell), length=suspicions[code])
                    found.setdefault(number, []).append(RowProblem(code, sentence, name, is_warning=True))
        return found

    def notes(self) -> Iterator[str]:
        """What the columns as a whole say against the warnings given, and of rows that went by without."""
        for name, column in zip(self._header, self._columns, strict=True):
            suspicions = column.suspicions()
            for code, length in suspicions.items():
                missed = _Passed()
                for (kind, own_length), passed in column.passed.items():
                    if kind == code and (not length or own_length < length):
                        missed.count += passed.count
                        missed.first_rows = sorted([*missed.first_rows, *passed.first_rows])[:_FIRST_ROWS]
                if missed.count:
                    rows = ", ".join(map(str, missed.first_rows))
                    more = f"{missed.count:,} cells, the first in rows {rows}," if missed.count > 1 else f"the cell in row {rows}"
                    yield f'column "{name}": {more} may be damaged too ({code}), as only rows below them show'
            for code, count in column.warned.items():
                if code not in suspicions:
                    yield f'column "{name}": the warnings {code} ({count:,}) are probably wrong: {_REFUTED[code]}'
