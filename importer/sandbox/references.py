"""`$result[first][ID]` in a batch command's values: replaced by earlier answers, as the reference's section 14 tells.

Also a hazard for user data, which is why the sandbox imitates it to the letter: an unknown command id does not stay
as it is but becomes the whole map of results.
"""

from __future__ import annotations

import re

from importer.sandbox.php_casts import PhpArray, array_key, from_json

# A dollar sign, one of five words in any case, then non-space characters that hold at least one [...]. Where exactly a
# reference ends inside a longer text is not written down; here it ends with the first unbroken run of brackets.
_REFERENCE = re.compile(r"\$(result|next|total|time|error)[^\s\[]*((?:\[[^\]\s]*\])+)", re.IGNORECASE)
_KEY = re.compile(r"\[([^\]]*)\]")


def substitute(params: PhpArray, answers: dict[str, dict]) -> PhpArray:
    """`params` with the references in its values (never in keys) looked up in `answers`.

    `answers` has the maps `result`, `next`, `total`, `time` and `error`, each by command id.
    """
    return {key: _substituted(value, answers) for key, value in params.items()}


def _substituted(value: object, answers: dict[str, dict]) -> object:
    if isinstance(value, dict):
        return substitute(value, answers)
    if not isinstance(value, str) or "$" not in value:
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole:
        return from_json(_look_up(whole, answers))
    return _REFERENCE.sub(lambda part: _as_part(part, answers), value)


def _as_part(part: re.Match[str], answers: dict[str, dict]) -> str:
    found = _look_up(part, answers)
    return found if isinstance(found, str) else part[0]


def _look_up(reference: re.Match[str], answers: dict[str, dict]) -> object:
    """As deep as the keys lead; the walk ends, with what it has, at the first key that is missing."""
    found: object = answers[reference[1].lower()]
    for key in map(array_key, _KEY.findall(reference[2])):
        if isinstance(found, list):
            found = dict(enumerate(found))
        if not isinstance(found, dict) or key not in found:
            break
        found = found[key]
    return found
