"""What the grammar has and this version cannot do: said with its line instead of being passed over.

Each entry of the table goes away with the change that makes it work.
"""

from __future__ import annotations

from collections.abc import Iterator

from importer.mapping.rules import FieldRule, Mapping
from importer.mapping.yaml_text import KeyPath

#: part of the grammar → how to do without it
REFUSED: dict[str, str] = {
    "match": "Leave it out: every row becomes a new contact.",
    "create of list entries": "Add the missing entries in the portal first.",
    "overwrite": "Leave it out: contacts are only created.",
    "clear": "Leave it out: contacts are only created.",
}

_NAMED = {"create of list entries": "`create` of list entries"}


def not_supported_yet(mapping: Mapping) -> Iterator[tuple[KeyPath, str]]:
    """The path and a sentence for every part of `mapping` this version cannot do."""
    for path, key in _used(mapping):
        if key in REFUSED:
            what = _NAMED.get(key, f"`{key}`")
            yield path, f"{what} is not supported yet. {REFUSED[key]}"


def _used(mapping: Mapping) -> Iterator[tuple[KeyPath, str]]:
    if mapping.match is not None:
        yield ("match",), "match"
    for path, rule in mapping.all_rules():
        yield from (((*path, key), key) for key in _special_keys(rule))


def _special_keys(rule: FieldRule) -> list[str]:
    used = {
        "create of list entries": rule.create and rule.lookup != "company",
        "overwrite": rule.overwrite is not None,
        "clear": rule.clear,
    }
    return [key for key, is_used in used.items() if is_used]
