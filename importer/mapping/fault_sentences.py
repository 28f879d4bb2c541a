"""What the model finds wrong with a mapping, as places in the file and sentences for a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from importer.mapping import rules
from importer.mapping.nearest import did_you_mean
from importer.mapping.rules import Defaults, Mapping, Origin, SourceRules
from importer.mapping.yaml_text import KeyPath


def key_path(detail: ErrorDetails) -> KeyPath:
    """The keys of the file that lead to the fault, without the names the model has for its alternatives there.

    A name of an alternative may be a key elsewhere, such as `name` and `replace`, so it is its place that tells.
    """
    path: list[str | int] = []
    for place, step in enumerate(detail["loc"]):
        before = detail["loc"][:place]
        is_alternative = (
            (place == 2 and before[0] == "fields" and step in ("rules", "address"))
            or (place == 1 and before[0] == "origin" and step in ("origin", "off"))
            or (before[-2:-1] == ("transform",) and step in ("name", "replace"))
        )
        if not is_alternative:
            path.append(step)
    return tuple(path)


def fault_sentence(detail: ErrorDetails) -> str:
    """What is wrong there, and what to do."""
    kind, path, found = detail["type"], key_path(detail), detail["input"]
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    if kind == "extra_forbidden":
        return f'the mapping has no key "{path[-1]}"{_where(path)}.{_instead_of(path)}'
    if kind == "missing":
        return f"the key `{path[-1]}` is missing{_where(path)}."
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    if found is None:
        return f"{_named_empty(path, key)} is empty. Fill it, or leave it out."
    if kind == "literal_error":
        return _not_one_of(path, key, found)
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return f"`{key}` takes {_what_it_takes(path)}, not {_shown(found)}."
    if kind in ("too_short", "string_too_short"):
        return f"`{key}` is empty. Fill it, or leave it out."
    return f"`{key}` {_FORMS.get(key if kind == 'string_pattern_mismatch' else kind, detail['msg'])}, not {_shown(found)}."


def _instead_of(path: KeyPath) -> str:
    if path[:2] == ("fields", "ADDRESS") and path[-1] in rules.AddressRule.model_fields:
        return " The parts of an address stand together under ADDRESS, without a list: `ADDRESS: {street: …, city: …}`."
    return did_you_mean(str(path[-1]), _keys_at(path))


#: kind of fault, or key whose form is wrong → what it takes
_FORMS = {
    "int_parsing": "is a whole number from 1", "int_type": "is a whole number from 1", "greater_than_equal": "is a whole number from 1",
    "bool_parsing": "is true or false", "bool_type": "is true or false",
    "string_type": "is a text",
    "sheet_type": "is the name or the number of a sheet",
    "currency": "is three letters such as RUB or EUR",
    "field": "names a custom field of contacts such as UF_CRM_LEGACY_ID",
}  # fmt: skip


def _named_empty(path: KeyPath, key: str) -> str:
    if isinstance(path[-1], int):
        return f"a rule of `{key}`" if len(path) == 3 and path[0] == "fields" else f"an entry of `{key}`"
    return f"`{key}`"


def _what_it_takes(path: KeyPath) -> str:
    if path == ("fields", "ADDRESS", 0):
        return "its parts (street, city …) or a rule"
    if path[0] == "fields" and len(path) == 3:
        return "a column, or keys and values"
    return "keys and values"


def _not_one_of(path: KeyPath, key: str, found: Any) -> str:
    if "transform" in path:
        names = get_args(rules.TransformName) + ("replace",)
        return f'there is no transform "{found}".{did_you_mean(str(found), names) or " Known are " + ", ".join(names) + "."}'
    if path[0] == "origin":
        return f"`origin` takes {{originator: …, id: [column]}}, or false; not {_shown(found)}."
    if path == ("version",):
        return f"`version` is 1, not {_shown(found)}. A newer b24-import may know it."
    choices = _choices(path, key)
    hint = did_you_mean(str(found), choices)
    return f"`{key}` is one of {', '.join(choices)}, not {_shown(found)}.{hint}"


def _choices(path: KeyPath, key: str) -> list[str]:
    def literals(annotation: Any) -> Iterator[str]:
        for part in get_args(annotation):
            if isinstance(part, str):
                yield part
            else:
                yield from literals(part)

    model = _model_at(path)
    return list(literals(model.model_fields[key].annotation)) if key in model.model_fields else []


def _model_at(path: KeyPath) -> type[BaseModel]:
    """The part of the grammar in which the last key of `path` stands."""
    sections = {"source": SourceRules, "defaults": Defaults, "origin": Origin, "match": rules.Match, "params": rules.Params}
    if len(path) < 2 or path[0] not in ("fields", *sections):
        return Mapping
    if path[0] != "fields":
        return sections[str(path[0])]
    if "transform" in path[:-1]:
        return rules.ReplaceStep if "replace" in path[:-1] else rules.Replace
    return rules.AddressRule if len(path) == 3 else rules.FieldRule


def _keys_at(path: KeyPath) -> list[str]:
    return [info.alias or name for name, info in _model_at(path).model_fields.items()]


def _where(path: KeyPath) -> str:
    if len(path) < 2:
        return ""
    return f" in the rule of {path[1]}" if path[0] == "fields" else f" in `{path[0]}`"


def _shown(found: Any) -> str:
    if isinstance(found, dict):
        return "keys and values"
    return "a list" if isinstance(found, list) else f'"{found}"'
