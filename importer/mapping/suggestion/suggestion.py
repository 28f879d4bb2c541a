"""A header and some rows become a proposed mapping: what stands in it, what is left out, and why.

Works on texts alone; reading the file and asking the portal is the caller's. The text that comes out is a mapping
without a fault for that header.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from importer.mapping.contact_fields import DIRECTORIES, offline_catalogue
from importer.mapping.conversions import DATE_TYPES
from importer.mapping.rules import Defaults
from importer.mapping.suggestion.column_facts import ColumnFacts, facts_of
from importer.mapping.suggestion.custom_fields import custom_field_lines, unfilled, without_labels
from importer.mapping.suggestion.defaults_guess import guess_date_formats, guess_region, possible_regions
from importer.mapping.suggestion.draft import Draft, Line, Table
from importer.mapping.suggestion.export import Export
from importer.mapping.suggestion.field_lines import (
    address_lines,
    comment_lines,
    company_lines,
    kept_lines,
    multifield_lines,
    owner_lines,
    single_lines,
    utm_lines,
)
from importer.mapping.suggestion.matching import certain_languages, languages_of
from importer.mapping.suggestion.name_lines import name_lines
from importer.mapping.suggestion.recognition import claims_of, recognise
from importer.mapping.suggestion.statuses import status_lines
from importer.mapping.suggestion.trial import try_line
from importer.mapping.suggestion.yaml_lines import mapping_text
from importer.records import Catalogue, PortalField

#: rows beyond these are not looked at: enough for every kind of value, and read in a moment
SAMPLE_ROWS = 1000

# A rule whose values are refused more often than this does more harm than good.
_MOST_REFUSED = 0.5

# A column of ids may lack or repeat one in so many rows at most: those are mistakes, more are its nature.
_MOSTLY_IDENTITY, _SOMEHOW_IDENTITY = 0.97, 0.5

_ORDER = (
    "HONORIFIC", "NAME", "SECOND_NAME", "LAST_NAME", "POST", "PHONE", "EMAIL", "WEB", "IM", "BIRTHDATE", "TYPE_ID", "SOURCE_ID",
    "SOURCE_DESCRIPTION", "ASSIGNED_BY_ID", "COMPANY_ID", "ADDRESS", "ADDRESS_2", "ADDRESS_CITY", "ADDRESS_REGION", "ADDRESS_PROVINCE",
    "ADDRESS_POSTAL_CODE", "ADDRESS_COUNTRY", "UTM_SOURCE", "UTM_MEDIUM", "UTM_CAMPAIGN", "UTM_CONTENT", "UTM_TERM", "COMMENTS", "EXPORT", "OPENED",
)  # fmt: skip


@dataclass(frozen=True)
class Suggestion:
    """A proposed mapping."""

    #: id of the known export, such as `hubspot`; None when the columns were matched one by one
    export: str | None
    #: the mapping as text, ready to be saved
    text: str
    #: columns that are taken, and all there are
    taken: int
    columns: int


@dataclass(frozen=True)
class Sample:
    """The part of a file that is looked at."""

    #: the file's name, for comments and as a name to begin with
    file: str
    header: Sequence[str]
    #: rows as lists of cells; shorter ones are filled up, those past `SAMPLE_ROWS` not looked at
    rows: Sequence[Sequence[str]]


def ready_mapping(header: Sequence[str]) -> str | None:
    """The mapping that fits every file of the known export which `header` belongs to; None when it belongs to none.

    Columns that many files of the kind lack are left out, for a mapping that names a missing column is refused.
    """
    export = recognise(header)
    if export is None:
        return None
    usual = [name for name in header if not (export.varying and re.search(export.varying, name))]
    draft = _draft(Sample(f"{export.id}.csv", usual, []), export, None)
    return mapping_text(draft, Sample("", usual, []), schema="./schema.json", source={})


def suggest(sample: Sample, catalogue: Catalogue | None = None, *, schema: str | None = None, source: Mapping[str, object] | None = None) -> Suggestion:
    """The proposed mapping of a file like `sample`.

    `catalogue` is a live portal's, for its custom fields and lists; None looks at the file alone. `schema` is where the
    mapping's JSON Schema lies as seen from the mapping; `source` what the person said about reading the file.
    """
    draft = drafted(sample, catalogue)
    text = mapping_text(draft, sample, schema=schema, source=source or {})
    used = {name for line in draft.live_lines() for name in line.columns}
    used |= set(draft.origin[1]) if draft.origin and draft.is_origin_live else set()
    return Suggestion(draft.export.id if draft.export else None, text, len(used), len(sample.header))


def drafted(sample: Sample, catalogue: Catalogue | None = None) -> Draft:
    """The same before it is text."""
    return _draft(sample, recognise(sample.header), catalogue)


def _draft(sample: Sample, export: Export | None, catalogue: Catalogue | None) -> Draft:
    facts = facts_of(sample.header, sample.rows[:SAMPLE_ROWS])
    table = without_labels(Table(facts, claims_of(facts, export), export, catalogue))
    draft = Draft(export, export.id if export else _slug(sample.file))
    lines = _all_lines(table)
    draft.lines = sorted(lines, key=lambda line: _ORDER.index(line.field) if line.field in _ORDER else len(_ORDER))
    _add_origin(draft, table)
    draft.lines += custom_field_lines(table, draft.used())
    defaults = _add_defaults(draft, table)
    if table.has_rows:
        _try_lines(draft, table, defaults)
    draft.left = [(column.name, _why_left(index, column, table)) for index, column in enumerate(facts) if column.name not in draft.used()]
    draft.remarks += unfilled(table, {line.field for line in draft.live_lines()})
    return draft


def _all_lines(table: Table) -> list[Line]:
    lines = [*name_lines(table), *single_lines(table), *owner_lines(table), *company_lines(table), *comment_lines(table)]
    for field in ("PHONE", "EMAIL", "WEB", "IM"):
        lines += multifield_lines(table, field)
    for field in ("HONORIFIC", "TYPE_ID", "SOURCE_ID"):
        lines += status_lines(table, field)
    return [*lines, *address_lines(table), *utm_lines(table), *kept_lines(table)]


def _slug(file: str) -> str:
    """A name to begin with: the file's, without the day or number it was exported under."""
    stem = re.sub(r"(?:[-_. ]+\d[\d_.T -]*)?(?:\.[A-Za-z0-9]{1,5})*$", "", file)
    words = re.findall(r"[^\W_]+", stem.casefold())
    return "-".join(words)[:40].strip("-") or "contacts"


