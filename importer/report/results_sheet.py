"""The rows of the sheet Results: one a row of the source, with its warnings and a link to its contact.

There are as many as the source has, and nearly all look alike: what went as asked is written as XML in one go, which costs
a third of putting it together cell by cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from importer.journal.history import History
from importer.report.facts import Facts
from importer.report.outcomes import RESULT_COLUMNS, results
from importer.report.sheet_rows import Link, PouredRow, Table, escaped
from importer.report.sheet_text import sheet_text

#: The columns of the sheet.
COLUMNS = (*RESULT_COLUMNS, "warnings")

# The most links of a sheet (source: support.microsoft.com, "Excel specifications and limits"); past it the address is
# plain text. They are the one thing kept in memory until the sheet ends: about 10 MB when there are that many.
_MOST_LINKS = 65_530

# Texts that a cell and XML hold as they are, and that no spreadsheet runs: most identities.
_PLAIN = re.compile(r"\w[\w.:/-]{0,254}")


def results_rows(table: Table, history: History, facts: Facts) -> Iterator[PouredRow]:
    """The rows of `table`, from its row 2 on, which notes the links of those that are XML already. Streams."""
    run = facts.run
    is_linked = run.card_url.startswith(("https://", "http://"))
    is_plain = is_linked and escaped(sheet_text(run.card_url)) == run.card_url
    link_style, note_link = table.link_style, table.links.append
    warnings = history.warnings(run.id)
    pending = next(warnings, None)
    for number, cells in enumerate(results(history, run), start=2):
        row, origin_id, outcome, contact_id, url, code, column, problem, attempts = cells
        said = None
        while pending is not None and pending[0] <= row:
            said = pending[3] if said is None else f"{said}\n{pending[3]}"
            pending = next(warnings, None)
        has_link = is_linked and url is not None and len(table.links) < _MOST_LINKS
        if has_link and is_plain and origin_id and _PLAIN.fullmatch(origin_id) and code is column is problem is said is None:
            note_link((f"E{number}", url))
            yield (
                f'<row r="{number}"><c r="A{number}"><v>{row}</v></c><c r="B{number}" t="inlineStr"><is><t>{origin_id}</t></is></c>'
                f'<c r="C{number}" t="inlineStr"><is><t>{outcome}</t></is></c><c r="D{number}"><v>{contact_id}</v></c>'
                f'<c r="E{number}" s="{link_style}" t="inlineStr"><is><t>{url}</t></is></c><c r="I{number}"><v>{attempts}</v></c></row>'
            )
        else:
            yield [*cells[:4], Link(sheet_text(url)) if has_link else url, *cells[5:], said]
