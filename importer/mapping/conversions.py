"""The conversion that belongs to a portal field: its type decides what a text of the source becomes.

Values leave as text, whatever their type: the portal casts by PHP's rules, so a list in the place of one value
would become the word "Array" (published server modules of the platform). Write formats: apidocs.bitrix24.com, crm.item.add and data types.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from importer.mapping.amounts import NumberReader, money_conversion
from importer.mapping.contact_fields import DIRECTORIES, IMPORT_ONLY
from importer.mapping.dates import DateReader, compile_formats
from importer.mapping.directories import item_conversion, user_conversion
from importer.mapping.emails import email
from importer.mapping.findings import Conversion, Finding, doubted, refused, shown
from importer.mapping.new_items import NewItems
from importer.mapping.phones import phone_conversion
from importer.mapping.rules import Defaults, FieldRule
from importer.mapping.yes_no import yes_no_conversion
from importer.records import Catalogue, PortalField

DATE_TYPES = frozenset(("date", "datetime"))
NUMBER_TYPES = frozenset(("integer", "double", "money"))

#: results of slow conversions are remembered for this many different texts of up to this length: a few MB at most
REMEMBERED, REMEMBERED_CHARS = 8192, 80

_CRM_LINK = re.compile(r"(L|D|C|CO|I|SI|Q|O|RQ|T[0-9a-f]+)_([1-9][0-9]*)")
_ID = re.compile(r"[1-9][0-9]*")
# The kinds of a field's settings and their prefixes in a link; a smart process of the type id 128 is DYNAMIC_128 and T80.
_LINK_PREFIXES = {"LEAD": "L", "DEAL": "D", "CONTACT": "C", "COMPANY": "CO", "INVOICE": "I", "SMART_INVOICE": "SI", "DYNAMIC_31": "SI",
                  "QUOTE": "Q", "ORDER": "O", "REQUISITE": "RQ"}  # fmt: skip
_DYNAMIC = re.compile(r"DYNAMIC_([0-9]+)")

# What the column of an id holds in the published on-premise schema (INT UNSIGNED of MySQL).
_LARGEST_ID = 2**32 - 1
# Latitude and longitude, or neither: anything else between the signs is a text that happens to have them.
_PORTAL_ADDRESS = re.compile(
    r"[^|]*\|(?:\s*;\s*|\s*-?(?:90(?:\.0+)?|[0-8]?\d(?:\.\d+)?)\s*;\s*-?(?:180(?:\.0+)?|(?:1[0-7]|\d)?\d(?:\.\d+)?)\s*)(?:\|\d*)?"
)


@dataclass(frozen=True, slots=True)
class Converted:
    """How a field's values are converted. `convert` is None where the text is sent as it is."""

    convert: Conversion | None
    #: what the person should know, once a run; empty when nothing
    note: str = ""


def conversion_for(
    field: PortalField, rule: FieldRule, defaults: Defaults, catalogue: Catalogue, new_items: NewItems | None = None
) -> Converted:
    """The conversion of `field` for values taken by `rule`. Types the portal may add later pass as text.

    With `new_items`, a text that is not in a list or directory becomes a new item there instead of being refused.
    """
    if field.type == "crm_multifield":
        return Converted(_multifield_conversion(field.name, defaults))
    if field.type in DATE_TYPES:
        return _date(field, rule, defaults)
    if field.type in NUMBER_TYPES:
        return Converted(_number_conversion(field, rule, defaults))
    if field.type == "enumeration":
        new = new_items and new_items.for_list(field.name)
        items = item_conversion(field.items, code="unknown_list_item", whose=f"the list of {_called(field)}", new=new)
        return Converted(remembered(items))
    if field.type == "crm_status":
        return _status(field, catalogue, new_items)
    if field.type in ("user", "employee"):
        return _user(field, catalogue)
    simple = {"char": yes_no_conversion("Y", "N"), "boolean": yes_no_conversion("1", "0"), "url": _url, "address": _address}
    if field.type in simple:
        return Converted(simple[field.type])
    if field.type == "crm":
        return Converted(_link_conversion(field))
    if field.type.startswith(("crm_", "iblock_")):
        return Converted(_id)
    return Converted(None)


def remembered(convert: Conversion) -> Conversion:
    """The same conversion, which does not work twice for a text it has lately seen."""
    cached = lru_cache(REMEMBERED)(convert)
    return lambda text: cached(text) if len(text) <= REMEMBERED_CHARS else convert(text)


def _called(field: PortalField) -> str:
    return f'{field.name} ("{field.label}")' if field.label and field.label != field.name else field.name


def _multifield_conversion(name: str, defaults: Defaults) -> Conversion | None:
    if name == "PHONE":
        return phone_conversion(defaults.region)
    return email if name == "EMAIL" else None


