"""What the grammar has and this version cannot do: said with its line instead of being passed over.

Each entry of the table goes away with the change that makes it work.
"""

from __future__ import annotations

from collections.abc import Iterator

from importer.mapping.rules import FieldRule, Mapping
from importer.mapping.yaml_text import KeyPath

#: part of the grammar → how to do without it
REFUSED: dict[str, str] = {
    "create of list entries": "Add the missing entries in the portal first.",
}

_NAMED = {"create of list entries": "`create` of list entries"}


def not_supported_yet(mapping: Mapping) -> Iterator[tuple[KeyPath, str]]:
    """The path and a sentence for every part of `mapping` this version cannot do."""
    for path, key in _used(mapping):
        if key in REFUSED:
            what = _NAMED.get(key, f"`{key}`")
            yield path, f"{what} is not supported yet. {REFUSED[key]}"


def _used(mapping: Mapping) -> Iterator[tuple[KeyPath, str]]:
    for path, rule in mapping.all_rules():
        yield from (((*path, key), key) for key in _special_keys(rule))


def _special_keys(rule: FieldRule) -> list[str]:
    used = {
        "create of list entries": rule.create and rule.lookup != "company",
    }
    return [key for key, is_used in used.items() if is_used]
