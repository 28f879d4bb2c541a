"""The nearest right name to a wrong one, for messages that say "Did you mean …?"."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

# Below this likeness (0-100) a suggestion misleads more often than it helps; found by trying the pairs in
# tests/mapping/test_nearest.py.
ENOUGH_LIKE = 62


def nearest(wrong: str, right: Iterable[str], *, limit: int = 1) -> list[str]:
    """Up to `limit` names out of `right` that look like `wrong`, the likest first; case does not count."""
    found = process.extract(
        wrong, list(right), scorer=fuzz.ratio, processor=_without_case, limit=limit, score_cutoff=ENOUGH_LIKE
    )
    return [name for name, _likeness, _index in found]


def did_you_mean(wrong: str, right: Iterable[str], *, quoted: bool = False) -> str:
    """` Did you mean X?` with its leading blank, or an empty text when nothing looks like `wrong`."""
    names = nearest(wrong, right)
    if not names:
        return ""
    looks = ", in letters of the other alphabet" if _is_look_alike(wrong, names[0]) else ""
    return f' Did you mean "{names[0]}"{looks}?' if quoted else f" Did you mean {names[0]}{looks}?"


def _is_look_alike(name: str, other: str) -> bool:
    """They differ in nothing that a person sees."""
    name, other = name.casefold(), other.casefold()
    return name != other and name.translate(_LOOK_ALIKE) == other.translate(_LOOK_ALIKE)


# Latin letters that look like Cyrillic ones: a name typed with the keyboard in the other alphabet looks the same.
_LOOK_ALIKE = str.maketrans("aceopxykmtbhi", "асеорхукмтвні")


def _without_case(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").translate(_LOOK_ALIKE).split())
