"""The portal's own field names and VibeCode's: one table, and the contact fields of one portal read by it.

Source: vibecode.bitrix24.tech, /docs/entities/contacts/create and …/fields; names that only the native universal
methods show (crm.item.*, entityTypeId 3) stand in the table too, and count only where the portal lists them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from importer.records import ListItem, PortalField

#: our name → (VibeCode's names, the first that is listed counts, and the portal's type word)
_STANDARD: dict[str, tuple[tuple[str, ...], str]] = {
    "ID": (("id",), "integer"),
    "NAME": (("name",), "string"),
    "LAST_NAME": (("lastName",), "string"),
    "SECOND_NAME": (("secondName",), "string"),
    "HONORIFIC": (("honorific",), "crm_status"),
    "PHONE": (("phone",), "crm_multifield"),
    "EMAIL": (("email",), "crm_multifield"),
    "WEB": (("web",), "crm_multifield"),
    "IM": (("im",), "crm_multifield"),
    "COMPANY_ID": (("companyId",), "crm_company"),
    "COMPANY_IDS": (("companyIds",), "crm_company"),
    "POST": (("post",), "string"),
    "COMMENTS": (("comments",), "string"),
    "BIRTHDATE": (("birthdate",), "date"),
    "PHOTO": (("photo",), "file"),
    "TYPE_ID": (("typeId",), "crm_status"),
    "SOURCE_ID": (("sourceId",), "crm_status"),
    "SOURCE_DESCRIPTION": (("sourceDescription",), "string"),
    "ASSIGNED_BY_ID": (("assignedById",), "user"),
    "OPENED": (("opened",), "char"),
    "EXPORT": (("export",), "char"),
    "LEAD_ID": (("leadId",), "crm_lead"),
    "ORIGINATOR_ID": (("originatorId",), "string"),
    "ORIGIN_ID": (("originId",), "string"),
    "ORIGIN_VERSION": (("originVersion",), "string"),
    "UTM_SOURCE": (("utmSource",), "string"),
    "UTM_MEDIUM": (("utmMedium",), "string"),
    "UTM_CAMPAIGN": (("utmCampaign",), "string"),
    "UTM_CONTENT": (("utmContent",), "string"),
    "UTM_TERM": (("utmTerm",), "string"),
    # The contact's own pages say createdTime, the guide and the generic pages createdAt.
    "DATE_CREATE": (("createdTime", "createdAt"), "datetime"),
    "DATE_MODIFY": (("updatedTime", "updatedAt"), "datetime"),
    "CREATED_BY_ID": (("createdBy", "createdById"), "user"),
    "MODIFY_BY_ID": (("updatedBy", "updatedById"), "user"),
    "HAS_PHONE": (("hasPhone",), "char"),
    "HAS_EMAIL": (("hasEmail",), "char"),
    "HAS_IMOL": (("hasImol",), "char"),
    "FACE_ID": (("faceId",), "integer"),
    "LAST_ACTIVITY_TIME": (("lastActivityTime",), "datetime"),
    "LAST_ACTIVITY_BY": (("lastActivityBy",), "user"),
}

#: Names of crm.contact.fields for which VibeCode has no word at all. Source: the native documentation.
_WORDLESS = (
    "LINK", "TRACE", "ADDRESS", "ADDRESS_2", "ADDRESS_CITY", "ADDRESS_POSTAL_CODE", "ADDRESS_REGION", "ADDRESS_PROVINCE",
    "ADDRESS_COUNTRY", "ADDRESS_COUNTRY_CODE", "ADDRESS_LOC_ADDR_ID",
)  # fmt: skip

#: Fields the portal fills itself, whatever the list says of them (/docs/entities/contacts/create, "read-only").
_FILLED_BY_PORTAL = frozenset(("ID", "DATE_CREATE", "DATE_MODIFY", "CREATED_BY_ID", "MODIFY_BY_ID"))

#: Flat copies of phones and e-mails, one a kind, and other names that hold nothing of their own.
_ALIASES = re.compile(r"^(?:fm|_included|createdAt|updatedAt|(?:phone|email)(?:Work|Mobile|Home|Fax|Pager|Mailing|Other|Newsletter))$")

_DIRECTORIES = {"HONORIFIC": "HONORIFIC", "TYPE_ID": "CONTACT_TYPE", "SOURCE_ID": "SOURCE"}

#: VibeCode's type words that the portal has other words for (/docs/entities/contacts/fields).
_TYPES = {"number": "double", "multifield": "crm_multifield", "text": "string"}

_CUSTOM = re.compile(r"^ufCrm(?P<rest>\w+)$")
_PARENT = re.compile(r"^parentId(?P<number>\d+)$")
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

#: (ORIGINATOR_ID, ORIGIN_ID) as VibeCode names them
ORIGINATOR, ORIGIN = "originatorId", "originId"


def portal_name(name: str) -> str:
    """VibeCode's name of a custom field as the portal stores it: `ufCrm_17` is UF_CRM_17, `ufCrmWgCity` UF_CRM_WG_CITY.

    Only for names whose entry in the field list does not tell. Source: native documentation, naming of universal methods.
    """
    custom, parent = _CUSTOM.match(name), _PARENT.match(name)
    if parent:
        return f"PARENT_ID_{parent['number']}"
    if custom is None:
        return name if name.isupper() else _CAPITAL.sub("_", name).upper()
    rest = custom["rest"]
    return f"UF_CRM{rest}" if rest.startswith("_") else f"UF_CRM_{_CAPITAL.sub('_', rest).upper()}"


@dataclass(slots=True)
class Vocabulary:
    """The contact fields of one portal, and what VibeCode calls them there."""

    #: our name → the field
    fields: dict[str, PortalField] = field(default_factory=dict)
    #: our name → VibeCode's
    theirs: dict[str, str] = field(default_factory=dict)

    @property
    def keeps_origin(self) -> bool:
        """True where a contact's ORIGINATOR_ID and ORIGIN_ID can be written."""
        return self.writes("ORIGINATOR_ID") and self.writes("ORIGIN_ID")

    def writes(self, name: str) -> bool:
        """True for a field that can be sent."""
        return name in self.fields and not self.fields[name].is_read_only

    def ours(self) -> dict[str, str]:
        """VibeCode's name → ours, with both spellings of the times."""
        found = {their: name for name, their in self.theirs.items()}
        for name, (spellings, _) in _STANDARD.items():
            for spelling in spellings:
                found.setdefault(spelling, name)
        return found

    def unwritable(self) -> list[str]:
        """The fields of crm.contact.add that cannot be sent through VibeCode here, in the table's order."""
        return [name for name in (*_STANDARD, *_WORDLESS) if not self.writes(name)]


