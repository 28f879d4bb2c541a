"""A minimal ODS workbook from its XML, for what no program at hand writes."""

import zipfile
from pathlib import Path


def raw_ods(path: Path, table: str) -> Path:
    """Writes a workbook of one sheet, S: `table` is the inside of its table."""
    names = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"' for prefix in ("office", "table", "text")
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="S">{table}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return path


def ods_cell(text: str | None = "", more: str = 'office:value-type="string"') -> str:
    """A cell that shows the text, or has no paragraph for None; `more` are its attributes."""
    paragraph = f"<text:p>{text}</text:p>" if text is not None else ""
    return f"<table:table-cell {more}>{paragraph}</table:table-cell>"


def ods_row(*cells: str) -> str:
    """A row of these cells."""
    return f"<table:table-row>{''.join(cells)}</table:table-row>"
