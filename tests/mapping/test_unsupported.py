"""What the way into a portal cannot do is refused with its line, or left out when the mapping says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from importer.errors import MappingError
from importer.mapping.binding import bind
from importer.mapping.contact_fields import offline_catalogue
from importer.mapping.mapper import Mapper
from importer.mapping.mapping_file import load_mapping
from importer.records import Lacks, Row

HEADER = ["Name", "Phone", "Born", "Created", "Site"]
LACKS = Lacks(
    "VibeCode", {"DATE_CREATE": "only import mode can", "WEB": "it has no such field", "ADDRESS": "no requisites"},
    {"IMPORT": "it has no import mode"}, {"PHONE": ("WORK", "OTHER")}, {"clear": "it is not documented"}, ("A note.",),
)  # fmt: skip

WHOLE = """\
version: 1
params: {IMPORT: Y}
fields:
  NAME: Name
  PHONE: {column: Phone, type: FAX}
  POST: {column: Born, clear: true}
  DATE_CREATE: Created
  WEB: Site
  ADDRESS: {city: {column: Site}}
"""


def _bound(folder: Path, text: str, lacks: Lacks | None = LACKS) -> Mapper:
    (folder / "m.yaml").write_text(text, encoding="utf-8")
    catalogue = offline_catalogue()
    catalogue.lacks = lacks
    return bind(load_mapping(folder / "m.yaml"), HEADER, catalogue, source_name="c.csv")


def test_everything_that_is_lacking_is_refused_at_once_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(MappingError) as caught:
        _bound(tmp_path, WHOLE)
    faults = caught.value.faults
    assert [fault.split(":")[0] for fault in faults] == [f"m.yaml, line {line}" for line in (2, 6, 7, 8, 9)]
    assert "VibeCode cannot write DATE_CREATE: only import mode can." in faults[2]
    assert all("write `unsupported: ignore`" in fault for fault in faults)


def test_ignored_it_is_left_out_and_told(tmp_path: Path) -> None:
    mapper = _bound(tmp_path, WHOLE.replace("version: 1", "version: 1\nunsupported: ignore"))
    contact = mapper.map(Row(2, ["Mara", "+442079460111", "Cook", "2020-01-01", "example.com"])).contact
    assert set(contact.fields) == {"NAME", "PHONE", "POST"}
    assert contact.fields["PHONE"] == [{"VALUE": "+442079460111", "VALUE_TYPE": "OTHER"}]
    assert (mapper.sorts_by_date_create, mapper.has_addresses) == (False, False)
    left_out = [note for note in mapper.notes if "is left out" in note]
    assert len(left_out) == 5


def test_the_default_import_mode_is_noted_and_refuses_nothing(tmp_path: Path) -> None:
    mapper = _bound(tmp_path, "fields: {NAME: Name, PHONE: {column: Phone, type: WORK}}\n")
    assert "Rows go without import mode. VibeCode: it has no import mode." in mapper.notes
    assert "A note." in mapper.notes
    assert not any("no kind" in note for note in mapper.notes)


def test_a_kind_that_is_lacking_is_noted_and_refuses_nothing(tmp_path: Path) -> None:
    mapper = _bound(tmp_path, "fields: {NAME: Name, PHONE: {column: Phone, type: FAX}}\n")
    assert "VibeCode has no kind FAX for PHONE: such values are sent as OTHER." in mapper.notes


def test_where_nothing_is_lacking_the_mapping_stays_as_it_is(tmp_path: Path) -> None:
    mapper = _bound(tmp_path, WHOLE, None)
    assert mapper.sorts_by_date_create and mapper.has_addresses
    assert not any("VibeCode" in note for note in mapper.notes)


@pytest.mark.parametrize("word", ["refuse", "ignore"])
def test_both_words_are_taken(word: str, tmp_path: Path) -> None:
    assert _bound(tmp_path, f"unsupported: {word}\nfields: {{NAME: Name}}\n").notes


def test_any_other_word_is_refused_with_the_right_ones(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="`unsupported` is one of refuse, ignore"):
        _bound(tmp_path, "unsupported: skip\nfields: {NAME: Name}\n")


def test_a_field_for_the_identity_must_be_a_custom_one(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="`field` names a custom field of contacts"):
        _bound(tmp_path, "origin: {originator: x, id: [Name], field: POST}\nfields: {NAME: Name}\n")
