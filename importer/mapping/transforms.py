"""The named transforms of a rule: pure functions from text to text, and nothing a mapping could smuggle code into."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from importer.mapping.html_to_bb import html_to_bb
from importer.mapping.person_names import split_full_name, title

Transform = Callable[[str], str]

#: a pattern of the mapping is not tried on longer cells: the time of a bad one grows with the text
PATTERN_CELL_CHARS = 5_000

#: CPU seconds a pattern may take for one cell; a good one takes microseconds
PATTERN_S = 0.5

# One quantified thing, quantified again: (a+)+ takes for ever on a text that almost fits. Others exist; this is
# the form people write by accident, and PATTERN_S bounds the rest.
_NESTED = re.compile(r"\((?:\?:)?(?:\[[^\]]*\]|\\.|[^()\\\[\]])(?:[+*]|\{\d+,\})\??\)(?:[+*]|\{\d+,\})")


def strip(text: str) -> str:
    """Without blanks around it, also those that do not break and those without width."""
    return text.strip().strip("\u200b\u200c\u200d\ufeff\u2060").strip()


def collapse(text: str) -> str:
    """Every run of blanks and line breaks as one blank."""
    return " ".join(text.split())


def digits(text: str) -> str:
    """The digits 0-9 alone."""
    return "".join(char for char in text if char in "0123456789")


def first_name(text: str) -> str:
    """The given name out of a full name."""
    return split_full_name(text).first


def last_name(text: str) -> str:
    """The family name out of a full name."""
    return split_full_name(text).last


def second_name(text: str) -> str:
    """The patronymic or middle names out of a full name."""
    return split_full_name(text).second


#: name in the mapping → function
TRANSFORMS: dict[str, Transform] = {
    "strip": strip,
    "collapse": collapse,
    "lower": str.lower,
    "upper": str.upper,
    "title": title,
    "digits": digits,
    "first_name": first_name,
    "last_name": last_name,
    "second_name": second_name,
    "html_to_bb": html_to_bb,
}


def checked_pattern(text: str) -> re.Pattern[str]:
    """A regular expression of the mapping, compiled. Raises `ValueError` with a sentence when it cannot be used."""
    try:
        pattern = re.compile(text)
        _timed(text)
    except (re.error, ValueError) as error:
        raise ValueError(f'"{text}" is no regular expression: {error}.') from error
    if _NESTED.search(text):
        raise ValueError(f'"{text}" repeats what is already repeated, which can take for ever. Write it with one + or *.')
    return pattern


def replacement(pattern: re.Pattern[str], text: str) -> Transform:
    """The transform `replace`: every match of `pattern` becomes `text`, in which \\1 or \\g<name> are groups.

    Raises `ValueError` when `text` names a group that is not there; the transform raises `TimeoutError` after PATTERN_S.
    """
    try:
        # The text is compiled, and with it checked, before anything is searched.
        pattern.sub(text, "")
    except (re.error, IndexError) as error:
        raise ValueError(f'"{text}" does not fit its pattern: {error}.') from error
    timed = _timed(pattern.pattern)
    return lambda value: timed.sub(text, value, timeout=PATTERN_S)


def splitting(pattern: str) -> Callable[[str], list[str]]:
    """The function that splits a text where the pattern fits, its groups among the parts; raises `TimeoutError` like `replacement`."""
    timed = _timed(pattern)
    return lambda value: timed.split(value, timeout=PATTERN_S)


def _timed(pattern: str) -> Any:
    """The same pattern of a library that, unlike `re`, can be told to stop."""
    # Not above: it takes 30 ms to load, and few mappings have a pattern.
    import regex

    try:
        return regex.compile(pattern)
    except regex.error as error:
        raise ValueError(error) from error
