"""Answers of VibeCode read into our plain data, each in every form that was met. Raises Unreadable for anything else."""

from __future__ import annotations

from collections.abc import Mapping

from importer.portals.operations import PAGE_ROWS
from importer.portals.portal import Identity, Stored
from importer.records import ListItem, PortalCompany, PortalUser

# `meta.total` may be absent (public notes), and then a page tells only that there are more.
_UNTOLD = 1 << 31


class Unreadable(ValueError):
    """An answer is not what was asked for: nothing can be concluded from it."""


def text(value: object) -> str:
    """A text, whatever it came as; empty for nothing."""
    return value if isinstance(value, str) else "" if value in (None, False) else str(value)


def positive(value: object) -> int:
    """An id: a number, or digits."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise Unreadable(f"not an id: {type(value).__name__}")


def rows(value: object) -> list[dict[str, object]]:
    """A list of objects; a keyed one, or one that stands under `items`, is read, too."""
    if isinstance(value, dict) and isinstance(value.get("items"), (list, dict)):
        value = value["items"]
    found = list(value.values()) if isinstance(value, dict) else value
    if isinstance(found, list) and all(isinstance(row, dict) for row in found):
        return found
    raise Unreadable("not a list of records")


def made_id(value: object) -> int:
    """Id of what was created, from the whole record. A bare number might be anything (/docs/entities/contacts/create)."""
    if not isinstance(value, dict):
        raise Unreadable("not a record")
    return positive(value.get("id"))


def first_id(value: object) -> int:
    """Id of the first record; 0 without any."""
    found = rows(value)
    return positive(found[0].get("id")) if found else 0


def ids(value: object) -> list[int]:
    """Ids of the records, ascending."""
    return sorted(positive(row.get("id")) for row in rows(value))


def statuses(value: object) -> list[ListItem]:
    """Entries of a directory in the portal's order. What is sent is `statusId`, not `id`."""

    def place(row: Mapping[str, object]) -> float:
        sort = text(row.get("sort"))
        return float(sort) if sort.lstrip("-").isdecimal() else 0.0

    found = [(ListItem(text(row.get("statusId", row.get("STATUS_ID"))), text(row.get("name", row.get("NAME")))), place(row)) for row in rows(value)]
    return [item for item, _ in sorted(found, key=lambda entry: entry[1])]


def users(value: object) -> list[PortalUser]:
    """Users, active and dismissed."""
    return [
        PortalUser(
            text(row.get("id")), text(row.get("name")), text(row.get("lastName")), text(row.get("secondName")), text(row.get("email")),
            row.get("active") not in (False, "N", "false", "0"),
        )
        for row in rows(value)
    ]  # fmt: skip


def companies(value: object) -> list[PortalCompany]:
    """Companies by id and title."""
    return [PortalCompany(text(row.get("id")), text(row.get("title"))) for row in rows(value)]


def found_companies(value: object) -> list[tuple[str, int]]:
    """(title, id) of companies."""
    return [(text(row.get("title")), positive(row.get("id"))) for row in rows(value)]


def stored_companies(value: object) -> list[Stored]:
    """Companies as Stored; their fields in capitals, as far as we look at them."""
    return [
        Stored(positive(row.get("id")), text(row.get("originId")), text(row.get("updatedTime", row.get("updatedAt"))),
               text(row.get("createdTime", row.get("createdAt"))), {"ID": text(row.get("id")), "TITLE": text(row.get("title"))})
        for row in rows(value)
    ]  # fmt: skip


def company_links(value: object) -> list[int]:
    """A contact's companies, the primary one first, as far as the record tells."""
    if not isinstance(value, dict) or "id" not in value:
        raise Unreadable("not a contact")
    more = value.get("companyIds")
    found = [value.get("companyId"), *(more if isinstance(more, list) else [])]
    return list(dict.fromkeys(positive(one) for one in found if one not in (None, "", 0, "0")))


def hits(value: object) -> list[int]:
    """Contact ids in an answer of POST /v1/duplicates/find. Both key styles were met, and `[]` for nothing."""
    if value in ([], None):
        return []
    if isinstance(value, dict):
        keyed = {str(key).lower().rstrip("s"): found for key, found in value.items()}
        if keyed and not keyed.keys() & {"contact", "company", "companie", "lead"}:
            raise Unreadable("not the answer of a search for duplicates")
        value = keyed.get("contact") or []
        value = value.get("ids", list(value.values())) if isinstance(value, dict) else value
    if not isinstance(value, list):
        raise Unreadable("not a list of contacts")
    return sorted({positive(one.get("id", one.get("ID")) if isinstance(one, dict) else one) for one in value})


def identity(value: object) -> Identity:
    """Who the key acts as, as far as `GET /v1/me` tells: its members beyond scopes and accessMode are not documented."""
    if not isinstance(value, dict) or not isinstance(value.get("scopes"), list):
        raise Unreadable("not the answer of /v1/me")
    user = next((value[key] for key in ("currentUser", "user", "owner") if isinstance(value.get(key), dict)), {})
    number = next((text(user[key]) for key in ("bitrixUserId", "id", "userId") if user.get(key)), "")
    name = " ".join(part for part in (text(user.get("name")), text(user.get("lastName"))) if part)
    is_admin = user.get("isAdmin")
    is_read_only = text(value.get("accessMode")).upper().replace("_", "") == "READONLY"
    return Identity(number or "?", name, is_admin if isinstance(is_admin, bool) else None, is_read_only)


def scopes(value: object) -> list[str]:
    """The scopes of the key."""
    if not isinstance(value, dict) or not isinstance(value.get("scopes"), list):
        raise Unreadable("not the answer of /v1/me")
    return [text(scope) for scope in value["scopes"]]


def portal_domain(value: object) -> str | None:
    """Host of the portal behind the key, where `GET /v1/me` tells it."""
    portal = value.get("portal") if isinstance(value, dict) else None
    if isinstance(portal, str):
        portal = {"domain": portal}
    told = next((text(portal[key]) for key in ("domain", "host", "url") if portal.get(key)), "") if isinstance(portal, dict) else ""
    host = told.split("://")[-1].split("/")[0].lower()
    return host if host and not any(char.isspace() for char in host) else None


def count(total: object, listed: object) -> int:
    """How many records a list has in all. Where a full list does not tell, more than anybody would read one by one."""
    if isinstance(total, str) and total.isascii() and total.isdecimal():
        total = int(total)
    if isinstance(total, int) and not isinstance(total, bool) and total >= 0:
        return total
    found = rows(listed)
    return len(found) if len(found) < PAGE_ROWS else _UNTOLD