def _add_origin(draft: Draft, table: Table) -> None:
    """The first column of ids that is different in every row, or nearly: the rows it is not are then rejected."""
    claims = table.named("ORIGIN_ID")
    originator = table.export.originator if table.export else draft.name
    for claim in claims:
        column = table.facts[claim.index]
        # The id column of a known export is one, whatever rows are among its records that are none.
        if column.identity >= (_SOMEHOW_IDENTITY if table.export else _MOSTLY_IDENTITY) or (table.export and column.is_empty):
            told = "" if column.is_empty else ", different in every row" if column.identity == 1 else f", different in every row but {_others(column)}, which would be rejected"
            draft.origin = (originator, [column.name], f"{claim.sureness.word}: {claim.reason}{told}")
            return
    draft.is_origin_live = False
    emails = table.first("EMAIL")
    if claims:
        why = f"{_others(table.facts[claims[0].index])} rows of the sample have none of their own here, and would be rejected"
        draft.origin = (originator, [table.column(claims[0])], why)
    elif emails:
        why = "no column of ids was found; the e-mail would do where every row has one of its own"
        draft.origin = (originator, [table.column(emails)], why)


def _others(column: ColumnFacts) -> int:
    return len(column.cells) - len(column.counted)


def _add_defaults(draft: Draft, table: Table) -> Defaults:
    phones = [value for line in draft.live_lines() if line.field == "PHONE" for name in line.columns for value in _values(table, name)]
    header = [column.name for column in table.facts]
    region = guess_region(phones, certain_languages(header))
    if region is not None:
        draft.defaults.append(("region", region[0], f"likely: {region[1]}"))
    elif any(line.field == "PHONE" for line in draft.live_lines()):
        possible = possible_regions(phones, languages_of(header))
        valid_in = f"; those here would be valid in {', '.join(possible)}" if possible else ": RU, DE, US …"
        draft.defaults.append(("region", "", f"set the country of phones without a country code{valid_in}"))
    days = [line for line in draft.live_lines() if _type(line, table) in DATE_TYPES]
    formats, doubt = _formats(days, table, region[0] if region else None)
    if formats:
        draft.defaults.append(("date_formats", formats, "how the dates here are written; ISO is always read"))
    if doubt:
        draft.defaults.append(("date_formats", "", f'{doubt}: set ["%d/%m/%Y"] or ["%m/%d/%Y"], whichever it is'))
        for line in days:
            line.why_not = "set `date_formats` under `defaults` first"
    if any(_type(line, table) == "datetime" for line in days):
        draft.defaults.append(("timezone", "", "set where the times are from, such as Europe/Moscow; else they are taken as UTC"))
    known = {"region": region[0] if region else None, "date_formats": formats}
    return Defaults.model_validate({key: value for key, value in known.items() if value})


