"""Quotes that a program wrote as `\\"` inside quoted cells, rewritten as the doubled ones that `csv` reads.

`csv` has an escape character of its own, but it would take every backslash of the file away, also that of `DOMAIN\\ann`.
Here only the backslash before a quote inside quotes goes; `\\\\` is a pair, so that a cell may end in a backslash.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_WITHIN = re.compile(r'(?:[^"\\]++|\\.|"")*+', re.DOTALL)


def with_doubled_quotes(line: str, delimiter: str, is_open: bool) -> tuple[str, bool]:
    """The line with `\\"` inside quotes as `""`, and whether its last cell is still open at the end.

    `is_open`: the line begins inside a quoted cell.
    """
    parts: list[str] = []
    done = 0
    while True:
        if not is_open:
            opening = 0 if not done and line.startswith('"') else line.find(delimiter + '"', done)
            if opening < 0:
                return "".join((*parts, line[done:])), False
            begin = line.index('"', opening) + 1
            parts.append(line[done:begin])
            done = begin
        end = _WITHIN.match(line, done).end()  # type: ignore[union-attr]
        parts.append(_doubled(line[done:end]))
        done = end
        is_open = not line.startswith('"', end)
        if is_open:
            return "".join((*parts, line[done:])), True
        parts.append('"')
        done += 1


def _doubled(within: str) -> str:
    return re.sub(r'\\(.)', lambda pair: '""' if pair[1] == '"' else pair[0], within, flags=re.DOTALL)


def rewritten(lines: Iterable[str], delimiter: str) -> Iterator[str]:
    """These lines for `csv.reader`, the first of which begins a record."""
    is_open = False
    for line in lines:
        line, is_open = with_doubled_quotes(line, delimiter, is_open)
        yield line
