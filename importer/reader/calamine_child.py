"""`python -m importer.reader.calamine_child [SHEET]`: a workbook on standard input becomes JSON lines.

First the sheets as [name, is visible, is empty], then one list of texts for every row of SHEET. A process of its own,
because calamine is compiled code: on a damaged workbook it may panic with a trace of its own, or ask for more memory
than there is and take the process with it. `calamine_sheet` starts it and makes a refusal of such an end.
"""

from __future__ import annotations

import io
import json
import sys

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from importer.reader.cells import text_of

_MEMORY_BYTES = 4 << 30


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = _MEMORY_BYTES if most == resource.RLIM_INFINITY else min(_MEMORY_BYTES, most)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, most))


def _main() -> None:
    _limit_memory()
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    names = [
        (sheet.name, sheet.visible == SheetVisibleEnum.Visible)
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet
    ]
    if len(sys.argv) == 1:
        sheets = [(name, is_visible, not workbook.get_sheet_by_name(name).height) for name, is_visible in names]
        print(json.dumps(sheets))
        return
    sheet = workbook.get_sheet_by_name(sys.argv[1])
    print(json.dumps(names))
    # Its rows begin with the sheet's first, but its columns with the first that is used.
    before = [""] * (sheet.start or (0, 0))[1]
    for values in sheet.iter_rows():
        cells = [text_of(value) for value in values]
        print(json.dumps(before + cells) if any(cells) else "[]")


if __name__ == "__main__":
    _main()
