"""Files that rows name: found beside the source and nowhere else, judged by content, passed on by name."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from importer.errors import MappingError
from importer.mapping import source_files
from importer.mapping.findings import Finding
from importer.mapping.source_files import SourceFolder

JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A source's folder with `photos` in it, and a secret beside it."""
    folder = tmp_path / "export"
    (folder / "photos" / "2024").mkdir(parents=True)
    for name in ("anna.jpg", "2024/boris.jpg", "c d.jpg"):
        (folder / "photos" / name).write_bytes(JPEG)
    (folder / "photos" / "empty.jpg").touch()
    (folder / "photos" / "note.jpg").write_text("hello there", encoding="utf-8")
    (folder / "outside.jpg").write_bytes(JPEG)
    (tmp_path / "secret.jpg").write_bytes(JPEG)
    return folder


def photos(base: Path, *, images_only: bool = True) -> SourceFolder:
    return SourceFolder(base, "photos", images_only=images_only)


@pytest.mark.parametrize(
    ("cell", "path"),
    [
        ("anna.jpg", "photos/anna.jpg"),
        ("./anna.jpg", "photos/anna.jpg"),
        ("2024/boris.jpg", "photos/2024/boris.jpg"),
        ("2024\\boris.jpg", "photos/2024/boris.jpg"),
        ("c d.jpg", "photos/c d.jpg"),
    ],
)
def test_a_file_is_passed_on_by_its_path_from_the_source(base, cell, path):
    assert photos(base).file(cell) == path


@pytest.mark.parametrize(
    ("cell", "code", "says"),
    [
        ("../outside.jpg", "file_outside", "leads out of the folder photos"),
        ("2024/../../outside.jpg", "file_outside", "leads out"),
        ("..\\outside.jpg", "file_outside", "leads out"),
        ("/etc/hostname", "file_outside", "leads out"),
        ("\\\\host\\share\\a.jpg", "file_outside", "leads out"),
        ("C:\\photos\\anna.jpg", "file_outside", "leads out"),
        ("c:anna.jpg", "file_outside", "leads out"),
        ("anna.jpg\0.png", "file_outside", "leads out"),
        ("ana.jpg", "file_missing", 'Nearest: "anna.jpg".'),
        ("anna.jpg/x", "file_missing", "is not in the folder photos"),
        ("2024", "file_missing", "is no file"),
        ("https://example.com/anna.jpg", "file_missing", "is an address on the web"),
        ("x" * 300, "file_unreadable", "cannot be read"),
        ("a\ud800.jpg", "file_unreadable", "cannot be read"),
        ("empty.jpg", "file_empty", "is empty"),
        ("note.jpg", "file_kind", "is no image"),
    ],
)
def test_a_file_that_cannot_be_sent_is_refused(base, cell, code, says):
    finding = photos(base).file(cell)
    assert isinstance(finding, Finding) and not finding.is_warning
    assert finding.code == code and says in finding.sentence


def test_a_link_that_leads_out_is_refused_and_one_that_stays_is_taken(base):
    (base / "photos" / "out.jpg").symlink_to(base.parent / "secret.jpg")
    (base / "photos" / "out").symlink_to(base.parent)
    (base / "photos" / "in.jpg").symlink_to("anna.jpg")
    folder = photos(base)
    found = [folder.file(name) for name in ("out.jpg", "out/secret.jpg", "out/secrt.jpg")]
    assert [finding.code for finding in found if isinstance(finding, Finding)] == ["file_outside", "file_outside", "file_missing"]
    assert isinstance(found[2], Finding) and "secret" not in found[2].sentence
    assert folder.file("in.jpg") == "photos/in.jpg"


def test_a_ring_of_links_is_refused(base):
    (base / "photos" / "a.jpg").symlink_to("b.jpg")
    (base / "photos" / "b.jpg").symlink_to("a.jpg")
    finding = photos(base).file("a.jpg")
    assert isinstance(finding, Finding) and finding.code == "file_unreadable"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_opened(base):
    os.mkfifo(base / "photos" / "pipe.jpg")
    finding = photos(base).file("pipe.jpg")
    assert isinstance(finding, Finding) and finding.code == "file_missing"


def test_a_file_over_the_limit_is_refused_with_its_size(base):
    with open(base / "photos" / "big.jpg", "wb") as file:
        file.write(JPEG)
        file.truncate(source_files.MOST_BYTES + 1)
    finding = photos(base).file("big.jpg")
    assert isinstance(finding, Finding) and finding.code == "file_too_big" and "has 20.0 MB; 20 MB" in finding.sentence


