"""The schema editors check mappings with: it knows the short and the long forms, and no other keys."""

from __future__ import annotations

import json

import jsonschema
import pytest
from ruamel.yaml import YAML

from importer.errors import MappingError
from importer.mapping.json_schema import json_schema
from importer.mapping.rules import FieldRule, Mapping

VALIDATOR = jsonschema.Draft202012Validator(json_schema())


def test_the_schema_has_every_key_of_the_model():
    schema = json_schema()
    assert set(schema["properties"]) == set(Mapping.model_fields)
    assert set(schema["$defs"]["RuleInFull"]["properties"]) == set(FieldRule.model_fields)
    assert schema["additionalProperties"] is False
    assert schema["$defs"]["RuleInFull"]["additionalProperties"] is False


def test_a_field_is_a_column_a_rule_a_list_of_rules_or_an_address():
    schema = json_schema()
    fields = schema["properties"]["fields"]
    forms, of_address = fields["additionalProperties"]["anyOf"], fields["properties"]["ADDRESS"]["anyOf"]
    assert {"$ref": "#/$defs/FieldRule"} in forms and any(form.get("type") == "array" for form in forms)
    assert [form for form in of_address if form not in forms] == [{"$ref": "#/$defs/AddressRule"}]
    assert "string" in schema["$defs"]["FieldRule"]["anyOf"][0]["type"]


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


def _judged(load, text: str) -> tuple[bool, bool]:
    """Whether an editor with the schema takes the mapping, and whether the loader does."""
    try:
        load(text)
    except MappingError:
        is_loaded = False
    else:
        is_loaded = True
    return VALIDATOR.is_valid(YAML(typ="safe", pure=True).load(text)), is_loaded


TAKEN = [
    "version: '1'", "entity: contact", "name: 2024", "unsupported: ignore",
    "source: {}", "source: {header_row: 3}", "source: {header_row: '3'}", "source: {sheet: 2024}", "source: {sheet: true}",
    "source: {encoding: 1251}", "source: {delimiter: tab}", "source: {delimiter: ';'}",
    "defaults: {region: ru}", "defaults: {region: NO}", "defaults: {currency: rub}", "defaults: {decimal: ','}", "defaults: {date_formats: '%d.%m.%Y'}",
    "defaults: {date_formats: ['%B %d, %y', '%Y-%m-%d %H:%M']}",
    "origin: false", "origin: no", "origin: N", "origin: нет", "origin: {originator: 1, id: [2]}", "origin: {originator: a, id: b, field: UF_CRM_X}",
    "match: {by: phone, on_match: skip}", "match: {by: [phone, phone]}",
    "params: {IMPORT: ''}", "params: {IMPORT: N}", "params: {IMPORT: да}", "params: {IMPORT: false}", "params: {IMPORT: 0}",
]  # fmt: skip
REFUSED = [
    "source:", "defaults:", "origin:", "match:", "params:", "version: 2", "entity: company", "name: ", "name: ''", "colour: red", "unsupported: ", "unsupported: maybe",
    "source: {header_row: 0}", "source: {header_row: '0'}", "source: {header_row: x}", "source: {sheet: [a]}", "source: {sheet: }", "source: {delimiter: ':'}",
    "defaults: {region: russia}", "defaults: {region: }", "defaults: {currency: RU}", "defaults: {date_formats: []}", "defaults: {date_formats: dd.mm.yyyy}",
    "defaults: {date_formats: [null]}", "defaults: {date_formats: '%d.%m'}",
    "origin: true", "origin: perhaps", "origin: {originator: '', id: []}", "origin: {originator: a}", "origin: {originator: a, id: b, field: X}",
    "match: {on_match: skip}", "match: {by: name, on_match: skip}", "match: {by: phone, on_match: }", "params: {IMPORT: }", "params: {IMPORT: maybe}", "params: {IMPORT: 5}",
]  # fmt: skip
TAKEN_RULES = [
    "a", "2024", "true", "{column: 2024}", "[a, {column: b}]", "{columns: [1, 2], join: 1}", "{columns: a}", "{template: '{a} and {b}'}", "{value: 1.50}", "{value: true}",
    "{column: a, required: yes}", "{column: a, required: Y}", "{column: a, required: 1}", "{column: a, required: 'true'}", "{column: a, create: On}",
    "{column: a, clear: false}", "{column: a, map: {a: 1, b: true, c: null}, otherwise: 2}", "{column: a, map: {1: x}}", "{column: a, split: 1}",
    "{column: a, transform: title}", "{column: a, transform: [strip, {replace: {pattern: 1, with: 2}}]}", "{column: a, lookup: company, by: [id, title]}",
    "{column: a, currency: eur, decimal: ',', date_formats: '%d/%m/%y', files: photos, type: work, overwrite: never, default: 0}",
]  # fmt: skip
REFUSED_RULES = [
    "", "[]", "[null]", "{}", "{required: true}", "{column: a, value: b}", "{column: a, columns: [b]}", "{column: a, join: x}", "{column: a, otherwise: x}",
    "{column: a, by: id}", "{column: [a]}", "{columns: []}", "{column: }", "{value: }", "{value: [a]}", "{template: a}", "{template: 5}", "{column: a, required: perhaps}",
    "{column: a, required: 2}", "{column: a, required: да}", "{column: a, required: }", "{column: a, split: ''}", "{column: a, split: }", "{column: a, map: }",
    "{column: a, transform: [Title]}", "{column: a, transform: {replace: {pattern: a, with: }}}", "{column: a, lookup: usr}", "{column: a, colour: red}",
    "{column: a, overwrite: }", "{street: a}",
]  # fmt: skip
#: what a schema cannot tell: 1.0 is 1 to it, and which names there are and what a regular expression is, only the loader knows
ONLY_LOADER_REFUSES = ["version: 1.0", "defaults: {timezone: Mars/X}", "defaults: {region: XX}", "defaults: {date_formats: '%d.%m.%Y %Q'}"]
ONLY_LOADER_REFUSES_RULES = ["{column: a, split: '['}", "{column: a, transform: {replace: {pattern: '(', with: b}}}"]


@pytest.mark.parametrize(
    ("texts", "judged"), [(TAKEN, (True, True)), (REFUSED, (False, False)), (ONLY_LOADER_REFUSES, (True, False))], ids=["taken", "refused", "only by the loader"],
)  # fmt: skip
def test_an_editor_and_the_loader_take_the_same_settings(load, texts, judged):
    found = {text: _judged(load, f"{text}\nfields: {{NAME: Name, PHONE: Phone}}\n") for text in texts}
    assert {text: one for text, one in found.items() if one != judged} == {}


@pytest.mark.parametrize(
    ("rules", "judged"), [(TAKEN_RULES, (True, True)), (REFUSED_RULES, (False, False)), (ONLY_LOADER_REFUSES_RULES, (True, False))],
    ids=["taken", "refused", "only by the loader"],
)  # fmt: skip
def test_an_editor_and_the_loader_take_the_same_rules(load, rules, judged):
    found = {rule: _judged(load, f"fields:\n  NAME: Name\n  POST: {rule}\n") for rule in rules}
    assert {rule: one for rule, one in found.items() if one != judged} == {}


@pytest.mark.parametrize(
    ("address", "judged"),
    [("{street: a, city: {column: b}}", True), ("a", True), ("{}", False), ("{street: [a]}", False), ("{Street: a}", False), ("{street: }", False)],
)
def test_an_editor_and_the_loader_take_the_same_addresses(load, address, judged):
    assert _judged(load, f"fields:\n  NAME: Name\n  ADDRESS: {address}\n") == (judged, judged)
