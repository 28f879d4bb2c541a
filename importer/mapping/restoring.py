"""What gives a contact back what it held before a run, and what tells that people have changed it since. Plain decisions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from importer.mapping.differences import MULTIFIELDS, Differences, FieldPolicy, complete_address
from importer.mapping.stored_values import is_empty, is_same

#: What the portal may store otherwise than it was sent: moments and people it sets itself, marked-up text, identities.
_NOT_COMPARED = frozenset(("DATE_CREATE", "DATE_MODIFY", "CREATED_BY_ID", "MODIFY_BY_ID", "COMMENTS", "ORIGINATOR_ID", "ORIGIN_ID", "ORIGIN_VERSION"))

# Stands for what is beside the contact and is taken away by itself.
_REQUISITES = "REQUISITES"

_COMPANY, _COMPANIES = "COMPANY_ID", "COMPANY_IDS"


@dataclass(slots=True)
class Way:
    """How a contact is given back what it held."""

    #: fields to send; empty when it holds that already
    changes: dict[str, object] = field(default_factory=dict)
    #: fields of ours that hold another value than we left there
    by_people: list[str] = field(default_factory=list)
    #: fields that cannot be given back: files, whose content is not kept, and what the way in does not allow
    lost: list[str] = field(default_factory=list)
    #: a company whose link may be older than the run and stays beside
    link_left: str | None = None


@dataclass(frozen=True, slots=True)
class Restoring:
    """Compares contacts with what a run sent and with what they held before it."""

    #: field → the portal's type
    types: Mapping[str, str]
    #: where phones without a country are from
    region: str | None = None
    #: ids, as texts, of companies that the run itself created
    own_companies: Collection[str] = ()
    #: True where values of multifields can only be added, and what an empty value does is not known
    is_adding_only: bool = False

    def differing(self, sent: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
        """Fields of a created contact that hold something else than was sent. Files and what a run replaced on the way are not compared."""
        compared = {name: value for name, value in sent.items() if name not in _NOT_COMPARED and not self._is_file(name, value)}
        if now.get(_COMPANIES) is None:
            compared.pop(_COMPANIES, None)
        policies = {name: FieldPolicy(self._type(name), clears=True) for name in compared}
        return list(Differences(policies, self.region).between(compared, now))

    def way_back(self, held: Mapping[str, object], sent: Mapping[str, object], now: Mapping[str, object], *, is_forced: bool = False) -> Way:
        """From what a contact holds now to what it held before: field by field, values of multifields by their ids.

        Fields that people changed since are given back only when `is_forced`. `held` and `now` are as the portal gives
        them, `now` with COMPANY_IDS where companies were sent.
        """
        way = Way()
        for name, ours in sent.items():
            if name == _REQUISITES:
                continue
            before, there = held.get(name), now.get(name)
            if name in MULTIFIELDS:
                change = self._multifield(name, (before, ours, there), way, is_forced)
            elif name == _COMPANIES:
                change = self._companies((before, ours, there), way, is_forced)
            else:
                change = self._single(name, (before, ours, there), way, is_forced)
            if change is not None:
                way.changes[name] = change
        self._primary_company(way, held, sent, now)
        complete_address(way.changes, now)
        return way

    def _type(self, name: str) -> str:
        return self.types.get(name, "string")

    def _is_file(self, name: str, value: object) -> bool:
        first = value[0] if isinstance(value, list) and value else value
        return self._type(name) == "file" or (isinstance(first, dict) and "file" in first)

    def _single(self, name: str, values: tuple[object, object, object], way: Way, is_forced: bool) -> object | None:
        before, ours, there = values
        kind = self._type(name)
        if self._is_file(name, ours):
            way.lost.append(name)
            return None
        if is_same(kind, before, there):
            return None
        if not is_same(kind, ours, there):
            way.by_people.append(name)
            if not is_forced:
                return None
        if is_empty(before) and self.is_adding_only:
            way.lost.append(name)
            return None
        return _sendable(kind, before)

    # -- companies ----------------------------------------------------------------------------

    def _companies(self, values: tuple[object, object, object], way: Way, is_forced: bool) -> object | None:
        before, ours, there = (_texts(value) for value in values)
        if sorted(before) == sorted(there):
            return None
        if sorted(ours) != sorted(there):
            way.by_people.append(_COMPANIES)
            if not is_forced:
                return None
        return before

    def _primary_company(self, way: Way, held: Mapping[str, object], sent: Mapping[str, object], now: Mapping[str, object]) -> None:
        """A company that becomes the primary one is linked beside the others, so that giving back means taking its link away."""
        if _COMPANIES in way.changes:
            way.changes.pop(_COMPANY, None)
            if not way.changes[_COMPANIES]:
                # An empty list has no form in a query.
                del way.changes[_COMPANIES]
                way.changes[_COMPANY] = ""
            return
        if _COMPANY not in way.changes:
            return
        before, ours = _texts(held.get(_COMPANY)), str(sent[_COMPANY])
        if before and ours not in self.own_companies:
            # Whether it was among the contact's companies before, nothing tells.
            way.link_left = ours
            return
        kept = [*before, *(one for one in _texts(now.get(_COMPANIES)) if one not in (*before, ours))]
        if kept:
            del way.changes[_COMPANY]
            way.changes[_COMPANIES] = kept

    # -- multifields --------------------------------------------------------------------------

    def _multifield(self, name: str, values: tuple[object, object, object], way: Way, is_forced: bool) -> list[dict[str, object]] | None:
        before, ours, there = (_entries(value) for value in values)
        if self._is_alike(name, before, there):
            return None
        if not self._is_alike(name, _after(before, ours), there):
            way.by_people.append(name)
            if not is_forced:
                return None
        elements = self._elements(name, before, ours, there)
        if self.is_adding_only:
            way.lost.append(name)
            elements = [element for element in elements if "ID" not in element]
        return elements or None

    def _is_alike(self, name: str, some: Sequence[Mapping[str, object]], others: Sequence[Mapping[str, object]]) -> bool:
        """The same values, and of those with the same id the same kinds."""
        keys = [sorted(str(self._key(name, entry)) for entry in entries) for entries in (some, others)]
        kinds = {str(entry["ID"]): entry.get("VALUE_TYPE") for entry in some if entry.get("ID")}
        return keys[0] == keys[1] and all(
            kinds.get(str(entry.get("ID")), entry.get("VALUE_TYPE")) == entry.get("VALUE_TYPE") for entry in others
        )  # fmt: skip

    def _elements(self, name: str, before: Sequence[Mapping[str, object]], ours: Sequence[Mapping[str, object]],
                  there: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:  # fmt: skip
        elements: list[dict[str, object]] = []
        old, left = _by_id(before), _by_id(there)
        for entry in ours:
            number = str(entry.get("ID") or "")
            if not number:
                key = self._key(name, entry)
                found = next((one for one, value in left.items() if one not in old and self._key(name, value) == key), None)
                if found is not None:
                    elements.append({"ID": found, "DELETE": "Y"})
                    del left[found]
            elif number in old and number in left and left[number].get("VALUE_TYPE") != old[number].get("VALUE_TYPE"):
                # With its value: an element of an ID alone would remove it (crm.contact.update).
                elements.append({"ID": number, "VALUE": left[number].get("VALUE"), "VALUE_TYPE": old[number].get("VALUE_TYPE")})
        keys = [self._key(name, entry) for entry in left.values()]
        removed = [old[str(entry["ID"])] for entry in ours if entry.get("DELETE") == "Y" and str(entry.get("ID")) in old]
        elements += [
            {"VALUE": entry.get("VALUE"), "VALUE_TYPE": entry.get("VALUE_TYPE")} for entry in removed if self._key(name, entry) not in keys
        ]
        return elements

    def _key(self, name: str, entry: Mapping[str, object]) -> object:
        return Differences({}, self.region).key_of(name, entry)


def _entries(value: object) -> list[Mapping[str, object]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _by_id(entries: Sequence[Mapping[str, object]]) -> dict[str, Mapping[str, object]]:
    return {str(entry["ID"]): entry for entry in entries if entry.get("ID")}


def _after(before: Sequence[Mapping[str, object]], ours: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """The values as they were after the run had sent `ours`."""
    changed = _by_id(ours)
    kept = [{**entry, **changed.get(str(entry.get("ID")), {})} for entry in before]
    return [entry for entry in kept if entry.get("DELETE") != "Y"] + [entry for entry in ours if not entry.get("ID")]


def _texts(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    return [] if is_empty(value) or str(value) == "0" else [str(value)]


def _sendable(kind: str, before: object) -> object:
    """A value as the portal gave it, as the portal takes it."""
    if is_empty(before):
        return ""
    if isinstance(before, dict):
        before = list(before.values())
    if isinstance(before, list):
        return [_sendable(kind, one) for one in before]
    # A day comes back with a time and an offset, and must not be moved by them.
    return str(before)[:10] if kind == "date" else str(before)
