"""The proposed mapping before it is text: its lines, each with its reason, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from importer.mapping.suggestion.column_facts import ColumnFacts
from importer.mapping.suggestion.export import Export
from importer.mapping.suggestion.sureness import Claim, Sureness
from importer.records import Catalogue


@dataclass(slots=True)
class Line:
    """One rule of one field."""

    field: str
    #: the rule as the grammar has it; `column` alone is written in the short form
    rule: dict[str, object]
    sureness: Sureness
    reason: str
    #: why the line is written as a comment; empty for a line that counts
    why_not: str = ""

    @property
    def columns(self) -> list[str]:
        """Columns of the file the rule reads."""
        return list(_columns(self.rule))


def _columns(rule: dict[str, object]) -> Iterator[str]:
    for key, part in rule.items():
        if key == "column":
            yield str(part)
        elif key == "columns" and isinstance(part, list):
            yield from map(str, part)
        elif isinstance(part, dict) and key != "map":
            yield from _columns(part)


@dataclass(frozen=True)
class Table:
    """What is known of the file and the portal when lines are made."""

    facts: Sequence[ColumnFacts]
    claims: Sequence[Claim]
    export: Export | None
    #: the portal's own description; None when none is configured
    catalogue: Catalogue | None

    def named(self, *targets: str) -> list[Claim]:
        """Claims on one of these targets or fields, the surest first, else in the order of the header."""
        found = [claim for claim in self.claims if claim.target in targets or claim.field in targets]
        return sorted(found, key=lambda claim: -claim.sureness)

    def first(self, target: str) -> Claim | None:
        """The surest claim on the target."""
        return next(iter(self.named(target)), None)

    def column(self, claim: Claim) -> str:
        """The name of the claim's column."""
        return self.facts[claim.index].name

    @property
    def has_rows(self) -> bool:
        """False when only a header is known."""
        return any(column.values for column in self.facts)


@dataclass(slots=True)
class Draft:
    """A whole proposed mapping."""

    export: Export | None
    name: str
    lines: list[Line] = field(default_factory=list)
    #: (key, value, comment) of `defaults`; a line without a value is a comment
    defaults: list[tuple[str, object, str]] = field(default_factory=list)
    #: (originator, columns, comment); `is_origin_live` False writes it as a comment
    origin: tuple[str, list[str], str] | None = None
    is_origin_live: bool = True
    #: (column, why) of those that are not taken
    left: list[tuple[str, str]] = field(default_factory=list)
    #: what else a person should know, a sentence each
    remarks: list[str] = field(default_factory=list)

    def live_lines(self) -> list[Line]:
        """The lines that count."""
        return [line for line in self.lines if not line.why_not]

    def used(self) -> set[str]:
        """Columns that lines, also those in comments, or the origin read."""
        found = {name for line in self.lines for name in line.columns}
        return found | set(self.origin[1] if self.origin else ())
