"""`b24-import suggest`: its arguments and its printing."""

from __future__ import annotations

import itertools
import os
import shlex
from pathlib import Path

import click

from importer.access import look_at_portal
from importer.batcher.progress import Progress
from importer.cli import options, signals
from importer.cli.progress import shown
from importer.errors import ImporterError, UsageError
from importer.mapping.suggestion.matching import is_known_word
from importer.mapping.suggestion.suggestion import (
    SAMPLE_ROWS,
    Sample,
    Suggestion,
    suggest,
)
from importer.mapping.suggestion.synonyms import SYNONYMS
from importer.pacing.plans import PLANS
from importer.portals.connection import is_named
from importer.reader.source import Source, SourceOptions, open_source
from importer.records import Catalogue

_SCHEMA = "schema.json"


@click.command("suggest", short_help="Propose a mapping for a file.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Where the mapping goes. [default: standard output]")
@click.option("--sheet", help="Sheet by name or number.")
@click.option("--header-row", type=click.IntRange(1), help="Row of the header, as the sheet numbers it.")
@click.option("--encoding", help="Of a text file: utf-8, cp1251, utf-16 … [default: found]")
@click.option("--delimiter", help='Of a text file: "," ";" "|" or tab. [default: found]')
@click.option("--offline", "is_offline", is_flag=True, help="Ask no portal, also when one is configured.")
@options.connection_options
@click.option("--yes", "is_yes", is_flag=True, help="Overwrite the mapping if it is there.")
def command(file: Path, output: Path | None, is_offline: bool, is_yes: bool, **given) -> int:
    """Propose a mapping for FILE from its columns and values, each line with its reason.

    Known exports are recognised; other columns are matched by name, in eight languages, and by what stands in them. When a
    portal is configured, its custom fields and lists are matched, too.
    """
    _expect_free(output, is_yes)
    wanted = _wanted(given)
    source = _opened(file, SourceOptions(**wanted))
    catalogue = None if is_offline else _catalogue(given)
    rows = [row.cells for row in itertools.islice(source.rows(), SAMPLE_ROWS) if row.problem is None]
    schema = _schema_for(output)
    found = suggest(Sample(file.name, source.header, rows), catalogue, schema=schema, source=_kept(wanted))
    if output is None:
        click.echo(found.text, nl=False)
    else:
        _write(output, found.text)
    click.echo(_told(found, file, output), err=True)
    return 0


def _expect_free(output: Path | None, is_yes: bool) -> None:
    if output is not None and output.exists() and not is_yes:
        raise UsageError(f"{output} is there already. Give another name, or --yes to overwrite it.")


def _wanted(given: dict) -> dict[str, object]:
    """What the person says about reading the file, as `SourceOptions` takes it."""
    said = {
        "sheet": options.sheet_named(given["sheet"]), "header_row": given["header_row"], "encoding": given["encoding"],
        "delimiter": options.delimiter_named(given["delimiter"]),
    }  # fmt: skip
    return {key: value for key, value in said.items() if value is not None}


def _kept(wanted: dict[str, object]) -> dict[str, object]:
    """The same as the mapping writes it, so that `check` and `run` read the file as it was read now."""
    return wanted | ({"delimiter": "tab"} if wanted.get("delimiter") == "\t" else {})


def _opened(file: Path, wanted: SourceOptions) -> Source:
    """The table; where its header does not look like a contact list's, one that has known words is looked for."""
    source = open_source(file, wanted)
    if wanted.header_row is not None or _known(source) >= 2:
        return source
    words = {name for languages in SYNONYMS.values() for names in languages.values() for name in names.split("|")}
    other = open_source(file, wanted, expected=words)
    return other if _known(other) >= 2 else source


def _known(source: Source) -> int:
    return sum(map(is_known_word, source.header))


def _catalogue(given: dict) -> Catalogue | None:
    """The portal's description when a connection is configured; None when there is none."""
    environment = options.environment(given["env_file"])
    if given["to"] is None and not is_named(environment):
        return None
    progress = Progress("asking")
    with shown(progress, options.Saying()):
        return signals.run(look_at_portal(environment, given["to"], PLANS["standard"], progress)).description.catalogue


def _schema_for(output: Path | None) -> str | None:
    """The schema as the mapping's folder sees it; None where there is none, for a path that leads nowhere helps nobody."""
    if output is None:
        return None
    folder = output.absolute().parent
    for place in (folder / _SCHEMA, folder / "mappings" / _SCHEMA):
        if place.is_file():
            return f"./{os.path.relpath(place, folder)}".replace(os.sep, "/")
    return None


def _write(output: Path, text: str) -> None:
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ImporterError(f"{output} cannot be written: {error.strerror}. Check the folder and its rights.") from error


def _told(found: Suggestion, file: Path, output: Path | None) -> str:
    what = f"recognised as {found.export}" if found.export else "no known export"
    written = f" The mapping is in {output}; look it through, then: b24-import check {shlex.quote(str(file))} -m {shlex.quote(str(output))}" if output else ""
    return f"{file.name}: {what}; {found.taken} of {found.columns} columns are taken, the others are listed with the reason.{written}"
