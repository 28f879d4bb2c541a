"""The schema editors check mappings with: it knows the short and the long forms, and no other keys."""

from __future__ import annotations

import json

from importer.mapping.json_schema import json_schema
from importer.mapping.rules import FieldRule, Mapping


def test_the_schema_has_every_key_of_the_model():
    schema = json_schema()
    assert set(schema["properties"]) == set(Mapping.model_fields)
    assert set(schema["$defs"]["RuleInFull"]["properties"]) == set(FieldRule.model_fields)
    assert schema["additionalProperties"] is False
    assert schema["$defs"]["RuleInFull"]["additionalProperties"] is False


def test_a_field_is_a_column_a_rule_a_list_of_rules_or_an_address():
    schema = json_schema()
    forms = schema["properties"]["fields"]["additionalProperties"]["anyOf"]
    assert {"$ref": "#/$defs/FieldRule"} in forms and {"$ref": "#/$defs/AddressRule"} in forms
    assert any(form.get("type") == "array" for form in forms)
    assert schema["$defs"]["FieldRule"]["anyOf"][0]["type"] == "string"


def test_every_reference_leads_somewhere():
    schema = json_schema()

    def references(part):
        if isinstance(part, dict):
            if "$ref" in part:
                yield part["$ref"]
            for value in part.values():
                yield from references(value)
        elif isinstance(part, list):
            for value in part:
                yield from references(value)

    names = {reference.removeprefix("#/$defs/") for reference in references(schema)}
    assert names <= set(schema["$defs"])


def test_the_schema_is_json_and_offers_the_transforms():
    text = json.dumps(json_schema())
    assert '"html_to_bb"' in text and '"replace"' in text and '"with"' in text


def test_origin_may_be_false_and_fixed_values_numbers():
    schema = json_schema()
    assert '{"const": false}' in json.dumps(schema["properties"]["origin"])
    assert "number" in json.dumps(schema["$defs"]["RuleInFull"]["properties"]["value"])
