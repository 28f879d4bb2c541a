"""What the values of a column look like."""

from __future__ import annotations

from importer.mapping.suggestion.column_facts import ColumnFacts


def test_of_a_photo_in_a_cell_only_the_beginning_is_looked_at() -> None:
    seen: list[int] = []
    ColumnFacts("Photo", ["iVBORw0KGgo" * 3000])._share(lambda value: seen.append(len(value)))
    assert seen and max(seen) <= 1000


def test_an_address_stands_anywhere_in_a_value() -> None:
    assert ColumnFacts("Mail", ["Ann Reed <ann@example.com>", "ann@example.com", "@example.com", "ann@example"]).emails == 0.5
