"""The portal's own descriptions of fields, directories and users, as our plain data."""

from __future__ import annotations

from importer.portals.bitrix24.answers import Unreadable, text
from importer.records import ListItem, PortalCompany, PortalField, PortalUser


def _is_yes(value: object) -> bool:
    return value is True or value == "Y"


def items(rows: list[dict[str, object]], id_key: str, text_key: str) -> list[ListItem]:
    """Choices from rows of a directory (STATUS_ID, NAME) or of a list field (ID, VALUE)."""
    return [ListItem(text(row.get(id_key)), text(row.get(text_key))) for row in rows]


def contact_fields(value: object) -> dict[str, PortalField]:
    """`crm.contact.fields` by name. The human name of a custom field is its form or list label, never its title.

    Source: apidocs.bitrix24.com, crm.contact.fields.
    """
    if not isinstance(value, dict):
        raise Unreadable("not a description of fields")
    return {name: _field(name, entry) for name, entry in value.items() if isinstance(entry, dict)}


def _field(name: str, entry: dict[str, object]) -> PortalField:
    label = next((text(entry[key]) for key in ("formLabel", "listLabel", "filterLabel", "title") if entry.get(key)), name)
    choices = entry.get("items")
    settings = entry.get("settings")
    return PortalField(
        name=name,
        type=text(entry.get("type")),
        label=label,
        is_required=_is_yes(entry.get("isRequired")),
        is_read_only=_is_yes(entry.get("isReadOnly")),
        is_multiple=_is_yes(entry.get("isMultiple")),
        status_type=text(entry.get("statusType")) or None,
        items=tuple(items([c for c in choices if isinstance(c, dict)], "ID", "VALUE")) if isinstance(choices, list) else (),
        settings=settings if isinstance(settings, dict) else {},
    )


def users(rows: list[dict[str, object]]) -> list[PortalUser]:
    """Users as `user.get` lists them; EMAIL is absent in the scope `user_brief`."""
    return [
        PortalUser(
            id=text(row.get("ID")),
            name=text(row.get("NAME")),
            last_name=text(row.get("LAST_NAME")),
            second_name=text(row.get("SECOND_NAME")),
            email=text(row.get("EMAIL")),
            is_active=row.get("ACTIVE") not in (False, "N", "false", "0"),
        )
        for row in rows
    ]


def companies(rows: list[dict[str, object]]) -> list[PortalCompany]:
    """Companies as `crm.company.list` lists them."""
    return [
        PortalCompany(text(row.get("ID")), text(row.get("TITLE")), text(row.get("ORIGINATOR_ID")), text(row.get("ORIGIN_ID")))
        for row in rows
    ]
