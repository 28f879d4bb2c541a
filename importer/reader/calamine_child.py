"""`python -m importer.reader.calamine_child [SHEET]`: a workbook on standard input becomes JSON lines.

First the sheets as [name, is visible, is empty], then one list of texts for every row of SHEET. A process of its own,
because calamine is compiled code: on a damaged workbook it may panic with a trace of its own, or ask for more memory
than there is and take the process with it. `calamine_sheet` starts it and makes a refusal of such an end.
"""

from __future__ import annotations

import io
import json
import sys

import pandas
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
    content = io.BytesIO(sys.stdin.buffer.read())
    workbook = CalamineWorkbook.from_filelike(content)
    names = [
        (sheet.name, sheet.visible == SheetVisibleEnum.Visible)
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet
    ]
    if len(sys.argv) == 1:
        sheets = [(name, is_visible, not workbook.get_sheet_by_name(name).height) for name, is_visible in names]
        print(json.dumps(sheets))
        return
    print(json.dumps(names))
    # Nothing may become a number or "not a number" on the way: cells stay what calamine made of them.
    table = pandas.read_excel(
        content, sheet_name=sys.argv[1], header=None, dtype=object, na_filter=False, engine="calamine"
    )
    for values in table.itertuples(index=False, name=None):
        cells = [text_of(value) for value in values]
        print(json.dumps(cells) if any(cells) else "[]")


if __name__ == "__main__":
    _main()
