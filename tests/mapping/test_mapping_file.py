"""Loading a mapping: the whole grammar, and every fault with its line and the nearest right name."""

from __future__ import annotations

from pathlib import Path

import pytest

from importer.errors import MappingError
from importer.mapping.mapping_file import load_mapping

WHOLE = """\
version: 1
name: legacy
entity: contact
source:
  sheet: Contacts
  header_row: 3
  encoding: cp1251
  delimiter: tab
defaults: {region: ru, timezone: Europe/Moscow, date_formats: ["%d.%m.%Y", "%Y-%m-%d"]}
origin: {originator: legacy-crm, id: [Legacy ID, Branch]}
params: {IMPORT: Y, REGISTER_SONET_EVENT: N}
fields:
  NAME: First name
  LAST_NAME: {column: Last name, transform: [title, {replace: {pattern: "\\\\s+", with: " "}}], required: true}
  PHONE:
    - {column: Mobile, type: MOBILE}
    - {column: Other phones, type: WORK, split: "[;,]"}
  TYPE_ID: {column: Segment, map: {VIP: CLIENT, no: PARTNER}, otherwise: OTHER}
  SOURCE_ID: {value: WEB}
  COMMENTS: {template: "From {Legacy ID}: {Notes} {{x}}"}
  POST: {columns: [Title, Department], join: ", "}
"""


def test_the_whole_grammar_is_read(load):
    loaded = load(WHOLE)
    assert loaded.name == "legacy"
    assert (loaded.source.sheet, loaded.source.header_row, loaded.source.encoding) == ("Contacts", 3, "cp1251")
    assert loaded.source.delimiter == "\t"
    assert loaded.defaults.region == "RU"
    assert loaded.origin is not None and loaded.origin.id == ["Legacy ID", "Branch"]
    assert loaded.params == {"IMPORT": "Y", "REGISTER_SONET_EVENT": "N"}
    assert loaded.stamps is False


def test_columns_are_listed_once_with_those_of_templates_and_the_origin(load):
    assert load(WHOLE).columns() == [
        "Legacy ID", "Branch", "First name", "Last name", "Mobile", "Other phones", "Segment", "Notes", "Title", "Department",
    ]  # fmt: skip


def test_the_name_is_the_files_when_none_is_given(load):
    assert load("fields: {NAME: A}").name == "contacts"


def test_the_line_of_a_rule_is_the_one_a_person_sees(load):
    loaded = load(WHOLE)
    assert loaded.line_of(("fields", "PHONE", 1, "split")) == 17
    assert loaded.line_of(("fields", "SOURCE_ID", 0, "value")) == 19
    assert loaded.line_of(("origin", "id", 1)) == 10


def test_the_hash_is_of_the_files_bytes(load):
    assert load("fields: {NAME: A}").sha256 != load("fields: {NAME: B}").sha256
    assert len(load("fields: {NAME: A}").sha256) == 64


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2", 2), ('"2024"', "2024"), ("Sheet 1", "Sheet 1")],
)
def test_a_sheet_in_digits_is_a_number_unless_quoted(load, text, expected):
    assert load(f"source: {{sheet: {text}}}\nfields: {{NAME: A}}").source.sheet == expected


@pytest.mark.parametrize("word", ["no", "off", "Y", "N", "on", "2001-02-03", "007", "1e3", "0x1F", "true", "12:30:00"])
def test_words_numbers_and_dates_of_yaml_stay_the_text_of_the_file(load, word):
    loaded = load(f"fields: {{NAME: {{column: A, map: {{{word}: {word}}}}}}}")
    assert loaded.rules.fields["NAME"][0].map == {word: word}


@pytest.mark.parametrize(
    ("params", "sent"),
    [
        ("{}", {"IMPORT": "Y", "REGISTER_SONET_EVENT": "N"}),
        ("{IMPORT: N}", {"REGISTER_SONET_EVENT": "N"}),
        ("{IMPORT: No}", {"REGISTER_SONET_EVENT": "N"}),
        ("{IMPORT: 0}", {"REGISTER_SONET_EVENT": "N"}),
        ("{IMPORT: false}", {"REGISTER_SONET_EVENT": "N"}),
        ('{IMPORT: ""}', {"REGISTER_SONET_EVENT": "N"}),
        ("{IMPORT: yes, REGISTER_SONET_EVENT: Y}", {"IMPORT": "Y", "REGISTER_SONET_EVENT": "Y"}),
    ],
)
def test_to_say_no_to_import_mode_the_key_is_not_sent(load, params, sent):
    assert load(f"params: {params}\nfields: {{NAME: A}}").params == sent


