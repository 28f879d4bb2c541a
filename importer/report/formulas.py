"""Cells that a spreadsheet would take for a formula, made harmless in a way that can be undone exactly.

The reader takes the apostrophe off again when it reads a rejects file; the set of first characters below is
therefore part of the contract between the two rooms. Nothing is removed or replaced.
"""

from __future__ import annotations

from collections.abc import Iterable

#: First characters that make a cell a formula in some spreadsheet. The apostrophe is among them so that a
#: value which already begins with one gets a second: only then does taking one off give the value back.
FORMULA_STARTS = frozenset("=+-@\t\r'")


def neutralised(text: str | None) -> str:
    """The text with one apostrophe before it when a spreadsheet could run it; None becomes the empty text."""
    if not text:
        return ""
    return f"'{text}" if text[0] in FORMULA_STARTS else text


def harmless(cells: Iterable[str | int | None]) -> list[str | int]:
    """The cells of one line, its texts neutralised."""
    return [cell if isinstance(cell, int) else neutralised(cell) for cell in cells]
