"""A row becomes a contact, or the problems that keep it from being one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from importer.mapping.html_to_bb import HTML_TAG
from importer.mapping.rule_steps import Cells, Found
from importer.records import Contact, Mapped, Row, RowProblem

#: what one field of a contact becomes; None or empty when it is not sent
Fill = Callable[[Cells, Found], object]


@dataclass(frozen=True, slots=True)
class Identity:
    """Where a row's origin comes from."""

    originator: str
    #: places of the id columns in the row
    positions: tuple[int, ...]
    columns: tuple[str, ...]


class Mapper:
    """Maps rows of one source for one portal; made by `binding.bind`. Keeps nothing of a row."""

    def __init__(
        self,
        fills: Sequence[tuple[str, Fill]],
        identity: Identity | None,
        *,
        width: int,
        params: dict[str, str],
        notes: Sequence[str],
    ) -> None:
        self._fills = tuple(fills)
        self._identity = identity
        self._width = width
        #: `params` of crm.contact.add, as they are sent
        self.params = params
        #: what a person should know of this mapping, source and portal, once a run
        self.notes = list(notes)
        names = {name for name, _fill in fills}
        #: True when the rows must be sent in the order of DATE_CREATE: the portal takes no earlier date than the
        #: last contact's (bitrix24-rest §6.2)
        self.sorts_by_date_create = "DATE_CREATE" in names
        self._has_own_origin = {"ORIGINATOR_ID", "ORIGIN_ID"} <= names and identity is None

    def map(self, row: Row) -> Mapped:
        """The row's contact, with every problem of the row: all rejecting ones first, then the warnings.

        A row the reader found broken is not looked into. Fields without a value are not in the contact.
        """
        if row.problem is not None:
            return Mapped(None, [row.problem, *row.warnings])
        cells = row.cells
        if len(cells) < self._width:
            cells = cells + [""] * (self._width - len(cells))
        found: Found = []
        fields: dict[str, object] = {}
        for name, fill in self._fills:
            value = fill(cells, found)
            if value:
                fields[name] = value
        origin = self._origin(cells, fields, found)
        if "NAME" not in fields and "LAST_NAME" not in fields:
            self._miss_name(found)
        if "COMMENTS" in fields:
            _warn_of_html(str(fields["COMMENTS"]), found)
        if not found and not row.warnings:
            return Mapped(Contact(fields, origin), origin=origin)
        rejecting = [problem for problem in found if not problem.is_warning]
        warnings = [*(problem for problem in found if problem.is_warning), *row.warnings]
        return Mapped(None if rejecting else Contact(fields, origin), rejecting + warnings, origin)

    def _origin(self, cells: Cells, fields: dict[str, object], found: Found) -> tuple[str, str] | None:
        identity = self._identity
        if identity is None:
            return self._own_origin(fields, found) if self._has_own_origin else None
        ids = [cells[position].strip() for position in identity.positions]
        if not any(ids):
            named = ", ".join(f'"{name}"' for name in identity.columns)
            sentence = f"{named} is empty, so the row has no identity. Fill it, or take `origin` out of the mapping."
            found.append(RowProblem("no_origin", sentence, identity.columns[0] if len(identity.columns) == 1 else None))
            return None
        origin = (identity.originator, "|".join(ids))
        fields["ORIGINATOR_ID"], fields["ORIGIN_ID"] = origin
        return origin

    def _own_origin(self, fields: dict[str, object], found: Found) -> tuple[str, str] | None:
        originator, own_id = fields.get("ORIGINATOR_ID"), fields.get("ORIGIN_ID")
        if originator and own_id:
            return str(originator), str(own_id)
        sentence = "ORIGINATOR_ID and ORIGIN_ID are an identity only together, and this row lacks one. Fill both."
        found.append(RowProblem("no_origin", sentence))
        return None

    def _miss_name(self, found: Found) -> None:
        """Source: bitrix24-rest §6.2, "fill NAME or LAST_NAME; with both empty the method errors"."""
        if not any(problem.code == "required" for problem in found):
            sentence = "NAME and LAST_NAME are both empty; the portal takes no contact without either. Fill one of them."
            found.append(RowProblem("no_name", sentence))


def _warn_of_html(comments: str, found: Found) -> None:
    if "<" in comments and HTML_TAG.search(comments):
        sentence = "COMMENTS has HTML, whose tags the portal strips. Add `transform: [html_to_bb]` to keep what they say."
        found.append(RowProblem("html_in_text", sentence, is_warning=True))
