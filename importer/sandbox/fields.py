"""The fields of contacts and companies: name, type, and who may write them. Tables and lookups, no values.

Custom fields come from the store; `FieldSpec` describes both kinds. Reference, sections 6.2, 6.9 and 8.3.
"""

from __future__ import annotations

from dataclasses import dataclass, field

#: how a field may be set: always, only with `params.IMPORT`, or never
WRITABLE, IMPORT_ONLY, READ_ONLY = "writable", "import", "read"


@dataclass(frozen=True, slots=True, eq=False)
class FieldSpec:
    """One field as the methods need it."""

    name: str
    #: the portal's type word: string, char, date, crm_status, enumeration …
    type: str
    access: str = WRITABLE
    is_multiple: bool = False
    is_required: bool = False
    is_deprecated: bool = False
    #: custom fields (UF_CRM_…) live in the record's `extra`
    is_custom: bool = False
    #: passed through the portal's HTML sanitiser
    is_html: bool = False
    #: directory of a crm_status field
    status_type: str = ""
    #: SETTINGS of a custom field, or of LEAD_ID
    settings: dict[str, object] = field(default_factory=dict)
    #: enumeration items: id → text, in the portal's order
    items: dict[int, str] = field(default_factory=dict)
    #: the human name of a custom field
    label: str = ""

    def described(self, *, is_name_required: bool = False) -> dict[str, object]:
        """The entry of `crm.contact.fields`."""
        entry: dict[str, object] = {
            "type": self.type,
            "isRequired": self.is_required or is_name_required,
            "isReadOnly": self.access != WRITABLE,
            "isImmutable": False,
            "isMultiple": self.is_multiple,
            "isDynamic": self.is_custom,
        }
        if self.is_deprecated:
            entry["isDeprecated"] = True
        if self.status_type:
            entry["statusType"] = self.status_type
        if self.type == "enumeration":
            entry["items"] = [{"ID": str(item), "VALUE": text} for item, text in self.items.items()]
        if self.settings or self.is_custom:
            entry["settings"] = self.settings or []
        entry["title"] = self.name
        if self.is_custom:
            entry |= {"listLabel": self.label, "formLabel": self.label, "filterLabel": self.label}
        return entry


def _specs(type_: str, names: str, access: str = WRITABLE, **more: object) -> list[FieldSpec]:
    return [FieldSpec(name, type_, access, **more) for name in names.split()]


_MULTIFIELDS = _specs("crm_multifield", "PHONE EMAIL WEB IM LINK", is_multiple=True)
_ORIGIN = _specs("string", "ORIGINATOR_ID ORIGIN_ID ORIGIN_VERSION")
_UTM = _specs("string", "UTM_SOURCE UTM_MEDIUM UTM_CAMPAIGN UTM_CONTENT UTM_TERM")
_AUTHORS = [
    *_specs("datetime", "DATE_CREATE DATE_MODIFY", IMPORT_ONLY),
    *_specs("user", "CREATED_BY_ID MODIFY_BY_ID", IMPORT_ONLY),
]
_ACTIVITY = [*_specs("datetime", "LAST_ACTIVITY_TIME", READ_ONLY), *_specs("user", "LAST_ACTIVITY_BY", READ_ONLY)]
_ADDRESS = [
    *_specs(
        "string",
        "ADDRESS ADDRESS_2 ADDRESS_CITY ADDRESS_POSTAL_CODE ADDRESS_REGION ADDRESS_PROVINCE"
        " ADDRESS_COUNTRY ADDRESS_COUNTRY_CODE",
        is_deprecated=True,
    ),
    *_specs("integer", "ADDRESS_LOC_ADDR_ID", is_deprecated=True),
]
_LEAD = FieldSpec("LEAD_ID", "crm_lead", READ_ONLY, settings={"parentEntityTypeId": 1})

CONTACT_FIELDS: tuple[FieldSpec, ...] = (
    FieldSpec("ID", "integer", READ_ONLY),
    FieldSpec("HONORIFIC", "crm_status", status_type="HONORIFIC"),
    *_specs("string", "NAME SECOND_NAME LAST_NAME"),
    FieldSpec("PHOTO", "file"),
    FieldSpec("BIRTHDATE", "date"),
    FieldSpec("TYPE_ID", "crm_status", status_type="CONTACT_TYPE"),
    FieldSpec("SOURCE_ID", "crm_status", status_type="SOURCE"),
    *_specs("string", "SOURCE_DESCRIPTION POST"),
    *_ADDRESS,
    FieldSpec("COMMENTS", "string", is_html=True),
    *_specs("char", "OPENED EXPORT"),
    *_specs("char", "HAS_PHONE HAS_EMAIL HAS_IMOL", READ_ONLY),
    FieldSpec("ASSIGNED_BY_ID", "user"),
    *_AUTHORS,
    FieldSpec("COMPANY_ID", "crm_company", is_deprecated=True),
    FieldSpec("COMPANY_IDS", "crm_company", is_multiple=True),
    _LEAD,
    *_ORIGIN,
    FieldSpec("FACE_ID", "integer", READ_ONLY),
    FieldSpec("TRACE", "string"),
    *_UTM,
    *_ACTIVITY,
    *_MULTIFIELDS,
)

COMPANY_FIELDS: tuple[FieldSpec, ...] = (
    FieldSpec("ID", "integer", READ_ONLY),
    FieldSpec("TITLE", "string", is_required=True),
    FieldSpec("COMPANY_TYPE", "crm_status", status_type="COMPANY_TYPE"),
    FieldSpec("LOGO", "file"),
    *_ADDRESS,
    FieldSpec("INDUSTRY", "crm_status", status_type="INDUSTRY"),
    FieldSpec("EMPLOYEES", "crm_status", status_type="EMPLOYEES"),
    FieldSpec("CURRENCY_ID", "string"),
    FieldSpec("REVENUE", "double"),
    FieldSpec("BANKING_DETAILS", "string"),
    FieldSpec("COMMENTS", "string", is_html=True),
    FieldSpec("OPENED", "char"),
    FieldSpec("IS_MY_COMPANY", "char"),
    *_specs("char", "HAS_PHONE HAS_EMAIL HAS_IMOL", READ_ONLY),
    FieldSpec("ASSIGNED_BY_ID", "user"),
    *_AUTHORS,
    _LEAD,
    *_ORIGIN,
    *_UTM,
    *_ACTIVITY,
    *_MULTIFIELDS,
)

#: fields that are accepted but never given back
WRITE_ONLY = frozenset({"COMPANY_IDS", "TRACE"})

#: fields that are accepted but not described by `crm.contact.fields`
UNDESCRIBED = frozenset({"TRACE"})

#: fields of `get` that `list` never gives
GET_ONLY = frozenset({"FACE_ID"})
