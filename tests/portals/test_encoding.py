"""What we write into a batch command is what the portal reads out of it, whatever is in the values."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from importer.portals.bitrix24.contacts import FORMS
from importer.portals.bitrix24.encoding import has_reference, queries
from importer.portals.operations import Add, FindByOrigin
from importer.sandbox.php_query import parse_query, split_command
from importer.sandbox.references import substitute

# Whatever a cell may hold; no file we read brings half a surrogate pair.
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60) | st.sampled_from([
    "a&b=c", "50%", "%26", "1+1", "#1", "a;b", "a[0][VALUE]=x", "[]", "?", "/", "\\", "\x00", "\r\n", " ", "Ünï çødé", "Анна", "👩‍👧", "=",
])  # fmt: skip
_MULTIFIELD = st.lists(st.fixed_dictionaries({"VALUE": _TEXT, "VALUE_TYPE": st.sampled_from(["WORK", "MOBILE"])}), min_size=1, max_size=4)
_FIELDS = st.dictionaries(st.from_regex(r"[A-Z][A-Z0-9_]{0,20}", fullmatch=True), _TEXT | st.lists(_TEXT, min_size=1, max_size=4) | _MULTIFIELD, max_size=8)


def _as_php(value: object) -> object:
    """A value as PHP holds it: every list an array with the keys 0, 1, 2 …"""
    if isinstance(value, dict):
        return {key: _as_php(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return {index: _as_php(inner) for index, inner in enumerate(value)}
    return value


@given(_FIELDS)
@example({"NAME": "a&fields[LAST_NAME]=b"})
@example({"COMMENTS": "1 # 2"})
def test_a_contact_is_decoded_to_the_fields_it_was_encoded_from(fields: dict[str, object]) -> None:
    form = FORMS[Add]
    method, sent = split_command(f"{form.method}?{queries([form.params(Add(fields, {'IMPORT': 'Y'}))])[0]}")
    assert method == "crm.contact.add"
    decoded = parse_query(sent)
    assert decoded.pop("params") == {"IMPORT": "Y"}
    assert decoded == ({"fields": _as_php(fields)} if fields else {})


@given(st.lists(_FIELDS, max_size=5))
@example([{"NAME": "a~b"}, {}, {"NAME": "c!", "PHONE": [{"VALUE": "\n"}]}])
@example([{"NAME": "~!*'"}, {"NAME": "%7E"}])
@example([{}, {}])
def test_contacts_of_one_batch_are_encoded_as_each_would_be_by_itself(contacts: list[dict[str, object]]) -> None:
    assert queries(contacts) == [queries([fields])[0] for fields in contacts]


@given(st.lists(_TEXT, min_size=1, max_size=50))
def test_a_search_is_decoded_to_the_identities_it_was_made_of(ids: list[str]) -> None:
    form = FORMS[FindByOrigin]
    decoded = parse_query(split_command(f"{form.method}?{queries([form.params(FindByOrigin('legacy', tuple(ids), 7))])[0]}")[1])
    assert decoded["filter"] == {"ORIGINATOR_ID": "legacy", "@ORIGIN_ID": dict(enumerate(ids)), ">ID": "7"}
    assert decoded["start"] == "-1"


_ANSWERS = {name: {"r0000": {"ID": "1", "deep": {"er": "x"}}, "x": ["y"]} for name in ("result", "next", "total", "time", "error")}
_PIECES = st.sampled_from(["$", "result", "RESULT", "next", "total", "time", "error", "[", "]", "[r0000]", "[ID]", " ", "\u00a0", "\t", "\v", "x", "ſ", "İ", "$$"])


@settings(max_examples=500)
@given(st.lists(_PIECES, max_size=12).map("".join))
@example("$result[r0000][ID]")
@example("pay $total now [x]")
@example("$result\u00a0[r0000]")
@example("$reſult[r0000]")
@example("$result$result[r0000]")
def test_whatever_a_batch_would_replace_is_kept_back(value: str) -> None:
    sent = {"fields": {"COMMENTS": value}}
    assert has_reference(sent) or substitute(sent, _ANSWERS) == sent


@pytest.mark.parametrize(
    ("value", "is_kept_back"),
    [
        ("$result[x]", True),
        ("costs $TOTAL[3] now", True),
        ("$result_of_work[2024]", True),
        # PHP does not take a non-breaking space for white space, so the portal reads on to the bracket.
        ("$next\u00a0[x]", True),
        ("$result [x]", False),
        ("$result", False),
        ("$5 [x]", False),
        ("result[x]", False),
        ({"VALUE": ["a", {"b": "$time[x]"}]}, True),
        (("$error[x]",), True),
        (5, False),
        (None, False),
    ],
)
def test_a_value_is_kept_back_only_where_it_looks_like_a_reference(value: object, is_kept_back: bool) -> None:
    assert has_reference(value) is is_kept_back


@pytest.mark.parametrize("value", [None, True, b"bytes"])
def test_a_value_without_a_form_is_refused_before_it_leaves(value: object) -> None:
    with pytest.raises(TypeError, match=r"fields\[NAME\]"):
        queries([{"fields": {"NAME": value}}])


def test_a_number_is_sent_as_its_digits() -> None:
    assert queries([{"start": -1, "rate": 0.5}]) == ["start=-1&rate=0.5"]
