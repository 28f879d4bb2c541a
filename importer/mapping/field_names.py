"""The names under `fields:` as a portal knows them: which of its fields is meant, and what to say when there is none."""

from __future__ import annotations

from importer.mapping.contact_fields import OPEN_PREFIXES, UNLISTED, offline_catalogue
from importer.mapping.directories import folded
from importer.mapping.nearest import did_you_mean
from importer.records import Catalogue, PortalField


class FieldNames:
    """Finds the fields of one portal by their names."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def described(self, name: str) -> PortalField | None:
        """The field with its type; None when the portal has none of this name, or was not asked for it."""
        field = self._catalogue.fields.get(name)
        return offline_catalogue().fields[name] if field is None and name in UNLISTED else field

    def may_be(self, name: str) -> bool:
        """The portal has it, or may have it when it was not asked."""
        return self.described(name) is not None or not self._catalogue.is_live and name.startswith(OPEN_PREFIXES)

    def unknown(self, name: str) -> str:
        """The sentence about a name that is none, with the nearest that is one."""
        fields = self._catalogue.fields
        labelled = [field.name for field in fields.values() if field.label and folded(field.label) == folded(name)]
        hint = f" Did you mean {labelled[0]}?" if len(labelled) == 1 else did_you_mean(name, fields)
        owner = "the portal has" if self._catalogue.is_live else "crm.contact.add has"
        return f'{owner} no contact field "{name}".{hint} `b24-import portal` lists the fields.'
