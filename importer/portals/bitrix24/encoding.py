"""Parameters as PHP reads them from a query string, and which values a batch would not leave alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

# In a batch, a value in which a dollar sign is followed by one of these words and then, before any white
# space, by brackets is looked up among the earlier answers and replaced, partly or wholly. Case does not
# matter. We keep back a little more than the portal would replace: an opening bracket is enough, and white space
# is only what PHP takes for it; a non-breaking space ends nothing there.
# Source: the platform's published server modules, `rest`, batch processing.
_REFERENCE = re.compile(r"\$(?:result|next|total|time|error)[^ \t\n\r\f\[]*\[", re.IGNORECASE)


def _pairs(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _pairs(f"{name}[{quote(str(key), safe='')}]", inner)
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            yield from _pairs(f"{name}[{index}]", inner)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield name, str(value)
    else:
        # `True` would arrive as a word and `None` cannot be said at all: the caller decides what it means.
        raise TypeError(f"{name}: {type(value).__name__} has no form in a query string")


def query(params: dict[str, object]) -> str:
    """`fields[NAME]=J%C3%BCrgen&fields[PHONE][0][VALUE]=%2B49…`: every reserved character of every value encoded."""
    return "&".join(f"{name}={quote(text, safe='')}" for key, value in params.items() for name, text in _pairs(key, value))


def command(method: str, params: dict[str, object]) -> str:
    """One command of a `batch`, for its JSON form: `crm.contact.add?fields[NAME]=…`."""
    return f"{method}?{query(params)}"


def has_reference(value: object) -> bool:
    """True when a batch might replace something in `value`, however deep it is nested."""
    if isinstance(value, dict):
        return any(has_reference(inner) for inner in value.values())
    if isinstance(value, (list, tuple)):
        return any(has_reference(inner) for inner in value)
    return isinstance(value, str) and "$" in value and _REFERENCE.search(value) is not None
