"""A mapping file, read and checked whole: every fault at once, each with its line and the nearest right name.

What can be checked without the source's header and the portal's fields is checked here; `binding` does the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from importer.errors import ImporterError, MappingError
from importer.mapping import rules
from importer.mapping.nearest import did_you_mean
from importer.mapping.rules import Defaults, Mapping, Origin, SourceRules
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
    #: fields whose rules have a fault and are left out of `rules`, with those rules as the file has them
    broken_fields: dict[str, Any] = field(default_factory=dict)

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

    @property
    def needs_presets(self) -> bool:
        """True when a template of requisites must be known: `ADDRESS` writes one for each address."""
        return any(isinstance(entry, rules.AddressRule) for entry in self.rules.fields.values())

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
    faults = list(text.faults)
    content = _prepared(text)
    mapping: Mapping | None = None
    broken: dict[str, Any] = {}
    try:
        mapping = Mapping.model_validate(content)
    except ValidationError as error:
        details = error.errors(include_url=False)
        faults += [(text.line_of(path_of(detail)), _sentence(detail)) for detail in details]
        mapping, broken = _sound_part(content, details)
    if mapping is not None:
        faults += [(text.line_of(key_path), sentence) for key_path, sentence in _contradictions(mapping)]
    ordered = sorted(dict.fromkeys(faults), key=lambda fault: fault[0])
    told = tuple((line, f"{path.name}, line {line}: {sentence}") for line, sentence in ordered)
    if mapping is None:
        raise MappingError([sentence for _line, sentence in told])
    return LoadedMapping(path, mapping, hashlib.sha256(data).hexdigest(), text, told, broken)


@contextmanager
def with_its_faults(loaded: LoadedMapping) -> Iterator[None]:
    """Whatever else ends the command in here is told below the faults of the mapping, which come first."""
    try:
        yield
    except MappingError:  # has them all
        raise
    except ImporterError as error:
        if not loaded.faults:
            raise
        raise MappingError([*(sentence for _line, sentence in loaded.faults), str(error)]) from error


def _sound_part(content: dict[str, Any], details: list[ErrorDetails]) -> tuple[Mapping | None, dict[str, Any]]:
    """The mapping without the parts that have a fault, and the fields left out."""
    sound = {**content, "fields": dict(fields) if isinstance(fields := content.get("fields"), dict) else fields}
    broken: dict[str, Any] = {}
    for detail in details:
        section, *rest = detail["loc"]
        if section == "fields" and rest and isinstance(sound["fields"], dict):
            if rest[0] in sound["fields"]:
                broken[str(rest[0])] = sound["fields"].pop(rest[0])
        elif section in ("source", "defaults") and rest and isinstance(sound.get(section), dict):
            sound[section] = {key: value for key, value in sound[section].items() if key != rest[0]}
        else:
            sound.pop(section, None)
    try:
        return Mapping.model_validate(sound), broken
    except ValidationError:
        return None, {}


def _prepared(text: YamlText) -> dict[str, Any]:
    """The content with its empty sections left out, and a sheet's number told from a sheet named by digits."""
    content = dict(text.content)
    for section in ("source", "defaults", "params", "origin", "match"):
        if section in content and content[section] is None:
            del content[section]
    source = content.get("source")
    if isinstance(source, dict):
        sheet = source.get("sheet")
        if isinstance(sheet, str) and sheet.isdecimal() and ("source", "sheet") not in text.quoted:
            content["source"] = source | {"sheet": int(sheet)}
    return content


def _contradictions(mapping: Mapping) -> Iterator[tuple[KeyPath, str]]:
    """What is right by itself and wrong together."""
    own = [name for name in ("ORIGINATOR_ID", "ORIGIN_ID") if name in mapping.fields]
    for name in own:
        if mapping.origin:
            yield ("fields", name), f"{name} is filled by `origin` already. Keep one of the two."
    if len(own) == 1 and mapping.origin is None:
        sentence = f"{own[0]} alone is no identity, the run would stamp its own over it. Write `origin: {{originator: …, id: [column]}}`."
        yield ("fields", own[0]), sentence
    for name, entry in mapping.fields.items():
        if isinstance(entry, rules.AddressRule) and name != "ADDRESS":
            yield ("fields", name), f"{name} has the parts of an address, which only ADDRESS takes. Give it `column` or another source."


