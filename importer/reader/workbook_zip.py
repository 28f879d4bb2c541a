"""The zip of an Office workbook in the one form that the rest of the reader knows.

Two dialects are put right on the way: old .NET programs separate the folders of a part's name by backslashes, and Excel's
"Strict Open XML" has names of its own for the same namespaces. The large parts are read as streams and translated where
their head is looked at, in `xml_blocks`.
"""

from __future__ import annotations

from typing import BinaryIO
from zipfile import ZipFile, ZipInfo

from importer.reader.xml_blocks import as_transitional


class WorkbookZip(ZipFile):
    """An archive of parts with slashes in their names, whose XML has the transitional namespaces when read whole."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream)
        for info in self.filelist:
            info.filename = info.filename.replace("\\", "/")
        self.NameToInfo = {info.filename: info for info in self.filelist}

    def read(self, name: str | ZipInfo, pwd: bytes | None = None) -> bytes:
        """All of a part."""
        return as_transitional(super().read(name, pwd))
