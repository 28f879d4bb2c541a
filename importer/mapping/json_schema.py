"""The mapping's JSON Schema, made from the model itself, so that editors complete and check what we accept.

An editor reads `2024` as a number and `true` as a truth value where we read texts, so the schema takes those, too. What it
cannot say is left to the loader: which time zones, countries, columns and encodings there are, and what a regular expression is.
"""

from __future__ import annotations

from typing import Any

from importer.mapping.rule_values import SCALAR
from importer.mapping.rules import Mapping

#: Words pydantic takes for true and false, whatever their case.
_TRUTHS = r"^([Tt]([Rr][Uu][Ee])?|[Yy]([Ee][Ss])?|[Oo][Nn]|1|[Ff]([Aa][Ll][Ss][Ee])?|[Nn][Oo]?|[Oo][Ff][Ff]|0)$"


def json_schema() -> dict[str, Any]:
    """The schema (draft 2020-12), with the short forms: a field as a column's name, a rule or a list of rules."""
    schema = _as_written(Mapping.model_json_schema(by_alias=True))
    definitions = schema["$defs"]
    for part in (*definitions.values(), schema):
        part["properties"] = {key: _filled(value) for key, value in part.get("properties", {}).items()}
    long_form = definitions.pop("FieldRule")
    definitions["RuleInFull"] = long_form | {"title": "A rule in full"}
    definitions["FieldRule"] = {"anyOf": [SCALAR | {"description": "A column of the file."}, {"$ref": "#/$defs/RuleInFull"}]}
    definitions["AddressRule"]["minProperties"] = 1
    forms = [{"$ref": "#/$defs/FieldRule"}, {"type": "array", "items": {"$ref": "#/$defs/FieldRule"}, "minItems": 1}]
    schema["properties"]["fields"]["additionalProperties"] = {"anyOf": forms}
    schema["properties"]["fields"]["properties"] = {"ADDRESS": {"anyOf": [*forms, {"$ref": "#/$defs/AddressRule"}]}}
    step = long_form["properties"]["transform"]["items"]
    long_form["properties"]["transform"] = {
        "anyOf": [step, {"type": "array", "items": step}],
        "description": long_form["properties"]["transform"].get("description", ""),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "b24-import mapping",
        "description": "How the rows of a file become contacts in Bitrix24.",
    }


def _as_written(part: Any) -> Any:
    """The schema for what stands in a file: texts, numbers and truth values as an editor reads them."""
    if isinstance(part, list):
        return [_as_written(one) for one in part]
    if not isinstance(part, dict):
        return part
    part = {key: _as_written(value) for key, value in part.items()}
    if part.get("type") == "string" and not part.keys() & {"enum", "const", "pattern"}:
        return part | SCALAR
    if part.get("type") == "boolean" and "const" not in part:
        return _instead_of(part, {"type": "boolean"}, {"type": "string", "pattern": _TRUTHS}, {"enum": [0, 1]})
    if part.get("type") == "integer" and part.get("minimum") == 1:
        return _instead_of(part, {"type": "integer", "minimum": 1}, {"type": "string", "pattern": "^0*[1-9][0-9]*$"})
    return part


def _instead_of(part: dict[str, Any], *alternatives: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": list(alternatives)} | {key: part[key] for key in ("default", "description", "title") if key in part}


def _filled(part: dict[str, Any]) -> dict[str, Any]:
    """The schema of a key without the empty value, which stands for a key that is not there."""
    alternatives = [one for one in part.get("anyOf", ()) if one != {"type": "null"}]
    part = {key: value for key, value in part.items() if key != "anyOf" and (key, value) != ("default", None)}
    if len(alternatives) == 1:
        return {**alternatives[0], **part}
    return {"anyOf": alternatives, **part} if alternatives else part
