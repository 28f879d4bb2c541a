"""Lines for fields that take an entry of a directory: kinds of contacts, sources, forms of address."""

from __future__ import annotations

from collections.abc import Iterator

from importer.mapping.contact_fields import DIRECTORIES
from importer.mapping.directories import folded
from importer.mapping.suggestion.draft import Line, Table
from importer.mapping.suggestion.sureness import Claim
from importer.records import ListItem

# More different values are no choice from a list.
_MOST_VALUES = 40

# Codes every portal begins with (apidocs.bitrix24.com, crm.status.list), and words other systems have for them.
_WORDS = {
    "TYPE_ID": {
        "CLIENT": "client|customer|клиент|покупатель|заказчик|розница|опт|vip|evangelist|cliente|kunde",
        "PARTNER": "partner|dealer|reseller|партнер|дилер", "SUPPLIER": "supplier|vendor|поставщик",
    },
    "SOURCE_ID": {
        "CALL": "call|phone|phone inquiry|inbound call|cold call|звонок|входящий звонок|телефон", "WEB": "web|website|site|internet|online|organic search|сайт|интернет",
        "ADVERTISING": "advertisement|advertising|ads|paid search|paid social|реклама", "TRADE_SHOW": "trade show|exhibition|event|conference|выставка",
        "WEBFORM": "web form|form|форма", "CALLBACK": "callback|обратный звонок", "STORE": "shop|store|online store|магазин",
    },
}  # fmt: skip
_STANDARD = {
    "TYPE_ID": ("CLIENT", "PARTNER", "SUPPLIER", "OTHER"),
    "SOURCE_ID": ("CALL", "WEB", "ADVERTISING", "TRADE_SHOW", "WEBFORM", "CALLBACK", "STORE", "OTHER"),
}
_SIR = "mr|г н|господин|hr|herr|sr|пан|sir|m"
_MADAM = "mrs|ms|miss|г жа|госпожа|fr|frau|sra|srta|пані|панна|madam|mme"


def status_lines(table: Table, field: str) -> Iterator[Line]:
    """The lines of TYPE_ID, SOURCE_ID or HONORIFIC; a source's own words go to SOURCE_DESCRIPTION besides."""
    claim = table.first(field)
    if claim is None:
        return
    if table.export is not None and table.export.has_portal_texts:
        yield Line(field, {"column": table.column(claim)}, claim.sureness, f"{claim.reason}; its texts are looked up in the portal")
        return
    if table.facts[claim.index].values:
        yield _mapped(table, field, claim)
    if field == "SOURCE_ID" and not table.named("SOURCE_DESCRIPTION"):
        yield Line("SOURCE_DESCRIPTION", {"column": table.column(claim)}, claim.sureness, "the source in its own words")


def _mapped(table: Table, field: str, claim: Claim) -> Line:
    column = table.facts[claim.index]
    entries = _entries(table, field)
    values = list(column.counted)[:_MOST_VALUES]
    words = {value: code for value in values if (code := _entry(field, value, entries))}
    rule: dict[str, object] = {"column": column.name, "map": words}
    is_listed = table.catalogue is not None
    where = "`b24-import portal` lists the portal's codes"
    if not words:
        rule["map"] = {value: "…" for value in values[:3]}
        why = "none of its values is an entry of the portal" if is_listed and values else "which entry each value means is for you to say"
        return Line(field, rule, claim.sureness, claim.reason, why_not=f"{why}; {where}")
    rest = "OTHER" if any(item.id == "OTHER" for item in entries) else ""
    if len(words) < len(column.counted) or field != "HONORIFIC":
        rule["otherwise"] = rest if field != "HONORIFIC" else ""
    unmatched = [value for value in values if value not in words]
    told = f"; not matched: {', '.join(unmatched[:5])}" if unmatched else ""
    return Line(field, rule, claim.sureness, f"{claim.reason}{told}")


def _entries(table: Table, field: str) -> tuple[ListItem, ...]:
    if table.catalogue is not None:
        return table.catalogue.statuses.get(DIRECTORIES[field], ())
    return tuple(ListItem(code, "") for code in _STANDARD.get(field, ()))


def _entry(field: str, value: str, entries: tuple[ListItem, ...]) -> str | None:
    plain = _bare(value)
    for item in entries:
        if plain in (_bare(item.text), _bare(item.id)) and plain:
            return item.id
    ids = {item.id for item in entries}
    for code, words in _WORDS.get(field, {}).items():
        if code in ids and plain in words.split("|"):
            return code
    if field == "HONORIFIC":
        for words in (_SIR, _MADAM):
            if plain in words.split("|"):
                return next((item.id for item in entries if _bare(item.text) in words.split("|")), None)
    return None


def _bare(text: str) -> str:
    return folded("".join(char if char.isalnum() else " " for char in text))
