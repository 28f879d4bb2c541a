"""The named transforms, each as a table, and what a pattern may be."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.mapping.html_to_bb import HTML_TAG, html_to_bb
from importer.mapping.transforms import TRANSFORMS, checked_pattern, replacement


@pytest.mark.parametrize(
    ("name", "text", "result"),
    [
        ("strip", "\u00a0\u200b x y \ufeff", "x y"),
        ("collapse", " a \n\t b\u00a0c ", "a b c"),
        ("lower", "ПРИВЕТ Ada", "привет ada"),
        ("upper", "привет Ada", "ПРИВЕТ ADA"),
        ("title", "ada o'neil", "Ada O'Neil"),
        ("digits", "+7 (900) x12", "790012"),
        ("digits", "٣٤5", "5"),
        ("first_name", "Иванова Мария Петровна", "Мария"),
        ("last_name", "Иванова Мария Петровна", "Иванова"),
        ("second_name", "Иванова Мария Петровна", "Петровна"),
        ("html_to_bb", "<p>Hi</p>", "Hi"),
    ],
)
def test_a_transform_is_a_function_of_its_text(name, text, result):
    assert TRANSFORMS[name](text) == result


@pytest.mark.parametrize(
    ("html", "bb"),
    [
        ("plain", "plain"),
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ("<b>a</b> <strong>b</strong> <i>c</i> <em>d</em> <u>e</u> <s>f</s>", "[b]a[/b] [b]b[/b] [i]c[/i] [i]d[/i] [u]e[/u] [s]f[/s]"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<div>a</div><div>b</div>", "a\n\nb"),
        ("<p>a</p>\n\n\n<p>b</p>", "a\n\nb"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ('<a href="https://example.com/x">site</a>', "[url=https://example.com/x]site[/url]"),
        ('<a href="javascript:alert(1)">x</a>', "x"),
        ("<a>x</a>", "x"),
        ("<script>evil()</script>a<style>b{}</style>", "a"),
        ("<b>open", "[b]open"),
        ("a<!-- hidden -->b", "ab"),
        ("&nbsp;a&nbsp;&nbsp;b", "a b"),
        ("<b>Re:</b> from Ivan <ivan@example.com> about <surname>", "[b]Re:[/b] from Ivan <ivan@example.com> about <surname>"),
        ("<a@example.com> wrote", "<a@example.com> wrote"),
        ("<title>never closed, and <b>all</b> the rest", "never closed, and [b]all[/b] the rest"),
        ("<style>a<style>b</style>c", "c"),
        ("<head><title>x</title></head><body>y</body>", "y"),
        ("<script>if (a < b) c()</script>d", "d"),
        ("a <b", "a <b"),
        ("a <!-- b", "a <!-- b"),
        ("a <? b ?> <![x", "a <? b ?> <![x"),
        ("<o:p>a</o:p><!DOCTYPE html><?xml version='1.0'?>b", "ab"),
        ("<a title='x > y' href=\"https://example.com/x\">site</a>", "[url=https://example.com/x]site[/url]"),
        ("5 < 6 && 7 > 6", "5 < 6 && 7 > 6"),
    ],
)
def test_html_becomes_bb_codes(html, bb):
    assert html_to_bb(html) == bb


@pytest.mark.parametrize("piece", ["<a ", "<!--", "<", "<title>", "<a '", '<a "', "<a x=\"'", "&", "&#", "<b/", "</", "<![", "<a><!-- "])
def test_the_work_grows_no_faster_than_the_text(piece):
    """Of a text so long the square of its length would be hours of work."""
    text = "<b>" + piece * 30_000
    assert html_to_bb(text).startswith("[b]")
    assert HTML_TAG.search(text)[0] == "<b>"
    HTML_TAG.search(piece * 30_000)


@given(st.text("<>/abpisu&;!-= \"'\n", max_size=60))
def test_no_html_whatever_breaks_the_writer(text):
    assert isinstance(html_to_bb(text), str)


@pytest.mark.parametrize(("text", "is_html"), [("<b>", True), ("</p>", True), ("<br/>", True), ("<!-- x -->", True), ("a<b", False), ("1 < 2 > 0", False)])
def test_a_tag_is_told_from_a_comparison(text, is_html):
    assert (HTML_TAG.search(text) is not None) == is_html


@pytest.mark.parametrize("pattern", ["(a+)+", r"(?:\w*)*$", "([a-z]+)*", r"(\s+){2,}", "(.*)+"])
def test_a_pattern_that_can_take_for_ever_is_refused(pattern):
    with pytest.raises(ValueError, match="can take for ever"):
        checked_pattern(pattern)


@pytest.mark.parametrize("pattern", ["[;,]", r"\s*[;,/]\s*", r"(?:[;,]\s*)+", r"\d{3,}", "(a|b)+", r"\((.*)\)"])
def test_patterns_people_write_are_taken(pattern):
    assert checked_pattern(pattern).pattern == pattern


@pytest.mark.parametrize("rule", ["{column: A, transform: [{replace: {pattern: '(a|aa)+$', with: ''}}]}", "{column: A, split: '(a|aa)+$'}"])
def test_a_pattern_that_takes_too_long_rejects_the_row_and_says_so(mapping, rule):
    mapped = mapping(f"UF_CRM_TAGS: {rule}").row(Name="Ada", A="a" * 60 + "b")
    assert mapped.contact is None
    [problem] = mapped.problems
    assert (problem.code, problem.column) == ("slow_pattern", "A") and "was not done after 0.5 s" in problem.problem


def test_a_replacement_may_use_groups_and_no_others():
    assert replacement(re.compile(r"(\d)-(\d)"), r"\2-\1")("1-2 3-4") == "2-1 4-3"
    with pytest.raises(ValueError, match="does not fit its pattern"):
        replacement(re.compile("x"), r"\g<name>")
