"""What a rule asks for beyond its field's type: companies, files beside the source, new list items.

`conversions` knows what each type makes of a text; here it is joined with what the catalogue and the disk hold.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from importer.mapping.companies import Companies
from importer.mapping.conversions import Converted, conversion_for, directory_of, remembered
from importer.mapping.new_items import NewItems
from importer.mapping.rules import Defaults, FieldRule
from importer.mapping.source_files import FolderFault, SourceFolder
from importer.records import Catalogue, PortalField


class RuleFault(Exception):
    """A rule that cannot be had with this portal or this folder: `key` of the rule, and the sentence about it."""

    def __init__(self, key: str, sentence: str) -> None:
        super().__init__(sentence)
        self.key = key


class Lookups:
    """The conversions of one mapper: new companies and new items are the same ones in all its rules."""

    def __init__(self, defaults: Defaults, catalogue: Catalogue, base: Path | None) -> None:
        """`base` is the source's folder; None when the source has none."""
        self._defaults, self._catalogue, self._base = defaults, catalogue, base
        self._new_items = NewItems()

    @cached_property
    def _companies(self) -> Companies:
        return Companies(self._catalogue.companies)

    def conversion(self, field: PortalField, rule: FieldRule) -> Converted:
        """The conversion of `field` for values taken by `rule`. Raises `RuleFault`."""
        if rule.files is not None and field.type == "file":
            return Converted(remembered(self._folder(field, rule.files).file))
        if rule.lookup == "company":
            if not self._catalogue.is_live:
                return Converted(None, f"{field.name} is not checked: companies are known only to the portal.")
            return Converted(remembered(self._companies.conversion(rule, link_prefix(field))))
        if rule.create and field.type == "crm_status" and self._catalogue.is_live:
            directory = directory_of(field)
            if directory not in self._catalogue.statuses:
                raise RuleFault("create", f"the portal did not give the directory of {field.name}, so what is missing there is not known. Leave `create` out.")
        new_items = self._new_items if rule.create else None
        return conversion_for(field, rule, self._defaults, self._catalogue, new_items)

    def _folder(self, field: PortalField, folder: str) -> SourceFolder:
        if self._base is None:
            raise RuleFault("files", "the source has no folder in which files could lie. Import it from a file.")
        try:
            return SourceFolder(self._base, folder, images_only=field.name == "PHOTO")
        except FolderFault as error:
            raise RuleFault("files", f'the folder "{folder}" {error}') from error


def link_prefix(field: PortalField) -> str:
    """What stands before a company's id in this field: links of the type `crm` name the kind of record (apidocs.bitrix24.com, crm.item.add)."""
    return "CO_" if field.type == "crm" else ""
