"""Companies of the portal by id, title or origin, for `lookup: company`; new ones by a placeholder for their title.

Titles are compared without case, quote marks and runs of blanks; the legal form counts, for "АО Север" and
"ООО Север" are two companies. What fits several is refused with all of them, and never decided by guessing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rapidfuzz import fuzz, process

from importer.mapping.findings import Conversion, Finding, doubted, refused, shown
from importer.mapping.nearest import ENOUGH_LIKE
from importer.mapping.rules import FieldRule
from importer.records import PortalCompany

#: begins the value that stands for a company still to be created; an id never begins so
NEW_COMPANY = "company:"

# How many titles are compared, in all, to name the nearest ones: some 2 s at 0.4 µs each, however many
# titles are unknown.
MOST_COMPARISONS = 5_000_000

# Words that people write where there is no company. One that is called so is found when the portal has it.
_NO_COMPANY = frozenset(("нет", "нету", "отсутствует", "не указано", "не указана", "н/д", "no", "none", "null", "n/a", "nein", "keine", "no tiene", "aucun", "aucune"))

# The portal's own limit is not documented; a longer text is a note in the wrong column rather than a title.
LONGEST_TITLE = 255

# A message names so many ids at most.
_NAMED_IDS = 10

_CRM_COMPANY = re.compile(r"CO_([0-9]+)")

# Double marks stand between words (ООО"Ромашка"), single ones within them too (O'Neill).
_MARKS = str.maketrans({**dict.fromkeys('«»“”„‟‹›"＂', " "), **dict.fromkeys("'’‘‚‛`´", "")})


def title_key(title: str) -> str:
    """A title as titles are compared; empty when nothing but blanks and marks is in it."""
    plain = unicodedata.normalize("NFKC", title.translate(_MARKS))
    return " ".join(plain.split()).casefold().replace("ё", "е")


def new_titles_in(fields: Mapping[str, object], names: Iterable[str]) -> Iterator[str]:
    """The title of every `company:<title>` in a contact's fields; `names` are those that may hold one."""
    for name in names:
        value = fields.get(name)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str) and one.startswith(NEW_COMPANY):
                yield one.removeprefix(NEW_COMPANY)


class Companies:
    """The portal's companies, found by what a cell says. One for a mapper: it knows which new ones were named."""

    def __init__(self, companies: Sequence[PortalCompany]) -> None:
        self._by_id = {company.id: company for company in companies}
        self._by_title: dict[str, list[PortalCompany]] = defaultdict(list)
        self._by_origin: dict[str, list[PortalCompany]] = defaultdict(list)
        for company in companies:
            self._by_title[title_key(company.title)].append(company)
            self._by_origin[company.origin_id.strip()].append(company)
        # Companies without a title, or without an origin, are no answer to an empty cell.
        self._by_title.pop("", None)
        self._by_origin.pop("", None)
        self._new: dict[str, str] = {}
        self._hints: dict[str, str] = {}
        self._comparisons_left = MOST_COMPARISONS

    def conversion(self, rule: FieldRule, prefix: str) -> Conversion:
        """A conversion of a cell to `prefix` and a company's id, or to `company:` and the title of a new one.

        Refused: `unknown_company` with the nearest titles, `ambiguous_company` with the ids, `long_title`. An id
        that is another company's origin too is taken as an id, with the warning `id_or_origin`.
        """
        keys = rule.by or ("id", "title", "origin")

        def convert(text: str) -> str | Finding:
            for key in keys:
                found = self._found(key, text)
                if len(found) > 1:
                    return _ambiguous(text, key, found)
                if found:
                    value = prefix + found[0].id
                    return self._doubt(text, found[0], value) if key == "id" and rule.by is None else value
            return self._created(text, keys) if rule.create else self._unknown(text, keys)

        return convert

    def _found(self, key: str, text: str) -> list[PortalCompany]:
        if key == "title":
            return self._by_title.get(title_key(text), [])
        if key == "origin":
            return self._by_origin.get(text, [])
        link = _CRM_COMPANY.fullmatch(text)
        company = self._by_id.get(link[1] if link else text)
        return [company] if company else []

    def _doubt(self, text: str, company: PortalCompany, value: str) -> str | Finding:
        others = [other for other in self._by_origin.get(text, ()) if other.id != company.id]
        if not others:
            return value
        sentence = (
            f"{shown(text)} is the id of {_told(company)} and the origin of {_told(others[0])}. The id is taken; "
            "say `by: id` or `by: origin` in the rule."
        )
        return doubted("id_or_origin", sentence, value)

    def _created(self, text: str, keys: Sequence[str]) -> str | Finding:
        title, key = " ".join(text.split()), title_key(text)
        if key in _NO_COMPANY or not any(map(str.isalnum, key)):
            empties = f"transform: {{replace: {{pattern: '^{re.escape(text)}$', with: ''}}}}"
            repair = f"Empty the cell, or all like it with `{empties}`; if it is a title, add the company to the portal first."
            return refused("unknown_company", f"{shown(text)} is no title of a company.", repair)
        if "id" in keys and (text.isdecimal() or _CRM_COMPANY.fullmatch(text)):
            sentence = f"{shown(text)} looks like an id, and the portal has no such company. Correct it, or say `by: title` if it is a title."
            return refused("unknown_company", sentence)
        if len(title) > LONGEST_TITLE:
            return refused("long_title", f"{shown(text)} has {len(title)} characters, a company's title {LONGEST_TITLE} at most.", "Shorten the cell.")
        return NEW_COMPANY + self._new.setdefault(key, title)

    def _unknown(self, text: str, keys: Sequence[str]) -> Finding:
        by = " or ".join(keys) if keys != ("id", "title", "origin") else "id, title or origin"
        hint = self._nearest(title_key(text)) if "title" in keys else ""
        return refused("unknown_company", f"{shown(text)} is no company of the portal by {by}.{hint}", "Correct the cell, add `create: true`, or add a `map`.")

    def _nearest(self, key: str) -> str:
        if key in self._hints:
            return self._hints[key]
        if not self._by_title:
            return " The portal has no companies."
        if self._comparisons_left < len(self._by_title):
            return " Nearest titles were looked for in the first of such cases only."
        self._comparisons_left -= len(self._by_title)
        likely = process.extract(key, self._by_title.keys(), scorer=fuzz.ratio, limit=3, score_cutoff=ENOUGH_LIKE)
        named = ", ".join(_told(self._by_title[title][0]) for title, _likeness, _index in likely)
        self._hints[key] = f" Nearest: {named}." if named else ""
        return self._hints[key]


def _ambiguous(text: str, key: str, found: Sequence[PortalCompany]) -> Finding:
    what = "title" if key == "title" else "origin"
    return refused(
        "ambiguous_company",
        f"{shown(text)} is the {what} of {len(found)} companies of the portal: ids {_listed(company.id for company in found)}. "
        "Write the id, or merge them in the portal.",
    )


def _listed(ids: Iterable[str]) -> str:
    all_ids = list(ids)
    more = f" and {len(all_ids) - _NAMED_IDS} more" if len(all_ids) > _NAMED_IDS else ""
    return ", ".join(all_ids[:_NAMED_IDS]) + more


def _told(company: PortalCompany) -> str:
    return f"{' '.join(company.title.split()) or 'without a title'} (id {company.id})"