def path_of(detail: ErrorDetails) -> KeyPath:
    """Where in the file pydantic found a fault; the names of its alternatives are not keys of the file."""
    return tuple(detail["loc"])


def _sentence(detail: ErrorDetails) -> str:
    kind, loc, found = detail["type"], detail["loc"], detail["input"]
    key = next((str(step) for step in reversed(loc) if isinstance(step, str) and step not in _TAGS), "")
    if kind == "extra_forbidden":
        return f'the mapping has no key "{loc[-1]}"{_where(loc)}.{did_you_mean(str(loc[-1]), _keys_at(loc))}'
    if kind == "missing":
        return f"the key `{loc[-1]}` is missing{_where(loc)}."
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    if kind == "literal_error":
        return _not_one_of(loc, key, found)
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return f"`{key}` takes keys and values, not {_shown(found)}."
    if kind == "int_parsing" or kind == "greater_than_equal":
        return f"`{key}` is a whole number from 1, not {_shown(found)}."
    if kind == "bool_parsing" or kind == "bool_type":
        return f"`{key}` is true or false, not {_shown(found)}."
    if kind == "string_type":
        return f"`{key}` is a text, not {_shown(found)}."
    if kind in ("too_short", "string_too_short"):
        return f"`{key}` is empty. Fill it, or leave it out."
    if kind == "string_pattern_mismatch" and key == "field":
        return f"`field` names a custom field of contacts such as UF_CRM_LEGACY_ID, not {_shown(found)}."
    if kind == "string_pattern_mismatch":
        return f"`{key}` is three letters such as RUB or EUR, not {_shown(found)}."
    return f"`{key}`: {detail['msg']}; found {_shown(found)}."


_TAGS = frozenset(("rules", "address", "name", "replace", "origin", "off"))


def _not_one_of(loc: tuple[int | str, ...], key: str, found: Any) -> str:
    if "transform" in loc:
        names = get_args(rules.TransformName) + ("replace",)
        return f'there is no transform "{found}".{did_you_mean(str(found), names) or " Known are " + ", ".join(names) + "."}'
    if loc[0] == "origin":
        return f"`origin` takes {{originator: …, id: [column]}}, or false; not {_shown(found)}."
    if loc == ("version",):
        return f"`version` is 1, not {_shown(found)}. A newer b24-import may know it."
    choices = _choices(loc, key)
    hint = did_you_mean(str(found), choices)
    return f"`{key}` is one of {', '.join(choices)}, not {_shown(found)}.{hint}"


def _choices(loc: tuple[int | str, ...], key: str) -> list[str]:
    def literals(annotation: Any) -> Iterator[str]:
        for part in get_args(annotation):
            if isinstance(part, str):
                yield part
            else:
                yield from literals(part)

    model = _model_at(loc)
    return list(literals(model.model_fields[key].annotation)) if key in model.model_fields else []


def _model_at(loc: tuple[int | str, ...]) -> type[BaseModel]:
    """The part of the grammar in which the last step of `loc` is a key."""
    sections = {"source": SourceRules, "defaults": Defaults, "origin": Origin, "match": rules.Match, "params": rules.Params}
    if len(loc) < 2 or loc[0] not in ("fields", *sections):
        return Mapping
    if loc[0] != "fields":
        return sections[str(loc[0])]
    if "replace" in loc[:-1]:
        return rules.ReplaceStep if loc[:-1].count("replace") > 1 else rules.Replace
    return rules.AddressRule if loc[2:3] == ("address",) and len(loc) == 4 else rules.FieldRule


def _keys_at(loc: tuple[int | str, ...]) -> list[str]:
    return [info.alias or name for name, info in _model_at(loc).model_fields.items()]


def _where(loc: tuple[int | str, ...]) -> str:
    if len(loc) < 2:
        return ""
    return f" in the rule of {loc[1]}" if loc[0] == "fields" else f" in `{loc[0]}`"


def _shown(found: Any) -> str:
    if found is None:
        return "nothing"
    if isinstance(found, dict):
        return "keys and values"
    return "a list" if isinstance(found, list) else f'"{found}"'