@pytest.mark.parametrize(
    ("origin", "stamps", "has_origin"),
    [("", True, False), ("origin: false", False, False), ("origin: no", False, False), ("origin: off", False, False),
     ("origin: {originator: x, id: ID}", False, True)],
)  # fmt: skip
def test_the_run_stamps_its_own_origin_only_when_the_mapping_says_nothing(load, origin, stamps, has_origin):
    loaded = load(f"{origin}\nfields: {{NAME: A}}")
    assert (loaded.stamps, loaded.origin is not None) == (stamps, has_origin)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("version: 2\nfields: {NAME: A}", 'line 1: `version` is 1, not "2".'),
        ("feilds: {NAME: A}", 'line 1: the mapping has no key "feilds". Did you mean fields?'),
        ("name: x", "the key `fields` is missing."),
        ("fields: {}", "line 1: `fields` is empty."),
        ("fields: [NAME]", "line 1: `fields` takes keys and values, not a list."),
        ("fields:\n  NAME: {colum: A}", 'line 2: the mapping has no key "colum" in the rule of NAME. Did you mean column?'),
        ("fields:\n  NAME: {column: A, value: B}", "line 2: the rule has `column` and `value`."),
        ("fields:\n  NAME: {required: true}", "line 2: the rule takes its value from nowhere."),
        ("fields:\n  NAME:\n", "line 2: a rule of `NAME` is empty. Fill it, or leave it out."),
        ("fields:\n  NAME: {column: A, transform: [titel]}", 'line 2: there is no transform "titel". Did you mean title?'),
        ("fields:\n  NAME: {column: A, transform: eval}", 'there is no transform "eval".'),
        ("fields:\n  NAME: {column: A, split: '('}", 'line 2: "(" is no regular expression'),
        ("fields:\n  NAME: {column: A, split: '[;,]*'}", "line 2: \"[;,]*\" fits between any two characters"),
        ("fields:\n  NAME: {column: A, split: '(a+)+'}", "repeats what is already repeated"),
        ("fields:\n  NAME:\n    column: A\n    transform:\n      - replace: {pattern: a, wiht: b}",
         'line 5: the mapping has no key "wiht" in the rule of NAME. Did you mean with?'),
        ("fields:\n  NAME: {column: A, transform: {replace: {pattern: a, with: '\\2'}}}", "does not fit its pattern"),
        ("fields:\n  NAME: {template: 'Dear {Name'}", 'has a single {. Write {{ for a brace'),
        ("fields:\n  NAME: {template: 'Dear'}", "names no column in braces"),
        ("fields:\n  NAME: {template: '{}'}", "has empty braces"),
        ("fields:\n  NAME: {column: A, otherwise: B}", "`otherwise` means nothing without `map`."),
        ("fields:\n  NAME: {column: A, join: B}", "`join` means nothing without `columns`."),
        ("fields:\n  NAME: {column: A, required: perhaps}", '`required` is true or false, not "perhaps".'),
        ("fields:\n  NAME: {column: A, lookup: usr}", '`lookup` is one of user, company, not "usr". Did you mean user?'),
        ("fields:\n  NAME: {column: [A]}", "`column` is a text, not a list."),
        ("fields:\n  NAME: {city: A}", "only ADDRESS takes"),
        ("entity: deal\nfields: {NAME: A}", '`entity` is one of contact, not "deal".'),
        ("source: {header_row: 0}\nfields: {NAME: A}", '`header_row` is a whole number from 1, not "0".'),
        ("source: {delimiter: blank}\nfields: {NAME: A}", 'the delimiter "blank" is not known'),
        ("defaults: {region: Russia}\nfields: {NAME: A}", '"Russia" is no country'),
        ("defaults: {timezone: Europe/Moskow}\nfields: {NAME: A}", 'Did you mean Europe/Moscow?'),
        ("defaults: {date_formats: DD.MM.YYYY}\nfields: {NAME: A}", "does not give day, month and year"),
        ("defaults: {date_formats: '%d.%m.%Q'}\nfields: {NAME: A}", "has %Q, which is not known"),
        ("defaults: {currency: rubles}\nfields: {NAME: A}", "three letters such as RUB"),
        ("params: {IMPRT: N}\nfields: {NAME: A}", 'no key "IMPRT" in `params`. Did you mean IMPORT?'),
        ("params: {IMPORT: }\nfields: {NAME: A}", "`IMPORT` is empty. Fill it, or leave it out."),
        ("params: {IMPORT: maybe}\nfields: {NAME: A}", '"maybe" is neither yes nor no.'),
        ("origin: {originator: x}\nfields: {NAME: A}", "line 1: the key `id` is missing in `origin`."),
        ("origin: Legacy ID\nfields: {NAME: A}", "`origin` takes {originator: …, id: [column]}, or false"),
        ("origin: {originator: x, id: A}\nfields:\n  NAME: A\n  ORIGIN_ID: A", "line 4: ORIGIN_ID is filled by `origin` already."),
        ("fields:\n  NAME: A\n  ORIGIN_ID: A", "line 3: ORIGIN_ID alone is no identity"),
        ("fields:\n  NAME: A\n  NAME: B", 'line 3: the key "NAME" was already given in line 2.'),
        ("fields:\n  NAME: !env A", 'line 2: the tag "!env" is not understood.'),
        ("name: [a]\nfields: {NAME: A}", "line 1: `name` is a text, not a list."),
        ("name: ''\nfields: {NAME: A}", "line 1: `name` is empty. Fill it, or leave it out."),
        ("source: {sheet: [x]}\nfields: {NAME: A}", "`sheet` is the name or the number of a sheet, not a list."),
        ("source: {header_row: [x]}\nfields: {NAME: A}", "`header_row` is a whole number from 1, not a list."),
        ("fields:\n  NAME: A\n  ADDRESS: [{street: B}]", "line 3: the mapping has no key \"street\" in the rule of ADDRESS. The parts of an address stand"),
        ("fields:\n  NAME: A\n  POST: [[x]]", "`POST` takes a column, or keys and values, not a list."),
    ],
)  # fmt: skip
def test_a_fault_names_file_line_and_what_is_right(faults_of, text, fault):
    faults = faults_of(text)
    assert any(fault in one for one in faults), faults
    assert all(one.startswith("contacts.yaml, line ") for one in faults)


