"""Which REST methods the sandbox has: name in lower case → scope and function. The only place that lists them."""

from __future__ import annotations

from functools import partial

from importer.sandbox import directory_methods, link_methods, record_writing, records, userfield_methods
from importer.sandbox.duplicate_methods import find_duplicates
from importer.sandbox.envelope import Answer
from importer.sandbox.php_casts import PhpArray, as_text
from importer.sandbox.portal import Caller, Method, Portal


def _method_get(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    found = METHODS.get(as_text(params.get("name")))
    is_available = found is not None and is_granted(portal, found.scope)
    return Answer({"isExisting": found is not None, "isAvailable": is_available})


def _all_methods(portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    return Answer(sorted(["batch", *METHODS]))


def is_granted(portal: Portal, scope: str) -> bool:
    """Whether the portal's credential has the scope; `basic` always, any of the user scopes for `user`."""
    granted = portal.state.scopes
    return scope == "basic" or scope in granted or (scope == "user" and bool(granted & {"user_basic", "user_brief"}))


def _record_methods(kind: records.RecordKind) -> dict[str, Method]:
    verbs = {
        "add": record_writing.add,
        "update": record_writing.update,
        "delete": record_writing.delete,
        "get": records.get,
        "list": records.list_,
        "fields": records.describe,
    }
    return {f"crm.{kind.entity}.{verb}": Method("crm", partial(run, kind)) for verb, run in verbs.items()}


METHODS: dict[str, Method] = {
    **_record_methods(records.CONTACT),
    **_record_methods(records.COMPANY),
    "crm.contact.company.add": Method("crm", link_methods.company_add),
    "crm.contact.company.delete": Method("crm", link_methods.company_delete),
    "crm.contact.company.items.get": Method("crm", link_methods.company_items_get),
    "crm.contact.company.items.set": Method("crm", link_methods.company_items_set),
    "crm.contact.company.items.delete": Method("crm", link_methods.company_items_delete),
    "crm.contact.userfield.list": Method("crm", userfield_methods.userfield_list),
    "crm.contact.userfield.get": Method("crm", userfield_methods.userfield_get),
    "crm.contact.userfield.update": Method("crm", userfield_methods.userfield_update),
    "crm.duplicate.findbycomm": Method("crm", find_duplicates),
    "crm.status.list": Method("crm", directory_methods.status_list),
    "crm.status.add": Method("crm", directory_methods.status_add),
    "crm.status.delete": Method("crm", directory_methods.status_delete),
    "crm.status.entity.items": Method("crm", directory_methods.status_entity_items),
    "crm.requisite.preset.list": Method("crm", link_methods.preset_list),
    "crm.requisite.add": Method("crm", link_methods.requisite_add),
    "crm.requisite.list": Method("crm", link_methods.requisite_list),
    "crm.requisite.delete": Method("crm", link_methods.requisite_delete),
    "crm.address.add": Method("crm", link_methods.address_add),
    "crm.address.list": Method("crm", link_methods.address_list),
    "user.get": Method("user", directory_methods.user_get),
    "user.current": Method("user", directory_methods.user_current),
    "user.admin": Method("basic", directory_methods.user_admin),
    "profile": Method("basic", directory_methods.profile),
    "scope": Method("basic", directory_methods.scope),
    "server.time": Method("basic", directory_methods.server_time),
    "app.info": Method("basic", directory_methods.app_info),
    "method.get": Method("basic", _method_get),
    "methods": Method("basic", _all_methods),
    "im.notify.personal.add": Method("im", directory_methods.notify),
}
