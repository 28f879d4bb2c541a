"""Columns of a table no signature fits: by what they are called, in eight languages and with typos, and by their values.

One word means several things in several systems; what stands beside it and the values decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from rapidfuzz import fuzz, process

from importer.mapping.suggestion.column_facts import ColumnFacts
from importer.mapping.suggestion.header_words import key, shorter_forms, words
from importer.mapping.suggestion.sureness import Claim, Sureness
from importer.mapping.suggestion.synonyms import NEVER, SHARED_NAMES, SYNONYMS, WEAK

# Likeness (0-100) from which a name counts as a slip of the pen, and letters below which it never does: two of "mail",
# "male" and "mall" are words of their own.
_SLIP, _SLIP_LETTERS = 86, 5
# A word found inside a longer name must have so many letters.
_INSIDE_LETTERS = 4

# Kinds of values that can be told by looking, so that a word inside a longer name is enough with them.
_SEEN = {"FULL_NAME": "full_names", "PHONE": "phones", "EMAIL": "emails", "WEB": "urls", "BIRTHDATE": "days"}
_INSIDE_TEXT = frozenset("COMPANY POST COMMENTS ASSIGNED_BY SOURCE_ID ADDRESS ADDRESS_CITY ADDRESS_POSTAL_CODE ADDRESS_COUNTRY TAGS DEPARTMENT".split())
# Parts of words that tell the kind of a phone.
_PHONE_MARKS = {"MOBILE": "mob моб сот handy cell app celular móvil portable", "HOME": "home дом priv particular", "FAX": "fax факс"}
_GROUPS = {
    "work": "business work company geschäftlich раб рабочий рабочая юридический юр trabajo comercial",
    "home": "home privat дом домашний particular casa",
    "other": "other другой другая weitere otra alternate доставки shipping",
}


@cache
def _index() -> dict[str, list[str]]:
    """Key of a name → its targets, the likeliest first."""
    index: dict[str, list[str]] = {}
    for target, languages in SYNONYMS.items():
        for names in languages.values():
            for name in names.split("|"):
                known = index.setdefault(key(name), [])
                if target not in known:
                    known.append(target)
    return index


@cache
def _long_words() -> list[str]:
    return [word for word in _index() if len(word) >= _SLIP_LETTERS]


@cache
def _weak() -> dict[str, str]:
    return {key(name): target for target, names in WEAK.items() for name in names.split("|")}


@cache
def _never() -> dict[str, str]:
    return {key(name): reason for reason, names in NEVER.items() for name in names.split("|")}


@cache
def _phrases() -> list[tuple[str, str]]:
    """(words, target), the longest first."""
    found = {
        (words(name), target)
        for target, languages in SYNONYMS.items()
        for names in languages.values()
        for name in names.split("|")
        if len(key(name)) >= _INSIDE_LETTERS
    }
    return sorted(found, key=lambda phrase: (-len(phrase[0]), phrase))


def is_known_word(name: str) -> bool:
    """True when a column of a contact list is called so; for finding the header among notes above it."""
    return key(name) in _index() or key(name) in _weak()


def certain_languages(header: Iterable[str]) -> list[str]:
    """Languages of which the header uses two words at least, one of them a word that no other language of Europe shares."""
    names = list(header)
    own = languages_of(name for name in names if key(name) not in _shared())
    return [language for language in languages_of(names, least=2) if language in own]


@cache
def _shared() -> frozenset[str]:
    return frozenset(map(key, SHARED_NAMES.split("|")))


def languages_of(header: Iterable[str], *, least: int = 1) -> list[str]:
    """Languages of which the header uses at least so many words, the most frequent first; a word of several counts for each."""
    keys = {key(name) for name in header}
    hits: dict[str, int] = {}
    for languages in SYNONYMS.values():
        for language, names in languages.items():
            hits[language] = hits.get(language, 0) + sum(key(name) in keys for name in names.split("|"))
    return [language for language in sorted(hits, key=lambda word: -hits[word]) if hits[language] >= least]


def match_column(index: int, facts: ColumnFacts) -> Claim | None:
    """What the column is taken for by itself; None when neither name nor values tell."""
    name = facts.name
    if reason := _never().get(key(name)) or _never_by_form(name):
        return Claim(index, "SKIP", Sureness.SURE, reason)
    claim = _by_name(index, name) or _by_slip(index, name) or _by_word_inside(index, facts)
    return _by_values(index, facts, claim)


def _never_by_form(name: str) -> str | None:
    """Ids of other records, and marks beside numbered values, have a form of their own."""
    if name.casefold().endswith((".id", "_id (id)")) or (len(name) > 2 and name.endswith("Id") and name[-3].islower() and name not in ("Record Id", "Contact Id", "Customer Id")):
        return "an id of the other system, which means nothing here"
    return "says something of its neighbour" if name.casefold().endswith((" - label", " - type")) else None


def _by_name(index: int, name: str) -> Claim | None:
    if targets := _index().get(key(name)):
        return _named(index, targets[0], Sureness.SURE, "a usual name for it", name)
    for form in shorter_forms(name):
        if targets := _index().get(key(form)):
            return _named(index, targets[0], Sureness.LIKELY, f'"{form}" is a usual name for it', name)
    if target := _weak().get(key(name)):
        return _named(index, target, Sureness.GUESS, "sometimes called so", name)
    return None


def _by_slip(index: int, name: str) -> Claim | None:
    plain = key(name)
    if len(plain) < _SLIP_LETTERS:
        return None
    found = process.extractOne(plain, _long_words(), scorer=fuzz.ratio, score_cutoff=_SLIP)
    if found is None:
        return None
    return _named(index, _index()[found[0]][0], Sureness.LIKELY, f'looks like "{found[0]}"', name)


def _by_word_inside(index: int, facts: ColumnFacts) -> Claim | None:
    padded = f" {words(facts.name)} "
    for phrase, target in _phrases():
        if f" {phrase} " not in padded:
            continue
        field = target.partition(".")[0]
        if field in _SEEN and getattr(facts, _SEEN[field]) > 0.6:
            return _named(index, target, Sureness.LIKELY, f'"{phrase}" is in its name, and its values look so', facts.name)
        if field in _INSIDE_TEXT and padded.startswith((f" {phrase} ",)) | padded.endswith(f" {phrase} "):
            return _named(index, target, Sureness.GUESS, f'"{phrase}" is in its name', facts.name)
    return None


def _named(index: int, target: str, sureness: Sureness, reason: str, name: str) -> Claim:
    return Claim(index, target, sureness, reason, group=_group(name) if target.startswith("ADDRESS") else "")


def _group(name: str) -> str:
    there = set(words(name).split())
    return next((group for group, marks in _GROUPS.items() if there & set(marks.split())), "")


def _by_values(index: int, facts: ColumnFacts, claim: Claim | None) -> Claim | None:
    """The claim as the values bear it out, or what the values alone tell."""
    field = claim.field if claim else ""
    if facts.emails > 0.8 and field not in ("EMAIL", "ORIGIN_ID", "ASSIGNED_BY", "COMMENTS", "SKIP", "CREATED"):
        return Claim(index, "EMAIL.WORK", Sureness.LIKELY, "its values are e-mail addresses")
    if facts.written_phones > 0.8 and field in ("", "FULL_NAME", "IM", "COMMENTS", "ADDRESS"):
        there = words(facts.name)
        kind = next((kind for kind, marks in _PHONE_MARKS.items() if any(mark in there for mark in marks.split())), "WORK")
        return Claim(index, f"PHONE.{kind}", Sureness.LIKELY, "its values are phone numbers")
    if claim is None and facts.links > 0.8:
        return Claim(index, "WEB.OTHER", Sureness.GUESS, "its values are addresses on the web")
    if field == "PHONE" and key(facts.name) in ("work", "home", "other", "particular", "comercial", "residencial") and facts.values and facts.phones < 0.5:
        return None
    if field == "COMPANY" or claim is None or field != "FULL_NAME" or facts.firms < 0.5:
        return claim
    return replace(claim, target="COMPANY", sureness=Sureness.LIKELY, reason="its values are names of companies")


def settle(claims: Sequence[Claim | None], facts: Sequence[ColumnFacts]) -> list[Claim | None]:
    """The claims as their neighbours bear them out."""
    fields = [claim.field if claim else "" for claim in claims]
    return [claim and _settled(claim, facts, fields) for claim in claims]


def _settled(claim: Claim, facts: Sequence[ColumnFacts], fields: Sequence[str]) -> Claim:
    own, plain = facts[claim.index], words(facts[claim.index].name)
    others = [field for index, field in enumerate(fields) if index != claim.index]
    if plain == "title" and ("POST" in others or own.honorifics > 0.5):
        return replace(claim, target="HONORIFIC", reason="a job title stands beside it, or its values are forms of address")
    if plain == "second name" and "LAST_NAME" not in others:
        return replace(claim, target="LAST_NAME", sureness=Sureness.LIKELY, reason="no other column is the family name")
    if claim.target == "LAST_NAME" and plain == "nom" and "NAME" not in others:
        return replace(claim, target="FULL_NAME", sureness=Sureness.LIKELY, reason="no other column is the first name")
    if claim.target == "FULL_NAME" and plain == "name" and "LAST_NAME" in others and "NAME" not in others:
        return replace(claim, target="NAME", sureness=Sureness.LIKELY, reason="the family name stands beside it")
    if claim.target == "FULL_NAME" and plain == "name" and "NAME" in others and "LAST_NAME" not in others:
        return replace(claim, target="LAST_NAME", sureness=Sureness.LIKELY, reason="the first name stands beside it")
    if claim.target == "NAME" and _holds_whole_names(own, facts, fields):
        return replace(claim, target="FULL_NAME", sureness=Sureness.LIKELY, reason="most of its values are full names")
    if claim.target == "ADDRESS_PROVINCE" and plain == "estado" and not any(field.startswith("ADDRESS") for field in others):
        return replace(claim, target="TYPE_ID", sureness=Sureness.GUESS, reason="no part of an address stands beside it")
    if claim.target == "ORIGIN_ID" and facts[claim.index].days > 0.5:
        return replace(claim, target="SKIP", reason="its values are dates, not ids")
    return claim


def _holds_whole_names(own: ColumnFacts, facts: Sequence[ColumnFacts], fields: Sequence[str]) -> bool:
    """A column of first names is mostly full names, and no family name stands beside them."""
    if own.full_names <= 0.5:
        return False
    last_names = [facts[index] for index, field in enumerate(fields) if field == "LAST_NAME"]
    return all(2 * len(column.values) < len(own.values) for column in last_names)