def vocabulary(described: object) -> Vocabulary:
    """The fields in an answer of `GET /v1/contacts/fields`. ValueError when it is none.

    Nothing of an entry is documented but its type and a mark for reading only, so each is read as far as it goes; the
    list may stand one level deeper, under `fields` (public clients have met both).
    """
    listed = described
    if isinstance(listed, dict) and isinstance(listed.get("fields"), (dict, list)):
        listed = listed["fields"]
    if isinstance(listed, list):
        listed = {str(entry.get("name") or entry.get("field")): entry for entry in listed if isinstance(entry, dict)}
    if not isinstance(listed, dict) or "name" not in listed:
        raise ValueError("not a description of contact fields")
    known = Vocabulary()
    standard = {their: name for name, (spellings, _) in _STANDARD.items() for their in spellings if their in listed}
    for their, entry in listed.items():
        if isinstance(entry, dict) and (their in standard or not _ALIASES.match(their)):
            name = standard.get(their) or _told(entry) or portal_name(their)
            if name not in known.fields:
                known.fields[name], known.theirs[name] = _field(name, entry), their
    return known


def documented() -> Vocabulary:
    """The table alone, for reading what any portal has, before its own list is known."""
    return Vocabulary(
        {name: _field(name, {}) for name in _STANDARD},
        {name: spellings[0] for name, (spellings, _) in _STANDARD.items()},
    )


def _told(entry: dict[str, object]) -> str | None:
    name = entry.get("upperName") or entry.get("fieldName")
    return name if isinstance(name, str) and name.startswith(("UF_", "PARENT_ID_")) else None


def _is_yes(value: object) -> bool:
    return value in (True, "Y", "true", 1, "1")


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value in (None, False) or isinstance(value, (dict, list)) else str(value)


def _field(name: str, entry: dict[str, object]) -> PortalField:
    type_word = _text(entry.get("type"))
    kind = _STANDARD[name][1] if name in _STANDARD else _TYPES.get(type_word, type_word or "string")
    label = next((_text(entry[key]) for key in ("formLabel", "listLabel", "label", "title") if _text(entry.get(key))), name)
    settings = entry.get("settings")
    return PortalField(
        name=name,
        type=kind,
        label=label,
        is_required=_is_yes(entry.get("isRequired", entry.get("required"))),
        is_read_only=name in _FILLED_BY_PORTAL or any(_is_yes(entry.get(key)) for key in ("isReadOnly", "readonly", "readOnly")),
        is_multiple=kind == "crm_multifield" or name == "COMPANY_IDS" or _is_yes(entry.get("isMultiple", entry.get("multiple"))),
        status_type=_text(entry.get("statusType")) or _DIRECTORIES.get(name),
        items=_items(entry.get("items")),
        settings=settings if isinstance(settings, dict) else {},
    )


def _items(listed: object) -> tuple[ListItem, ...]:
    entries = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    return tuple(ListItem(_text(entry.get("ID", entry.get("id"))), _text(entry.get("VALUE", entry.get("value")))) for entry in entries)