def test_all_faults_come_at_once_in_the_order_of_the_lines(faults_of):
    faults = faults_of("nmae: x\nsource: {header_row: zero}\nfields:\n  NAME: {colum: A}\n  POST: {column: A, transform: [uper]}")
    lines = [int(fault.split("line ")[1].split(":")[0]) for fault in faults]
    assert lines == sorted(lines) and set(lines) == {1, 2, 4, 5}


_EMPTY = ("", "~", "null")


@pytest.mark.parametrize("empty", _EMPTY)
@pytest.mark.parametrize("key", ["column", "columns", "join", "template", "value", "split", "transform", "map", "otherwise", "lookup", "by",
                                 "create", "default", "required", "type", "date_formats", "currency", "decimal", "files", "overwrite", "clear"])  # fmt: skip
@pytest.mark.parametrize("rule", ["POST: {%s}", "ADDRESS: {street: {%s}}"])
def test_a_key_of_a_rule_with_nothing_behind_it_is_a_fault(faults_of, rule, key, empty):
    written = rule % f"{key}: {empty}"
    faults = faults_of(f"fields:\n  NAME: A\n  {written}")
    assert f"contacts.yaml, line 3: `{key}` is empty. Fill it, or leave it out." in faults


@pytest.mark.parametrize("empty", _EMPTY)
@pytest.mark.parametrize(
    ("section", "keys"),
    [("source", "sheet header_row encoding delimiter"), ("defaults", "region timezone date_formats currency decimal"),
     ("origin", "originator id field"), ("match", "by on_match on_many")],
)  # fmt: skip
def test_a_setting_with_nothing_behind_it_is_a_fault(faults_of, section, keys, empty):
    for key in keys.split():
        assert f"contacts.yaml, line 1: `{key}` is empty. Fill it, or leave it out." in faults_of(f"{section}: {{{key}: {empty}}}\nfields: {{NAME: A}}")


