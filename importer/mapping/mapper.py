"""A row becomes a contact, or the problems that keep it from being one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from importer.mapping.differences import Differences
from importer.mapping.html_to_bb import HTML_TAG
from importer.mapping.new_items import ItemList
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


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything a row is made into a contact with."""

    fills: tuple[tuple[str, Fill], ...]
    identity: Identity | None = None
    #: fields of crm.address.add; empty when the row has no address
    address: Callable[[Cells, Found], dict[str, str]] | None = None
    #: fields that may hold `company:<title>`, and what stands there before the id of the company made of it
    company_prefixes: Mapping[str, str] = field(default_factory=dict)
    #: fields that may hold `create:<text>`, and the list that the new item is for
    item_lists: Mapping[str, ItemList] = field(default_factory=dict)
    #: what no row will have although the portal requires it
    lacks: tuple[RowProblem, ...] = ()


class Mapper:
    """Maps rows of one source for one portal; made by `binding.bind`. It keeps nothing of a row."""

    def __init__(self, recipe: Recipe, *, width: int, params: dict[str, str], notes: Iterable[str], differences: Differences) -> None:
        self._recipe = recipe
        self._fills = recipe.fills
        self._identity = recipe.identity
        self._address = recipe.address
        self._width = width
        #: `params` of crm.contact.add, as they are sent
        self.params = params
        #: compares rows with contacts that are there
        self.differences = differences
        #: what a person should know of this mapping, source and portal, once a run
        self.notes = list(notes)
        #: fields that may hold `create:<text>` → the list to which that item is to be added, and its id sent instead
        self.item_lists = dict(recipe.item_lists)
        #: a warning for each field that the portal requires and the mapping fills for no row at all
        self.lacks = recipe.lacks
        names = {name for name, _fill in recipe.fills}
        #: True when the rows must be sent in the order of DATE_CREATE: the portal takes no earlier date than the
        #: last contact's (apidocs.bitrix24.com, crm.contact.add)
        self.sorts_by_date_create = "DATE_CREATE" in names
        self._has_own_origin = {"ORIGINATOR_ID", "ORIGIN_ID"} <= names and recipe.identity is None
        self._has_both_companies = {"COMPANY_ID", "COMPANY_IDS"} <= names

    @property
    def has_addresses(self) -> bool:
        """True when contacts may have an address, which needs a template of requisites."""
        return self._address is not None

    @property
    def company_prefixes(self) -> dict[str, str]:
        """Fields that may hold `company:<title>` → what stands before the new id there (`CO_` in links, else nothing)."""
        return dict(self._recipe.company_prefixes)

    def map(self, row: Row) -> Mapped:
        """The row's contact, with every problem of the row: all rejecting ones first, then the warnings.

        A row the reader found broken is not looked into, but for its identity where its cells are in place. Fields without a value are not in the contact.
        """
        if row.problem is not None:
            return Mapped(None, [row.problem, *row.warnings], self._origin_of_broken(row))
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
        address = self._address(cells, found) if self._address is not None else {}
        if not found and not row.warnings:
            return Mapped(self._contact(fields, origin, address), origin=origin)
        rejecting = [problem for problem in found if not problem.is_warning]
        warnings = [*(problem for problem in found if problem.is_warning), *row.warnings]
        contact = self._contact(fields, origin, address)
        return Mapped(None, rejecting + warnings, origin, contact) if rejecting else Mapped(contact, rejecting + warnings, origin)

    def _contact(self, fields: dict[str, object], origin: tuple[str, str] | None, address: dict[str, str]) -> Contact:
        if self._has_both_companies:
            _join_companies(fields)
        return Contact(fields, origin, address)

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

    def _origin_of_broken(self, row: Row) -> tuple[str, str] | None:
        identity = self._identity
        if identity is None or not row.is_in_place or max(identity.positions) >= len(row.cells):
            return None
        ids = [row.cells[position].strip() for position in identity.positions]
        is_legible = any(ids) and not any("\N{REPLACEMENT CHARACTER}" in cell for cell in ids)
        return (identity.originator, "|".join(ids)) if is_legible else None

    def _own_origin(self, fields: dict[str, object], found: Found) -> tuple[str, str] | None:
        originator, own_id = fields.get("ORIGINATOR_ID"), fields.get("ORIGIN_ID")
        if originator and own_id:
            return str(originator), str(own_id)
        sentence = "ORIGINATOR_ID and ORIGIN_ID are an identity only together, and this row lacks one. Fill both."
        found.append(RowProblem("no_origin", sentence))
        return None

    def _miss_name(self, found: Found) -> None:
        """Source: apidocs.bitrix24.com, crm.contact.add, "fill NAME or LAST_NAME; with both empty the method errors"."""
        if not any(problem.code == "required" for problem in found):
            sentence = "NAME and LAST_NAME are both empty; the portal takes no contact without either. Fill one of them."
            found.append(RowProblem("no_name", sentence))


def _join_companies(fields: dict[str, object]) -> None:
    """COMPANY_ID among COMPANY_IDS, and first, for the first one is primary (apidocs.bitrix24.com, crm.item.add).

    What the portal does with a COMPANY_ID that is not among the COMPANY_IDS of the same call is not documented.
    """
    first, others = fields.get("COMPANY_ID"), fields.get("COMPANY_IDS")
    if first and isinstance(others, list):
        fields["COMPANY_IDS"] = list(dict.fromkeys([first, *others]))


def _warn_of_html(comments: str, found: Found) -> None:
    if "<" in comments and HTML_TAG.search(comments):
        sentence = (
            "COMMENTS has HTML or words in angle brackets, which the portal strips. `transform: [html_to_bb]` keeps what tags say; "
            "write such words without the brackets."
        )
        found.append(RowProblem("html_in_text", sentence, is_warning=True))
