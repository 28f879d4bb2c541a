"""Which sheet of a workbook is meant, for every kind of workbook alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from importer.errors import SourceError


class Sheet(NamedTuple):
    """One sheet of a workbook."""

    name: str
    is_visible: bool


def choose_sheet(
    file: str, sheets: Sequence[Sheet], wanted: str | int | None, is_empty: Callable[[str], bool]
) -> tuple[str, list[str]]:
    """The name of the sheet to read, and notes about the choice.

    `wanted` is a name (case and outer spaces aside) or a number from 1; without it, the first visible sheet that is
    not empty. Raises SourceError naming the nearest sheet and all of them.
    """
    names = [sheet.name for sheet in sheets]
    listed = ", ".join(f'"{name}"' for name in names)
    if not names:
        raise SourceError(f"{file}: the workbook has no sheet with cells. Export the contacts again.")
    if wanted is not None:
        return _named(file, names, wanted, listed), []
    visible = [sheet.name for sheet in sheets if sheet.is_visible]
    chosen = next((name for name in visible if not is_empty(name)), None)
    if chosen is None:
        raise SourceError(
            f"{file}: every visible sheet is empty ({listed}). Name a hidden one with --sheet, or export again."
        )
    if len(names) == 1:
        return chosen, []
    return chosen, [f'sheet "{chosen}" of {len(names)}: the first visible one that is not empty ({listed})']


def _named(file: str, names: list[str], wanted: str | int, listed: str) -> str:
    text = str(wanted).strip()
    by_key = {name.strip().casefold(): name for name in reversed(names)}
    # A name first: a sheet called "2024" is meant by 2024, and no workbook has that many sheets.
    if text in names:
        return text
    if text.casefold() in by_key:
        return by_key[text.casefold()]
    if text.isdecimal() and 1 <= int(text) <= len(names):
        return names[int(text) - 1]
    near = get_close_matches(text.casefold(), by_key, n=1, cutoff=0.5)
    guess = f'Did you mean "{by_key[near[0]]}"? ' if near else ""
    raise SourceError(f'{file}: there is no sheet "{text}". {guess}The sheets are {listed}.', option="sheet")
