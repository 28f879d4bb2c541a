"""What the values of one column look like, counted over the sample."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from importer.mapping.yes_no import truth

_EMAIL = re.compile(r"(?<=[^@\s])@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"'?\+?[\d\s().\-‐-―/\u00a0]{6,30}(?:(?:ext|доб|x)\.?\s*\d{1,6})?", re.IGNORECASE)
_URL = re.compile(r"(?:https?://|www\.)\S+|(?:[a-z0-9-]+\.)+[a-z]{2,10}(?:/\S*)?", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?\d[\d\s\u00a0.,]*(?:\s?(?:[^\W\d_]{1,3}\.?|[€$₽£%]))?")
_DAY = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:[ T].*)?|\d{1,2}[ -][^\W\d_]{3,9}\.?[ -]\d{2,4}|[^\W\d_]{3,9}\.? \d{1,2}, \d{4}.*")
_NAME = re.compile(r"[^\W\d_]+(?:[.'’ʼ-][^\W\d_]*)*(?:,?\s+[^\W\d_]+(?:[.'’ʼ-][^\W\d_]*)*){1,3}")
_FIRM = re.compile(
    r"(?:^|[\s«\"'(,])(?:ооо|оао|зао|пао|ао|ип|тоо|жшс|нко|фгуп|мбоу|чп|тов|gmbh|ag|kg|ltd|llc|inc|plc|corp|s\.?a|srl|sarl|s\.?l|lda|oy|bv|b\.v|as|sp\. z o\.o)\.?(?:$|[\s»\"'),])",
    re.IGNORECASE,
)
_HONORIFIC = re.compile(
    r"(?:mr|mrs|ms|miss|mx|dr|prof|hr|herr|frau|fr|sr|sra|srta|г-н|г-жа|госпожа|господин|пан|пані|панна|мисс|д-р)\.?", re.IGNORECASE
)
#: what stands between several values of a cell
SEVERAL = re.compile(r"\s*(?:[;,\n|]|:::)\s*")

# What a value is shows in its first characters; a photo in a cell costs the patterns above the square of its length.
_LOOKED_AT = 300

#: a column with at most this many different values, each seen twice on average, is a choice from a list
_MOST_CHOICES = 25


@dataclass(frozen=True)
class ColumnFacts:
    """One column of the sample."""

    name: str
    #: every cell of the sample, trimmed, also empty ones
    cells: Sequence[str]

    @cached_property
    def values(self) -> list[str]:
        """The cells with something in them."""
        return [cell for cell in self.cells if cell]

    @cached_property
    def counted(self) -> Counter[str]:
        """Different values, with how often each comes."""
        return Counter(self.values)

    @property
    def is_empty(self) -> bool:
        """Nothing stands in the sample's cells."""
        return not self.values

    @property
    def identity(self) -> float:
        """The share of rows with a value of their own, 0 to 1; 1 only when every cell is filled and none like another."""
        return len(self.counted) / len(self.cells) if self.cells else 0.0

    def _share(self, fits: Callable[[str], object]) -> float:
        return sum(bool(fits(value[:_LOOKED_AT])) for value in self.values) / len(self.values) if self.values else 0.0

    @cached_property
    def emails(self) -> float:
        """The share of values with an e-mail address in them, 0 to 1; so the others below."""
        return self._share(_EMAIL.search)

    @cached_property
    def phones(self) -> float:
        return self._share(lambda value: any(is_phone(part) for part in SEVERAL.split(value)))

    @cached_property
    def written_phones(self) -> float:
        """The share of phones that no bare number would be taken for: with a plus, brackets, blanks or hyphens."""
        return self._share(lambda value: re.search(r"[+() -]", value) and not _DAY.fullmatch(value) and any(map(is_phone, SEVERAL.split(value))))

    @cached_property
    def urls(self) -> float:
        return self._share(lambda value: _URL.fullmatch(value) and "@" not in value)

    @cached_property
    def links(self) -> float:
        """The share of addresses on the web that no file's name would be taken for."""
        return self._share(lambda value: value.casefold().startswith(("http://", "https://", "www.")) and " " not in value)

    @cached_property
    def days(self) -> float:
        return self._share(_DAY.fullmatch)

    @cached_property
    def full_names(self) -> float:
        return self._share(lambda value: _NAME.fullmatch(value) and not _FIRM.search(value))

    @cached_property
    def firms(self) -> float:
        return self._share(_FIRM.search)

    @cached_property
    def honorifics(self) -> float:
        return self._share(_HONORIFIC.fullmatch)

    def looks(self) -> str:
        """What the values look like, for a comment: `dates`, `yes or no`, `a choice of A, B` …; empty for plain text."""
        if self.is_empty:
            return "empty in the sample" if self.cells else ""
        for share, what in ((self.emails, "e-mail addresses"), (self.days, "dates"), (self.links, "addresses on the web"), (self.written_phones, "phone numbers")):
            if share > 0.8:
                return what
        if self._share(lambda value: truth(value) is not None) > 0.9 and len(self.counted) <= 3:
            return "yes or no"
        if len(self.counted) == 1 and len(self.cells) > 2:
            return f"always {_short(self.values[0])}"
        if self._share(_NUMBER.fullmatch) > 0.9:
            return "numbers"
        if len(self.counted) <= _MOST_CHOICES and len(self.values) >= 2 * len(self.counted):
            return f"a choice of {', '.join(map(_short, list(self.counted)[:6]))}{' …' if len(self.counted) > 6 else ''}"
        return ""


def is_phone(text: str) -> bool:
    """Seven to fifteen digits, written as phones are; no date."""
    return bool(_PHONE.fullmatch(text)) and 7 <= sum(char.isdigit() for char in text) <= 15 and not _DAY.fullmatch(text)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 24 else line[:23] + "…"


def facts_of(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[ColumnFacts]:
    """The facts of every column; rows may be shorter than the header."""
    return [
        ColumnFacts(name, [row[index].strip() if index < len(row) else "" for row in rows])
        for index, name in enumerate(header)
    ]
