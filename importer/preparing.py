"""A file and a mapping that fit each other and the portal: opened as the command line and the mapping say, and bound.

Every fault that either has is told at once, before the first row is read.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from importer.errors import ImporterError, MappingError, SourceError
from importer.mapping.binding import Mapper, bind, faults_without_header
from importer.mapping.differences import Differences
from importer.mapping.mapping_file import LoadedMapping
from importer.matching import MatchTerms, match_faults, match_terms
from importer.reader.source import Source, SourceOptions, open_source
from importer.records import Catalogue
from importer.report.checking import REJECTS, SUMMARY

#: rejects → what names their source, beside them
_SUMMARIES = {"rejects.csv": "summary.json", REJECTS: SUMMARY}


@dataclass(slots=True)
class Choices:
    """What the command line decides about reading and planning; it wins over the mapping."""

    sheet: str | int | None = None
    header_row: int | None = None
    encoding: str | None = None
    delimiter: str | None = None
    #: only so many rows: a trial
    limit: int | None = None
    #: what happens to a contact that is there already: create, skip, update or fill; the mapping's word when None
    on_match: str | None = None
    #: ask the portal also for rows of which the journal knows that nothing has changed
    is_rechecked: bool = False


@dataclass(slots=True)
class Preparation:
    """A file and a mapping that fit each other and the portal."""

    source: Source
    loaded: LoadedMapping
    mapper: Mapper
    choices: Choices
    #: what the portal says of itself
    catalogue: Catalogue
    #: None when every row becomes a new contact
    terms: MatchTerms | None = None

    @property
    def skips_known(self) -> bool:
        """True when rows whose identity this journal has created before are skipped: nobody said what happens to them."""
        rules = self.loaded.rules.match
        return self.terms is None and self.choices.on_match is None and (rules is None or rules.on_match is None)

    @property
    def differences(self) -> Differences:
        """Compares rows with contacts that are there, as `on_match` says."""
        return self.mapper.differences.filling() if self.terms is not None and self.terms.on_match == "fill" else self.mapper.differences

    @property
    def notes(self) -> list[str]:
        """What was guessed or should be known, a sentence each."""
        return [*self.source.notes, *self.mapper.notes]


def open_table(file: Path, loaded: LoadedMapping, choices: Choices) -> Source:
    """The file as the command line, else the mapping says to read it. Raises SourceError, or MappingError where the mapping
    asks for what the file has not."""
    wanted = loaded.source
    options = SourceOptions(
        sheet=choices.sheet if choices.sheet is not None else wanted.sheet,
        header_row=choices.header_row if choices.header_row is not None else wanted.header_row,
        encoding=choices.encoding or wanted.encoding,
        delimiter=choices.delimiter or wanted.delimiter,
    )
    try:
        source = open_source(file, options, expected=loaded.columns())
    except SourceError as error:
        if error.option and getattr(choices, error.option) is None:
            raise MappingError([loaded.fault(("source", error.option), str(error))[1]]) from error
        raise
    for name, lacks in source.without_use(options).items():
        if getattr(choices, name) is not None:
            raise SourceError(f"{file.name}: --{name} {getattr(choices, name)} was given, but the file {lacks}. Leave it out.")
        source.notes.append(f"`source.{name}` of the mapping is not followed: the file {lacks}")
    return source


def prepare(source: Source, loaded: LoadedMapping, choices: Choices, catalogue: Catalogue) -> Preparation:
    """Binds the mapping to the file's header and the portal's fields. Raises MappingError with all faults at once."""
    try:
        mapper = bind(_with_match_faults(loaded, choices), source.header, catalogue, source_name=source.path.name, base=source_folder(source.path))
    except MappingError as error:
        raise MappingError([*error.faults, *_why_these_columns(source, loaded, choices)]) from error
    source.notes += _repeated(source.header, loaded.columns())
    terms = match_terms(loaded, choices.on_match, is_rechecked=choices.is_rechecked)
    return Preparation(source, loaded, mapper, choices, catalogue, terms)


def _why_these_columns(source: Source, loaded: LoadedMapping, choices: Choices) -> Iterator[str]:
    """Where the header was asked for and has not the mapping's columns: that it was, and how to ask for another."""
    row = choices.header_row if choices.header_row is not None else loaded.source.header_row
    if row is not None and not source.is_rejects and any(name not in source.header for name in loaded.columns()):
        who = "--header-row" if choices.header_row is not None else "`source.header_row` of the mapping"
        yield f"{source.path.name}: row {row} was taken for the header, because {who} says so. Is it another, as in a file saved anew? --header-row overrules the mapping."


def _repeated(header: Sequence[str], columns: Collection[str]) -> Iterator[str]:
    """A sentence for each column that is read although another of the same name, which is not, stands beside it."""
    for name in columns:
        if name in header and (second := f"{name} (2)") in header and second not in columns:
            yield f'column "{name}": the header has the name again, and that column is called "{second}"; the mapping does not read it'


def open_and_prepare(file: Path, loaded: LoadedMapping, choices: Choices, catalogue: Catalogue) -> Preparation:
    """Both in one: a file that cannot be opened as it was asked for hides no fault of the mapping but those of its columns.

    Raises SourceError, or MappingError with all faults at once.
    """
    try:
        source = open_table(file, loaded, choices)
    except ImporterError as error:
        faults = faults_without_header(_with_match_faults(loaded, choices), catalogue, base=source_folder(file))
        if not faults:
            raise
        raise MappingError([*faults, str(error)]) from error
    return prepare(source, loaded, choices, catalogue)


def _with_match_faults(loaded: LoadedMapping, choices: Choices) -> LoadedMapping:
    return replace(loaded, faults=(*loaded.faults, *match_faults(loaded, choices.on_match)))


def source_folder(path: Path) -> Path:
    """The folder beside which files named in cells lie: the source's own; of the rejects of a run, or of a check, that of its source."""
    if path.name not in _SUMMARIES or not (summary := path.with_name(_SUMMARIES[path.name])).is_file():
        return path.absolute().parent
    try:
        source = Path(json.loads(summary.read_text(encoding="utf-8"))["source"]["file"])
    except (ValueError, KeyError, TypeError):
        return path.absolute().parent
    if not source.parent.is_dir() or source == path.absolute():
        return path.absolute().parent
    return source_folder(source)