def _date(field: PortalField, rule: FieldRule, defaults: Defaults) -> Converted:
    zone = ZoneInfo(defaults.timezone or "UTC")
    born_by = date.today().year if field.name == "BIRTHDATE" else None
    # A day of grace: the file's zone may not be the one that is given.
    not_after = datetime.now(UTC) + timedelta(days=1) if field.name in IMPORT_ONLY else None
    formats = compile_formats(rule.date_formats or defaults.date_formats or ())
    reader = DateReader(formats, zone, born_by, not_after, is_zone_given=defaults.timezone is not None)
    if field.type == "date":
        return Converted(remembered(reader.day))
    note = "" if defaults.timezone else f"{field.name}: `defaults.timezone` is not set, so times are taken as UTC."
    return Converted(remembered(reader.moment), note)


def _number_conversion(field: PortalField, rule: FieldRule, defaults: Defaults) -> Conversion:
    numbers = NumberReader(defaults.region, rule.decimal or defaults.decimal)
    if field.type == "money":
        return money_conversion(numbers, rule.currency or defaults.currency)
    if field.type == "integer":
        return numbers.whole
    decimals = str(field.settings.get("PRECISION", ""))
    return (lambda text: numbers.rounded(text, int(decimals))) if decimals.isdecimal() else numbers.decimal


def directory_of(field: PortalField) -> str:
    """The directory of a crm_status field (CONTACT_TYPE, SOURCE …); empty when the portal does not tell."""
    return field.status_type or str(field.settings.get("ENTITY_TYPE") or DIRECTORIES.get(field.name, ""))


def _status(field: PortalField, catalogue: Catalogue, new_items: NewItems | None) -> Converted:
    directory = directory_of(field)
    items = catalogue.statuses.get(directory)
    if items is None:
        whose = f"its directory {directory}" if directory else "its directory"
        why = "was not given by the portal" if catalogue.is_live else "is known only to the portal"
        return Converted(None, f"{field.name} is not checked: {whose} {why}. Codes are sent as they stand.")
    whose = f"the portal's directory {directory}"
    new = new_items and new_items.for_list(directory)
    return Converted(remembered(item_conversion(items, code="unknown_status", whose=whose, new=new)))


def _user(field: PortalField, catalogue: Catalogue) -> Converted:
    if catalogue.users:
        return Converted(remembered(user_conversion(catalogue.users)))
    if not catalogue.is_live:
        return Converted(None, f"{field.name} is not checked: users are known only to the portal.")
    return Converted(_user_id, f"{field.name} takes ids only: the portal did not show its users (scope user_basic).")


def _user_id(text: str) -> str | Finding:
    if text.isdecimal() and text.isascii():
        return text
    sentence = f"{shown(text)} cannot be looked up: the portal did not show its users. Write the id, or give the webhook or application the scope user_basic."
    return refused("unknown_user", sentence)


def _id(text: str) -> str | Finding:
    if _is_id(text):
        return text
    # Zeros in front belong to a code of another system: without them it would be somebody's id.
    return refused("bad_id", f"{shown(text)} is no id of the portal, which is a whole number. Write the number, or add a `map`.")


def _is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None and len(text) <= 10 and int(text) <= _LARGEST_ID


def _link_conversion(field: PortalField) -> Conversion:
    """Links to CRM records as `CO_3`, of the kinds the field allows; a bare id gets the prefix when that is one kind only."""
    allowed = _allowed_prefixes(field)
    [only] = allowed if len(allowed) == 1 else [None]

    def convert(text: str) -> str | Finding:
        link = _CRM_LINK.fullmatch(text)
        if link and _is_id(link[2]):
            if not allowed or link[1] in allowed:
                return text
            kinds = ", ".join(f"{prefix}_12" for prefix in allowed)
            sentence = f"{shown(text)} is of a kind that {_called(field)} does not allow; it takes {kinds}."
            return refused("bad_crm_link", sentence, "Correct the cell, or map another field.")
        if only and _is_id(text):
            return f"{only}_{text}"
        sentence = f"{shown(text)} is no link to a CRM record. Write its prefix and id: C_12 a contact, CO_12 a company, D_12 a deal, L_12 a lead."
        return refused("bad_crm_link", sentence)

    return convert


def _allowed_prefixes(field: PortalField) -> list[str]:
    """The prefixes of the kinds that a field's settings allow; none where they do not tell, or allow a kind unknown here."""
    prefixes: list[str] = []
    for kind in (kind for kind, value in field.settings.items() if value == "Y"):
        dynamic = _DYNAMIC.fullmatch(kind)
        prefix = _LINK_PREFIXES.get(kind) or (f"T{int(dynamic[1]):x}" if dynamic else None)
        if prefix is None:
            return []
        prefixes.append(prefix)
    return list(dict.fromkeys(prefixes))


def _url(text: str) -> str | Finding:
    if any(char.isspace() for char in text):
        return doubted("odd_url", f"{shown(text)} has blanks in it, which an address on the web cannot have. It is sent as written.", text)
    return text


def _address(text: str) -> str | Finding:
    """`text|coordinates|location id`; without a location the portal's own form leaves these parts empty."""
    if _PORTAL_ADDRESS.fullmatch(text):
        return text
    if "|" in text:
        return refused("bad_address", f"{shown(text)} has a bar, which separates the parts of an address there. Replace it.")
    return f"{text}|;|"
