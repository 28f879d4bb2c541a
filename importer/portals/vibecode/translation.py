"""A contact in Bitrix24's own names and forms, and the same as VibeCode's JSON, in both directions. Pure tables.

Source: vibecode.bitrix24.tech, /docs/entities/contacts/create; forms that are natively documented only are marked (native).
"""

from __future__ import annotations

from collections.abc import Mapping

from importer.portals.vibecode.names import Vocabulary
from importer.records import PortalField

Json = dict[str, object]

#: Kinds a multifield's value may have, `typeId` there; any other becomes OTHER. WEB and IM are not documented for contacts.
KINDS: dict[str, tuple[str, ...]] = {
    "PHONE": ("WORK", "HOME", "MOBILE", "OTHER"),
    "EMAIL": ("WORK", "HOME", "MAILING", "OTHER"),
}

_OTHER = "OTHER"

#: Types whose values are whole numbers in JSON: ids above all. An enumeration is sent by its option's id (native).
_WHOLE = frozenset(("integer", "user", "employee", "crm_company", "crm_contact", "crm_lead", "crm_deal", "enumeration"))

_YES = {"Y": True, "N": False, "1": True, "0": False}


def to_vibecode(fields: Mapping[str, object], words: Vocabulary) -> Json:
    """A contact's fields as the body of a create or update. What cannot be written here is left out: `check` has said so."""
    return {words.theirs[name]: _sent(words.fields[name], value) for name, value in fields.items() if words.writes(name)}


def _sent(field: PortalField, value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [_sent(field, one) for one in value]
    if isinstance(value, dict):
        return _file(value) if "fileData" in value else _multifield(field.name, value)
    if not isinstance(value, str):
        return value
    if field.type in ("char", "boolean"):
        return _YES.get(value, value)
    if field.type in _WHOLE:
        return int(value) if value.isascii() and value.isdecimal() else value
    return _decimal(value) if field.type == "double" else value


def _file(value: Mapping[str, object]) -> object:
    """[name, base64] (native)."""
    return list(value["fileData"])


def _multifield(name: str, value: Mapping[str, object]) -> Json:
    kind = str(value.get("VALUE_TYPE") or "")
    return {"value": value.get("VALUE"), "typeId": kind_sent(name, kind)}


def kind_sent(name: str, kind: str) -> str:
    """The kind that is sent for a kind of the portal."""
    return kind if kind in KINDS.get(name, (_OTHER,)) else _OTHER


def _decimal(text: str) -> object:
    try:
        number = float(text)
    except ValueError:
        return text
    # What a JSON number would round stays a text.
    return number if len(text.strip("-0.").replace(".", "")) <= 15 else text


def from_vibecode(record: Mapping[str, object], words: Vocabulary) -> dict[str, object]:
    """A contact's JSON as `crm.contact.list` would show it: Bitrix24's names, numbers as texts, Y and N."""
    ours = words.ours()
    # Custom fields are in the portal's list; anything else without a name of ours is a copy or new, and is not read.
    found = {name: _read(words.fields.get(name), value) for their, value in record.items() if (name := ours.get(their))}
    for name in ("PHONE", "EMAIL", "WEB", "IM"):
        values = multifields(record, name, words.theirs.get(name, name.lower()))
        if values is None:
            found.pop(name, None)
        else:
            found[name] = values
    return found


def multifields(record: Mapping[str, object], name: str, their: str) -> list[dict[str, str]] | None:
    """A contact's phones, e-mails …: [{"ID", "VALUE", "VALUE_TYPE"}]; None where the record does not show them.

    Documented layouts of the output are three: `fm` with `typeId` PHONE, `valueType` MOBILE; `[{"VALUE"}]` in embedded
    contacts; flat aliases, which hold the first value of each kind.
    """
    shown = record.get("fm")
    if isinstance(shown, (list, dict)):
        entries = [entry for entry in (shown.values() if isinstance(shown, dict) else shown) if isinstance(entry, dict)]
        return [_entry(entry, "valueType", "VALUE_TYPE") for entry in entries if _channel(entry) == name]
    shown = record.get(their)
    if isinstance(shown, list):
        return [_entry(one if isinstance(one, dict) else {"value": one}, "typeId", "valueType", "VALUE_TYPE") for one in shown]
    kinds = {kind: record.get(their + kind.capitalize()) for kind in KINDS.get(name, ())}
    aliased = [{"ID": "", "VALUE": str(value), "VALUE_TYPE": kind} for kind, value in kinds.items() if value]
    if not aliased and isinstance(shown, str) and shown:
        return [{"ID": "", "VALUE": shown, "VALUE_TYPE": ""}]
    return aliased if aliased or their in record else None


def _channel(entry: Mapping[str, object]) -> str:
    return str(entry.get("typeId") or entry.get("TYPE_ID") or "").upper()


def _entry(entry: Mapping[str, object], *kind_keys: str) -> dict[str, str]:
    kind = next((entry[key] for key in kind_keys if entry.get(key)), "")
    number, value = entry.get("id", entry.get("ID")), entry.get("value", entry.get("VALUE"))
    return {"ID": "" if number is None else str(number), "VALUE": "" if value is None else str(value), "VALUE_TYPE": str(kind)}


def _read(field: PortalField | None, value: object) -> object:
    if isinstance(value, list):
        return [_read(field, one) for one in value]
    if isinstance(value, bool):
        return ("1" if value else "0") if field is not None and field.type == "boolean" else ("Y" if value else "N")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, (int, float)) else value
