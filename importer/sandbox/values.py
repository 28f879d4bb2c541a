"""What the portal makes of a value it is sent for a field: casts, conversions and silent drops.

The reference's section 14 is the source: what cannot be read is left out without an error, and the record is created
all the same. Where it is silent on a type, the choice is named in a comment.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable

from importer.sandbox import dates
from importer.sandbox.fields import FieldSpec
from importer.sandbox.php_casts import as_float, as_int, as_text, is_true
from importer.sandbox.portal import Portal
from importer.sandbox.refusals import core

#: the value is left out, as if the field had not been sent
DROPPED = object()

_SCRIPT = re.compile(r"<(script|style|iframe|object)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*)?/?>")
# The sanitiser's own list is not documented; these are the tags of the portal's visual editor.
_KEPT_TAGS = frozenset("a b i u s p br ul ol li div span strong em blockquote code table tbody tr td th h1 h2 h3 h4".split())
_EVENT = re.compile(r"\s(?:on\w+|style)\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+)", re.IGNORECASE)


def convert(spec: FieldSpec, value: object, portal: Portal) -> object:
    """The value to store for `spec`, or DROPPED. Raises Refusal only where a setting asks for it.

    A multiple field keeps a list; a single value sent to it counts as a list of one (PHP's array cast).
    """
    one = _CONVERTERS.get(spec.type, _text)
    if not spec.is_multiple:
        return one(spec, value, portal)
    elements = _elements(spec, value)
    kept = [one(spec, element, portal) for element in elements]
    return [item for item in kept if item is not DROPPED and item not in (None, "")]


def _elements(spec: FieldSpec, value: object) -> list[object]:
    if not isinstance(value, dict):
        return [value]
    if spec.type == "file" and ("fileData" in value or "id" in value):
        return [value]
    return list(value.values())


def sanitised(text: str) -> str:
    """Text as the HTML sanitiser leaves it: unknown tags and scripts gone, plain text and BB codes untouched."""
    if "<" not in text:
        return text
    text = _SCRIPT.sub("", text)
    return _TAG.sub(lambda tag: _EVENT.sub("", tag[0]) if tag[1].lower() in _KEPT_TAGS else "", text)


def _text(spec: FieldSpec, value: object, portal: Portal) -> object:
    text = as_text(value)
    return (sanitised(text) if spec.is_html else text) or None


def _whole(spec: FieldSpec, value: object, portal: Portal) -> object:
    return None if value in (None, "") else as_int(value)


def _decimal(spec: FieldSpec, value: object, portal: Portal) -> object:
    if value in (None, ""):
        return None
    # PRECISION is the number of decimals the field keeps (section 8.5).
    return round(as_float(value), as_int(spec.settings.get("PRECISION", 4)))


def _yes_or_no(spec: FieldSpec, value: object, portal: Portal) -> object:
    return "Y" if as_text(value).upper() in ("Y", "1") else "N"


def _flag(spec: FieldSpec, value: object, portal: Portal) -> object:
    # How the classic methods read Y and N is not documented; they are taken as people mean them.
    if isinstance(value, str) and value.upper() in ("Y", "N"):
        return int(value.upper() == "Y")
    return int(is_true(value))


def _date(spec: FieldSpec, value: object, portal: Portal) -> object:
    if value in (None, ""):
        return None
    moment = dates.parse(as_text(value), portal.local_now())
    if moment is None:
        return DROPPED
    offset = portal.settings.utc_offset_h
    day = moment.astimezone(portal.zone).date()
    # A date comes back as midnight UTC in the portal's zone (sample of the vendor: …T03:00:00+03:00).
    return f"{day.isoformat()}T{offset % 24:02}:00:00{'+' if offset >= 0 else '-'}{abs(offset):02}:00"


def _moment(spec: FieldSpec, value: object, portal: Portal) -> object:
    if value in (None, ""):
        return None
    moment = dates.parse(as_text(value), portal.local_now())
    return DROPPED if moment is None else moment.astimezone(portal.zone).replace(microsecond=0).isoformat()


def _status(spec: FieldSpec, value: object, portal: Portal) -> object:
    code = as_text(value)
    if not code or code in portal.store.directories.codes(spec.status_type):
        return code or None
    if portal.settings.unknown_status == "reject":
        raise core(f"Invalid value for field \"{spec.name}\"")
    return None


def _list_item(spec: FieldSpec, value: object, portal: Portal) -> object:
    if value in (None, "", False):
        return None
    item = as_int(value)
    if item in spec.items:
        return item
    if portal.settings.unknown_status == "reject":
        raise core(f"Invalid value for field \"{spec.name}\"")
    return None


def _money(spec: FieldSpec, value: object, portal: Portal) -> object:
    amount, _, currency = as_text(value).partition("|")
    if not re.match(r"\s*[+-]?[0-9.]", amount):
        return None
    return f"{amount.strip()}|{currency or portal.settings.currency}"


def _company(spec: FieldSpec, value: object, portal: Portal) -> object:
    company = as_int(value)
    if company <= 0:
        return None
    if portal.settings.unknown_company == "drop" and portal.store.row("company", company) is None:
        return DROPPED
    return company


def _file(spec: FieldSpec, value: object, portal: Portal) -> object:
    if value in (None, ""):
        return None
    if isinstance(value, dict) and "id" in value and "fileData" not in value:
        return as_int(value["id"]) or DROPPED
    data = value.get("fileData", value) if isinstance(value, dict) else value
    parts = list(data.values()) if isinstance(data, dict) else [data]
    name, content = (parts[0], parts[1]) if len(parts) > 1 else ("file", parts[0] if parts else "")
    decoded = _decoded(as_text(content))
    return portal.store.add_file(as_text(name) or "file", decoded) if decoded else DROPPED


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


_CONVERTERS: dict[str, Callable[[FieldSpec, object, Portal], object]] = {
    "integer": _whole,
    "double": _decimal,
    "char": _yes_or_no,
    "boolean": _flag,
    "date": _date,
    "datetime": _moment,
    "user": _whole,
    "employee": _whole,
    "iblock_element": _whole,
    "iblock_section": _whole,
    "crm_company": _company,
    "crm_status": _status,
    "enumeration": _list_item,
    "money": _money,
    "file": _file,
}
