"""A file that a row names, as the portal takes it: read when it is sent, and never from outside the source's folder."""

from __future__ import annotations

import os
import stat
from base64 import b64encode
from pathlib import Path

from importer.records import RowProblem

# What `check` allows (mapping, source_files.py); a file that has grown past it since is not sent.
_MOST_BYTES = 20 * 1024 * 1024

_WAY_OUT = "Put the right file there, or clear the cell, and send the row again from rejects.csv."


class FileGone(Exception):
    """A file that was there when the rows were planned cannot be sent now; the text is a whole sentence about it."""

    @property
    def problem(self) -> RowProblem:
        """What keeps the row from being sent."""
        return RowProblem("file_missing", str(self))


def file_data(folder: Path, path: str) -> list[str]:
    """[name, base64] of the file at `path` within `folder`, as `fileData` wants it. Raises FileGone.

    Source: apidocs.bitrix24.com, "How to upload files". An empty file is not sent: the portal would drop it
    without a word.
    """
    try:
        inside = os.path.realpath(folder, strict=True)
        real = os.path.realpath(folder / path, strict=True)
        if os.path.commonpath((inside, real)) != inside:
            raise FileGone(f'"{path}" leads out of the source\'s folder now. {_WAY_OUT}')
        content = _content(real, path)
    except OSError as error:
        raise FileGone(f'"{path}" was there when the file was checked and cannot be read now ({error.strerror}). {_WAY_OUT}') from error
    return [os.path.basename(path), b64encode(content).decode("ascii")]


def _content(real: str, path: str) -> bytes:
    # Non-blocking: a pipe that took the file's place would let us wait for ever.
    descriptor = os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise FileGone(f'"{path}" is no file any more. {_WAY_OUT}')
        content = file.read(_MOST_BYTES + 1)
    if not content or len(content) > _MOST_BYTES:
        what = "is empty now" if not content else f"has grown past {_MOST_BYTES // 2**20} MB"
        raise FileGone(f'"{path}" {what}. {_WAY_OUT}')
    return content
