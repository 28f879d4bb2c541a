"""What cannot be done through VibeCode although the portal can: said by `check`, before anything is sent.

Source: vibecode.bitrix24.tech, /docs/entities/contacts/create and …/update; what the documentation has no word for counts as lacking.
"""

from __future__ import annotations

from importer.portals.vibecode.identity import Identifying
from importer.portals.vibecode.translation import KINDS
from importer.records import Lacks

_IMPORT_ONLY = frozenset(("DATE_CREATE", "DATE_MODIFY", "CREATED_BY_ID", "MODIFY_BY_ID"))

#: Fields in which an identity stands: without them rows are looked up in another way, nothing is lost.
_IDENTITY = frozenset(("ORIGINATOR_ID", "ORIGIN_ID"))

PARAMS = {
    "IMPORT": "it has no import mode, so workflows and robots that start on new contacts start for every row",
    "REGISTER_SONET_EVENT": "it has no word for entries in the activity stream",
}

KEYS = {
    "clear": "what an empty value does there is not documented, and phones and e-mails can only be added",
    "create of list entries": "its entries of lists can only be read",
    "lookup of companies by origin": "its companies have no ORIGINATOR_ID and ORIGIN_ID",
}

_BY_LIKENESS = (
    "VibeCode does not list ORIGINATOR_ID and ORIGIN_ID as writable in this portal, so contacts carry no identity there: rows whose answer "
    "is lost are looked for by phone and e-mail and compared, one batch after another, and stay `unsettled` where that does not tell. "
    "`origin: {…, field: UF_CRM_…}` keeps the identity in a custom text field instead."
)


def lacks_of(who: Identifying, *, is_known: bool) -> Lacks:
    """What is lacking in one portal; before its field list `is_known`, what is lacking in all."""
    fields: dict[str, str] = {}
    for name in who.words.unwritable():
        if name in _IDENTITY or not (is_known or name in _IMPORT_ONLY or name not in who.words.fields):
            continue
        why = "only import mode can, which it does not have" if name in _IMPORT_ONLY else "it has no such field for contacts" if name not in who.words.fields else "it is read-only there"
        fields[name] = why
    fields["ADDRESS"] = "it writes no requisites with addresses that we could rely on"
    notes = (_BY_LIKENESS,) if is_known and not who.is_kept else ()
    return Lacks("VibeCode", fields, PARAMS, KINDS, KEYS, notes, keeps_identity=who.is_kept or not is_known)
