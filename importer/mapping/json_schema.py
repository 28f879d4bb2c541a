"""The mapping's JSON Schema, made from the model itself, so that editors complete and check what we accept."""

from __future__ import annotations

from typing import Any

from importer.mapping.rules import Mapping


def json_schema() -> dict[str, Any]:
    """The schema (draft 2020-12), with the short forms: a field as a column's name, a rule or a list of rules."""
    schema = Mapping.model_json_schema(by_alias=True)
    definitions = schema["$defs"]
    long_form = definitions.pop("FieldRule")
    definitions["RuleInFull"] = long_form | {"title": "A rule in full"}
    definitions["FieldRule"] = {
        "anyOf": [{"type": "string", "description": "A column of the file."}, {"$ref": "#/$defs/RuleInFull"}]
    }
    schema["properties"]["fields"]["additionalProperties"] = {
        "anyOf": [
            {"$ref": "#/$defs/FieldRule"},
            {"type": "array", "items": {"$ref": "#/$defs/FieldRule"}, "minItems": 1},
            {"$ref": "#/$defs/AddressRule"},
        ]
    }
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
