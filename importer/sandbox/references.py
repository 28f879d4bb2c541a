"""`$result[first][ID]` in a batch command's values: replaced by earlier answers.

A hazard for user data, which is why the sandbox imitates it to the letter. The reference contradicts itself on one that leads
nowhere: by its section 14 an unknown command id becomes the whole map of results, by its sections 5.3 and 11.5 the text stays
as it is. The setting `unresolved_reference` decides.
"""

from __future__ import annotations

import re

from importer.sandbox.php_casts import PhpArray, array_key, from_json

# A dollar sign, one of five words in any case, then characters other than what PHP takes for a space that hold at least one [...]. Where exactly a
# reference ends inside a longer text is not written down; here it ends with the first unbroken run of brackets.
_REFERENCE = re.compile(r"\$(result|next|total|time|error)[^ \t\n\r\f\v\[]*((?:\[[^\] \t\n\r\f\v]*\])+)", re.IGNORECASE)
_KEY = re.compile(r"\[([^\]]*)\]")


def substitute(params: PhpArray, answers: dict[str, dict], unresolved: str = "map") -> PhpArray:
    """`params` with the references in its values (never in keys) looked up in `answers`.

    `answers` has the maps `result`, `next`, `total`, `time` and `error`, each by command id. `unresolved`: the setting
    `unresolved_reference`.
    """
    return {key: _substituted(value, answers, unresolved) for key, value in params.items()}


def _substituted(value: object, answers: dict[str, dict], unresolved: str) -> object:
    if isinstance(value, dict):
        return substitute(value, answers, unresolved)
    if not isinstance(value, str) or "$" not in value:
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole:
        return from_json(_look_up(whole, answers, unresolved))
    return _REFERENCE.sub(lambda part: _as_part(part, answers, unresolved), value)


def _as_part(part: re.Match[str], answers: dict[str, dict], unresolved: str) -> str:
    found = _look_up(part, answers, unresolved)
    return found if isinstance(found, str) else part[0]


def _look_up(reference: re.Match[str], answers: dict[str, dict], unresolved: str) -> object:
    """As deep as the keys lead; at the first key that is missing the walk ends with what it has, or with the text itself."""
    found: object = answers[reference[1].lower()]
    for key in map(array_key, _KEY.findall(reference[2])):
        if isinstance(found, list):
            found = dict(enumerate(found))
        if not isinstance(found, dict) or key not in found:
            return found if unresolved == "map" else reference[0]
        found = found[key]
    return found
