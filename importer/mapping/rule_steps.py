"""One rule made into a function from a row's cells to the values it gives.

The order is the design's: take → split → transform → map/otherwise → conversion by the field's type → default →
required. All that can be decided before the first row is decided here, so that a row costs only its own work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from importer.mapping.directories import folded
from importer.mapping.findings import Conversion, Finding, refused, shown
from importer.mapping.nearest import nearest
from importer.mapping.rules import FieldRule
from importer.mapping.template_text import parse_template
from importer.mapping.transforms import PATTERN_CELL_CHARS, PATTERN_S, TRANSFORMS, Transform, replacement, splitting
from importer.records import RowProblem

Cells = Sequence[str]
Found = list[RowProblem]

#: a rule for a field with one value: the value, empty when nothing is sent; problems go to the list
One = Callable[[Cells, Found], str]
#: the text a rule begins with. It has no problems to tell, but is called like a whole rule: many rules are no more.
Take = One
#: a rule for a field with several values
Several = Callable[[Cells, Found], list[str]]


@dataclass(frozen=True, slots=True)
class Steps:
    """A rule with everything it needs: columns found, constants converted."""

    rule: FieldRule
    #: columns the rule reads, as the header spells them
    columns: tuple[str, ...]
    take: Take
    #: None where the text stays as it is
    to_value: Conversion | None
    #: converted already; empty when there is none
    default: str

    @property
    def column(self) -> str | None:
        """The column a problem is about; None when the value is made of several."""
        return self.columns[0] if len(self.columns) == 1 else None


def taking(rule: FieldRule, position_of: Callable[[str], int]) -> Take:
    """Where the text comes from: one column, several joined, a template, or a fixed value."""
    if rule.value is not None:
        fixed = rule.value
        return lambda cells, found: fixed
    if rule.column is not None:
        position = position_of(rule.column)
        return lambda cells, found: cells[position].strip()
    if rule.template is not None:
        return _template(rule.template, position_of)
    positions = [position_of(name) for name in rule.columns or ()]
    join = " " if rule.join is None else rule.join
    return lambda cells, found: join.join([cell for position in positions if (cell := cells[position].strip())])


def _template(text: str, position_of: Callable[[str], int]) -> Take:
    pieces = [(kind, text if kind == "text" else position_of(text)) for kind, text in parse_template(text)]
    positions = [piece for kind, piece in pieces if kind == "column"]

    def take(cells: Cells, found: Found) -> str:
        if not any(cells[position].strip() for position in positions):
            return ""
        return "".join([piece if kind == "text" else cells[piece].strip() for kind, piece in pieces]).strip()

    return take


def chained(rule: FieldRule, convert: Conversion | None, constants: Conversion) -> Conversion | None:
    """Transforms, then `map` or the field's own conversion; None when nothing is to be done.

    `constants` converts what the mapping itself gives, in `map` and `otherwise`; it never refuses, the binding has
    asked it before.
    """
    steps: list[Transform] = [
        TRANSFORMS[step] if isinstance(step, str) else replacement(re.compile(step.replace.pattern), step.replace.with_)
        for step in rule.transform
    ]
    last = _mapped(rule, constants) if rule.map is not None else convert
    if not steps:
        return last

    def run(text: str) -> str | Finding:
        for step in steps:
            text = step(text)
        text = text.strip()
        return last(text) if text and last is not None else text

    has_pattern = any(not isinstance(step, str) for step in rule.transform)
    return _bounded(run) if has_pattern else run


def _bounded(run: Conversion) -> Conversion:
    def bounded(text: str) -> str | Finding:
        if len(text) > PATTERN_CELL_CHARS:
            return _too_long(text)
        try:
            return run(text)
        except TimeoutError:
            return _too_slow(text, "`replace`")

    return bounded


def _too_slow(text: str, whose: str) -> Finding:
    sentence = (
        f"{shown(text)}: the pattern of {whose} was not done after {PATTERN_S} s. "
        "Write it so that no two of its + and * can take the same characters."
    )
    return refused("slow_pattern", sentence)


def _too_long(text: str) -> Finding:
    sentence = f"{shown(text)} has {len(text)} characters; patterns are tried on {PATTERN_CELL_CHARS} at most. Shorten the cell."
    return refused("cell_too_long", sentence)


def _mapped(rule: FieldRule, constants: Conversion) -> Conversion:
    words = rule.map or {}
    exact = {word.strip(): constant_value(value, constants) for word, value in words.items()}
    alike = {folded(word): value for word, value in reversed(exact.items())}
    otherwise = None if rule.otherwise is None else constant_value(rule.otherwise, constants)

    def convert(text: str) -> str | Finding:
        if text in exact:
            return exact[text]
        value = alike.get(folded(text), otherwise)
        if value is not None:
            return value
        likely = nearest(text, exact, limit=2)
        hint = f" Nearest: {', '.join(likely)}." if likely else ""
        return refused("not_in_map", f"{shown(text)} is not in the rule's `map`.{hint} Add it there, or give `otherwise`.")

    return convert


def constant_value(value: str | None, constants: Conversion) -> str:
    """A text of the mapping as it is sent; empty for none."""
    converted = constants(value) if value else ""
    return converted.value if isinstance(converted, Finding) else converted


def one_value(steps: Steps) -> One:
    """The rule as a function to a single value."""
    take, to_value, default, column = steps.take, steps.to_value, steps.default, steps.column
    is_required = steps.rule.required

    def one(cells: Cells, found: Found) -> str:
        value = take(cells, found)
        if value and to_value is not None:
            value = to_value(value)
            if value.__class__ is not str:
                found.append(value.as_problem(column))
                if not value.is_warning:
                    return ""
                value = value.value
        if not value:
            value = default
            if is_required and not value:
                found.append(missing(steps))
        return value

    return take if to_value is None and not default and not is_required else one


def several_values(steps: Steps) -> Several:
    """The rule as a function to a list of values, without empty ones."""
    take, to_value, column = steps.take, steps.to_value, steps.column
    split = _split(steps.rule.split) if steps.rule.split is not None else None

    def several(cells: Cells, found: Found) -> list[str]:
        text = take(cells, found)
        if split is None:
            parts = [text] if text else []
        else:
            split_text = split(text)
            if isinstance(split_text, Finding):
                found.append(split_text.as_problem(column))
                return []
            parts = split_text
        values: list[str] = []
        is_refused = False
        for part in parts:
            value = part if to_value is None else to_value(part)
            if value.__class__ is not str:
                found.append(value.as_problem(column))
                is_refused = is_refused or not value.is_warning
                value = value.value
            if value:
                values.append(value)
        if not values and not is_refused:
            if steps.default:
                values.append(steps.default)
            elif steps.rule.required:
                found.append(missing(steps))
        return values

    return several


def _split(pattern: str) -> Callable[[str], list[str] | Finding]:
    """The parts of a text without blanks around them and without empty ones, or why it cannot be split."""
    pieces = splitting(pattern)

    def split(text: str) -> list[str] | Finding:
        if len(text) > PATTERN_CELL_CHARS:
            return _too_long(text)
        try:
            return [part for piece in pieces(text) if piece and (part := piece.strip())]
        except TimeoutError:
            return _too_slow(text, "`split`")

    return split


def findings_of(steps: Steps) -> list[Finding]:
    """What the conversion says against a rule's fixed value, or against the parts it is split into."""
    text = steps.rule.value or ""
    parts = [text] if steps.rule.split is None else _split(steps.rule.split)(text)
    if isinstance(parts, Finding) or steps.to_value is None:
        return []
    values = [steps.to_value(part.strip()) for part in parts if part.strip()]
    return [value for value in values if isinstance(value, Finding)]


def missing(steps: Steps) -> RowProblem:
    """The problem of a required rule that gave nothing."""
    whence = ", ".join(f'"{name}"' for name in steps.columns)
    return RowProblem("required", f"{whence} is empty, and the mapping requires a value. Fill it, or give the rule a `default`.", steps.column)
