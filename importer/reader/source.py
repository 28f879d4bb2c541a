"""A file of any kind as a header and rows: what the rest of the importer sees of the reader.

Holds what is made of every record on the way: repeated headers, ragged records, warnings. Where the header is and how wide
the table, is decided in `shape`; what below it is no row, in `table_body`; what a record is in each kind of file, in the
modules beside this one; which kind a file is of, in `container`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from importer.errors import SourceError
from importer.reader.cell_budget import CELLS_FOR_ONE, CellBudget
from importer.reader.cells import column_letter
from importer.reader.column_damage import ColumnDamage
from importer.reader.container import open_grid
from importer.reader.damage import cell_damage, may_be_damaged
from importer.reader.grid import Flaw, Grid
from importer.reader.header import column_names, normalised
from importer.reader.rejects import REJECTS_COLUMNS, said_of, unmended
from importer.reader.shape import Shape, shape_of
from importer.reader.table_body import body
from importer.records import Place, Row, RowProblem

#: beginnings of cells that our report guards with an apostrophe
_GUARDED_BY_US = ("=", "+", "-", "@", "\t", "\r", "'")
# Those EspoCRM guards; an apostrophe before anything else is the person's own.
_GUARDED_BY_OTHERS = ("=", "+", "-", "@")

_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')

# Settings that kinds of text files follow; workbooks follow `sheet`.
_USED = {"csv": ("encoding", "delimiter"), "html": ("encoding",)}
# Columns are judged on so many rows at once, and no more text is held than so many characters.
_BLOCK_ROWS, _BLOCK_CHARACTERS = 1000, 4_000_000

_FLAWS = {
    "formula_error": "the formula gives {found}, taken as empty. Correct it in the spreadsheet.",
    "formula_without_value": "the result of the formula was never computed, so it is taken as empty. "
    "Open the file in a spreadsheet program and save it.",
    "merged_cell": "the cell belongs to {found}: a merged cell counts for its first row, so here it is empty. "
    "Unmerge it in the spreadsheet and fill every row.",
    "digits_lost": "{found} was stored as a number, of which spreadsheets keep 15 digits; the others may be wrong. "
    "Take it from the original, with the column formatted as text.",
    "maybe_total": '"{found}" looks like the total of the rows above, and goes as a row. Delete it, or put a blank row above it.',
}


@dataclass(frozen=True)
class SourceOptions:
    """What a person or the mapping says about the file; the rest is found."""

    #: name, or number from 1; default: the first visible sheet that is not empty
    sheet: str | int | None = None
    #: as the sheet numbers its rows, or the line of the text file
    header_row: int | None = None
    #: a codec name, or `auto`
    encoding: str = "auto"
    #: one character, `tab`, or `auto`
    delimiter: str = "auto"


def fingerprint(path: Path) -> str:
    """SHA-256 of the file's bytes, in hexadecimal; raises SourceError when it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}. Check the path and the rights.") from error


def open_source(path: Path, options: SourceOptions = SourceOptions(), *, expected: Collection[str] = ()) -> Source:
    """The table in this file.

    `expected` are the column names the mapping uses: the best evidence for where the header is. A rejects file of ours
    is recognised by its last columns; `options` speak of the original then, and are not followed. Raises SourceError.
    """
    path = Path(path)
    if options != SourceOptions() and (rejects := _as_rejects(path, options.sheet, expected) or _as_rejects(path, None, expected)):
        rejects.notes.append("a file of rejected rows: sheet, header row, encoding and delimiter speak of the original and are not followed")
        return rejects
    grid = open_grid(path, options.sheet, options.encoding, options.delimiter, expected)
    shape = shape_of(grid, expected, options.header_row)
    place = Place(path.name, grid.sheet)
    if shape is None and options.header_row:
        raise SourceError(
            f"{place}: row {options.header_row} was given as the header, but it is empty or no record begins there. "
            "Leave it out to have the header found.",
            option="header_row",
        )
    if shape is None:
        raise SourceError(f"{place}: there is no text in it. Export the contacts again, or choose another sheet.")
    if shape.problem is not None:
        raise SourceError(f"{replace(place, row=shape.number)}: the header is broken: {shape.problem.problem}")
    return Source(path, grid, shape)


