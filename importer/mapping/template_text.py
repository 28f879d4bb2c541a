"""Templates of a rule: text with {Column name} in it. `{{` and `}}` are braces."""

from __future__ import annotations

import re

_PIECES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")

#: what a template is made of: ("text", "From ") or ("column", "Legacy ID")
Piece = tuple[str, str]


def parse_template(text: str) -> list[Piece]:
    """The pieces of a template in their order. Raises `ValueError` with a sentence when braces do not pair."""
    pieces: list[Piece] = []
    literal, position = "", 0
    for match in _PIECES.finditer(text):
        literal += text[position : match.start()]
        position = match.end()
        if match[0] in ("{{", "}}"):
            literal += match[0][0]
        elif match[1] is None:
            raise ValueError(f'"{text}" has a single {match[0]}. Write {match[0] * 2} for a brace, or {{Column name}}.')
        elif not match[1].strip():
            raise ValueError(f'"{text}" has empty braces. Write a column name into them, or {{{{}}}} for braces.')
        else:
            if literal:
                pieces.append(("text", literal))
            pieces.append(("column", match[1].strip()))
            literal = ""
    literal += text[position:]
    if literal:
        pieces.append(("text", literal))
    if not any(kind == "column" for kind, _ in pieces):
        raise ValueError(f'"{text}" names no column in braces. Use `value` for a fixed text.')
    return pieces


def template_columns(text: str) -> list[str]:
    """The columns a template names, in their order."""
    return [name for kind, name in parse_template(text) if kind == "column"]
