"""Texts as the cells of a sheet can hold them."""

from __future__ import annotations

import re

from importer.report.formulas import neutralised

#: The longest text of a cell, in UTF-16 units. Source: support.microsoft.com, "Excel specifications and limits".
MOST_CHARACTERS = 32_767

# XML 1.0 has no place for these; openpyxl refuses the first kind, Excel the second.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def sheet_text(text: str | None) -> str:
    """The text as a cell can hold it: neutralised, control characters as their visible signs, cut with a mark."""
    text = neutralised(text)
    # U+2400 + n is the sign Unicode has for control character n.
    text = _UNWRITABLE.sub(lambda hit: chr(0x2400 + ord(hit[0])) if hit[0] < " " else "\ufffd", text)
    # Excel counts UTF-16 units, of which a character has at most two.
    if len(text) * 2 > MOST_CHARACTERS and len(text.encode("utf-16-le")) // 2 > MOST_CHARACTERS:
        mark = f" … (cut, the text has {len(text):,} characters)"
        room = (MOST_CHARACTERS - len(mark)) * 2
        return text.encode("utf-16-le")[:room].decode("utf-16-le", errors="ignore") + mark
    return text
