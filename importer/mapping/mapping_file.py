"""A mapping file, read and checked whole: every fault at once, each with its line and the nearest right name.

What can be checked without the source's header and the portal's fields is checked here; `binding` does the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from importer.errors import ImporterError, MappingError
from importer.mapping import rules
from importer.mapping.rules import Defaults, Mapping, Origin, SourceRules
from importer.mapping.sound_part import Broken, checked
from importer.mapping.yaml_text import KeyPath, YamlText, parse_yaml, read_bytes


@dataclass(frozen=True)
class LoadedMapping:
    """A mapping without a fault in itself, and the file it stands in."""

    path: Path
    rules: Mapping
    #: hash of the file's bytes, in hex
    sha256: str
    _text: YamlText = field(repr=False)
    #: what is wrong with the mapping in itself, each with its line; only `read_mapping` leaves any
    faults: tuple[tuple[int, str], ...] = ()
    #: what is left out of `rules` for its faults
    broken: Broken = field(default_factory=Broken)

    @property
    def file(self) -> str:
        """The file's name without its folder, as messages begin with it."""
        return self.path.name

    @property
    def name(self) -> str:
        """What reports call this mapping."""
        return self.rules.name or self.path.stem

    @property
    def source(self) -> SourceRules:
        """How to read the file: sheet, header_row, encoding, delimiter (a tab as the character)."""
        return self.rules.source

    @property
    def defaults(self) -> Defaults:
        """Region, time zone, date formats, currency and decimal mark of the source."""
        return self.rules.defaults

    @property
    def origin(self) -> Origin | None:
        """The row's identity; None when the mapping gives none."""
        return self.rules.origin or None

    @property
    def marker(self) -> str | None:
        """The custom field that carries the identity where the portal's own two fields cannot be written."""
        return self.origin.field if self.origin else None

    @property
    def stamps(self) -> bool:
        """True when the run must stamp an origin of its own: the mapping gives none and does not say `origin: false`."""
        return self.rules.origin is None

    @property
    def params(self) -> dict[str, str]:
        """What is sent as `params` of crm.contact.add.

        IMPORT is on there for any value that is not empty or 0, the word N included (published server modules of the platform), so to say no
        the key is left out.
        """
        wanted = self.rules.params
        params = {"IMPORT": "Y"} if wanted.IMPORT else {}
        return params | {"REGISTER_SONET_EVENT": "Y" if wanted.REGISTER_SONET_EVENT else "N"}

    @property
    def needs_companies(self) -> bool:
        """True when the portal's companies must be in the catalogue: a rule has `lookup: company`."""
        return any(rule.lookup == "company" for _path, rule in self.rules.all_rules())

    @property
    def names_files(self) -> bool:
        """True when cells name files that are read when they are sent: a rule has `files`."""
        return any(rule.files is not None for _path, rule in self.rules.all_rules())

    def columns(self) -> list[str]:
        """Every column of the source the mapping reads, once, in the order of the file."""
        names = list(self.origin.id) if self.origin else []
        for _path, rule in self.rules.all_rules():
            names += rule.source_columns()
        return list(dict.fromkeys(names))

    def line_of(self, path: KeyPath) -> int:
        """The line of the value behind these keys, or of the nearest part around it."""
        return self._text.line_of(path)

    def fault(self, path: KeyPath, sentence: str) -> tuple[int, str]:
        """The line of `path` and the whole sentence about it, for `MappingError`."""
        line = self.line_of(path)
        return line, f"{self.file}, line {line}: {sentence}"


def load_mapping(path: Path) -> LoadedMapping:
    """The mapping in `path`. Raises `MappingError` with every fault that is in it, in the order of the lines."""
    loaded = read_mapping(path)
    if loaded.faults:
        raise MappingError([sentence for _line, sentence in loaded.faults])
    return loaded


def read_mapping(path: Path) -> LoadedMapping:
    """The mapping in `path` as far as it has no fault; `bind` tells its faults together with its own.

    Raises `MappingError` when too little is right to look further.
    """
    data = read_bytes(path)
    text = parse_yaml(data, path.name)
    found = checked(_prepared(text))
    faults = [*found.faults, *(_contradictions(found.mapping, found.broken) if found.mapping is not None else ())]
    lines = [*text.faults, *((text.line_of(key_path), sentence) for key_path, sentence in faults)]
    ordered = sorted(dict.fromkeys(lines), key=lambda fault: fault[0])
    told = tuple((line, f"{path.name}, line {line}: {sentence}") for line, sentence in ordered)
    if found.mapping is None:
        raise MappingError([sentence for _line, sentence in told])
    return LoadedMapping(path, found.mapping, hashlib.sha256(data).hexdigest(), text, told, found.broken)


@contextmanager
def with_its_faults(loaded: LoadedMapping) -> Iterator[None]:
    """Whatever else ends the command in here is told below the faults of the mapping, which come first."""
    try:
        yield
    except ImporterError as error:
        told = error.faults if isinstance(error, MappingError) else [str(error)]
        untold = [sentence for _line, sentence in loaded.faults if sentence not in told]
        if not untold:
            raise
        raise MappingError([*untold, *told]) from error


def _prepared(text: YamlText) -> dict[str, Any]:
    """The content, a sheet's number told from a sheet named by digits."""
    content = dict(text.content)
    source = content.get("source")
    if isinstance(source, dict):
        sheet = source.get("sheet")
        if isinstance(sheet, str) and sheet.isdecimal() and ("source", "sheet") not in text.quoted:
            content["source"] = source | {"sheet": int(sheet)}
    return content


def _contradictions(mapping: Mapping, broken: Broken) -> Iterator[tuple[KeyPath, str]]:
    """What is right by itself and wrong together. Of an `origin` with a fault nothing is said but that."""
    own = [name for name in ("ORIGINATOR_ID", "ORIGIN_ID") if name in mapping.fields]
    for name in own:
        if mapping.origin:
            yield ("fields", name), f"{name} is filled by `origin` already. Keep one of the two."
    if len(own) == 1 and mapping.origin is None and "origin" not in broken.sections:
        sentence = f"{own[0]} alone is no identity, the run would stamp its own over it. Write `origin: {{originator: …, id: [column]}}`."
        yield ("fields", own[0]), sentence
    for name, entry in mapping.fields.items():
        if isinstance(entry, rules.AddressRule) and name != "ADDRESS":
            yield ("fields", name), f"{name} has the parts of an address, which only ADDRESS takes. Give it `column` or another source."
