"""The parts of `ADDRESS` as one address of a contact, for a requisite (apidocs.bitrix24.com, crm.requisite.add)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from importer.mapping.findings import Finding, refused, shown
from importer.mapping.rule_steps import Cells, Found, Steps, one_value

#: the type of a part, as faults name it
ADDRESS_TYPE = "text"

#: part of the mapping → field of crm.address.add
ADDRESS_FIELDS = {
    "street": "ADDRESS_1",
    "street_2": "ADDRESS_2",
    "city": "CITY",
    "postal_code": "POSTAL_CODE",
    "region": "REGION",
    "province": "PROVINCE",
    "country": "COUNTRY",
}

#: the address of a row's cells; empty when there is none
AddressFill = Callable[[Cells, Found], dict[str, str]]

# An address refers to its requisite, so it can travel only in a batch, and there the portal puts earlier answers
# in the place of such a text (published server modules of the platform).
_REFERENCE = re.compile(r"\$(?:result|next|total|time|error)[^\s\[]*\[", re.IGNORECASE)


def address_text(text: str) -> str | Finding:
    """The text as it is; refused as `address_reference` when the portal would replace a part of it."""
    if "$" in text and _REFERENCE.search(text):
        return refused("address_reference", f"{shown(text)} reads like a reference inside a batch, which the portal would replace. Write it without the $.")
    return text


def address_filling(parts: Sequence[tuple[str, Steps]]) -> AddressFill:
    """The function that gives a row's address: fields of crm.address.add, without empty ones.

    Fixed values and defaults make no address by themselves: a row whose own columns are all empty has none, unless
    the whole address is fixed.
    """
    fills = [(ADDRESS_FIELDS[part], one_value(steps), steps.take if steps.columns else None) for part, steps in parts]
    is_fixed = all(take is None for _field, _one, take in fills)

    def fill(cells: Cells, found: Found) -> dict[str, str]:
        address: dict[str, str] = {}
        is_own = is_fixed
        for field, one, take in fills:
            value = one(cells, found)
            if value:
                address[field] = value
                is_own = is_own or (take is not None and bool(take(cells, found)))
        return address if is_own else {}

    return fill
