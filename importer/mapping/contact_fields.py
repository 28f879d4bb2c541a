"""The contact fields the documentation names, with their types: what `check --offline` knows of a portal.

The portal's own list, `crm.contact.fields`, always goes before this one; it alone knows custom fields, lists and
required fields. Source for all of it: apidocs.bitrix24.com, crm.contact.add and crm.contact.fields.
"""

from __future__ import annotations

from importer.records import Catalogue, PortalField

#: settable only with `params.IMPORT`; read-only without
IMPORT_ONLY = frozenset(("DATE_CREATE", "DATE_MODIFY", "CREATED_BY_ID", "MODIFY_BY_ID"))

#: kinds of the values of a multifield, the one first that is sent when the rule names none. FACEBOOK and INSTAGRAM
#: stand in the published PHP SDK only. For messengers no kind is a safe guess, hence OTHER.
VALUE_TYPES: dict[str, tuple[str, ...]] = {
    "PHONE": ("WORK", "MOBILE", "FAX", "HOME", "PAGER", "MAILING", "OTHER"),
    "EMAIL": ("WORK", "HOME", "MAILING", "OTHER"),
    "WEB": ("WORK", "HOME", "FACEBOOK", "VK", "LIVEJOURNAL", "TWITTER", "OTHER"),
    "IM": (
        "OTHER", "TELEGRAM", "VK", "SKYPE", "VIBER", "FACEBOOK", "INSTAGRAM", "BITRIX24", "OPENLINE", "IMOL", "ICQ",
        "MSN", "JABBER",
    ),
}  # fmt: skip

#: fields whose directory is known by the field's name
DIRECTORIES = {"HONORIFIC": "HONORIFIC", "TYPE_ID": "CONTACT_TYPE", "SOURCE_ID": "SOURCE"}

#: documented for crm.contact.add and not listed by crm.contact.fields: written once, and never given back
UNLISTED = frozenset(("TRACE",))

#: names every portal has its own of: custom fields, and links to smart-process items
OPEN_PREFIXES = ("UF_", "PARENT_ID_")

_WRITABLE = {
    "string": (
        "NAME SECOND_NAME LAST_NAME SOURCE_DESCRIPTION POST COMMENTS UTM_SOURCE UTM_MEDIUM UTM_CAMPAIGN UTM_CONTENT UTM_TERM "
        "TRACE ORIGINATOR_ID ORIGIN_ID ORIGIN_VERSION ADDRESS ADDRESS_2 ADDRESS_CITY ADDRESS_POSTAL_CODE ADDRESS_REGION "
        "ADDRESS_PROVINCE ADDRESS_COUNTRY ADDRESS_COUNTRY_CODE"
    ),
    "crm_status": " ".join(DIRECTORIES),
    "char": "OPENED EXPORT",
    "date": "BIRTHDATE",
    "user": "ASSIGNED_BY_ID",
    "crm_company": "COMPANY_ID COMPANY_IDS",
    "crm_multifield": "PHONE EMAIL WEB IM LINK",
    "file": "PHOTO",
    "integer": "ADDRESS_LOC_ADDR_ID",
}
_IMPORTED = {"datetime": "DATE_CREATE DATE_MODIFY", "user": "CREATED_BY_ID MODIFY_BY_ID"}
_READ_ONLY = {
    "integer": "ID FACE_ID",
    "char": "HAS_PHONE HAS_EMAIL HAS_IMOL",
    "crm_lead": "LEAD_ID",
    "datetime": "LAST_ACTIVITY_TIME",
    "user": "LAST_ACTIVITY_BY",
}


def offline_catalogue() -> Catalogue:
    """The documented fields alone: no directories, no users, no custom fields; `is_live` is False."""
    fields = {}
    for group, is_read_only in ((_WRITABLE, False), (_IMPORTED, False), (_READ_ONLY, True)):
        for kind, names in group.items():
            for name in names.split():
                fields[name] = PortalField(
                    name, kind, label=name, is_read_only=is_read_only,
                    is_multiple=kind == "crm_multifield" or name == "COMPANY_IDS",
                    status_type=DIRECTORIES.get(name),
                )  # fmt: skip
    return Catalogue(fields, is_live=False)
