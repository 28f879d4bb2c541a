"""What a portal says of itself: who we are in it, its contact fields, directories and users."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from importer.portals.operations import (
    PAGE_ROWS,
    ListCompanies,
    ListFields,
    ListPresets,
    ListScopes,
    ListStatuses,
    ListUsers,
    Operation,
    WhoAmI,
)
from importer.portals.paging import records
from importer.portals.portal import Answer, Done, Identity, Preset, Result, failure_of
from importer.records import Catalogue, ListItem, PortalField, PortalUser

Send = Callable[[Sequence[Operation]], Awaitable[Answer]]

Entry = TypeVar("Entry", ListItem, PortalUser)

#: Directories every contact has. Source: apidocs.bitrix24.com, crm.contact.fields (statusType).
_DIRECTORIES = ("CONTACT_TYPE", "SOURCE", "HONORIFIC")

# A portal with more users than this is read no further: an address by name or e-mail past it is not found and
# said so. 100 pages are two batches.
_MOST_USERS = 5000


@dataclass(slots=True)
class Description:
    """A portal as far as it is visible to us."""

    identity: Identity
    #: scopes of the key or webhook; empty where the portal does not tell
    scopes: tuple[str, ...]
    catalogue: Catalogue
    #: what could not be read, and what that means, a sentence each
    notes: list[str]


async def describe(send: Send, *, with_companies: bool = False) -> Description:
    """Asks the portal for everything at once, and for further pages only where there are any.

    Companies are read whole, 2,500 a request, and only when asked for: their titles are compared without regard to case,
    quote marks and spacing, which no filter of the portal can do. `send` carries out operations, in as few requests as the door allows.
    Raises Failure, also when a necessary part is refused.
    """
    first: list[Operation] = [WhoAmI(), ListScopes(), ListFields(), *map(ListStatuses, _DIRECTORIES), ListUsers()]
    results = (await send(first)).results
    identity, scopes, fields = (_needed(result) for result in (results[0], _or(results[1], ()), results[2]))
    statuses = {name: list(_needed(result)) for name, result in zip(_DIRECTORIES, results[3:6], strict=True)}
    notes: list[str] = []
    users: list[PortalUser] = []
    if isinstance(results[6], Done):
        users = list(results[6].value)
    else:
        notes.append("The users cannot be read (the scope `user` is missing): ASSIGNED_BY_ID takes ids only.")
    await _own_directories(send, fields, statuses)
    await _further_pages(send, statuses, users)
    if users and not any(user.email for user in users):
        notes.append("The scope given hides e-mail addresses (`user_brief`): users are found by name or id only.")
    if identity.is_read_only:
        notes.append("The key may only read: nothing can be imported with it.")
    if identity.is_admin is False:
        # No documented method tells the rights of a role, and trying out one that writes could succeed.
        notes.append(
            "Our user there is not an administrator, and whether it may add, import or change contacts cannot be asked without writing: look at "
            "its role (CRM, Access permissions), or try with `b24-import run --limit 1`. Contacts it may not see cannot be looked up after a lost "
            "answer: give it the right to read all contacts."
        )
    if len(users) >= _MOST_USERS:
        notes.append(f"Only the first {_MOST_USERS} users were read: others are found by id only.")
    companies = tuple([company async for company in records(send, ListCompanies)]) if with_companies else ()
    catalogue = Catalogue(fields, {name: tuple(items) for name, items in statuses.items()}, tuple(users), companies, identity.is_admin)
    return Description(identity, tuple(scopes), catalogue, notes)


async def preset_for_people(send: Send) -> Preset | None:
    """The template that requisites of a contact get: the portal's own for a person, else its first; None without any.

    Source: apidocs.bitrix24.com, crm.requisite.preset.list: XML_ID of built-in ones, `#CRM_REQUISITE_PRESET_DEF_…`.
    """
    presets: list[Preset] = _needed((await send([ListPresets()])).results[0])
    return next((preset for preset in presets if "PERSON" in preset.xml_id.upper()), presets[0] if presets else None)


def _or(result: Result, value: object) -> Result:
    return result if isinstance(result, Done) else Done(value)


def _needed(result: Result) -> Any:
    if isinstance(result, Done):
        return result.value
    raise failure_of(result)


async def _further_pages(send: Send, statuses: dict[str, list[ListItem]], users: list[PortalUser]) -> None:
    # A method that does not page answers the same again, and so may one that is asked past its end: what is known
    # already is no further page.
    for name, items in statuses.items():
        while items and len(items) % PAGE_ROWS == 0:
            fresh = _fresh(items, _needed((await send([ListStatuses(name, len(items))])).results[0]))
            if not fresh:
                break
            items += fresh
    while users and len(users) % PAGE_ROWS == 0 and len(users) < _MOST_USERS:
        starts = [len(users) + PAGE_ROWS * n for n in range(10)]
        pages = [_needed(result) for result in (await send([ListUsers(start) for start in starts])).results]
        fresh = _fresh(users, [user for page in pages for user in page])
        users += fresh
        if not all(len(page) == PAGE_ROWS for page in pages) or not fresh:
            break


def _fresh(known: Sequence[Entry], more: Sequence[Entry]) -> list[Entry]:
    """Those of `more` that are not known yet, each once."""
    ids = {entry.id for entry in known}
    return list({entry.id: entry for entry in more if entry.id not in ids}.values())


async def _own_directories(send: Send, fields: dict[str, PortalField], statuses: dict[str, list[ListItem]]) -> None:
    """The directories that custom fields of type crm_status point at (SETTINGS.ENTITY_TYPE)."""
    named = {str(f.settings.get("ENTITY_TYPE") or f.status_type or "") for f in fields.values() if f.type == "crm_status"}
    missing = sorted(named - set(statuses) - {""})
    for at in range(0, len(missing), PAGE_ROWS):
        some = missing[at : at + PAGE_ROWS]
        for name, result in zip(some, (await send([ListStatuses(name) for name in some])).results, strict=True):
            statuses[name] = list(_needed(result))
