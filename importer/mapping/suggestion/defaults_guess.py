"""The country of phones and the way dates are written, guessed from the values and the header's language."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC

import phonenumbers

from importer.mapping.dates import DateReader, compile_format
from importer.mapping.findings import Finding
from importer.mapping.suggestion.column_facts import SEVERAL, is_phone

# Countries in which a header's language is used, tried in this order.
_COUNTRIES = {
    "ru": ("RU", "KZ", "BY"), "uk": ("UA",), "kk": ("KZ",), "de": ("DE", "AT", "CH"), "es": ("ES", "MX", "AR"), "pt": ("BR", "PT"),
    "fr": ("FR", "BE", "CH"), "en": ("US", "GB"),
}  # fmt: skip
_MOST_PHONES = 400
_MOST_DAYS = 2000

#: day-first and month-first twins: of each pair one is chosen
_TWINS = (
    ("%d.%m.%Y", "%m.%d.%Y"), ("%d/%m/%Y", "%m/%d/%Y"), ("%d-%m-%Y", "%m-%d-%Y"), ("%d.%m.%y", "%m.%d.%y"), ("%d/%m/%y", "%m/%d/%y"),
    ("%d-%m-%y", "%m-%d-%y"),
)  # fmt: skip
_PLAIN = ("%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%d %b %Y г.", "%Y/%m/%d", "%Y.%m.%d")
_MONTH_FIRST_COUNTRIES = frozenset(("US", "PH", "FM", "PW"))


def guess_region(phones: Iterable[str], languages: Sequence[str]) -> tuple[str, str] | None:
    """The country numbers without a country code are from, and why; None when nothing tells.

    `languages` are those the header is certainly written in: a wrong country makes other numbers of them all.
    """
    written = _written(phones)
    foreign = Counter(region for phone in written if phone.lstrip("' ").startswith("+") and (region := _region_of(phone)))
    local = _local(written)
    by_language = [region for language in languages for region in _COUNTRIES.get(language, ())]
    by_number = [region for region, _ in foreign.most_common(3)]
    # English headers are written everywhere, others at home.
    likely = [*by_number, *by_language] if languages[:1] in ([], ["en"]) else [*by_language, *by_number]
    if local:
        shares = {region: sum(_is_valid(phone, region) for phone in local) / len(local) for region in dict.fromkeys(likely)}
        # The first that fits well, not the best: a number of one country is often valid in another with looser rules.
        # Where only half of them fit, the header's own language or numbers with a country code must speak for it, too.
        at_home = _COUNTRIES.get(languages[0], ())[:1] if languages else ()
        fitting = [region for region, share in shares.items() if share >= 0.8]
        fitting += [region for region, share in shares.items() if share >= 0.5 and (region in at_home or region in by_number)]
        if not fitting:
            return None
        return fitting[0], f"{shares[fitting[0]]:.0%} of the phones without a country code are valid there"
    if foreign and foreign.most_common(1)[0][1] * 2 > foreign.total():
        region, count = foreign.most_common(1)[0]
        return region, f"{count} of {foreign.total()} phones are from there"
    return None


def possible_regions(phones: Iterable[str], languages: Sequence[str]) -> list[str]:
    """Countries of these languages in which half of the numbers without a country code would be valid, for a person to choose from."""
    local = _local(_written(phones))
    regions = dict.fromkeys(region for language in languages for region in _COUNTRIES.get(language, ()))
    return [region for region in regions if local and sum(_is_valid(phone, region) for phone in local) * 2 >= len(local)]


def _written(phones: Iterable[str]) -> list[str]:
    parts = (part for phone in phones for part in SEVERAL.split(phone))
    return list(itertools.islice(filter(is_phone, parts), _MOST_PHONES))


def _local(written: Iterable[str]) -> list[str]:
    return [phone for phone in written if not phone.lstrip("' ").startswith("+")]


def _region_of(phone: str) -> str | None:
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(phone.lstrip("' ")))
    except phonenumbers.NumberParseException:
        return None


def _is_valid(phone: str, region: str) -> bool:
    try:
        return phonenumbers.is_valid_number_for_region(phonenumbers.parse(phone, region), region)
    except phonenumbers.NumberParseException:
        return False


def guess_date_formats(values: Sequence[str], *, known: Sequence[str] = (), region: str | None = None) -> tuple[list[str], str]:
    """Formats that read the values, the most frequent first; and what is doubtful about them, empty for nothing.

    Where day and month could be either way round, `known`, the formats of the export the values come from, decide, else
    the country; with neither the second part says so, and nobody should rely on the first.
    """
    left = [value for value in values[:_MOST_DAYS] if not _reads((), value)]
    is_month_first = any(text.startswith("%m") for text in known) if known else region in _MONTH_FIRST_COUNTRIES
    chosen: list[str] = []
    doubt = ""
    candidates = list(dict.fromkeys([*known, *(pair[is_month_first] for pair in _TWINS), *(pair[not is_month_first] for pair in _TWINS), *_PLAIN]))
    while left and candidates and len(chosen) < 4:
        counts = {text: sum(_reads((text,), value) for value in left) for text in candidates}
        best = max(candidates, key=lambda text: counts[text])
        if not counts[best]:
            break
        chosen.append(best)
        twin = next((pair[1 - pair.index(best)] for pair in _TWINS if best in pair), None)
        # With points the day comes first wherever points are used.
        if twin is not None and counts.get(twin) == counts[best] and "." not in best and best not in known and region is None:
            doubt = f"day and month could be either way round in {counts[best]} values"
        candidates = [text for text in candidates if text not in (best, twin)]
        left = [value for value in left if not _reads((best,), value)]
    return chosen, doubt


def _reads(formats: tuple[str, ...], value: str) -> bool:
    found = DateReader(tuple(compile_format(text) for text in formats), UTC).day(value)
    return not isinstance(found, Finding) or found.is_warning
