"""YAML as plain texts: what is wrong with a file is said with its line, and nothing is constructed or unbounded."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.errors import MappingError
from importer.mapping.yaml_text import parse_yaml


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "contacts.yaml is empty."),
        (b"# only a comment\n", "contacts.yaml is empty."),
        (b"- a\n- b\n", "line 1: a mapping begins with keys such as `version: 1` and `fields:`; this is a list."),
        (b"name;phone\nAda;1\n", 'this is the text "name;phone Ada;1"'),
        (b"fields:\n\tNAME: A\n", "line 2: a tab is used to indent."),
        (b"fields:\n  NAME: A: B\n", "line 2: a colon with a blank behind it stands where none can."),
        (b"fields:\n  NAME: 'A\n  POST: B\n\n", "line 2: a quote is opened and never closed."),
        (b"fields:\n  NAME: [A\n\n", "line 2: a [ is opened and not closed"),
        (b"fields:\n  NAME: [A, B\n", "a [ is opened and not closed"),
        (b"fields:\n  NAME: {column: A\n  POST: B\n", "a { is opened and not closed"),
        (b"fields:\n  NAME: @A\n", "line 2: character '@' cannot begin a value. Put the value in quotes."),
        (b"fields:\n  NAME: *A\n", "which is YAML's sign for an alias"),
        (b"a: 1\n---\nb: 2\n", "line 2: a second document begins"),
        ("name: я\nfields: {}".encode("cp1251"), "line 1: the file is not saved as UTF-8."),
        (b"a: x\nb: \x01\n", "line 2 has a control character (code 1)."),
        (b"PK\x03\x04\x00\x00", "contacts.yaml is no text file."),
        (b"[" * 5000, "line 1: the file is nested deeper or longer than any mapping."),
        (b"- " * 5000, "line 1: the file is nested deeper or longer than any mapping."),
    ],
)
def test_a_broken_file_is_told_with_its_line(data, fault):
    with pytest.raises(MappingError) as raised:
        parse_yaml(data, "contacts.yaml")
    assert fault in str(raised.value)
    assert len(raised.value.faults) == 1


def test_aliases_that_multiply_are_stopped():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(MappingError, match="aliases or nesting make this larger"):
        parse_yaml("\n".join(lines).encode(), "contacts.yaml")


def test_a_value_that_contains_itself_is_stopped():
    with pytest.raises(MappingError):
        parse_yaml(b"a: &a [*a]", "contacts.yaml")


def test_an_anchor_can_be_used_again_and_merged():
    parsed = parse_yaml(b"a: &rule {type: WORK, split: ';'}\nb: {<<: *rule, type: HOME}\nc: *rule", "contacts.yaml")
    assert parsed.content["b"] == {"type": "HOME", "split": ";"}
    assert parsed.content["c"] == {"type": "WORK", "split": ";"}


@pytest.mark.parametrize("merged", ["x", "", "[a, b]", "[*rule, x]"])
def test_what_has_no_keys_cannot_be_merged(merged):
    parsed = parse_yaml(f"a: &rule {{type: WORK}}\nb:\n  type: HOME\n  <<: {merged}\n".encode(), "contacts.yaml")
    assert parsed.content["b"] == {"type": "HOME"}
    assert parsed.faults and all(line == 4 and "takes the keys of another part over" in sentence for line, sentence in parsed.faults)


def test_only_an_empty_value_a_tilde_and_null_are_nothing():
    parsed = parse_yaml(b"a:\nb: ~\nc: null\nd: Null\ne: ''\nf: 'null'", "contacts.yaml")
    assert parsed.content == {"a": None, "b": None, "c": None, "d": "Null", "e": "", "f": "null"}


def test_utf16_with_its_mark_is_read():
    assert parse_yaml("имя: да".encode("utf-16"), "contacts.yaml").content == {"имя": "да"}


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.text("abc:-[]{}&*!|>'\"#%@`,? \n\t<", max_size=80).map(str.encode))
def test_no_bytes_whatever_end_in_anything_but_faults(data):
    try:
        parsed = parse_yaml(data, "contacts.yaml")
    except MappingError as error:
        assert error.faults
    else:
        assert isinstance(parsed.content, dict)
