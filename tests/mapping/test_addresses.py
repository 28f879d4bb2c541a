"""The parts of ADDRESS as one address of a contact."""

from __future__ import annotations

import pytest

from importer.errors import MappingError
from importer.mapping.addresses import address_text
from importer.mapping.findings import Finding

WHOLE = """
ADDRESS:
  street: {columns: [Street, House], join: ", "}
  street_2: Flat
  city: City
  postal_code: {column: Zip, transform: [digits]}
  region: Region
  province: Province
  country: {value: Россия}
"""


def test_every_part_gets_its_field(mapping):
    cells = {"Street": "Main St", "House": "7", "Flat": "12", "City": "Тверь", "Zip": "170 000", "Region": "R", "Province": "P"}
    mapped = mapping(WHOLE).row(Name="Ada", **cells)
    assert mapped.problems == []
    assert mapped.contact.fields == {"NAME": "Ada"}
    assert mapped.contact.address == {
        "ADDRESS_1": "Main St, 7", "ADDRESS_2": "12", "CITY": "Тверь", "POSTAL_CODE": "170000", "REGION": "R", "PROVINCE": "P",
        "COUNTRY": "Россия",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("address", "cells", "sent"),
    [
        ("{city: A, region: B}", {"A": "Тверь"}, {"CITY": "Тверь"}),
        ("{city: A, region: B}", {}, {}),
        ("{city: A, country: {value: Россия}}", {}, {}),
        ("{city: A, country: {column: B, default: Россия}}", {}, {}),
        ("{city: A, country: {column: B, default: Россия}}", {"A": "Тверь"}, {"CITY": "Тверь", "COUNTRY": "Россия"}),
        ("{city: {column: A, map: {'-': ''}, otherwise: x}, country: {value: Россия}}", {"A": "-"}, {}),
        ("{country: {value: Россия}}", {}, {"COUNTRY": "Россия"}),
    ],
)
def test_empty_parts_are_left_out_and_fixed_ones_make_no_address_alone(mapping, address, cells, sent):
    mapped = mapping(f"ADDRESS: {address}").row(Name="Ada", **cells)
    assert mapped.problems == [] and mapped.contact.address == sent


def test_a_required_part_rejects_the_row(mapping):
    mapped = mapping("ADDRESS: {city: {column: A, required: true}}").row(Name="Ada")
    assert mapped.contact is None and [(p.code, p.column) for p in mapped.problems] == [("required", "A")]


@pytest.mark.parametrize("text", ["$result[x]", "a $RESULT[contact_1] b", "$next[0]", "$totals[a]", "$time.x[a]", "$error[", "$result$time[x]"])
def test_a_text_the_portal_would_replace_in_a_batch_is_refused(text):
    finding = address_text(text)
    assert isinstance(finding, Finding) and finding.code == "address_reference"


@pytest.mark.parametrize("text", ["$result", "result[x]", "$ result[x]", "$result x[1]", "US$5 [approx]", "$total"])
def test_a_text_that_is_no_reference_passes(text):
    assert address_text(text) == text


def test_a_reference_in_a_part_is_told_with_its_column(mapping):
    mapped = mapping("ADDRESS: {city: {column: A, transform: [lower]}}").row(Name="Ada", A="$RESULT[x]")
    assert [(p.code, p.column) for p in mapped.problems] == [("address_reference", "A")]


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("{city: {value: '$result[x]'}}", "line 5: ADDRESS city: \"$result[x]\" reads like a reference"),
        ("{city: {column: A, split: ','}}", "line 5: ADDRESS city is split, but the field takes one value."),
        ("{city: {column: A, lookup: user}}", "`lookup: user` is for fields of users"),
        ("{city: {column: A, files: x}}", "`files` means nothing for ADDRESS city, whose type is text."),
        ("{city: {column: A, create: true}}", "`create` means nothing for ADDRESS city"),
        ("{city: {column: A, type: WORK}}", "ADDRESS city has no kinds"),
    ],
)
def test_what_does_not_fit_a_part_is_a_fault_with_its_line(mapping, address, fault):
    with pytest.raises(MappingError) as raised:
        mapping(f"ADDRESS: {address}")
    assert any(fault in one for one in raised.value.faults), raised.value.faults


def test_a_column_of_an_address_that_is_not_there_is_a_fault(load, portal):
    from importer.mapping.binding import bind

    with pytest.raises(MappingError, match='line 4: column "Ciyt": clients.csv has no such column. Did you mean "City"?'):
        bind(load("fields:\n  NAME: Name\n  ADDRESS:\n    city: Ciyt"), ["Name", "City"], portal, source_name="clients.csv")
