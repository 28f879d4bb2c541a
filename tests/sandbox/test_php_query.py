"""Query strings as PHP reads them."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.sandbox.php_query import parse_pairs, parse_query, split_command


@pytest.mark.parametrize(
    ("query", "array"),
    [
        ("", {}),
        ("a=1", {"a": "1"}),
        ("a", {"a": ""}),
        ("a=1&", {"a": "1"}),
        ("&&a=1", {"a": "1"}),
        ("=1", {}),
        ("a=1=2", {"a": "1=2"}),
        ("a=x+y%20z", {"a": "x y z"}),
        ("a=%2B7", {"a": "+7"}),
        ("a=%D0%90", {"a": "А"}),
        ("a=%zz%", {"a": "%zz%"}),
        ("a=1&a=2", {"a": "2"}),
        ("a[]=1&a[]=2", {"a": {0: "1", 1: "2"}}),
        ("a[5]=1&a[]=2", {"a": {5: "1", 6: "2"}}),
        ("a[-3]=1&a[]=2", {"a": {-3: "1", 0: "2"}}),
        ("a[01]=1&a[x]=2", {"a": {"01": "1", "x": "2"}}),
        ("a%5Bb%5D%5B0%5D=1", {"a": {"b": {0: "1"}}}),
        ("FILTER[%3E%3DID]=15", {"FILTER": {">=ID": "15"}}),
        ("a[b][]=1&a[b][]=2", {"a": {"b": {0: "1", 1: "2"}}}),
        ("a=1&a[b]=2", {"a": {"b": "2"}}),
        ("a[b]=1&a=2", {"a": "2"}),
        ("a.b c=1", {"a_b_c": "1"}),
        ("a[b.c]=1", {"a": {"b.c": "1"}}),
        ("a[b=1", {"a_b": "1"}),
        ("a[b]c=1", {"a": {"b": "1"}}),
        ("a[b][c=1", {"a": {"b": "1"}}),
        (" a=1", {"a": "1"}),
        ("a" + "[x]" * 64 + "=1", {}),
    ],
)
def test_a_query_becomes_the_array_php_makes_of_it(query: str, array: dict) -> None:
    assert parse_query(query) == array


@pytest.mark.parametrize(
    ("command", "method", "query"),
    [
        ("crm.contact.add?a=1", "crm.contact.add", "a=1"),
        ("crm.contact.fields", "crm.contact.fields", ""),
        ("m?a=1#b&c=2", "m", "a=1"),
        ("m#x?a=1", "m", ""),
        ("m?a=1?b", "m", "a=1?b"),
        ("", "", ""),
    ],
)
def test_a_command_loses_everything_after_a_raw_hash(command: str, method: str, query: str) -> None:
    assert split_command(command) == (method, query)


_KEYS = st.one_of(st.text(st.characters(exclude_characters="[]", exclude_categories=["Cs"]), min_size=1).filter(lambda key: key != " "))
_TREES = st.recursive(st.text(st.characters(exclude_categories=["Cs"])), lambda inner: st.dictionaries(_KEYS, inner, min_size=1, max_size=4))


def _pairs(value: object, path: str) -> list[tuple[str, str]]:
    if isinstance(value, str):
        return [(path, value)]
    return [pair for key, inner in value.items() for pair in _pairs(inner, f"{path}[{key}]")]


def _texts(array: object) -> object:
    return {str(key): _texts(value) for key, value in array.items()} if isinstance(array, dict) else array


@given(_TREES)
@settings(max_examples=100, deadline=None)
def test_any_nested_values_survive_the_way_through_a_query(tree: object) -> None:
    pairs = _pairs(tree, "fields")
    query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
    assert _texts(parse_query(query)) == {"fields": _texts(tree)}
    assert parse_pairs(pairs) == parse_query(query)
