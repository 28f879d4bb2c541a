"""Lines for every field but names, statuses and custom fields: claims put together as the grammar has it."""

from __future__ import annotations

from collections.abc import Iterator

from importer.mapping.contact_fields import VALUE_TYPES
from importer.mapping.html_to_bb import HTML_TAG
from importer.mapping.suggestion.draft import Line, Table
from importer.mapping.suggestion.splitting import email_split, phone_split
from importer.mapping.suggestion.sureness import Claim, Sureness

_SINGLE = ("POST", "BIRTHDATE", "SOURCE_DESCRIPTION", "OPENED", "EXPORT")
_ADDRESS_PARTS = (
    "ADDRESS", "ADDRESS_2", "ADDRESS_CITY", "ADDRESS_REGION", "ADDRESS_PROVINCE", "ADDRESS_POSTAL_CODE", "ADDRESS_COUNTRY",
)  # fmt: skip
_PART_NAMES = {"ADDRESS": "street", "ADDRESS_2": "street_2"}
_UTM = ("UTM_SOURCE", "UTM_MEDIUM", "UTM_CAMPAIGN", "UTM_CONTENT", "UTM_TERM")
_RANKS = {"HOME": 1, "OTHER": 2, "MAILING": 3, "FAX": 4, "PAGER": 5}
# Words for records that are kept, in the columns that tell records apart.
_KEPT = {"тип": ("контакт",)}
_NOT_DELETED = ("false", "0", "no", "нет", "FALSE")


def single_lines(table: Table) -> Iterator[Line]:
    """Fields that take one value of one column."""
    for field in _SINGLE:
        if claim := table.first(field):
            yield Line(field, {"column": table.column(claim)}, claim.sureness, claim.reason)


def multifield_lines(table: Table, field: str) -> Iterator[Line]:
    """PHONE, EMAIL, WEB or IM: a rule for each column, in the header's order but fax machines and pagers last.

    The first value is the one the portal shows and dials.
    """
    for claim in sorted(table.named(field), key=lambda claim: (_RANKS.get(claim.kind, 0), claim.index)):
        column = table.facts[claim.index]
        rule: dict[str, object] = {"column": column.name}
        if claim.kind in VALUE_TYPES[field]:
            rule["type"] = claim.kind
        if split := claim.split or {"PHONE": phone_split, "EMAIL": email_split}.get(field, lambda _: "")(column):
            rule["split"] = split
        yield Line(field, rule, claim.sureness, claim.reason)


def owner_lines(table: Table) -> Iterator[Line]:
    """ASSIGNED_BY_ID from the owner there."""
    if claim := table.first("ASSIGNED_BY"):
        reason = f"{claim.reason}; users are found by e-mail, full name or id"
        yield Line("ASSIGNED_BY_ID", {"column": table.column(claim)}, claim.sureness, reason)


def company_lines(table: Table) -> Iterator[Line]:
    """The company, found by its title or made."""
    if claim := table.first("COMPANY"):
        rule: dict[str, object] = {"column": table.column(claim), "lookup": "company", "create": True}
        yield Line("COMPANY_ID", rule, claim.sureness, claim.reason)


def comment_lines(table: Table) -> Iterator[Line]:
    """COMMENTS of every column of notes."""
    claims = sorted(table.named("COMMENTS"), key=lambda claim: claim.index)
    if not claims:
        return
    names = [table.column(claim) for claim in claims]
    rule: dict[str, object] = {"column": names[0]} if len(names) == 1 else {"columns": names, "join": "\n"}
    if any(HTML_TAG.search(value) for claim in claims for value in table.facts[claim.index].values):
        rule["transform"] = "html_to_bb"
    yield Line("COMMENTS", rule, min(claim.sureness for claim in claims), claims[0].reason)


def address_lines(table: Table) -> Iterator[Line]:
    """One address: of several the one filled most often, else the first in the header."""
    claims = [claim for part in _ADDRESS_PARTS for claim in table.claims if claim.target == part]
    groups = list(dict.fromkeys(claim.group for claim in claims if claim.group))
    if not claims:
        return
    filled = {group: max(len(table.facts[claim.index].values) for claim in claims if claim.group == group) for group in groups}
    chosen = max(groups, key=lambda group: filled[group], default="")
    lines: list[Line] = []
    for part in _ADDRESS_PARTS:
        own = sorted((claim for claim in claims if claim.target == part and claim.group in ("", chosen)), key=lambda claim: claim.index)
        if not own:
            continue
        names = [table.column(claim) for claim in own]
        single = len(names) == 1 or part != "ADDRESS"
        rule: dict[str, object] = {"column": names[0]} if single else {"columns": names, "join": ", "}
        lines.append(Line(part, rule, own[0].sureness, own[0].reason))
    parts = {_PART_NAMES.get(line.field, line.field.removeprefix("ADDRESS_").lower()): line.rule for line in lines}
    yield Line("ADDRESS", parts, min(line.sureness for line in lines), lines[0].reason)


def utm_lines(table: Table) -> Iterator[Line]:
    """UTM marks; of equal ones the last is the advertising one."""
    for field in _UTM:
        claims = table.named(field)
        if claims:
            claim = max(claims, key=lambda claim: claim.index)
            yield Line(field, {"column": table.column(claim)}, claim.sureness, claim.reason)


def kept_lines(table: Table) -> Iterator[Line]:
    """A line that lets contacts through and rejects deleted records, groups and companies: their word is not in its `map`.

    The grammar has no filter of rows; EXPORT is Y by default, so the line changes nothing else (apidocs.bitrix24.com, crm.contact.add).
    """
    claim: Claim | None = table.first("KEPT")
    if claim is None or table.first("EXPORT") is not None:
        return
    column = table.column(claim)
    words = _KEPT.get(column.casefold(), _NOT_DELETED)
    rule: dict[str, object] = {"column": column, "map": dict.fromkeys(dict.fromkeys(word.lower() for word in words), "Y")}
    yield Line("EXPORT", rule, Sureness.SURE, "rows with any other word here are no contacts, and are rejected")