@pytest.mark.parametrize(
    ("start", "is_image"),
    [(JPEG, True), (b"\x89PNG\r\n\x1a\n1", True), (b"GIF89a1", True), (b"RIFF\x01\x02\x03\x04WEBPVP8 ", True), (b"BM1234", True),
     (b"RIFF\x01\x02\x03\x04WAVEfmt ", False), (b"%PDF-1.7", False), (b"<svg/>", False)],
)  # fmt: skip
def test_a_photo_must_be_an_image_by_its_content(base, start, is_image):
    (base / "photos" / "x.jpg").write_bytes(start)
    assert isinstance(photos(base).file("x.jpg"), str) is is_image
    assert photos(base, images_only=False).file("x.jpg") == "photos/x.jpg"


def test_a_name_of_the_same_letters_in_other_characters_is_the_file_on_the_disk(base):
    on_disk = unicodedata.normalize("NFD", "Андрей.jpg")
    (base / "photos" / on_disk).write_bytes(JPEG)
    found = photos(base).file(unicodedata.normalize("NFC", "Андрей.jpg"))
    assert isinstance(found, str) and (base / found).read_bytes() == JPEG


def test_nearest_names_are_looked_for_within_a_bound(base, monkeypatch):
    monkeypatch.setattr(source_files, "_MOST_COMPARISONS", 8)
    folder = photos(base)
    said = [finding.sentence for name in ("ana.jpg", "anna.jpeg") if isinstance(finding := folder.file(name), Finding)]
    assert 'Nearest: "anna.jpg"' in said[0] and "first of such cases only" in said[1]


@pytest.mark.parametrize(
    ("fields", "cell", "sent"),
    [
        ("PHOTO: {column: A, files: photos}", "anna.jpg", {"file": "photos/anna.jpg"}),
        ("PHOTO: {value: anna.jpg, files: photos}", "", {"file": "photos/anna.jpg"}),
        ("PHOTO: {template: '{A}.jpg', files: ./photos}", "anna", {"file": "photos/anna.jpg"}),
        ("PHOTO: {column: A, files: .}", "outside.jpg", {"file": "outside.jpg"}),
        ("PHOTO: {column: A, files: photos}", "", None),
        ("UF_CRM_SCAN: {column: A, files: photos}", "note.jpg", {"file": "photos/note.jpg"}),
        ("UF_CRM_SCANS: {column: A, files: photos, split: ';'}", "note.jpg; anna.jpg; note.jpg",
         [{"file": "photos/note.jpg"}, {"file": "photos/anna.jpg"}]),
    ],
)  # fmt: skip
def test_a_file_field_gets_the_path_of_its_files(mapping, base, fields, cell, sent):
    mapped = mapping(fields, base=base).row(Name="Ada", A=cell)
    assert mapped.problems == []
    assert mapped.contact.fields.get(fields.partition(":")[0]) == sent


def test_a_photo_that_is_not_there_rejects_its_row(mapping, base):
    mapped = mapping("PHOTO: {column: A, files: photos}", base=base).row(Name="Ada", A="nobody.png")
    assert mapped.contact is None and [(p.code, p.column) for p in mapped.problems] == [("file_missing", "A")]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ("PHOTO: {column: A, files: photoss}", 'PHOTO: the folder "photoss" is not there; it is looked for beside the source. Did you mean "photos"?'),
        ("PHOTO: {column: A, files: ..}", "leads out of the source's folder"),
        ("PHOTO: {column: A, files: /etc}", "leads out of the source's folder"),
        ("PHOTO: {column: A, files: outside.jpg}", "is no folder"),
        ("PHOTO: {column: A, files: linked}", "is a link that leads out of the source's folder"),
        ("PHOTO: {value: nobody.jpg, files: photos}", 'PHOTO: "nobody.jpg" is not in the folder photos.'),
        ("PHOTO: A", "PHOTO takes a file. Say in which folder beside the source it lies"),
        ("POST: {column: A, files: photos}", "`files` means nothing for POST, whose type is string."),
    ],
)
def test_a_folder_or_field_that_does_not_fit_is_a_fault(mapping, base, fields, fault):
    (base / "linked").symlink_to(base.parent)
    with pytest.raises(MappingError) as raised:
        mapping(fields, base=base)
    assert any(fault in one and "line " in one for one in raised.value.faults), raised.value.faults


def test_without_a_folder_of_the_source_files_cannot_be_found(mapping):
    with pytest.raises(MappingError, match="the source has no folder"):
        mapping("PHOTO: {column: A, files: photos}")
