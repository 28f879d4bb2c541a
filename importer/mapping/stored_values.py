"""Whether a value that would be sent is what the portal holds already, in the forms in which portals give values back.

The forms are those of apidocs.bitrix24.com ("Data types", crm.contact.get, custom fields): scalars as texts, dates with a
time of day, empty multiple fields as `false`.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation

_YES = ("y", "1", "yes", "true")
_NO = ("n", "0", "no", "false")


def is_empty(stored: object) -> bool:
    """True for a field that holds nothing: `null`, an empty text, an empty list, `false` of a multiple field."""
    return stored is None or stored is False or stored in ("", [], {})


def is_same(kind: str, wanted: object, stored: object) -> bool:
    """True when sending `wanted` to a field of the type `kind` would change nothing.

    Lists are the same when they hold the same values in any order. A file is never the same: portals give back a
    number and an address of it, not what is in it.
    """
    if isinstance(wanted, list):
        kept = list(stored.values()) if isinstance(stored, dict) else stored
        if is_empty(stored):
            return not [one for one in wanted if one != ""]
        kept = kept if isinstance(kept, list) else [kept]
        return kind != "file" and _normal_all(kind, wanted) == _normal_all(kind, kept)
    if is_empty(wanted) or is_empty(stored):
        # A tick that was never made reads as nothing, and is a no.
        return is_empty(wanted) and is_empty(stored) or kind == "boolean" and _boolean(wanted or "") == _boolean(stored or "") == "N"
    if isinstance(stored, list):
        return len(stored) == 1 and is_same(kind, wanted, stored[0])
    return kind != "file" and _normal(kind, wanted) == _normal(kind, stored)


def _normal_all(kind: str, values: list) -> list[str]:
    return sorted(str(_normal(kind, value)) for value in values)


def _normal(kind: str, value: object) -> object:
    return _NORMAL.get(kind, _text)(str(value) if not isinstance(value, str) else value)


def _text(value: str) -> str:
    # Texts pass a sanitiser that writes & as &amp;, and line ends come back in either form.
    return html.unescape(value).replace("\r\n", "\n").strip()


def _whole(value: str) -> object:
    bare = value.strip()
    return int(bare) if bare.removeprefix("-").isdecimal() else bare


def _decimal(value: str) -> object:
    try:
        return Decimal(value.strip()).normalize()
    except InvalidOperation:
        return value.strip()


def _money(value: str) -> object:
    amount, _, currency = value.partition("|")
    return (_decimal(amount), currency.strip().upper())


def _day(value: str) -> str:
    # A day comes back with a time and an offset; its first ten characters are the day that was sent.
    return value.strip()[:10]


def _moment(value: str) -> object:
    try:
        return datetime.fromisoformat(value.strip()).timestamp()
    except ValueError:
        return value.strip()


def _boolean(value: object) -> str:
    word = str(value).strip().lower()
    return "Y" if word in _YES else "N" if word in _NO or not word else word


def _link(value: str) -> str:
    # A field that takes one kind of record may keep the bare number of what was sent as CO_7.
    return value.strip().upper().rpartition("_")[2]


def _place(value: str) -> str:
    # Behind the first bar stand coordinates and an id, which the portal finds by itself.
    return value.partition("|")[0].strip()


_NORMAL: dict[str, Callable[[str], object]] = {
    "integer": _whole,
    "user": _whole,
    "employee": _whole,
    "crm_company": _whole,
    "crm_entity": _whole,
    "crm_lead": _whole,
    "iblock_element": _whole,
    "iblock_section": _whole,
    "enumeration": _whole,
    "double": _decimal,
    "money": _money,
    "date": _day,
    "datetime": _moment,
    "boolean": _boolean,
    "char": lambda value: value.strip().upper(),
    "crm": _link,
    "address": _place,
}
