"""The country of phones and the order of day and month."""

from __future__ import annotations

import pytest

from importer.mapping.suggestion.defaults_guess import guess_date_formats, guess_region


@pytest.mark.parametrize(
    ("phones", "languages", "region"),
    [
        (("8 900 000-11-22", "8 (900) 000-33-44"), ("ru",), "RU"), (("+7 900 000-11-22", "8 900 000-33-44"), ("en",), "RU"),
        (("(202) 555-0123", "+1 202 555 0144"), ("en",), "US"), (("020 7946 0123", "+44 20 7946 0111"), ("en",), "GB"), (("030 23125123",), ("de",), "DE"),
        (("+44 20 7946 0111",), ("en",), "GB"), (("+44 20 7946 0111", "+1 202 555 0144"), ("en",), None), (("12345",), ("ru",), None), ((), ("ru",), None),
        (("8 900 000-11-22, 8 900 000-11-23",), ("ru",), "RU"),
        # Half of them fit: that is enough for the header's first language, and for no other.
        (("8 900 000-11-22", "1234567"), ("ru", "en"), "RU"), (("020 7946 0123", "1234567"), ("de", "en"), None), (("06 12 34 56 78",), ("fr", "de"), "FR"),
    ],
)  # fmt: skip
def test_the_country_is_that_in_which_phones_are_valid(phones: tuple[str, ...], languages: tuple[str, ...], region: str | None) -> None:
    found = guess_region(phones, languages)
    assert (found[0] if found else None) == region


@pytest.mark.parametrize(
    ("values", "known", "region", "formats"),
    [
        (("17.03.1984", "01.12.1969 10:30:00"), (), None, ["%d.%m.%Y"]), (("03/17/1984", "12/01/1969"), (), None, ["%m/%d/%Y"]), (("17/03/1984", "12/01/1969"), (), None, ["%d/%m/%Y"]),
        (("1984-03-17", "1984-03-17T10:00:00Z"), (), None, []), (("12 Mar 2024",), (), None, ["%d %b %Y"]), (("Mar 12, 2024",), (), None, ["%b %d, %Y"]),
        (("03/04/1984",), ("%m/%d/%Y",), None, ["%m/%d/%Y"]), (("03/04/1984",), (), "GB", ["%d/%m/%Y"]), (("03/04/1984",), (), "US", ["%m/%d/%Y"]), (("17.03.84",), (), None, ["%d.%m.%y"]),
        (("17.03.1984", "17/03/1984"), (), None, ["%d.%m.%Y", "%d/%m/%Y"]), (("0/0/00", "soon"), (), None, []), ((), (), None, []),
    ],
)  # fmt: skip
def test_the_order_of_day_and_month_comes_from_values_export_or_country(values, known, region, formats) -> None:
    assert guess_date_formats(values, known=known, region=region) == (formats, "")


def test_an_order_nothing_tells_is_doubtful() -> None:
    _formats, doubt = guess_date_formats(("03/04/1984", "05/06/1990"))
    assert doubt == "day and month could be either way round in 2 values"
