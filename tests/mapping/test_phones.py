"""Phones: E.164 where valid, as written where not; the quick way says what the library says."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.mapping.findings import Finding
from importer.mapping.phones import phone_conversion, whole_way


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("8 (900) 000-00-01", "RU", "+79000000001"),
        ("89000000001", "RU", "+79000000001"),
        ("9000000001", "RU", "+79000000001"),
        ("79000000001", "RU", "+79000000001"),
        ("+7 900 000 00 01", "RU", "+79000000001"),
        ("'+79000000001", "RU", "+79000000001"),
        ("79000000001.0", "RU", "+79000000001"),
        ("tel:+7-900-000-00-01", "RU", "+79000000001"),
        ("+7.900.000.00.01", "RU", "+79000000001"),
        ("8\u00a0900\u00a0000-00-01", "RU", "+79000000001"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("+44 (0)20 7946 0018", "GB", "+442079460018"),
        ("0044 20 7946 0018", "GB", "+442079460018"),
        ("(202) 555-0143", "US", "+12025550143"),
        ("+44 20 7946 0018", "RU", "+442079460018"),
        ("+44 20 7946 0018", None, "+442079460018"),
        ("8 701 000 00 01", "KZ", "+77010000001"),
        ("8 (495) 000-00-01 доб. 12", "RU", "+74950000001;ext=12"),
        ("+7 495 000-00-01 ext 12", "RU", "+74950000001;ext=12"),
        ("+74950000001;ext=12", "RU", "+74950000001;ext=12"),
        ("020 7946 0018 x5", "GB", "+442079460018;ext=5"),
        # Without a country nothing can be said of a national number of likely length.
        ("8 900 000-00-01", None, "8 900 000-00-01"),
    ],
)
def test_a_valid_phone_leaves_as_e164_with_its_extension(text, region, number):
    assert phone_conversion(region)(text) == number


@pytest.mark.parametrize(
    ("text", "region"),
    [("8 916 12-34", "RU"), ("+7 999", "RU"), ("12", None), ("+999123456789", None), ("112", "RU"), ("8-800-FLOWERS", "RU"),
     ("0000000000", "RU"), ("123456789012345678", None)],
)  # fmt: skip
def test_a_phone_that_is_not_valid_is_sent_as_written_with_a_warning(text, region):
    finding = phone_conversion(region)(f" {text} ")
    assert isinstance(finding, Finding)
    assert (finding.code, finding.is_warning, finding.value) == ("odd_phone", True, text)


def test_several_numbers_in_one_cell_get_the_advice_to_split():
    finding = phone_conversion("RU")("8 900 000-00-01, 8 900 000-00-02")
    assert isinstance(finding, Finding) and "Add `split:" in finding.sentence


@pytest.mark.parametrize("text", ["7,92E+10", "7.92E+10", "7,92Е+10", "+7.9161234E10", "8E10"])
def test_a_phone_shortened_by_a_spreadsheet_is_refused(text):
    finding = phone_conversion("RU")(text)
    assert isinstance(finding, Finding) and finding.code == "number_as_exponent" and not finding.is_warning


@pytest.mark.parametrize("text", ["79161234567.0", "79161234567,0", "79161234567,00", "89161234567.00", "８９１６１２３４５６７"])
def test_a_phone_written_as_a_spreadsheets_number_is_that_number(text):
    assert phone_conversion("RU")(text) == "+79161234567"


@pytest.mark.parametrize("text", ["79161234567,0", "79161234567.00", "٧٩١٦١٢٣٤٥٦٧"])
def test_and_without_a_region_its_digits(text):
    assert phone_conversion(None)(text) == "79161234567"


@pytest.mark.parametrize("text", ["нет", "-", "n/a", "+"])
def test_a_phone_without_a_digit_is_refused(text):
    finding = phone_conversion("RU")(text)
    assert isinstance(finding, Finding) and finding.code == "bad_phone" and not finding.is_warning


REGIONS = ("RU", "KZ", "BY", "UA", "UZ", "GB", "US", "CA", "DE", "FR", "ES", "IT", "BR", "AR", "MX", "TR", "IN", "CN", "CO", "IM")


def plainly_written(region: str):
    """Numbers near the valid ones of a country: examples of each kind with some digits changed, in several writings."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    kinds = (metadata.mobile, metadata.fixed_line, metadata.toll_free, metadata.voip, metadata.uan)
    examples = [kind.example_number for kind in kinds if kind is not None and kind.example_number]
    code, prefix = str(metadata.country_code), metadata.national_prefix or ""

    @st.composite
    def numbers(draw):
        digits = list(draw(st.sampled_from(examples)))
        for position in draw(st.lists(st.integers(0, len(digits) - 1), max_size=3)):
            digits[position] = draw(st.sampled_from("0123456789"))
        if draw(st.booleans()):
            digits = digits[: draw(st.integers(4, len(digits)))] + list(draw(st.text("0123456789", max_size=2)))
        national = "".join(digits)
        spaced = f"({national[:3]}) {national[3:6]}-{national[6:]}"
        starts = [f"+{code}", f"+{code} ", prefix, f"{prefix} ", "", code, f"+{code}{prefix}", f"{code}{prefix}", f"{prefix}{code}", "+", "00"]
        return draw(st.sampled_from(starts)) + draw(st.sampled_from([national, spaced]))

    return numbers()


@settings(max_examples=40, deadline=None)
@given(st.data())
@pytest.mark.parametrize("region", REGIONS)
def test_the_quick_way_says_what_the_library_says(region, data):
    text = data.draw(plainly_written(region))
    assert phone_conversion(region)(text) == whole_way(text, region)


@settings(max_examples=200, deadline=None)
@given(st.text("0123456789+-() .;,xдобext'Ee/\u00a0", max_size=30))
def test_no_text_whatever_breaks_the_conversion(text):
    assert phone_conversion("RU")(text) == whole_way(text, "RU")
