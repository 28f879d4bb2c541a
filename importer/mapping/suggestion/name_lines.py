"""Lines for a contact's name: from columns of its parts, from a full name split up, or from whatever stands in for one."""

from __future__ import annotations

from collections.abc import Iterator

from importer.mapping.suggestion.draft import Line, Table
from importer.mapping.suggestion.sureness import Claim, Sureness

_PARTS = {"NAME": "first_name", "SECOND_NAME": "second_name", "LAST_NAME": "last_name"}


def name_lines(table: Table) -> Iterator[Line]:
    """NAME, SECOND_NAME and LAST_NAME; never nothing, for the portal takes no contact without one of them."""
    full = table.first("FULL_NAME")
    if full is not None and (why := _needs_full_name(table, full)):
        yield from _split(table, full, why)
        return
    found = [claim for part in _PARTS if (claim := table.first(part)) is not None]
    yield from (Line(claim.field, {"column": table.column(claim)}, claim.sureness, claim.reason) for claim in found)
    if not any(claim.field in ("NAME", "LAST_NAME") for claim in found):
        there = {claim.field for claim in found}
        yield from (line for line in _stand_in(table) if line.field not in there)


def _needs_full_name(table: Table, full: Claim) -> str:
    """Why the full name is better than the columns of its parts; empty when those will do."""
    parts = [table.facts[claim.index].cells for claim in (table.first("NAME"), table.first("LAST_NAME")) if claim is not None]
    if not parts:
        return full.reason
    rows = zip(table.facts[full.index].cells, *parts, strict=True)
    nameless = sum(bool(whole) and not any(cells) for whole, *cells in rows)
    if nameless:
        return f"{nameless} rows of the sample have a full name but no parts of it"
    if not table.has_rows and table.export is not None and table.export.prefers_full_name:
        return "its parts are often empty"
    return ""


def _split(table: Table, full: Claim, why: str) -> Iterator[Line]:
    column = table.column(full)
    for part, transform in _PARTS.items():
        own = table.first(part) if part == "SECOND_NAME" else None
        if own is not None:
            yield Line(part, {"column": table.column(own)}, own.sureness, own.reason)
        else:
            yield Line(part, {"column": column, "transform": transform}, full.sureness, f"{why}; split" if part == "NAME" else "the same column")


def _stand_in(table: Table) -> Iterator[Line]:
    """No column is known as a name: one whose values look like names, else the next best thing to call a contact by."""
    taken = {claim.index for claim in table.claims if claim.target != "SKIP"}
    for index, column in enumerate(table.facts):
        if index not in taken and column.full_names > 0.6 and 2 * len(column.counted) > len(column.values):
            yield from _split(table, Claim(index, "FULL_NAME", Sureness.GUESS, "its values look like full names"), "its values look like full names")
            return
    for target in ("COMPANY", "EMAIL", "PHONE", "ORIGIN_ID"):
        if claim := table.first(target):
            yield Line("NAME", {"column": table.column(claim)}, Sureness.GUESS, "no column of names was found, and the portal asks for one; choose better")
            return
    index = next((index for index, column in enumerate(table.facts) if column.values), 0)
    yield Line("NAME", {"column": table.facts[index].name}, Sureness.GUESS, "no column of names was found, and the portal asks for one; choose better")
