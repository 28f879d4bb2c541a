"""Custom fields of contacts: `crm.contact.userfield.*`. Reference, section 8.5."""

from __future__ import annotations

from importer.sandbox.directories import Directories
from importer.sandbox.envelope import Answer
from importer.sandbox.php_casts import PhpArray, as_int, as_text
from importer.sandbox.portal import Caller, Portal
from importer.sandbox.records import array_of, record_id
from importer.sandbox.refusals import Refusal, bad_call, core, must_be_array
from importer.sandbox.row_filter import matching, ordered


def userfield_list(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.contact.userfield.list`: labels only when `filter.LANG` asks for them."""
    wanted = dict(array_of(params, "filter"))
    language = wanted.pop("LANG", None)
    rows = [_userfield(row, with_labels=language is not None) for row in portal.store.directories.userfields()]
    rows = ordered(matching(rows, wanted), array_of(params, "order"))
    return Answer(rows, len(rows))


def userfield_get(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.contact.userfield.get`: one custom field, labels by language."""
    number = record_id(params)
    for row in portal.store.directories.userfields():
        if row["id"] == number:
            labels = {key: {"ru": row["label"], "en": row["label"]} for key in _LABELS}
            return Answer(_userfield(row, with_labels=False) | labels)
    raise _unknown(number)


def userfield_update(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.contact.userfield.update`: true. LIST, SORT, MANDATORY and the labels are changed, the rest is passed over."""
    number, fields = record_id(params), params.get("fields")
    if not isinstance(fields, dict):
        raise must_be_array("fields")
    if not portal.state.is_admin:
        raise bad_call("Access denied")
    directories = portal.store.directories
    row = next((row for row in directories.userfields() if row["id"] == number), None)
    if row is None:
        raise _unknown(number)
    changes: dict[str, object] = {}
    if row["user_type_id"] == "enumeration" and isinstance(fields.get("LIST"), dict):
        changes["items"] = _changed_list(directories, row["items"], fields["LIST"])
    if as_int(fields.get("SORT")) > 0:
        changes["sort"] = as_int(fields["SORT"])
    if as_text(fields.get("MANDATORY")) in ("Y", "N"):
        changes["mandatory"] = as_text(fields["MANDATORY"])
    label = next((fields[name] for name in ("LABEL", *_LABELS) if name in fields), None)
    if label:
        changes["label"] = as_text(next(iter(label.values())) if isinstance(label, dict) else label)
    if changes:
        directories.change_userfield(number, **changes)
    return Answer(True)


def _changed_list(directories: Directories, items: list[dict], sent: PhpArray) -> list[dict]:
    """The items after an update: an element with ID changes one, with DEL too removes it, without ID adds one; others stay.

    An element without a VALUE adds nothing. What XML_ID a new item without one gets is a choice of the sandbox.
    """
    kept = {item["ID"]: dict(item) for item in items}
    fresh = directories.next_item_id()
    for element in sent.values():
        if not isinstance(element, dict):
            continue
        given = {key: as_text(element[key]) for key in ("VALUE", "SORT", "DEF", "XML_ID") if key in element}
        item_id = as_text(element.get("ID"))
        if item_id in kept and as_text(element.get("DEL")) == "Y":
            del kept[item_id]
        elif item_id in kept:
            kept[item_id] |= given
        elif not item_id and given.get("VALUE", "").strip():
            kept[str(fresh)] = {"ID": str(fresh), "SORT": "0", "VALUE": "", "DEF": "N", "XML_ID": f"item{fresh}"} | given
            fresh += 1
    codes = [item["XML_ID"] for item in kept.values()]
    if len(codes) != len(set(codes)):
        # The documentation names the rule and the code, not the words.
        raise core("Values of XML_ID are not unique.")
    return sorted(kept.values(), key=lambda item: (as_int(item["SORT"]), int(item["ID"])))


def _unknown(number: int) -> Refusal:
    return Refusal(400, "ERROR_NOT_FOUND", f"The entity with ID '{number}' is not found")


_LABELS = ("EDIT_FORM_LABEL", "LIST_COLUMN_LABEL", "LIST_FILTER_LABEL", "ERROR_MESSAGE", "HELP_MESSAGE")


def _userfield(row: dict, *, with_labels: bool) -> dict[str, object]:
    entry = {
        "ID": str(row["id"]),
        "ENTITY_ID": "CRM_CONTACT",
        "FIELD_NAME": row["field_name"],
        "USER_TYPE_ID": row["user_type_id"],
        "XML_ID": None,
        "SORT": str(row["sort"]),
        "MULTIPLE": row["multiple"],
        "MANDATORY": row["mandatory"],
        "SHOW_FILTER": "N",
        "SHOW_IN_LIST": "Y",
        "EDIT_IN_LIST": "Y",
        "IS_SEARCHABLE": "N",
        "SETTINGS": row["settings"] or [],
    }
    if row["user_type_id"] == "enumeration":
        entry["LIST"] = row["items"]
    if with_labels:
        entry |= dict.fromkeys(_LABELS, row["label"])
    return entry
