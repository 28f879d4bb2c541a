"""A proposed rule tried on the sample: what share of its values the portal's field would take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from importer.mapping.conversions import conversion_for
from importer.mapping.findings import Finding
from importer.mapping.rule_steps import Steps, chained, several_values, taking
from importer.mapping.rules import Defaults, FieldRule
from importer.mapping.suggestion.column_facts import ColumnFacts
from importer.mapping.suggestion.draft import Line
from importer.records import Catalogue, PortalField, RowProblem


@dataclass(frozen=True)
class Tried:
    """What became of a rule's values."""

    cells: int
    refused: int
    #: the first refusal's sentence; empty when there is none
    sentence: str = ""


def try_line(line: Line, field: PortalField, facts: Sequence[ColumnFacts], defaults: Defaults, catalogue: Catalogue) -> Tried:
    """The rule on every row of the sample that has something in its columns."""
    rule = FieldRule.model_validate(line.rule)
    places = {column.name: place for place, column in reversed(list(enumerate(facts)))}
    convert = conversion_for(field, rule, defaults, catalogue).convert
    steps = Steps(rule, tuple(rule.source_columns()), taking(rule, places.__getitem__), chained(rule, convert, convert or _same), "")
    values_of = several_values(steps)
    cells = refused = 0
    sentence = ""
    for row in zip(*(column.cells for column in facts), strict=True):
        found: list[RowProblem] = []
        cells += bool(values_of(row, found)) or bool(found)
        rejecting = [problem for problem in found if not problem.is_warning]
        refused += bool(rejecting)
        sentence = sentence or (rejecting[0].problem if rejecting else "")
    return Tried(cells, refused, sentence)


def _same(text: str) -> str | Finding:
    return text
