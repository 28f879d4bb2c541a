"""PHONE, EMAIL, WEB, IM and LINK: what of a sent list is kept, changed or removed, and the e-mail check.

Plain decisions over sent and stored values; the store carries them out. Reference, sections 6.3 and 14.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from importer.sandbox.php_casts import as_int, as_text
from importer.sandbox.refusals import core

#: the kinds of multifield, in the order the portal shows them
KINDS = ("PHONE", "EMAIL", "WEB", "IM", "LINK")

# What an empty VALUE_TYPE becomes. That there is a default is documented (section 14), which one is our choice.
_DEFAULT_TYPE = {"PHONE": "WORK", "EMAIL": "WORK", "WEB": "WORK", "IM": "OTHER", "LINK": "WORK"}

_EMAIL_LABEL = {"WORK": "Work e-mail", "HOME": "Home e-mail", "MAILING": "Mailing e-mail"}
_EXTENSION = re.compile(r";|,|#|ext|доб|x", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s().\-]")
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]+(?<!\.)@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]{1,62}")


@dataclass(frozen=True, slots=True)
class Multifield:
    """One value of a contact or company."""

    kind: str
    value: str
    value_type: str
    #: the value's own id; 0 before it is stored
    id: int = 0


@dataclass(slots=True)
class Changes:
    """What one add or update does to the stored values."""

    added: list[Multifield] = field(default_factory=list)
    changed: list[Multifield] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)


def changes(fields: dict, stored: list[Multifield]) -> Changes:
    """What the multifields in `fields` mean against the `stored` ones. Raises Refusal for a malformed e-mail.

    An element without ID whose value is already there adds nothing; one with an ID that is not there is a new value.
    """
    result = Changes()
    by_id = {item.id: item for item in stored}
    values = {(item.kind, item.value) for item in stored}
    for kind in KINDS:
        elements = fields.get(kind)
        if not isinstance(elements, dict):
            continue
        for element in elements.values():
            if isinstance(element, dict):
                _weigh(kind, element, by_id, values, result)
    return result


def _weigh(kind: str, element: dict, by_id: dict[int, Multifield], stored: set, result: Changes) -> None:
    present = by_id.get(as_int(element.get("ID")))
    value = as_text(element.get("VALUE")).strip()
    if present is not None and present.kind == kind:
        value_type = as_text(element.get("VALUE_TYPE")).strip() or present.value_type
        if "VALUE" not in element and value_type != present.value_type:
            value = present.value
        if element.get("DELETE") == "Y" or not value:
            result.removed.append(present.id)
            return
        _check_email(kind, value, value_type)
        result.changed.append(Multifield(kind, value, value_type, present.id))
        return
    if not value or (kind, value) in stored:
        return
    value_type = as_text(element.get("VALUE_TYPE")).strip() or _DEFAULT_TYPE[kind]
    _check_email(kind, value, value_type)
    result.added.append(Multifield(kind, value, value_type))


def _check_email(kind: str, value: str, value_type: str) -> None:
    if kind == "EMAIL" and not _EMAIL.fullmatch(value):
        label = _EMAIL_LABEL.get(value_type.upper(), "E-mail")
        raise core(f"The field `{label}` contains an invalid address")


def comparable(kind: str, value: str) -> str:
    """A value as `crm.duplicate.findbycomm` compares it.

    The extension of a phone is ignored and the written form matters (section 8.4); that spaces, dashes, dots and
    brackets do not is a choice of the sandbox, as is e-mail without regard to case.
    """
    if kind == "EMAIL":
        return value.strip().lower()
    if kind != "PHONE":
        return value
    return _SEPARATORS.sub("", _EXTENSION.split(value, maxsplit=1)[0])
