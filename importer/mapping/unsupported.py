"""A mapping meets the way into the portal: what cannot be done that way is refused with its line, or left out.

`unsupported: refuse` is the default; with `unsupported: ignore` the mapping goes on without it, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from importer.mapping.mapping_file import LoadedMapping
from importer.mapping.rules import FieldRule, Mapping
from importer.mapping.yaml_text import KeyPath
from importer.records import Lacks

_OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Fitted:
    """A mapping as one way into the portal can carry it out."""

    loaded: LoadedMapping
    #: line and whole sentence of everything that must not be left out
    faults: list[tuple[int, str]] = field(default_factory=list)
    #: what is left out or done differently, a sentence each
    notes: list[str] = field(default_factory=list)


def fitted(loaded: LoadedMapping, lacks: Lacks | None) -> Fitted:
    """The mapping without what is lacking, each such part told; unchanged where nothing is."""
    if lacks is None:
        return Fitted(loaded)
    found = list(_lacking(loaded.rules, lacks))
    notes = [*_changed_kinds(loaded.rules, lacks), *_by_default(loaded.rules, lacks), *lacks.notes]
    # Left out, every row would be created anew each time: nobody means that by `ignore`.
    faults = [loaded.fault(("match", "by"), sentence) for sentence in _unmatchable(loaded.rules, lacks)]
    if loaded.rules.unsupported == "ignore":
        notes += [f"{sentence} It is left out (`unsupported: ignore`)." for _path, sentence in found]
    else:
        way_out = "Leave it out, connect in another way (--to), or write `unsupported: ignore` to import without it."
        faults += [loaded.fault(path, f"{sentence} {way_out}") for path, sentence in found]
    return Fitted(replace(loaded, rules=_without(loaded.rules, lacks)), faults, list(dict.fromkeys(notes)))


def _lacking(mapping: Mapping, lacks: Lacks) -> Iterator[tuple[KeyPath, str]]:
    for name in mapping.fields:
        if name in lacks.fields:
            yield ("fields", name), f"{lacks.door} cannot write {name}: {lacks.fields[name]}."
    for name, why in lacks.params.items():
        if name in mapping.params.model_fields_set and getattr(mapping.params, name):
            yield ("params", name), f"{lacks.door} cannot do `params: {{{name}: Y}}`: {why}."
    for path, rule in mapping.all_rules():
        if path[1] not in lacks.fields:
            yield from (((*path, key), f"{lacks.door} cannot do `{key}` of {path[1]}: {lacks.keys[word]}.") for key, word in _used(rule) if word in lacks.keys)


def _unmatchable(mapping: Mapping, lacks: Lacks) -> Iterator[str]:
    if mapping.match is not None and "origin" in mapping.match.by and not lacks.keeps_identity:
        yield (
            f"through {lacks.door} this portal's contacts keep no identity to be matched by. Match by phone or email, or keep the identity in "
            "a custom text field: `origin: {…, field: UF_CRM_…}`."
        )


def _used(rule: FieldRule) -> Iterator[tuple[str, str]]:
    """(key of the rule, word for what it asks) of what a way into the portal may lack."""
    if rule.clear:
        yield "clear", "clear"
    if rule.create and rule.lookup != "company":
        yield "create", "create of list entries"
    if rule.by is not None and "origin" in rule.by:
        yield "by", "lookup of companies by origin"


def _by_default(mapping: Mapping, lacks: Lacks) -> Iterator[str]:
    """What nobody wrote and everybody has by default: nothing to refuse, but something to know."""
    if "IMPORT" in lacks.params and "IMPORT" not in mapping.params.model_fields_set:
        yield f"Rows go without import mode. {lacks.door}: {lacks.params['IMPORT']}."


def _changed_kinds(mapping: Mapping, lacks: Lacks) -> Iterator[str]:
    for path, rule in mapping.all_rules():
        if _is_foreign(str(path[1]), rule, lacks):
            yield f"{lacks.door} has no kind {rule.type.upper()} for {path[1]}: such values are sent as {_OTHER}."


def _is_foreign(name: str, rule: FieldRule, lacks: Lacks) -> bool:
    return rule.type is not None and name in lacks.kinds and rule.type.upper() not in lacks.kinds[name]


def _without(mapping: Mapping, lacks: Lacks) -> Mapping:
    fields: dict[str, Any] = {}
    for name, entry in mapping.fields.items():
        if name not in lacks.fields:
            fields[name] = [_possible(name, rule, lacks) for rule in entry] if isinstance(entry, list) else entry
    return mapping.model_copy(update={"fields": fields})


def _possible(name: str, rule: FieldRule, lacks: Lacks) -> FieldRule:
    changes: dict[str, object] = {}
    used = dict(_used(rule))
    if used.get("clear") in lacks.keys:
        changes["clear"] = False
    if used.get("create") in lacks.keys:
        changes["create"] = False
    if used.get("by") in lacks.keys:
        changes["by"] = [key for key in rule.by or () if key != "origin"] or None
    if _is_foreign(name, rule, lacks):
        changes["type"] = _OTHER
    return rule.model_copy(update=changes) if changes else rule
