"""Number formats as tables: code, number, what a person sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.reader.number_format import formatter


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ("General", 1.0, "1"),
        ("@", 15.0, "15"),
        ("0", 79000000001.0, "79000000001"),
        ("0", 12.5, "13"),
        ("00000", 42, "00042"),
        ("00000", 1234567, "1234567"),
        ("+0 (000) 000-00-00", 79000000001, "+7 (900) 000-00-01"),
        ("000-000-000 00", 12345678901, "123-456-789 01"),
        ('"ID-"0000', 7, "ID-0007"),
        ("#,##0", 1234567, "1234567"),
        ("0.##", 1.5, "1.5"),
        ("0.##", 2, "2"),
        (".00", 1.5, "1.50"),
        ("0.00", -0.001, "0.00"),
        ("0.0%", 0.125, "12.5%"),
        ("[$€-407] #,##0.00", 3.456, "€ 3.46"),
        ("[$-419]0.0", 3.45, "3.5"),
        ("_-* #,##0.00\\ _₽_-;\\-* #,##0.00\\ _₽_-", -1200.5, "-1200.50"),
        ("#,##0.00;[Red](#,##0.00)", -4.5, "-4.50"),
        ('0.00;;"none"', 0, "0"),
        ("#,##0,", 123456, "123456"),
        ("0.00E+00", 79000000001.0, "79000000001"),
        ("# ?/?", 0.5, "0.5"),
        (";;;", 5, "5"),
        ('_-* "-"??_-', 0, "0"),
        ("#,###", 0, "0"),
        ('"yes";"yes";"no"', 1, "yes"),
        ('"yes";"yes";"no"', -1, "yes"),
        ('"yes";"yes";"no"', 0, "no"),
        ('"yes";;"no"', -1, "-1"),
        ('"yes"', -1, "-yes"),
        ('[=1]"m";[=2]"f"', 2, "f"),
        ('[=1]"m";[=2]"f"', 3, "3"),
        ('[=1]"m";[=2]"f";General', 3, "3"),
        ('"-";"-";"***"', 1, "1"),
        ('General" pcs"', 5, "5 pcs"),
        ('"No. "General', -5.5, "-No. 5.5"),
        ('@" pcs"', 5, "5 pcs"),
        ("General%", 0.5, "0.5"),
        ("ДД.ММ.ГГГГ", 36925, "36925"),
        ("", 5, "5"),
        ("[>=100]0;[<0]-0;0.0", 5, "5.0"),
        ("[<1.2.3]0;0", 5, "5"),
    ],
)
def test_a_number_is_shown_as_its_format_says(code, number, text):
    assert formatter(code)(number) == text


@given(st.text('0#?.,%;-+ ()"\\[]<>=$_*EeGeneral@/₽', max_size=12), st.floats() | st.integers())
def test_any_format_code_gives_some_text(code, number):
    assert isinstance(formatter(code)(number), str)
