"""A mapping with faults, as far as it is sound: so that the rest of its faults can be found in the same round.

A rule with a fault is no rule, but the columns it names and its other settings can be looked at all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from importer.mapping.fault_sentences import fault_sentence, key_path
from importer.mapping.rules import NEEDED, SOURCES, AddressRule, FieldRule, Mapping, kind_of_entry, wrong_together
from importer.mapping.template_text import template_columns
from importer.mapping.yaml_text import KeyPath

#: a name of a column, and where it stands
NamedColumn = tuple[KeyPath, str]

# Stands in for what a rule or a mapping must have, where all of it has faults.
_NOTHING = {"value": ""}


@dataclass(frozen=True)
class BrokenRule:
    """A rule that has a fault, or stands beside one that has."""

    path: KeyPath
    columns: tuple[NamedColumn, ...]
    #: its settings without those that have a fault; its value is none
    settings: FieldRule


@dataclass(frozen=True)
class Broken:
    """The parts of a mapping that are left out of it for their faults."""

    #: field → its rules
    fields: dict[str, list[BrokenRule]] = field(default_factory=dict)
    #: sections such as `origin` that are left out whole
    sections: frozenset[str] = frozenset()
    #: columns that a left out `origin` names
    origin_columns: tuple[NamedColumn, ...] = ()


@dataclass(frozen=True)
class Checked:
    """A mapping's content, checked against the model."""

    #: None when too little is right to look further
    mapping: Mapping | None
    broken: Broken
    faults: list[tuple[KeyPath, str]]


def checked(content: dict[str, Any]) -> Checked:
    """The content as a mapping without its faulty parts, and its faults, also those that others of the same rule hide."""
    try:
        return Checked(Mapping.model_validate(content), Broken(), [])
    except ValidationError as error:
        details = error.errors(include_url=False)
    faults = [(key_path(detail), fault_sentence(detail)) for detail in details]
    paths = [path for path, _sentence in faults]
    if any(path == ("fields",) for path in paths):
        return Checked(None, Broken(), faults)
    sound = {**content, "fields": dict(content["fields"])}
    broken = {name: list(_broken_rules(name, sound["fields"].pop(name), paths)) for name in dict.fromkeys(str(path[1]) for path in paths if path[0] == "fields")}
    faults += [fault for name in broken for fault in _hidden(name, content["fields"][name], paths)]
    for section, *rest in (path for path in paths if path[0] != "fields"):
        if section in ("source", "defaults") and rest:
            sound[section] = {key: value for key, value in sound[section].items() if key != rest[0]}
        else:
            sound.pop(section, None)
    left_out = frozenset(str(path[0]) for path in paths) & content.keys() - sound.keys()
    origin = content.get("origin")
    columns = tuple(_in_list(origin.get("id"), ("origin", "id"))) if "origin" in left_out and isinstance(origin, dict) else ()
    return Checked(_mapping_of(sound), Broken(broken, left_out, columns), faults)


def _mapping_of(sound: dict[str, Any]) -> Mapping:
    fields = sound["fields"]
    mapping = Mapping.model_validate(sound if fields else {**sound, "fields": {"NAME": _NOTHING}})
    return mapping if fields else mapping.model_copy(update={"fields": {}})


def _written_rules(name: str, entry: Any) -> Iterator[tuple[KeyPath, Any]]:
    """Each rule of a field as the file has it, and where."""
    if kind_of_entry(entry) == "address":
        yield from ((("fields", name, part), rule) for part, rule in entry.items() if part in AddressRule.model_fields)
    else:
        rules = entry if isinstance(entry, list) else [entry]
        yield from ((("fields", name, index), rule) for index, rule in enumerate(rules))


def _broken_rules(name: str, entry: Any, faulty: list[KeyPath]) -> Iterator[BrokenRule]:
    for path, rule in _written_rules(name, entry):
        if isinstance(rule, str):
            yield BrokenRule(path, (((*path, "column"), rule),), FieldRule.model_validate(_NOTHING))
        elif isinstance(rule, dict):
            wrong = {one[3] for one in faulty if one[:3] == path and len(one) > 3}
            keys = [key for key in FieldRule.model_fields if key in rule and key not in wrong and key not in SOURCES]
            kept = {key: rule[key] for key in keys if NEEDED.get(key, key) in keys}
            yield BrokenRule(path, tuple(_named(rule, path)), FieldRule.model_validate({**kept, **_NOTHING}))


def _hidden(name: str, entry: Any, faulty: list[KeyPath]) -> Iterator[tuple[KeyPath, str]]:
    """What the model does not come to say of a rule, because one of its keys has a fault."""
    for path, rule in _written_rules(name, entry):
        wrong = [one for one in faulty if one[:3] == path]
        # A key that is not known may be any of those it would be missing.
        is_told = not wrong or path in wrong or not isinstance(rule, dict) or not rule.keys() <= FieldRule.model_fields.keys()
        if not is_told:
            yield from ((path, sentence) for sentence in wrong_together(rule.keys()))


def _named(rule: dict[str, Any], path: KeyPath) -> Iterator[NamedColumn]:
    if isinstance(rule.get("column"), str):
        yield (*path, "column"), rule["column"]
    yield from _in_list(rule.get("columns"), (*path, "columns"))
    if isinstance(template := rule.get("template"), str):
        try:
            yield from (((*path, "template"), name) for name in template_columns(template))
        except ValueError:  # is told as a fault of its own
            return


def _in_list(written: Any, path: KeyPath) -> Iterator[NamedColumn]:
    for index, name in enumerate(written if isinstance(written, list) else [written]):
        if isinstance(name, str):
            yield (*path, index), name
