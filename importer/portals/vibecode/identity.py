"""Where a contact's identity stands in one portal: in its two own fields, in a custom field, or nowhere.

VibeCode does not document whether `originatorId` and `originId` may be written: the portal's own field list decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from importer.portals.portal import Stored
from importer.portals.vibecode.names import ORIGIN, ORIGINATOR, Vocabulary, documented
from importer.portals.vibecode.records import positive, rows, text
from importer.portals.vibecode.translation import Json, from_vibecode, to_vibecode

#: stands between originator and id in a custom field
_BAR = "|"

Origin = tuple[str, str]


@dataclass(slots=True)
class Identifying:
    """The portal's names, and how its contacts are told apart."""

    words: Vocabulary = field(default_factory=documented)
    #: our name of the custom field that carries the identity; counts where the two own fields cannot be written
    marker: str | None = None

    @property
    def marker_name(self) -> str | None:
        """VibeCode's name of the custom field in use; None where the own fields are, or where there is none."""
        if self.words.keeps_origin or self.marker is None or not self.words.writes(self.marker):
            return None
        return self.words.theirs[self.marker]

    @property
    def is_kept(self) -> bool:
        """True where contacts can be found by identity."""
        return self.words.keeps_origin or self.marker_name is not None

    @property
    def names(self) -> list[str]:
        """VibeCode's names of what carries the identity."""
        return [self.marker_name] if self.marker_name else [ORIGINATOR, ORIGIN]

    def stamped(self, fields: Mapping[str, object]) -> Json:
        """The body that creates or changes a contact, its identity where this portal keeps it."""
        body = to_vibecode(fields, self.words)
        if self.marker_name and "ORIGINATOR_ID" in fields:
            body[self.marker_name] = f"{fields['ORIGINATOR_ID']}{_BAR}{fields.get('ORIGIN_ID', '')}"
        return body

    def filter_of(self, originator: str, origin_ids: Sequence[str] | None = None) -> Json:
        """The filter for an originator's contacts, or for those with one of these ids."""
        if self.marker_name is None:
            return {ORIGINATOR: originator} | ({ORIGIN: {"$in": list(origin_ids)}} if origin_ids is not None else {})
        if origin_ids is None:
            return {self.marker_name: {"$contains": originator + _BAR}}
        return {self.marker_name: {"$in": [f"{originator}{_BAR}{origin_id}" for origin_id in origin_ids]}}

    def _origin(self, row: Mapping[str, object]) -> Origin:
        if self.marker_name is None:
            return text(row.get(ORIGINATOR)), text(row.get(ORIGIN))
        originator, _, origin_id = text(row.get(self.marker_name)).partition(_BAR)
        return originator, origin_id

    def found(self, value: object) -> list[tuple[str, int]]:
        """Answer of FindByOrigin."""
        return [(self._origin(row)[1], positive(row.get("id"))) for row in rows(value)]

    def stored(self, value: object) -> list[Stored]:
        """Answer of ReadContacts: every field in the portal's own names."""
        return [self._stored(row, self._origin(row)[1], from_vibecode(row, self.words)) for row in rows(value)]

    def stored_of(self, originator: str) -> Callable[[object], list[Stored]]:
        """Reads the answer of ReadOriginator. Who only contains the originator's name has no origin id."""

        def read(value: object) -> list[Stored]:
            found = [(row, *self._origin(row)) for row in rows(value)]
            return [self._stored(row, origin_id if whose == originator or not self.marker_name else "", {}) for row, whose, origin_id in found]

        return read

    def _stored(self, row: Mapping[str, object], origin_id: str, fields: dict[str, object]) -> Stored:
        modified, created = (next((text(row[key]) for key in keys if row.get(key)), "") for keys in (("updatedTime", "updatedAt"), ("createdTime", "createdAt")))
        if self.marker_name and fields:
            fields["ORIGINATOR_ID"], fields["ORIGIN_ID"] = self._origin(row)
        return Stored(positive(row.get("id")), origin_id, modified, created, fields)
