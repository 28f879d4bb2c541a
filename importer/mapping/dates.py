"""Dates and times as people and other systems write them, to the ISO forms the portal cannot misread.

The portal parses with PHP's strtotime, which takes 02/03/2001 the American way and drops what it cannot
parse without a word (published server modules of the platform); so nothing but ISO leaves this module, and a date
that could mean two days is refused. What may be written is said by strptime formats, compiled here to
patterns of our own: they do not depend on the machine's locale, know Russian month names, and are faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from importer.mapping.findings import Finding, doubted, refused, shown

#: what is read when the mapping gives no formats: with dots the day comes first wherever dots are used
DEFAULT_FORMATS = ("%d.%m.%Y",)

# Month names are told apart by their first three letters, in English and Russian, genitive included.
_MONTHS = {
    name: number
    for names in ("jan feb mar apr may jun jul aug sep oct nov dec", "янв фев мар апр май июн июл авг сен окт ноя дек")
    for number, name in enumerate(names.split(), 1)
} | {"мая": 5}

_DIRECTIVES = {
    "d": r"(?P<d>\d{1,2})",
    "m": r"(?P<m>\d{1,2})",
    # With the word for year that Russian puts behind it: 24.12.1970 г.
    "Y": r"(?P<Y>\d{4})(?:\s?г(?:\.|ода)?)?",
    "y": r"(?P<y>\d{2})(?:\s?г(?:\.|ода)?)?",
    "b": r"(?P<b>[^\W\d_]{3,})\.?",
    "B": r"(?P<b>[^\W\d_]{3,})\.?",
    "H": r"(?P<H>\d{1,2})",
    "I": r"(?P<H>\d{1,2})",
    "M": r"(?P<M>\d{2})",
    "S": r"(?P<S>\d{2})",
    "p": r"(?P<p>[AaPp])\.?[Mm]\.?",
    "f": r"(?P<f>\d{1,6})\d*",
    "z": r"(?P<z>Z|UTC|GMT|[+-]\d{2}:?\d{2})",
    "%": "%",
}

_ISO = re.compile(
    r"(?P<Y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"(?:[T\s]\s*(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,](?P<f>\d{1,6})\d*)?)?\s*(?P<z>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?"
)
# A clock after a date that the format itself does not ask for: exports add it to pure dates (1C, amoCRM).
_CLOCK = (
    r"(?:[\sT,]\s*(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:\.(?P<f>\d{1,6})\d*)?)?"
    r"(?:\s*(?P<p>[AaPp])\.?[Mm]\.?)?\s*(?P<z>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)

# What other systems write for "no date": Outlook 0/0/00 and 0.0.00, MySQL zeros, 1C's year one, Excel's day
# zero, the year 1604 and a missing year of address books.
_NO_DATE = re.compile(
    r"(?:0{1,2}[./-]0{1,2}[./-](?:0{2}|0{4})|0{4}-0{2}-0{2}|0?1[./-]0?1[./-]0001|0001-01-01|1604-\d\d-\d\d"
    r"|\d\d?[./]\d\d?[./]1604|--\d\d-?\d\d|1899-12-3[01]|1900-01-00|0?0[./]0?1[./]1900|3[01]\.12\.1899)(?:[ T].*)?"
)
# The first day of Unix time. As a moment it is a zero that nobody wrote. As a day it is also a birthday some people
# have, and Bitrix24's own export has it for birthdays that were read wrongly: nobody but the owner can tell.
_UNIX_ZERO = date(1970, 1, 1)
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
# Spreadsheets count days from here; the day 60 that never was is before any date worth guessing.
_SERIAL_ZERO = date(1899, 12, 30)


def compile_format(text: str) -> DateFormat:
    """A strptime format, ready to read with. Raises `ValueError` with a sentence when it cannot be one."""
    pattern, names = [], []
    pieces = re.split(r"%(.)", text)
    for index, piece in enumerate(pieces):
        if index % 2 == 0:
            # Czech, Slovak and Slovene put a blank behind the point: 24. 12. 1970.
            pattern.append(re.sub(r"(\\ |\s)+", r"\\s+", re.escape(piece)).replace(r"\.", r"\.\s?"))
            continue
        if piece not in _DIRECTIVES:
            raise ValueError(f'"{text}" has %{piece}, which is not known. Known are {_known()}.')
        names.append({"B": "b", "I": "H"}.get(piece, piece))
        pattern.append(_DIRECTIVES[piece])
    if len(names) != len(set(names)):
        raise ValueError(f'"{text}" names one part of the date twice.')
    if not {"d", "y"} <= {name.casefold() for name in names} or not {"m", "b"} & set(names):
        raise ValueError(f'"{text}" does not give day, month and year. Write it like "%d.%m.%Y".')
    if "H" not in names and {"M", "S", "f", "p", "z"} & set(names):
        raise ValueError(f'"{text}" gives a part of a time without its hour. Add %H, or leave the time out.')
    tail = "" if "H" in names else _CLOCK
    return DateFormat(text, re.compile("".join(pattern) + tail, re.IGNORECASE))


def _known() -> str:
    return " ".join(f"%{letter}" for letter in _DIRECTIVES if letter != "%")


@dataclass(frozen=True, slots=True)
class DateFormat:
    """One way to write a date."""

    #: as the mapping gives it
    text: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class DateReader:
    """Reads dates by given formats; ISO is always read.

    A two-digit year is 1969-2068, as strptime has it; with `born_by` (for a birth date) it is the hundred years
    that end there, so that 45 in 2026 is 1945. Several formats that give different days make the date doubtful.
    """

    formats: tuple[DateFormat, ...]
    zone: tzinfo
    #: the last year a person can be born in; None for dates that may lie in the future
    born_by: int | None = None
    #: the last moment that is not in the future, for what has happened; None for dates that may lie there
    not_after: datetime | None = None
    #: False where `zone` only stands in for one that nobody gave
    is_zone_given: bool = True

    def day(self, text: str) -> str | Finding:
        """`YYYY-MM-DD`; a clock behind the date is left out. A time with an offset is the day it falls on in `zone`."""
        if _NO_DATE.fullmatch(text):
            return self._none(text)
        moment = self._read(text)
        if isinstance(moment, Finding):
            return moment
        here = self._here(moment)
        if here.date() != moment.date() and here.time() != time(0):
            iso = here.date().isoformat()
            return doubted("odd_date", f"{shown(text)} is a moment, which in {self.zone} falls on {iso}. That day is sent.", iso)
        moment = here
        iso = moment.date().isoformat()
        if moment.date() == _UNIX_ZERO:
            sentence = f"{shown(text)} is what some systems write for no date, and a real day as well. It is sent as written; empty the cell if it means nothing."
            return doubted("odd_date", sentence, iso)
        if self.born_by is not None and moment.year > self.born_by:
            return doubted("odd_date", f"{shown(text)} is a birth date in the future. It is sent as written.", iso)
        return iso

    def _here(self, moment: datetime) -> datetime:
        """A moment as the clocks of `zone` show it: systems write a day as its midnight there, in another zone's time.

        A midnight by its own offset is a day already.
        """
        is_day = moment.tzinfo is None or moment.time() == time(0) or not 1 < moment.year < 9999
        return moment if is_day or not self.is_zone_given else moment.astimezone(self.zone)

    def moment(self, text: str) -> str | Finding:
        """`YYYY-MM-DDThh:mm:ss±hh:mm`; a time without an offset is taken in `zone`, a date alone as its midnight.

        The local mean time of old days, whose offset has seconds (Moscow until 1930), leaves as the same moment in UTC.
        An hour that the clocks leave out in spring is moved as they are, with a warning; of an hour that comes
        twice in autumn the first is meant.
        """
        if _NO_DATE.fullmatch(text):
            return self._none(text)
        moment = self._read(text)
        if isinstance(moment, Finding):
            return moment
        if moment.date() == _UNIX_ZERO or moment.tzinfo is not None and not moment.timestamp():
            return self._none(text)
        if moment.tzinfo is not None:
            return self._past(moment, text)
        local = moment.replace(tzinfo=self.zone)
        if not 1 < moment.year < 9999:
            return self._refuse(text, "is a year no calendar is kept for")
        real = local.astimezone(UTC).astimezone(self.zone)
        iso = _iso(real)
        if real.replace(tzinfo=None) != moment:
            sentence = f"{shown(text)} does not exist in {self.zone}: the clocks went forward. It is sent as {iso}."
            return doubted("odd_date", sentence, iso)
        return self._past(real, text)

    def _past(self, moment: datetime, text: str) -> str | Finding:
        iso = _iso(moment)
        if self.not_after is not None and moment > self.not_after:
            return doubted("odd_date", f"{shown(text)} lies in the future, and the field tells what has happened. It is sent as written.", iso)
        return iso

    def _none(self, text: str) -> Finding:
        sentence = f"{shown(text)} stands for no date in the system it comes from. The field is not sent."
        return doubted("no_date", sentence, "")

    def _read(self, text: str) -> datetime | Finding:
        readings: dict[datetime, str] = {}
        is_written_so = False
        for name, match in self._matches(text):
            is_written_so = True
            moment = self._built(match)
            if moment is not None:
                readings.setdefault(moment, name)
        if len(readings) == 1:
            return next(iter(readings))
        if readings:
            both = " or ".join(f"{moment:%Y-%m-%d} ({name})" for moment, name in readings.items())
            return refused("bad_date", f"{shown(text)} can mean {both}. Give the column one of these in `date_formats`.")
        if is_written_so:
            return self._refuse(text, "is a day or time that does not exist")
        return self._refuse(text, f"is not written as {self._tried()}")

    def _matches(self, text: str) -> Iterator[tuple[str, re.Match[str]]]:
        iso = _ISO.fullmatch(text)
        if iso:
            yield "ISO", iso
            return
        for way in self.formats:
            match = way.pattern.fullmatch(text)
            if match:
                yield way.text, match

    def _built(self, match: re.Match[str]) -> datetime | None:
        part = match.groupdict()
        month = int(part["m"]) if part.get("m") else _MONTHS.get((part.get("b") or "")[:3].casefold(), 0)
        hour = int(part.get("H") or 0)
        if part.get("p"):
            if not 1 <= hour <= 12:
                return None
            hour = hour % 12 + (12 if part["p"] in "pP" else 0)
        try:
            return datetime(
                self._year(part), month, int(part["d"]), hour, int(part.get("M") or 0), int(part.get("S") or 0),
                int((part.get("f") or "0").ljust(6, "0")), tzinfo=_offset(part.get("z")),
            )  # fmt: skip
        except ValueError:
            return None

    def _year(self, part: dict[str, str | None]) -> int:
        if part.get("Y"):
            return int(part["Y"] or 0)
        short = int(part["y"] or 0)
        if self.born_by is not None:
            return self.born_by - (self.born_by - short) % 100
        return short + (1900 if short >= 69 else 2000)

    def _tried(self) -> str:
        ways = [way.text for way in self.formats] + ["%Y-%m-%d"]
        return " or ".join(dict.fromkeys(ways))

    def _refuse(self, text: str, what: str) -> Finding:
        if _SERIAL.fullmatch(text):
            day = _SERIAL_ZERO + timedelta(days=int(text[:5]))
            sentence = (
                f"{shown(text)} is a date turned to a number, probably {day.isoformat()}. "
                "Give the cell a date format in the spreadsheet, and save it again."
            )
            return refused("bad_date", sentence)
        return refused("bad_date", f"{shown(text)} {what}.", "Correct the cell, or add its format to `date_formats`.")


def _iso(moment: datetime) -> str:
    # ISO 8601 knows no seconds in an offset; the portal drops such a moment without a word.
    offset = moment.utcoffset()
    is_whole = offset is None or not offset % timedelta(minutes=1)
    return (moment if is_whole else moment.astimezone(UTC)).isoformat(timespec="seconds")


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:] if len(text) > 3 else 0)
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def compile_formats(texts: Sequence[str]) -> tuple[DateFormat, ...]:
    """Several formats at once, the default ones when there are none."""
    return tuple(compile_format(text) for text in texts or DEFAULT_FORMATS)
