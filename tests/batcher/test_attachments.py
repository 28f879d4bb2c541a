"""Files as they are sent: whole, and never from outside the source's folder."""

from __future__ import annotations

import os
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import pytest

from importer.batcher import attachments
from importer.batcher.attachments import FileGone, file_data


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "source"
    (made / "photos").mkdir(parents=True)
    (made / "photos" / "anna.png").write_bytes(b"\x89PNG\r\n\x1a\n0")
    (tmp_path / "secret.txt").write_text("not yours")
    return made


def test_a_file_is_sent_with_its_name_and_whole(folder: Path) -> None:
    name, content = file_data(folder, "photos/anna.png")
    assert (name, b64decode(content)) == ("anna.png", b"\x89PNG\r\n\x1a\n0")


def _vanish(photo: Path) -> None:
    photo.unlink()


def _empty(photo: Path) -> None:
    photo.write_bytes(b"")


def _grow(photo: Path) -> None:
    photo.write_bytes(b"x" * 101)


def _lead_out(photo: Path) -> None:
    photo.unlink()
    photo.symlink_to(photo.parent.parent.parent / "secret.txt")


def _become_a_folder(photo: Path) -> None:
    photo.unlink()
    photo.mkdir()


def _become_a_pipe(photo: Path) -> None:
    photo.unlink()
    os.mkfifo(photo)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_vanish, "cannot be read now (No such file"),
        (_empty, "is empty now"),
        (_grow, "has grown past"),
        (_lead_out, "leads out of the source's folder"),
        (_become_a_folder, "cannot be read now (Is a directory)"),
        (_become_a_pipe, "is no file any more"),
    ],
)
def test_a_file_that_changed_since_the_check_is_not_sent(
    folder: Path, change: Callable[[Path], None], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "_MOST_BYTES", 100)
    change(folder / "photos" / "anna.png")
    with pytest.raises(FileGone) as gone:
        file_data(folder, "photos/anna.png")
    assert says in gone.value.problem.problem
    assert gone.value.problem.code == "file_missing"


def test_a_path_never_leads_out_of_the_folder(folder: Path) -> None:
    with pytest.raises(FileGone, match="leads out"):
        file_data(folder, "../secret.txt")
