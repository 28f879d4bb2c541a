"""E-mail addresses: the form is judged by the library, also where the quick pattern answers."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from importer.mapping.emails import _judged, email
from importer.mapping.findings import Finding


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ada@example.com", "ada@example.com"),
        ("Ada.Kern@Example.COM", "Ada.Kern@example.com"),
        ("INFO@example.com", "info@example.com"),
        ("mailto:ada@example.com", "ada@example.com"),
        ("MAILTO:ada@example.com?subject=x", "ada@example.com"),
        ("Ada Kern <ada@example.com>", "ada@example.com"),
        ('"Kern, Ada" <ada@example.com>', "ada@example.com"),
        ("<ada@example.com>", "ada@example.com"),
        ("'ada@example.com", "ada@example.com"),
        ("'ada@example.com'", "ada@example.com"),
        ("ada@example.com;", "ada@example.com"),
        ("Ada Kern <ada@example.com>, ", "ada@example.com"),
        (" ada@example.com ", "ada@example.com"),
        ("o'neil+x@example.com", "o'neil+x@example.com"),
        ("иван@example.com", "иван@example.com"),
        ("ivan@пример.рф", "ivan@пример.рф"),
        ("ivan@xn--e1afmkfd.xn--p1ai", "ivan@xn--e1afmkfd.xn--p1ai"),
    ],
)
def test_a_good_address_leaves_without_what_surrounds_it(text, address):
    assert email(text) == address


@pytest.mark.parametrize(
    "text", ["ada", "ada@", "@example.com", "ada@example", "ada@localhost", "ada@@example.com", "a da@example.com", "ada@exa_mple.com",
             "ada..k@example.com", "ada@-x.com", "нет", "ada@example.com.", "ada@example..com", f"{'a' * 250}@example.com"],
)  # fmt: skip
def test_a_wrong_form_is_refused(text):
    finding = email(text)
    assert isinstance(finding, Finding) and finding.code == "bad_email" and not finding.is_warning


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("a@example.com; b@example.com", "[;,]"),
        ("a@example.com,b@example.com", "[;,]"),
        ("Ann <a@example.com>, Ben <b@example.com>", "[;,]"),
        ("a@example.com / b@example.org", "[;,/|]"),
        ("a@example.com/b@example.org;c@example.org", "[;,/|]"),
        ("a@example.com b@example.com", r"[;,/| \n]"),
        ("a@example.com\nb@example.com", r"[;,/| \n]"),
        ("a@example.com, " * 2000 + "b@example.com", "[;,]"),
    ],
)
def test_several_addresses_in_a_cell_get_the_split_that_takes_them_apart(text, split):
    finding = email(text)
    assert isinstance(finding, Finding) and f'add `split: "{split}"` to the rule.' in finding.sentence
    assert all(isinstance(email(part.strip()), str) for part in re.split(split, text) if part.strip())


@pytest.mark.parametrize("text", ["a@" * 20_000, "a@b", "a@b@example.com"])
def test_what_no_split_mends_is_not_told_to_be_split(text):
    finding = email(text)
    assert isinstance(finding, Finding) and finding.code == "bad_email" and "split" not in finding.sentence


@pytest.mark.parametrize("text", ["ada@server.local", "ada@x.test"])
def test_a_domain_of_one_network_only_is_sent_with_a_warning(text):
    finding = email(text)
    assert isinstance(finding, Finding) and (finding.code, finding.value, finding.is_warning) == ("odd_email", text, True)


LOCAL = st.text("abzAZ019._+-'", min_size=1, max_size=12)
LABEL = st.text("abzXN019-", min_size=1, max_size=8)


@given(LOCAL, st.lists(LABEL, min_size=1, max_size=3), st.sampled_from(["com", "RU", "x", "c0", "test", "local", "arpa", "рф", "xn--p1ai"]))
@example("info", ["example"], "com")
@example("A" * 64, ["b" * 63], "com")
def test_the_quick_pattern_says_what_the_library_says(local, labels, ending):
    text = f"{local}@{'.'.join(labels)}.{ending}"
    assert email(text) == _judged(text, text.lstrip("'"))


@given(st.text(max_size=40))
def test_no_text_whatever_breaks_the_conversion(text):
    assert isinstance(email(text), str | Finding)
