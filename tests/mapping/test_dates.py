"""Dates: what is read, what leaves, and which ones are too doubtful to send."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.mapping.dates import DateReader, compile_format, compile_formats
from importer.mapping.findings import Finding


def reader(*formats: str, zone: str = "Europe/Moscow", born_by: int | None = None) -> DateReader:
    return DateReader(compile_formats(formats), ZoneInfo(zone), born_by)


@pytest.mark.parametrize(
    ("text", "formats", "iso"),
    [
        ("03.02.2001", (), "2001-02-03"),
        ("03.02.2001 г.", (), "2001-02-03"),
        ("03.02.2001г", (), "2001-02-03"),
        ("3 февраля 2001 года", ("%d %B %Y",), "2001-02-03"),
        ("3 февраля 2001 г.", ("%d %B %Y г.",), "2001-02-03"),
        ("03.02.01 г.", ("%d.%m.%y",), "2001-02-03"),
        ("3. 2. 2001", (), "2001-02-03"),
        ("03.02.2001\u00a004:05", (), "2001-02-03"),
        ("2001-02-03 04:05:06 UTC", (), "2001-02-03"),
        ("03.02.2001 04:05 GMT", (), "2001-02-03"),
        ("3.2.2001", (), "2001-02-03"),
        ("03.02.2001 4:05:06", (), "2001-02-03"),
        ("03.02.2001 00:00", (), "2001-02-03"),
        ("2001-02-03", (), "2001-02-03"),
        ("2001-2-3", (), "2001-02-03"),
        ("2001-02-03 04:05:06", (), "2001-02-03"),
        ("2001-02-03T04:05:06Z", (), "2001-02-03"),
        ("2001-02-03T23:05:06.123+03:00", (), "2001-02-03"),
        ("2001-02-03", ("%m/%d/%Y",), "2001-02-03"),
        ("02/03/2001", ("%m/%d/%Y",), "2001-02-03"),
        ("02/03/2001", ("%d/%m/%Y",), "2001-03-02"),
        ("25/12/2001", ("%d/%m/%Y", "%m/%d/%Y"), "2001-12-25"),
        ("02/02/2001", ("%d/%m/%Y", "%m/%d/%Y"), "2001-02-02"),
        ("3 Feb 2001", ("%d %b %Y",), "2001-02-03"),
        ("03 February 2001", ("%d %B %Y",), "2001-02-03"),
        ("3 февраля 2001", ("%d %B %Y",), "2001-02-03"),
        ("3 мая 2001 г.", ("%d %B %Y г.",), "2001-05-03"),
        ("Feb 3, 2001 4:05 PM", ("%b %d, %Y",), "2001-02-03"),
        ("20010203", ("%Y%m%d",), "2001-02-03"),
        ("29.02.2000", (), "2000-02-29"),
        ("03.02.01", ("%d.%m.%y",), "2001-02-03"),
        ("03.02.68", ("%d.%m.%y",), "2068-02-03"),
        ("03.02.69", ("%d.%m.%y",), "1969-02-03"),
    ],
)
def test_a_date_leaves_as_iso(text, formats, iso):
    assert reader(*formats).day(text) == iso


@pytest.mark.parametrize(("text", "year"), [("03.02.45", "1945"), ("03.02.26", "2026"), ("03.02.27", "1927"), ("03.02.99", "1999")])
def test_a_two_digit_birth_year_is_never_in_the_future(text, year):
    assert reader("%d.%m.%y", born_by=2026).day(text) == f"{year}-02-03"


@pytest.mark.parametrize(
    ("text", "formats", "says"),
    [
        ("31.02.2001", (), "is a day or time that does not exist"),
        ("29.02.1900", (), "does not exist"),
        ("00.05.2001", (), "does not exist"),
        ("13/13/2001", ("%d/%m/%Y",), "does not exist"),
        ("03.02.2001 25:00", (), "does not exist"),
        ("03/02/2001", (), "is not written as %d.%m.%Y or %Y-%m-%d"),
        ("02/03/2001", ("%d/%m/%Y", "%m/%d/%Y"), "can mean 2001-03-02 (%d/%m/%Y) or 2001-02-03 (%m/%d/%Y)"),
        ("03.02.01", (), "is not written as"),
        ("May 2001", (), "is not written as"),
        ("yesterday", (), "is not written as"),
        ("2001/2/3", (), "is not written as"),
        ("36892", (), "is a date turned to a number, probably 2001-01-01"),
        ("36892.5", (), "is a date turned to a number"),
        ("3 Foo 2001", ("%d %b %Y",), "does not exist"),
        ("03.02.2001 13:00 PM", (), "does not exist"),
    ],
)
def test_a_doubtful_or_impossible_date_is_refused_with_what_was_tried(text, formats, says):
    finding = reader(*formats).day(text)
    assert isinstance(finding, Finding) and finding.code == "bad_date" and not finding.is_warning
    assert says in finding.sentence and finding.sentence.startswith(f'"{text}"')


@pytest.mark.parametrize(
    "text",
    ["0/0/00", "0.0.00", "00.00.0000", "0000-00-00", "0000-00-00 00:00:00", "01.01.0001", "01.01.0001 0:00:00", "0001-01-01T00:00:00",
     "1604-05-17", "--05-17", "1899-12-30", "00.01.1900"],
)  # fmt: skip
def test_what_stands_for_no_date_is_empty_with_a_warning(text):
    for finding in (reader().day(text), reader().moment(text)):
        assert isinstance(finding, Finding)
        assert (finding.code, finding.value, finding.is_warning) == ("no_date", "", True)


@pytest.mark.parametrize("text", ["01.01.1970", "1970-01-01 00:00:00", "01.01.1970 0:00:00", "1.1.70"])
def test_the_first_day_of_unix_time_is_a_birthday_that_is_warned_of(text):
    finding = reader("%d.%m.%Y", "%d.%m.%y", born_by=2026).day(text)
    assert isinstance(finding, Finding)
    assert (finding.code, finding.value, finding.is_warning) == ("odd_date", "1970-01-01", True)


@pytest.mark.parametrize(
    "text", ["01.01.1970", "1970-01-01 00:00:00", "1970-01-01T03:00:00+03:00", "1969-12-31T19:00:00-05:00", "01.01.1970 03:00:00"]
)
def test_the_first_day_of_unix_time_is_no_moment(text):
    finding = reader().moment(text)
    assert isinstance(finding, Finding)
    assert (finding.code, finding.value, finding.is_warning) == ("no_date", "", True)


@pytest.mark.parametrize("text", ["2031-02-03 04:05:06", "2031-02-03T04:05:06+03:00"])
def test_a_moment_in_the_future_of_what_has_happened_is_warned_of(text):
    past = replace(reader(), not_after=datetime(2026, 1, 1, tzinfo=UTC))
    finding = past.moment(text)
    assert isinstance(finding, Finding)
    assert (finding.code, finding.value, finding.is_warning) == ("odd_date", "2031-02-03T04:05:06+03:00", True)
    assert past.moment("2025-12-31 04:05:06") == "2025-12-31T04:05:06+03:00"


def test_a_birth_date_in_the_future_is_warned_of():
    finding = reader(born_by=2026).day("03.02.2031")
    assert isinstance(finding, Finding) and (finding.code, finding.value, finding.is_warning) == ("odd_date", "2031-02-03", True)


@pytest.mark.parametrize(
    ("text", "zone", "iso"),
    [
        ("03.02.2001 04:05:06", "Europe/Moscow", "2001-02-03T04:05:06+03:00"),
        ("03.02.2001", "Europe/Moscow", "2001-02-03T00:00:00+03:00"),
        ("03.02.2001 4:05 pm", "Europe/Moscow", "2001-02-03T16:05:00+03:00"),
        ("03.02.2001 12:00 AM", "Europe/Moscow", "2001-02-03T00:00:00+03:00"),
        ("2001-07-03 04:05", "Europe/Berlin", "2001-07-03T04:05:00+02:00"),
        ("2001-01-03 04:05", "Europe/Berlin", "2001-01-03T04:05:00+01:00"),
        ("2001-02-03T04:05:06Z", "Europe/Berlin", "2001-02-03T04:05:06+00:00"),
        ("2001-02-03T04:05:06+0530", "Europe/Berlin", "2001-02-03T04:05:06+05:30"),
        ("2001-02-03T04:05:06-03", "Europe/Berlin", "2001-02-03T04:05:06-03:00"),
        ("2001-02-03 04:05:06.789", "UTC", "2001-02-03T04:05:06+00:00"),
        # 2:30 comes twice on this night; the first is summer time.
        ("2001-10-28 02:30", "Europe/Berlin", "2001-10-28T02:30:00+02:00"),
    ],
)
def test_a_moment_leaves_with_the_offset_of_its_zone(text, zone, iso):
    assert reader(zone=zone).moment(text) == iso


@pytest.mark.parametrize(
    ("text", "zone", "iso"),
    [
        ("01.01.1900", "Europe/Moscow", "1899-12-31T21:29:43+00:00"),
        ("03.02.1915 12:00", "Europe/Moscow", "1915-02-03T09:29:43+00:00"),
        ("03.02.1950", "Europe/Moscow", "1950-02-03T00:00:00+03:00"),
        ("01.01.1850", "Europe/Berlin", "1849-12-31T23:06:32+00:00"),
    ],
)
def test_local_mean_time_leaves_as_the_same_moment_in_utc(text, zone, iso):
    sent = reader(zone=zone).moment(text)
    assert sent == iso
    assert datetime.fromisoformat(sent) == datetime.strptime(f"{text} 00:00"[:16], "%d.%m.%Y %H:%M").replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("text", "zone", "day"),
    [
        ("1980-01-31T21:00:00Z", "Europe/Moscow", "1980-02-01"),
        ("1980-02-01T00:00:00+03:00", "Europe/Moscow", "1980-02-01"),
        ("1980-01-31T00:00:00Z", "America/New_York", "1980-01-31"),
        ("1980-01-31T05:00:00Z", "America/New_York", "1980-01-31"),
        ("1980-01-31 23:30", "Europe/Moscow", "1980-01-31"),
    ],
)
def test_a_day_written_as_its_midnight_elsewhere_is_that_day(text, zone, day):
    assert reader(zone=zone).day(text) == day


def test_a_moment_that_falls_on_another_day_in_the_zone_is_warned_of():
    finding = reader().day("2001-02-03T23:05:06Z")
    assert isinstance(finding, Finding) and (finding.code, finding.value, finding.is_warning) == ("odd_date", "2001-02-04", True)
    assert replace(reader(zone="UTC"), is_zone_given=False).day("2001-02-03T23:05:06-05:00") == "2001-02-03"


def test_an_hour_the_clocks_leave_out_is_moved_with_a_warning():
    finding = reader(zone="Europe/Berlin").moment("2001-03-25 02:30")
    assert isinstance(finding, Finding) and finding.is_warning
    assert (finding.code, finding.value) == ("odd_date", "2001-03-25T03:30:00+02:00")


def test_a_format_with_its_own_clock_reads_it():
    assert reader("%m/%d/%Y %I:%M %p").moment("02/03/2001 04:05 PM") == "2001-02-03T16:05:00+03:00"


@pytest.mark.parametrize("text", ["DD.MM.YYYY", "%d.%m", "%d.%m.%Y %d", "%Q", "%d.%m.%Y %M", "", "%", "%j %Y"])
def test_a_format_that_gives_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        compile_format(text)


@given(st.dates(date(1000, 1, 1)), st.sampled_from(["%d.%m.%Y", "%m/%d/%Y", "%Y-%m-%d", "%d %b %Y", "%Y%m%d", "%B %d, %Y"]))
def test_whatever_strftime_writes_is_read_back(day, text):
    written = day.strftime(text)
    if day in (date(1970, 1, 1), date(1899, 12, 30), date(1899, 12, 31)) or day.year == 1604:
        return
    assert reader(text).day(written) == day.isoformat()


@given(st.text(max_size=40))
def test_no_text_whatever_breaks_the_reader(text):
    for result in (reader("%d/%m/%Y").day(text), reader().moment(text)):
        assert isinstance(result, str | Finding)
