"""Files a row names, for `files: <folder>`: found beside the source, judged, and passed on by name.

Only the first bytes are looked at here; the content is read when it is sent. A name never leads out of its folder.
"""

from __future__ import annotations

import itertools
import os
import re
import stat
import unicodedata
from pathlib import Path, PurePosixPath

from importer.mapping.findings import Finding, refused, shown
from importer.mapping.nearest import nearest

# Our own choice: the portal names no limit for one file (the body of a request may have 2 GB, apidocs.bitrix24.com, file upload),
# but content travels as base64, a third longer, and within the 60 s of a request.
MOST_BYTES = 20 * 1024 * 1024

# To name the nearest file, so many names of a folder are read, and so many compared in all: 2 s at most, however many
# files are missing.
_SEARCHED_NAMES = 20_000
_MOST_COMPARISONS = 1_000_000

_DRIVE = re.compile(r"[A-Za-z]:")
_WEB = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
# The beginnings of JPEG, PNG, GIF and BMP files; WebP is a RIFF container with its name at byte 8.
_IMAGE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"BM")


class FolderFault(Exception):
    """`files` names no folder that can be used; the text is the rest of a sentence about it."""


class SourceFolder:
    """One folder beside the source, in which cells name files."""

    def __init__(self, base: Path, folder: str, *, images_only: bool) -> None:
        """`base` is the source's own folder. Raises `FolderFault` when `folder` is not inside it."""
        self._base, self._images_only = base, images_only
        self._names: dict[PurePosixPath, list[str]] = {}
        self._comparisons_left = _MOST_COMPARISONS
        parts = _parts(folder)
        if parts is None:
            raise FolderFault(f"leads out of the source's folder. Name a folder beside {_here(base)}.")
        self._within = PurePosixPath(*parts)
        try:
            self._real = os.path.realpath(base / self._within, strict=True)
            is_inside = _is_within(self._real, os.path.realpath(base, strict=True))
        except OSError as error:
            likely = nearest(self._within.name, _names_in((base / self._within).parent))
            hint = f' Did you mean "{likely[0]}"?' if likely else ""
            raise FolderFault(f"is not there; it is looked for beside the source.{hint}") from error
        if not is_inside:
            raise FolderFault("is a link that leads out of the source's folder. Put the files themselves beside the source.")
        if not os.path.isdir(self._real):
            raise FolderFault("is no folder. Name the folder the files lie in.")

    def file(self, text: str) -> str | Finding:
        """The file's path from the source's folder, with slashes. Whether it can be sent is judged now.

        Refused: `file_outside`, `file_missing` with the nearest name, `file_unreadable`, `file_empty`,
        `file_too_big`, and `file_kind` for a photo that is no image.
        """
        if _WEB.match(text):
            return refused("file_missing", f"{shown(text)} is an address on the web. Download the file into {self._within}, and write its name.")
        parts = _parts(text)
        if parts is None:
            return refused("file_outside", f"{shown(text)} leads out of the folder {self._within}. Write a name within it.")
        named = self._within.joinpath(*parts)
        try:
            named, real = self._real_path(named)
            if not _is_within(real, self._real):
                return refused("file_outside", f"{shown(text)} is a link that leads out of the folder {self._within}. Put the file itself there.")
            return self._fault_of(text, real) or str(named)
        except (FileNotFoundError, NotADirectoryError):
            return refused("file_missing", f"{shown(text)} is not in the folder {self._within}.{self._nearest(named)}", "Put it there, or clear the cell.")
        except (OSError, UnicodeEncodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "its name cannot be written on this system"
            return refused("file_unreadable", f"{shown(text)} cannot be read: {reason}.", "Look at the file, or clear the cell.")

    def _real_path(self, named: PurePosixPath) -> tuple[PurePosixPath, str]:
        """Where a file lies, also when the disk spells the same letters by other characters (macOS takes й apart)."""
        try:
            return named, os.path.realpath(self._base / named, strict=True)
        except FileNotFoundError:
            for form in ("NFC", "NFD"):
                other = PurePosixPath(unicodedata.normalize(form, str(named)))
                if other != named and os.path.lexists(self._base / other):
                    return other, os.path.realpath(self._base / other, strict=True)
            raise

    def _nearest(self, missing: PurePosixPath) -> str:
        folder = missing.parent
        if folder not in self._names:
            # A link among the folders must not show the names of a place outside.
            is_inside = _is_within(os.path.realpath(self._base / folder), self._real)
            self._names[folder] = _names_in(self._base / folder) if is_inside else []
        names = self._names[folder]
        if self._comparisons_left < len(names):
            return " Nearest names were looked for in the first of such cases only."
        self._comparisons_left -= len(names)
        likely = nearest(missing.name, names)
        return f' Nearest: "{likely[0]}".' if likely else ""

    def _fault_of(self, text: str, real: str) -> Finding | None:
        about = os.stat(real)
        # A pipe or a device is not opened: that could wait for ever.
        if not stat.S_ISREG(about.st_mode):
            return refused("file_missing", f"{shown(text)} is no file. Write the name of a file in the folder {self._within}.")
        if about.st_size == 0:
            return refused("file_empty", f"{shown(text)} is empty, and the portal would drop it.", "Put the right file there, or clear the cell.")
        if about.st_size > MOST_BYTES:
            found, most = about.st_size / 2**20, MOST_BYTES // 2**20
            return refused("file_too_big", f"{shown(text)} has {found:.1f} MB; {most} MB are sent at most.", "Make it smaller, or clear the cell.")
        with open(real, "rb") as file:
            start = file.read(16)
        if self._images_only and not _is_image(start):
            return refused("file_kind", f"{shown(text)} is no image (JPEG, PNG, GIF, WebP or BMP) by its content. Save it as one.")
        return None


def _parts(text: str) -> list[str] | None:
    """The steps of a path that can only lead inwards; None for any other. Exports write Windows' backslashes too."""
    path = text.strip().replace("\\", "/")
    if not path or "\0" in path or path.startswith("/") or _DRIVE.match(path):
        return None
    parts = [part for part in path.split("/") if part not in ("", ".")]
    return None if ".." in parts else parts


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _is_image(start: bytes) -> bool:
    return start.startswith(_IMAGE_STARTS) or (start[:4] == b"RIFF" and start[8:12] == b"WEBP")


def _names_in(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in itertools.islice(entries, _SEARCHED_NAMES)]
    except OSError:
        return []


def _here(base: Path) -> str:
    return str(base.name or base)
