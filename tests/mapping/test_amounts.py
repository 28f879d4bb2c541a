"""Numbers and money in the ways of several countries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.mapping.amounts import NumberReader, money_conversion
from importer.mapping.findings import Finding


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("1234", None, "1234"),
        ("-5", None, "-5"),
        ("+5", None, "5"),
        ("−5", None, "-5"),
        ("(5)", None, "-5"),
        ("1 234,56", "RU", "1234.56"),
        ("1\u00a0234\u202f567,8", "RU", "1234567.8"),
        ("1,234.56", "US", "1234.56"),
        ("1.234,56", "DE", "1234.56"),
        ("1'234.50", "CH", "1234.50"),
        ("1,234,567", None, "1234567"),
        ("1.234.567", None, "1234567"),
        ("1.234.567,8", None, "1234567.8"),
        ("0,5", None, "0.5"),
        (",5", None, "0.5"),
        ("0.123", None, "0.123"),
        ("12,34", None, "12.34"),
        ("1234,567", None, "1234.567"),
        ("1,234", "US", "1234"),
        ("1,234", "RU", "1.234"),
        ("1.234", "US", "1.234"),
        ("1.234", "RU", "1.234"),
        ("5,", "RU", "5"),
        ("007", None, "007"),
        ("１２３", None, "123"),
        ("٣", None, "3"),
        ("१२,५", "RU", "12.5"),
    ],
)
def test_a_number_is_read_in_the_way_of_its_country(text, region, number):
    assert NumberReader(region).decimal(text) == number


@pytest.mark.parametrize(("text", "region"), [("1,234", None), ("1.234", None), ("1.234", "DE"), ("-1.234", "BR")])
def test_a_number_that_can_mean_two_is_refused(text, region):
    finding = NumberReader(region).decimal(text)
    assert isinstance(finding, Finding) and finding.code == "bad_number" and "a thousand times apart" in finding.sentence


@pytest.mark.parametrize(("decimal", "number"), [(",", "1.234"), (".", "1234")])
def test_the_mapping_settles_what_is_open(decimal, number):
    assert NumberReader(None, decimal).decimal("1,234") == number


@pytest.mark.parametrize(
    ("text", "code"),
    [("abc", "bad_number"), ("", "bad_number"), ("12%", "bad_number"), ("1,23,456.7", "bad_number"), ("1234 567", "bad_number"),
     ("1.2.3", "bad_number"), ("1,234.567,8", "bad_number"), ("--5", "bad_number"), ("1 2", "bad_number"), (".", "bad_number"),
     ("7,92E+10", "number_as_exponent"), ("7.92E+10", "number_as_exponent"), ("1e5", "number_as_exponent")],
)  # fmt: skip
def test_what_is_no_number_is_refused(text, code):
    finding = NumberReader("RU").decimal(text)
    assert isinstance(finding, Finding) and finding.code == code


@pytest.mark.parametrize("text", ["99999999999999999999", "-9223372036854775809", "9" * 500])
def test_a_whole_number_the_portal_would_turn_into_another_is_refused(text):
    finding = NumberReader("RU").whole(text)
    assert isinstance(finding, Finding) and finding.code == "bad_number" and "field of text" in finding.sentence


@pytest.mark.parametrize(("text", "is_doubted"), [("2147483647", False), ("-2147483648", False), ("-2147483649", True), ("7707083893", True)])
def test_a_whole_number_beyond_32_bits_is_sent_with_a_warning(text, is_doubted):
    found = NumberReader("RU").whole(text)
    assert (found.code, found.value, found.is_warning) == ("odd_number", text, True) if is_doubted else found == text


@pytest.mark.parametrize(
    ("text", "sent", "is_doubted"),
    [("12,34567", "12.35", True), ("12,345", "12.35", True), ("-0,005", "-0.01", True), ("12,3400", "12.3400", False), ("12", "12", False)],
)
def test_decimals_a_field_does_not_keep_are_rounded_as_it_would_and_told(text, sent, is_doubted):
    found = NumberReader("RU", ",").rounded(text, 2)
    assert (found.code, found.value, found.is_warning) == ("rounded_number", sent, True) if is_doubted else found == sent


@pytest.mark.parametrize(("text", "whole"), [("5", "5"), ("5.0", "5"), ("5,00", "5"), ("1 234", "1234"), ("-7", "-7")])
def test_a_whole_number_is_its_digits(text, whole):
    assert NumberReader("RU").whole(text) == whole


def test_a_fraction_is_no_whole_number():
    finding = NumberReader("RU").whole("5,5")
    assert isinstance(finding, Finding) and '"5,5" is not a whole number' in finding.sentence


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("1200|RUB", "1200|RUB"),
        ("1 200,50 ₽", "1200.50|RUB"),
        ("1200 руб.", "1200|RUB"),
        ("1 200,50 р.", "1200.50|RUB"),
        ("€ 1.200,50", "1200.50|EUR"),
        ("$1,200.50", "1200.50|USD"),
        ("1200 kzt", "1200|KZT"),
        ("RUB 1200", "1200|RUB"),
        ("1200", "1200|EUR"),
        ("-15,5", "-15.5|EUR"),
        ("１２ usd", "12|USD"),
        ("100 ALL", "100|ALL"),
        ("100 RUR", "100|RUR"),
        ("р.1200", "1200|RUB"),
        ("руб. 1200", "1200|RUB"),
        ("$.99", "0.99|USD"),
        ("USD.99", "0.99|USD"),
        ("1 200 рублей", "1200|RUB"),
        ("5 долларов", "5|USD"),
        ("1200 euros", "1200|EUR"),
        ("1 200 тенге", "1200|KZT"),
        ("-$1,200.50", "-1200.50|USD"),
        ("($1,200.50)", "-1200.50|USD"),
        ("−500 ₽", "-500|RUB"),
        ("1.200,- €", "1200.00|EUR"),
        ("CHF 1'200.—", "1200.00|CHF"),
        ("1 200 Ft", "1200|HUF"),
        ("$ 1,200.50 CAD", "1200.50|CAD"),
        ("1200 ₽ RUB", "1200|RUB"),
    ],
)
def test_money_carries_its_currency(text, money):
    assert money_conversion(NumberReader("RU"), "EUR")(text) == money


@pytest.mark.parametrize(
    ("text", "own", "money"),
    [
        ("$1,200.50", "MXN", "1200.50|MXN"), ("$5", "RUB", "5|USD"), ("5 руб.", "BYN", "5|BYN"), ("5 kr", "SEK", "5|SEK"),
        ("5 kr", "NOK", "5|NOK"), ("¥5", "CNY", "5|CNY"), ("5 lei", "MDL", "5|MDL"), ("Rs. 1,200", "PKR", "1200|PKR"),
    ],
)  # fmt: skip
def test_a_sign_that_currencies_share_means_the_mappings_own(text, own, money):
    assert money_conversion(NumberReader("US"), own)(text) == money


@pytest.mark.parametrize("text", ["5 kr", "¥5", "5 lei", "Rs 5", "$ 5 EUR", "£ 5 USD"])
def test_a_sign_nobody_owns_and_two_that_differ_are_refused(text):
    finding = money_conversion(NumberReader("US"), "EUR")(text)
    assert isinstance(finding, Finding) and finding.code == "bad_money"


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("12,34,567.50", "IN", "1234567.50"),
        ("-1,20,000", "IN", "-120000"),
        ("1,200", "IN", "1200"),
        ("1,23,456", "US", None),
        ("1,23,45", "IN", None),
    ],
)
def test_lakhs_are_grouped_by_two_where_people_do(text, region, number):
    found = NumberReader(region).decimal(text)
    assert found == number if number else isinstance(found, Finding)


@pytest.mark.parametrize(
    ("text", "code"),
    [("5 mln", "bad_money"), ("1,5 Mio", "bad_money"), ("100 pcs", "bad_money"), ("1200 xyz", "bad_money"), ("5|MLN", "bad_money"),
     ("5 lak", "bad_money"), ("free", "bad_money"), ("12 doubloons", "bad_money"), ("12%", "bad_money"), ("1200 руб. 50 коп.", "bad_money"), ("1 2 €", "bad_number")],
)  # fmt: skip
def test_what_is_no_money_is_refused(text, code):
    finding = money_conversion(NumberReader("RU"), "EUR")(text)
    assert isinstance(finding, Finding) and finding.code == code and finding.sentence.startswith(f'"{text}"')


def test_the_mappings_own_currency_needs_no_list():
    assert money_conversion(NumberReader("RU"), "PTS")("5 pts") == "5|PTS"


def test_an_amount_without_any_currency_is_refused_with_what_to_do():
    finding = money_conversion(NumberReader("RU"), None)("12")
    assert isinstance(finding, Finding) and "set `currency`" in finding.sentence


@given(st.decimals(-(10**9), 10**9, places=2))
def test_grouped_numbers_are_read_back(value):
    plain = f"{value:f}"
    assert NumberReader("US").decimal(f"{value:,f}") == plain
    assert NumberReader("RU").decimal(f"{value:,f}".replace(",", "\u00a0").replace(".", ",")) == plain
    assert NumberReader("DE").decimal(f"{value:,f}".translate(str.maketrans(",.", ".,"))) == plain


@given(st.text("0123456789.,+-() '|€$рубRUB\u00a0eE", max_size=20))
def test_no_text_whatever_breaks_the_reader(text):
    assert isinstance(NumberReader("RU").decimal(text), str | Finding)
    assert isinstance(money_conversion(NumberReader(None), None)(text), str | Finding)