@pytest.mark.parametrize("written", ["{a: b}", "[null]", "[[x]]", "[{a: b}]"])
@pytest.mark.parametrize("place", ["defaults: {date_formats: %s}\nfields: {NAME: A}", "fields: {NAME: A, BIRTHDATE: {column: B, date_formats: %s}}"])
def test_a_date_format_is_a_text(faults_of, place, written):
    [fault] = faults_of(place % written)
    assert "`date_formats` is a text, not" in fault or "an entry of `date_formats` is empty." in fault


@pytest.mark.parametrize(
    ("rule", "hidden"),
    [("{column: A, value: B, split: '['}", "the rule has `column` and `value`."), ("{column: A, join: B, split: '['}", "`join` means nothing without `columns`.")],
)
def test_a_fault_of_a_key_hides_none_of_the_whole_rule(faults_of, rule, hidden):
    faults = faults_of(f"fields: {{NAME: A, POST: {rule}}}")
    assert any("is no regular expression" in fault for fault in faults) and any(hidden in fault for fault in faults)


def test_a_key_that_is_written_wrong_is_not_missed_as_well(faults_of):
    assert len(faults_of("fields: {NAME: A, POST: {colum: A}}")) == 1
    assert len(faults_of("fields: {NAME: A, POST: {column: A, mapp: {a: b}, otherwise: c}}")) == 1


EVERYTHING = """\
version: 1
match: {by: [origin, email, phone], on_match: update, on_many: reject}
fields:
  NAME: First name
  ASSIGNED_BY_ID: {column: Manager, lookup: user, default: 1}
  COMPANY_ID: {column: Company, lookup: company, create: true}
  PHOTO: {column: Photo, files: photos}
  POST: {column: Post, overwrite: if_empty, clear: true}
  SOURCE_ID: {column: Source, create: true}
  ADDRESS: {street: {column: Street}, city: {column: City}, country: {value: Россия}}
"""


def test_the_whole_grammar_is_taken(load):
    loaded = load(EVERYTHING)
    assert loaded.columns() == ["First name", "Manager", "Company", "Photo", "Post", "Source", "Street", "City"]
    assert loaded.needs_companies


@pytest.mark.parametrize(("rule", "needs"), [("{column: A, lookup: company}", True), ("A", False)])
def test_only_a_mapping_that_looks_companies_up_needs_them(load, rule, needs):
    assert load(f"fields: {{NAME: A, COMPANY_ID: {rule}}}").needs_companies is needs


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("{stret: A}", 'line 3: the mapping has no key "stret" in the rule of ADDRESS. Did you mean street?'),
        ("{city: A, zip_code: B}", 'the mapping has no key "zip_code" in the rule of ADDRESS.'),
        ("{city: A, postalcode: B}", "Did you mean postal_code?"),
        ("{city: {colum: A}}", 'the mapping has no key "colum" in the rule of ADDRESS. Did you mean column?'),
        ("{city: {column: A, by: id}}", "`by` means nothing without `lookup`."),
        ("{colum: A}", "Did you mean column?"),
    ],
)
def test_a_slip_in_an_address_is_told_with_the_nearest_part(faults_of, address, fault):
    faults = faults_of(f"fields:\n  NAME: A\n  ADDRESS: {address}")
    assert any(fault in one for one in faults), faults


def test_users_may_be_looked_up_in_so_many_words(load):
    assert load("fields: {NAME: A, ASSIGNED_BY_ID: {column: B, lookup: user}}").columns() == ["A", "B"]


def test_an_address_as_plain_text_is_a_rule_like_any_other(load):
    assert load("fields: {NAME: A, ADDRESS: Street}").rules.fields["ADDRESS"][0].column == "Street"


def test_a_missing_mapping_names_its_path(tmp_path: Path):
    with pytest.raises(MappingError, match=r"nowhere.yaml: there is no such mapping file"):
        load_mapping(tmp_path / "nowhere.yaml")


def test_a_folder_is_no_mapping(tmp_path: Path):
    with pytest.raises(MappingError, match="is a folder"):
        load_mapping(tmp_path)