def _as_rejects(path: Path, sheet: str | int | None, expected: Collection[str]) -> Source | None:
    try:
        grid = open_grid(path, sheet, "auto", "auto", expected)
    except SourceError:  # told by the caller's own attempt, which follows the options
        return None
    shape = shape_of(grid, expected)
    return Source(path, grid, shape) if shape and shape.is_rejects and not shape.problem else None


def _without_formula(cell: str) -> str:
    """The text of `="007"`, by which programs keep zeros and long numbers from Excel; any other cell as it is."""
    text = _TEXT_FORMULA.fullmatch(cell)
    return text[1].replace('""', '"') if text else cell


class Source:
    """One table: its header, its rows, and what was guessed on the way."""

    def __init__(self, path: Path, grid: Grid, shape: Shape) -> None:
        self.path = path
        #: csv, xlsx, xlsm, xls, xlsb, ods, html
        self.kind = grid.kind
        #: name of the sheet; None for text files
        self.sheet = grid.sheet
        #: a rejects file of ours: its four columns are left out and the guarding apostrophes taken away
        self.is_rejects = shape.is_rejects
        #: row or line the header stands in, from 1
        self.header_row = shape.number
        self._guarded = _GUARDED_BY_US if self.is_rejects else _GUARDED_BY_OTHERS
        self._width = len(shape.cells) - (len(REJECTS_COLUMNS) if self.is_rejects else 0)
        #: unique names of the columns, in the order of the cells
        self.header = column_names(self._unguarded(shape.cells[: self._width]))
        #: what was guessed and why, one sentence each; what was left out below comes with the first full pass
        self.notes = [*grid.notes, *shape.notes]
        self._grid = grid
        self._shape = shape
        self._key = [normalised(cell) for cell in shape.cells]
        #: the first column with a name
        self._anchor = next(index for index, cell in enumerate(self._key) if cell)

    def place(self, row: int | None = None, column: str | None = None) -> Place:
        """The place in this file, as messages show it."""
        return Place(self.path.name, self.sheet, row, column)

    def without_use(self, options: SourceOptions) -> dict[str, str]:
        """The settings among `options` that a file of this kind has no use for, each with what is to be said of the file.

        A rejects file of ours follows none, which a note tells.
        """
        if self.is_rejects:
            return {}
        given = {"sheet": options.sheet is not None, "encoding": options.encoding != "auto", "delimiter": options.delimiter != "auto"}
        used = _USED.get(self.kind, ("sheet",))
        lacks = "is a workbook, which has none" if self.kind not in _USED else "is an HTML table, which has none"
        said = {name: "has no sheets" if name == "sheet" else lacks for name, is_given in given.items() if is_given}
        return {name: what for name, what in said.items() if name not in used}

    def rows(self) -> Iterator[Row]:
        """Every row below the header, in order, each with one cell a column; streams, and starts anew at each call.

        Raises SourceError when the file turns out to be damaged further down.
        """
        columns = ColumnDamage(self.header)
        try:
            for block in self._blocks():
                found = columns.warnings([row for row, _, _ in block])
                for row, flaws, is_suspect in block:
                    if flaws or is_suspect or row.number in found:
                        own = {(one.code, one.column): one for one in found.get(row.number, ())}
                        own |= {(one.code, one.column): one for one in self._warnings(row.cells, flaws)}
                        row.warnings = tuple(own.values())
                    yield row
        finally:  # also when the reader of the rows has had enough
            for note in columns.notes():
                self._note(note)

    def _blocks(self) -> Iterator[list[tuple[Row, tuple[Flaw, ...], bool]]]:
        """Rows, their flaws and whether a cell may be damaged, as many at once as columns are judged on together."""
        block: list[tuple[Row, tuple[Flaw, ...], bool]] = []
        characters = 0
        for row, flaws, text, unusual in self._table():
            block.append((row, flaws, row.problem is None and may_be_damaged(text, unusual)))
            characters += len(text)
            if len(block) == _BLOCK_ROWS or characters > _BLOCK_CHARACTERS:
                yield block
                block, characters = [], 0
        yield block

    def _table(self) -> Iterator[tuple[Row, tuple[Flaw, ...], str, bool]]:
        """Rows without repeated headers, each with its flaws, its text and whether that has unusual characters."""
        width, full_width, widths = self._width, len(self._shape.cells), self._shape.widths
        # Where every line ends in a delimiter, a record of just the header's width lacks a cell.
        expected_width = full_width if not widths or full_width in widths else None
        key, anchor = self._key, self._anchor
        repeated, budget = 0, CellBudget()
        for (number, cells, problem, flaws), text, unusual, untouched in body(self._grid.records(), self._key, self._width, self.header_row, self._note):
            if full_width > CELLS_FOR_ONE and not budget.allows(full_width, len(cells) - cells.count("")):
                reach = f"the table reaches to column {column_letter(full_width - 1)}, but hardly a cell of it is filled"
                raise SourceError(f"{self.place(number)}: {reach}. Delete what stands far beside the table, and use that file.")
            if problem is None and len(cells) != expected_width:
                cells, problem = self._fitted(cells)
            if self.is_rejects and problem is None:
                problem = unmended(self._shape.cells, cells)
            if problem is not None:
                own = cells[:width] if self.is_rejects else cells
                row = Row(number, self._unguarded(own), problem, untouched=self._whole(untouched, len(own)))
                row.is_in_place = self._is_in_place(row, expected_width)
                yield row, (), text, unusual
                continue
            if cells[anchor].casefold() == key[anchor] and [normalised(cell) for cell in cells] == key:
                repeated += 1
                continue
            rejected = said_of(cells) if self.is_rejects else None
            if width != full_width:
                del cells[width:]
            found = cells
            if "'" in text:
                cells = self._unguarded(cells)
            if '="' in text and self.kind == "csv":
                untouched, cells = untouched or found, [_without_formula(cell) for cell in cells]
            yield Row(number, cells, untouched=self._whole(untouched, len(cells)), rejected=rejected), flaws, text, unusual
        if repeated:
            self._note(f"the header stands {repeated + 1} times; its repetitions are left out")

    def _whole(self, untouched: list[str] | None, width: int) -> list[str] | None:
        """Cells as they stand in the file, as many as there are of the row."""
        return None if untouched is None else self._unguarded([*untouched[:width], *[""] * (width - len(untouched))])

    def _fitted(self, cells: list[str]) -> tuple[list[str], RowProblem | None]:
        """The record as wide as the header, or as it is with the problem that it cannot be."""
        width, widths = len(self._shape.cells), self._shape.widths
        surplus = next((index for index in range(len(cells) - 1, width - 1, -1) if cells[index]), None)
        if surplus is not None:
            return cells, self._ragged(f"column {column_letter(surplus)} has a value, but the header ends before it")
        if widths and len(cells) not in widths and len(cells) <= max(widths):
            return cells, self._ragged(f"cells in the record: {len(cells)}, expected: {max(widths)}")
        return [*cells[:width], *[""] * (width - len(cells))], None

    def _is_in_place(self, broken: Row, expected_width: int | None) -> bool:
        """Bytes that cannot be read move no cell, and a sheet says of each cell where it is; a torn line says nothing."""
        if broken.problem is not None and broken.problem.code == "bad_encoding":
            return self.is_rejects or not self._grid.is_ragged_possible or len(broken.cells) == (expected_width or len(self._shape.cells))
        return not self._grid.is_ragged_possible and not self.is_rejects

    def _ragged(self, found: str) -> RowProblem:
        repair = "Correct the record; a cell that holds the delimiter needs quotes around it."
        if not self._grid.is_ragged_possible:
            repair = "Name the column in the header, or empty the cell."
        return RowProblem("ragged_row", f"{found}. {repair}")

    def _unguarded(self, cells: list[str]) -> list[str]:
        """The cells without the one apostrophe that keeps a spreadsheet from reading them as formulas."""
        return [cell[1:] if cell[:1] == "'" and cell[1:].startswith(self._guarded) else cell for cell in cells]

    def _warnings(self, cells: list[str], flaws: tuple[Flaw, ...]) -> Iterator[RowProblem]:
        for flaw in flaws:
            if flaw.index < self._width:
                sentence = _FLAWS[flaw.code].format(found=flaw.found)
                yield RowProblem(flaw.code, sentence, self.header[flaw.index], is_warning=True)
        for index, cell in enumerate(cells):
            if cell and (damage := cell_damage(cell)):
                yield RowProblem(damage[0], damage[1], self.header[index], is_warning=True)

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)
