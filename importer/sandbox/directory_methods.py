"""Directories, users and the portal about itself: `crm.status.*`, `user.*`, `profile`, `scope`, `server.time` …

Reference, sections 8.1, 8.2 and 8.8. Custom fields are in `userfield_methods`.
"""

from __future__ import annotations

import sqlite3

from importer.sandbox.envelope import Answer
from importer.sandbox.php_casts import PhpArray, as_int, as_text, is_true
from importer.sandbox.portal import Caller, Portal
from importer.sandbox.records import PAGE_SIZE, array_of
from importer.sandbox.refusals import Refusal, access_denied, application_only, bad_call, core
from importer.sandbox.row_filter import matching, ordered

# Longest STATUS_ID outside stages. Source: apidocs.bitrix24.com, crm-status-add.
_LONGEST_STATUS_ID = 50


def page(portal: Portal, rows: list[dict], params: PhpArray) -> Answer:
    """The page of 50 rows that `start` asks for."""
    start = as_int(params.get("start"))
    offset = max(0, start) // PAGE_SIZE * PAGE_SIZE
    piece = rows[offset : offset + PAGE_SIZE]
    if start < 0:
        return Answer(piece, 0 if portal.settings.uncounted_total == "zero" else None)
    return Answer(piece, len(rows), offset + PAGE_SIZE if offset + PAGE_SIZE < len(rows) else None)


def status_list(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.status.list`: the entries of the directories, by SORT."""
    rows = [
        {name: row[name] for name in ("ID", "ENTITY_ID", "STATUS_ID", "NAME", "NAME_INIT", "SORT", "SYSTEM")}
        | {"CATEGORY_ID": None, "COLOR": row["COLOR"], "SEMANTICS": None}
        | {"EXTRA": {"SEMANTICS": None, "COLOR": row["COLOR"]}}
        for row in portal.store.directories.statuses()
    ]
    rows = ordered(matching(rows, array_of(params, "filter")), array_of(params, "order"))
    return page(portal, rows, params)


def status_add(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.status.add`: the id of a new entry of a directory that exists."""
    fields = params.get("fields")
    if not isinstance(fields, dict):
        raise bad_call("Parameter 'fields' must be array.")
    if not portal.state.is_admin:
        raise access_denied()
    entity, code, name = (as_text(fields.get(key)).strip() for key in ("ENTITY_ID", "STATUS_ID", "NAME"))
    missing = [key for key, value in (("ENTITY_ID", entity), ("STATUS_ID", code)) if not value]
    if missing:
        raise bad_call("\n".join(f"The field {key} is required." for key in missing))
    if not portal.store.directories.codes(entity):
        raise bad_call("Specified entity type is not supported.")
    if not name:
        raise bad_call("The field Title is required.")
    if len(code) > _LONGEST_STATUS_ID:
        raise bad_call("Error on creating status.")
    try:
        return Answer(portal.store.directories.add_status(entity, code, name, as_int(fields.get("SORT")) or 10))
    except sqlite3.IntegrityError:
        raise core("The specified status ID already exists.") from None


def status_delete(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.status.delete`: true; system entries only with `params.FORCED` = Y."""
    number = as_int(params.get("id"))
    if number <= 0:
        raise bad_call("Invalid identifier.")
    if not portal.state.is_admin:
        raise access_denied()
    found = [row for row in portal.store.directories.statuses() if row["ID"] == str(number)]
    if not found:
        raise bad_call("Status is not found.")
    if found[0]["SYSTEM"] == "Y" and array_of(params, "params").get("FORCED") != "Y":
        raise bad_call('CRM System Status can be deleted only if parameter FORCED is specified and equal to "Y".')
    portal.store.directories.delete_status(number)
    return Answer(True)


def status_entity_items(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.status.entity.items`: name, sort and code of one directory's entries."""
    entity = as_text(params.get("entityid"))
    rows = [row for row in portal.store.directories.statuses() if row["ENTITY_ID"] == entity]
    return Answer([{"NAME": row["NAME"], "SORT": int(row["SORT"]), "STATUS_ID": row["STATUS_ID"]} for row in rows])


def user_get(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`user.get`: the users by id; e-mails only for the scopes `user` and `user_basic`."""
    order = as_text(params.get("order")).upper() if not isinstance(params.get("order"), dict) else "ASC"
    sort = as_text(params.get("sort")) or "ID"
    rows = matching(portal.store.directories.people(), array_of(params, "filter"))
    rows = ordered(rows, {sort: order})
    return page(portal, [_visible(portal, row) for row in rows], params)


def user_current(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`user.current`: the calling user."""
    return Answer(_visible(portal, _person(portal, caller.user_id)))


def profile(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`profile`: id, name and whether the caller is an administrator."""
    person = _person(portal, caller.user_id)
    names = {name: person[name] for name in ("NAME", "LAST_NAME")}
    return Answer({"ID": person["ID"], "ADMIN": portal.state.is_admin, **names, "PERSONAL_GENDER": "", "TIME_ZONE": ""})


def user_admin(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`user.admin`: whether the caller is an administrator."""
    return Answer(portal.state.is_admin)


def _person(portal: Portal, user_id: int) -> dict[str, object]:
    return next(row for row in portal.store.directories.people() if row["ID"] == str(user_id))


def _visible(portal: Portal, row: dict[str, object]) -> dict[str, object]:
    if portal.state.scopes & {"user", "user_basic"}:
        return row
    return {name: value for name, value in row.items() if name != "EMAIL"}


def server_time(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`server.time`: the present moment."""
    return Answer(portal.printed_now())


def scope(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`scope`: what the webhook may use; with `full` everything there is."""
    if is_true(params.get("full")):
        return Answer(["basic", "crm", "im", "user", "user_basic", "user_brief", "userfieldconfig"])
    return Answer(["basic", *sorted(portal.state.scopes)])


def app_info(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`app.info`: the application's own; a webhook is none."""
    if not caller.is_application:
        raise application_only()
    application = {"ID": 1, "CODE": portal.settings.oauth.client_id, "VERSION": 1, "STATUS": "L", "INSTALLED": True}
    licence = {"LICENSE": "en_basic", "LICENSE_TYPE": "basic", "LICENSE_FAMILY": "ent" if portal.settings.plan == "enterprise" else "basic"}
    return Answer(application | {"PAYMENT_EXPIRED": "N", "DAYS": None, "LANGUAGE_ID": "en"} | licence)


def notify(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`im.notify.personal.add`: the id of the notification, which `/sandbox/notifications` shows.

    Source: apidocs.bitrix24.com, im.notify.personal.add, with its codes; the message is stripped there as here.
    """
    user_id, message = as_int(params.get("user_id")), as_text(params.get("message")).strip()
    if user_id <= 0:
        raise Refusal(400, "USER_ID_EMPTY", "User ID can't be empty")
    if not message:
        raise Refusal(400, "MESSAGE_EMPTY", "Message can't be empty")
    return Answer(portal.store.directories.add_notification(user_id, message))
