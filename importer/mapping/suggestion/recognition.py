"""A known export told by its header, and what its columns are then."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from importer.mapping.suggestion.column_facts import ColumnFacts
from importer.mapping.suggestion.export import SKIP_REASONS, Export, alike
from importer.mapping.suggestion.known_address_books import ADDRESS_BOOKS
from importer.mapping.suggestion.known_crms import CRMS
from importer.mapping.suggestion.known_russian import RUSSIAN
from importer.mapping.suggestion.matching import match_column, settle
from importer.mapping.suggestion.sureness import Claim, Sureness

EXPORTS: tuple[Export, ...] = (*ADDRESS_BOOKS, *CRMS, *RUSSIAN)

_NUMBERED = re.compile(r"(E-mail|Phone|Website) (\d+) - Value", re.IGNORECASE)
_MARKS = re.compile(r" - Value$", re.IGNORECASE)
# Label words of the languages seen, the first part of a label deciding.
_KINDS = {
    "PHONE": {
        "MOBILE": "mobile мобильный mobil móvil celular cell", "WORK": "work main рабочий geschäftlich trabajo trabalho основной",
        "HOME": "home домашний privat casa", "FAX": "fax факс", "PAGER": "pager пейджер",
    },
    "EMAIL": {"WORK": "work рабочий geschäftlich trabajo trabalho", "HOME": "home домашний privat casa personal"},
    "WEB": {"WORK": "work рабочий geschäftlich trabajo trabalho", "HOME": "home profile blog домашний privat casa"},
}  # fmt: skip
_FIELDS = {"e-mail": "EMAIL", "phone": "PHONE", "website": "WEB"}


def recognise(header: Sequence[str]) -> Export | None:
    """The export whose signature the header bears; of several the one with most extras, then with most columns known."""
    there = {alike(name) for name in header}
    found = [(score, len(there & export.targets().keys()), export) for export in EXPORTS if (score := export.score(header)) is not None]
    return max(found, key=lambda match: match[:2])[2] if found else None


def claims_of(facts: Sequence[ColumnFacts], export: Export | None) -> list[Claim]:
    """What every column is taken for, at least one claim for each that is taken for anything."""
    known = [list(_known(index, column, facts, export)) if export else [] for index, column in enumerate(facts)]
    fields = {claim.field for claims in known for claim in claims}
    free = [
        None if claims and not _repeats(claims) else match_column(index, column)
        for index, (column, claims) in enumerate(zip(facts, known, strict=True))
    ]
    matched = settle([claims[0] if claims and not _repeats(claims) else claim for claims, claim in zip(known, free, strict=True)], facts)
    result: list[Claim] = []
    for claims, claim, unsettled in zip(known, matched, free, strict=True):
        if unsettled is None:
            # Of a known layout only this is open: whole names stand in the column of first names often enough.
            result += [claim, *claims[1:]] if claim and claims[0].target == "NAME" else claims
        elif claims and (claim is None or _is_taken(claim, fields) or _is_taken(unsettled, fields)):
            result += claims
        elif claim is not None:
            result.append(claim)
    return result


def _repeats(claims: list[Claim]) -> bool:
    """The column gathers what other columns hold in parts; without those it is needed itself."""
    return claims[0].target == "SKIP" and claims[0].reason == SKIP_REASONS["collected"]


def _is_taken(claim: Claim, fields: set[str]) -> bool:
    return claim.field in fields or (claim.field == "FULL_NAME" and bool(fields & {"NAME", "LAST_NAME"})) or claim.field == "SKIP"


def _known(index: int, column: ColumnFacts, facts: Sequence[ColumnFacts], export: Export) -> Iterator[Claim]:
    numbered = _NUMBERED.fullmatch(column.name)
    if numbered:
        field = _FIELDS[numbered[1].casefold()]
        yield _labelled(index, field, column, facts, export)
        return
    for target in export.targets().get(alike(column.name), []):
        name, _, group = target.partition("@")
        if name.startswith("SKIP."):
            yield Claim(index, "SKIP", Sureness.SURE, SKIP_REASONS[name.removeprefix("SKIP.")])
        else:
            yield Claim(index, name, Sureness.SURE, f"a column of {export.title.partition(',')[0]}", group, export.splits.get(name.partition(".")[0], ""))


def _labelled(index: int, field: str, column: ColumnFacts, facts: Sequence[ColumnFacts], export: Export) -> Claim:
    """A numbered value, of the kind that most of its labels name."""
    stem = _MARKS.sub("", column.name).casefold()
    label = next((other for other in facts if other.name.casefold() in (f"{stem} - label", f"{stem} - type")), None)
    kinds = Counter(_kind(field, text) for text in label.values) if label else Counter()
    if not kinds:
        return Claim(index, f"{field}.", Sureness.LIKELY, "its label column, which names the kind, is empty", split=export.splits.get(field, ""))
    kind, count = kinds.most_common(1)[0]
    share = f"{count} of {kinds.total()} labels say so"
    sureness = Sureness.SURE if count == kinds.total() else Sureness.LIKELY
    return Claim(index, f"{field}.{kind}", sureness, share, split=export.splits.get(field, ""))


def _kind(field: str, label: str) -> str:
    there = set(re.findall(r"\w+", label.partition(":::")[0].casefold()))
    if field == "PHONE" and there & {"fax", "факс"}:
        return "FAX"
    return next((kind for kind, marks in _KINDS[field].items() if there & set(marks.split())), "OTHER")
