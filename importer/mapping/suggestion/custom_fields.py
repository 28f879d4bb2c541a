"""Custom fields of a live portal, matched by their labels to columns that nothing else takes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from rapidfuzz import fuzz

from importer.mapping.suggestion.column_facts import ColumnFacts
from importer.mapping.suggestion.draft import Line, Table
from importer.mapping.suggestion.export import alike
from importer.mapping.suggestion.header_words import key
from importer.mapping.suggestion.splitting import list_split
from importer.mapping.suggestion.sureness import Claim, Sureness
from importer.records import PortalField

_LIKE = 88
_CALLED_BY = frozenset(("NAME", "SECOND_NAME", "LAST_NAME", "FULL_NAME", "PHONE", "EMAIL"))


def custom_field_lines(table: Table, taken: Collection[str]) -> Iterator[Line]:
    """A line for each free column whose name is the label of a custom field, or nearly."""
    if table.catalogue is None:
        return
    free = [column for column in table.facts if column.name not in taken]
    fields = [field for field in table.catalogue.fields.values() if field.name.startswith("UF_") and field.label and not field.is_read_only]
    pairs = sorted(
        ((likeness, field.name, column.name) for field in fields for column in free if (likeness := _likeness(field, column)) >= _LIKE),
        key=lambda pair: -pair[0],
    )
    columns = {column.name: column for column in free}
    used: set[str] = set()
    for likeness, name, column_name in pairs:
        if name not in used and column_name not in used:
            used |= {name, column_name}
            yield _line(table.catalogue.fields[name], columns[column_name], likeness)


def without_labels(table: Table) -> Table:
    """The table without claims on columns that are called just like a custom field of the portal, and nothing else there.

    The portal's own word beats a usual one. What a known export means by a column stays, and so does what a contact is
    called and reached by: a custom field of that name is mostly left over from an earlier import.
    """
    if table.catalogue is None:
        return table
    fields = [field for field in table.catalogue.fields.values() if field.label]
    labels = {key(field.label) for field in fields if field.name.startswith("UF_") and not field.is_read_only}
    labels -= {key(field.label) for field in fields if not field.name.startswith("UF_")}
    return replace(table, claims=[claim for claim in table.claims if _is_kept(table, claim) or key(table.column(claim)) not in labels])


def _is_kept(table: Table, claim: Claim) -> bool:
    is_of_export = table.export is not None and alike(table.column(claim)) in table.export.targets()
    return claim.sureness == Sureness.SURE and (is_of_export or claim.field in _CALLED_BY)


def _likeness(field: PortalField, column: ColumnFacts) -> float:
    label, name = key(field.label), key(column.name)
    if not label or not name:
        return 0.0
    return 100.0 if label == name else fuzz.ratio(label, name) if min(len(label), len(name)) >= 5 else 0.0


def _line(field: PortalField, column: ColumnFacts, likeness: float) -> Line:
    rule: dict[str, object] = {"column": column.name}
    if field.is_multiple and (split := list_split(column)):
        rule["split"] = split
    is_same = likeness == 100.0
    reason = f'the portal\'s field "{field.label}"' if is_same else f'like the portal\'s field "{field.label}"'
    why_not = "say in which folder beside the source its files lie, for one `files: photos`" if field.type == "file" else ""
    return Line(field.name, rule, Sureness.SURE if is_same else Sureness.LIKELY, reason, why_not)


def unfilled(table: Table, filled: Collection[str]) -> Iterator[str]:
    """A sentence for each custom field the portal requires and no line fills."""
    fields = table.catalogue.fields.values() if table.catalogue is not None else ()
    for field in fields:
        if field.is_required and field.name.startswith("UF_") and field.name not in filled:
            yield f'The portal requires {field.name} ("{field.label}"), and no column fits it: add `{field.name}: {{column: …}}` or `{{value: …}}`.'