def _formats(days: list[Line], table: Table, region: str | None) -> tuple[list[str], str]:
    """Formats for these lines, or why nobody can tell which."""
    values = [value for line in days for name in line.columns for value in _values(table, name)]
    known = table.export.dates if table.export else ()
    if not days:
        return [], ""
    if not table.has_rows and not known:
        return [], "this system writes dates as its user has set it"
    formats, doubt = guess_date_formats(values, known=known, region=region)
    if doubt:
        return [], doubt
    return formats or [text for text in known if text != "%Y-%m-%d"], ""


def _values(table: Table, name: str) -> list[str]:
    return next(column.values for column in table.facts if column.name == name)


def _field(name: str, table: Table) -> PortalField | None:
    return (table.catalogue or offline_catalogue()).fields.get(name)


def _type(line: Line, table: Table) -> str:
    field = _field(line.field, table)
    return field.type if field else ""


def _try_lines(draft: Draft, table: Table, defaults: Defaults) -> None:
    """Lines the portal lacks a field for, or whose values it would mostly refuse, become comments."""
    catalogue = table.catalogue or offline_catalogue()
    for line in draft.live_lines():
        field = catalogue.fields.get(line.field)
        if field is None or field.is_read_only:
            line.why_not = "the portal has no such field to fill"
            continue
        if line.field in ("NAME", "LAST_NAME", "COMPANY_ID") or not line.rule.keys() & {"column", "columns"}:
            continue
        tried = try_line(line, field, table.facts, defaults, catalogue)
        if not tried.refused or line.field == "EXPORT" and "map" in line.rule:
            continue
        told = f"{tried.refused} of {tried.cells} values are refused, such as: {tried.sentence}"
        if tried.refused > _MOST_REFUSED * tried.cells:
            line.why_not = told
        else:
            line.reason += f"; {told}"


def _why_left(index: int, column: ColumnFacts, table: Table) -> str:
    claim = next((claim for claim in table.claims if claim.index == index), None)
    looks = column.looks()
    if claim is None:
        hint = "no field of a contact is called so"
    elif claim.field == "SKIP":
        return claim.reason
    elif claim.field == "CREATED":
        return f"`DATE_CREATE: {column.name}` would keep the day, and send the rows in its order, which takes longer"
    elif claim.field in ("TAGS", "DEPARTMENT"):
        hint = "has no field of its own: make a custom field in the portal, and map it"
    elif claim.field in DIRECTORIES:
        return f"{claim.field} takes codes of the portal: give it `column` and a `map` of the words to them"
    elif claim.field.startswith("ADDRESS"):
        hint = "part of another address; one goes with a contact"
    else:
        hint = f"{claim.field} is taken from another column"
    return f"{hint}; {looks}" if looks else hint
