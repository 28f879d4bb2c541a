"""Damage a spreadsheet did to a value before the file came to us: recognised and named, never repaired.

Holds what a cell shows by itself: digits turned to an exponent, letters read in the wrong encoding. What only a whole
column shows is in `column_damage`.
"""

from __future__ import annotations

import re

# Spreadsheets write 7.9E+10; programs also 7.9E10, which without the point is a code such as 1E5. The E may be Cyrillic.
_EXPONENT = re.compile(r"'?[+-]?\d(?:[.,](?P<fraction>\d+)[EeЕе]\+?|[EeЕе]\+)(?P<exponent>\d{1,3})")
_BETWEEN_NUMBERS = re.compile(r"\s*[;,/|]\s*|\s+")
_FRACTION_WITH_EXPONENT = re.compile(r"[.,][0-9]+[EeЕе][+0-9]")
# cp1251 read as cp1252: whole words of accented Latin letters. Three in a row stand in Icelandic's "Sæþór" and Estonian's
# "jäääär", yet beside plain ones.
_LATIN_RUN = re.compile(r"(?<![A-Za-z])[À-ÿ¸¨]{3,}(?![A-Za-z])")
# UTF-8 read as cp1251: each Cyrillic letter becomes Р or С and a sign that no word has there.
_UTF8_AS_1251 = re.compile(r"(?:[РС][\u0400-\u040f\u0450-\u045f\u0490\u0491\u00a0-\u00bf\u2010-\u2122]){2,}")
# UTF-8 read as cp1252 or latin-1.
_UTF8_AS_1252 = re.compile(r"[ÂÃÄÅÐÑØÙ][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u2122]")
# Not those behind a word, as in "Call back???": lost letters are whole words of them, or stand before what was kept.
_QUESTION_MARKS = re.compile(r"(?<![\w?!])\?{3,}|\?{3,}(?=[^\W_])")
# Characters that neither plain Latin nor plain Russian text has: one cheap pass that rules most records out.
_UNUSUAL = re.compile("[^\\0-\x7f\u0410-\u044fё№«»–—\u00a0]")
_MISREADINGS = (_LATIN_RUN, _UTF8_AS_1251, _UTF8_AS_1252, re.compile("\N{REPLACEMENT CHARACTER}"))


def is_unusual(text: str) -> bool:
    """The text has characters that neither plain Latin nor plain Russian text has; quick, for every record."""
    return not text.isascii() and _UNUSUAL.search(text) is not None


def may_be_damaged(text: str, unusual: bool) -> bool:
    """False when no cell of this record, joined by tabs, can be damaged on its own; quick, for every record."""
    if "E+" in text or "e+" in text or "???" in text or "Е+" in text or "е+" in text or _FRACTION_WITH_EXPONENT.search(text):
        return True
    return unusual and any(pattern.search(text) for pattern in _MISREADINGS)


def cell_damage(cell: str) -> tuple[str, str] | None:
    """Code and sentence for damage the cell shows by itself, or None."""
    if shortening := _shortening(cell):
        return "number_as_exponent", f'"{shortened(cell)}" {shortening}'
    if reading := _misread(cell):
        return "mojibake", f'"{shortened(cell)}" {reading}'
    return None


def _shortening(cell: str) -> str | None:
    """What a spreadsheet did to the number, or to each of a list of numbers, that the cell is."""
    numbers = _exponents(cell)
    if not numbers:
        return None
    if all(len(number["fraction"] or "") >= int(number["exponent"]) for number in numbers):
        return "is a long number written with an exponent; its digits are all there. Write it out, with the column formatted as text."
    return (
        "is a long number that a spreadsheet has shortened; its digits are lost. "
        "Take it from the original, with the column formatted as text."
    )


def _exponents(cell: str) -> list[re.Match[str]]:
    """The numbers with an exponent, if the cell holds nothing else."""
    found: list[re.Match[str]] = []
    at = 0
    while number := _EXPONENT.match(cell, at):
        found.append(number)
        between = _BETWEEN_NUMBERS.match(cell, number.end())
        if between is None:
            break
        at = between.end()
    return found if found and found[-1].end() == len(cell) else []


def _misread(cell: str) -> str | None:
    run = _LATIN_RUN.search(cell)
    if run and len(set(run[0].casefold())) > 1 and (text := _recoded(cell, "cp1252", "cp1251")):
        return (
            f'looks like Cyrillic text read in the wrong encoding ("{shortened(text)}"). Export the file again as UTF-8.'
        )
    for pattern, codec in ((_UTF8_AS_1251, "cp1251"), (_UTF8_AS_1252, "cp1252"), (_UTF8_AS_1252, "latin-1")):
        run = pattern.search(cell)
        # The whole cell, or what of it can be told: some bytes have no letter in the wrong encoding and are gone.
        if run and (text := _recoded(cell, codec, "utf-8") or _recoded(run[0], codec, "utf-8")):
            return f'looks like UTF-8 text read as {codec} ("{shortened(text)}"). Export the file again as UTF-8.'
    if _QUESTION_MARKS.search(cell):
        return "has question marks where letters were: the export could not write them. Export again as UTF-8."
    if "\N{REPLACEMENT CHARACTER}" in cell:
        return "has letters that an earlier program could not read and replaced. Take it from the original."
    return None


def _recoded(text: str, wrong: str, right: str) -> str | None:
    try:
        return text.encode(wrong).decode(right)
    except UnicodeError:
        return None


def shortened(text: str) -> str:
    """A cell as a message shows it."""
    return text if len(text) <= 40 else text[:39] + "…"
