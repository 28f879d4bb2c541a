"""What the grammar has and this version cannot do: said with its line instead of being passed over.

Each entry goes away with the change that makes it work.
"""

from __future__ import annotations

from collections.abc import Iterator

from importer.mapping.rules import AddressRule, Mapping
from importer.mapping.yaml_text import KeyPath

_INSTEAD = {
    "lookup: user": "Leave `lookup` out: fields of users take an e-mail, a full name or an id as it is.",
    "lookup: company": "Give COMPANY_ID the company's id, or keep its title in a text field.",
    "create": "Add the missing entries in the portal first.",
    "files": "Leave the field out.",
    "overwrite": "Leave it out: contacts are only created.",
    "clear": "Leave it out: contacts are only created.",
}


def not_supported_yet(mapping: Mapping) -> Iterator[tuple[KeyPath, str]]:
    """The path and a sentence for every part of `mapping` this version cannot do."""
    if mapping.match is not None:
        yield ("match",), "`match` is not supported yet. Leave it out: every row becomes a new contact."
    for name, entry in mapping.fields.items():
        if isinstance(entry, AddressRule):
            sentence = "`ADDRESS` as a requisite is not supported yet. Map its parts to ADDRESS, ADDRESS_CITY and their like."
            yield ("fields", name), sentence
    for name, index, rule in mapping.rules():
        used = {
            f"lookup: {rule.lookup}": rule.lookup is not None,
            "create": rule.create,
            "files": rule.files is not None,
            "overwrite": rule.overwrite is not None,
            "clear": rule.clear,
        }
        for key, is_used in used.items():
            if is_used:
                path = ("fields", name, index, key.partition(":")[0])
                yield path, f"`{key}` is not supported yet. {_INSTEAD[key]}"
