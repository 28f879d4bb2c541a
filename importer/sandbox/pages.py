"""The portal's pages for people: the newest contacts at `/`, and one contact's card at the address reports link to.

Read only; every value is escaped by the templates beside this module.
"""

from __future__ import annotations

from aiohttp import web
from jinja2 import Environment, PackageLoader

from importer.sandbox.fields import FieldSpec
from importer.sandbox.multifields import KINDS
from importer.sandbox.php_casts import as_text
from importer.sandbox.portal import Portal
from importer.sandbox.records import CONTACT
from importer.sandbox.store import Condition, Window

_PER_PAGE = 50
_HIDDEN = {"ID", "HAS_PHONE", "HAS_EMAIL", "HAS_IMOL", "TRACE", "FACE_ID", "COMPANY_IDS"}

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}


class Pages:
    """The pages of one portal."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._templates = Environment(loader=PackageLoader(__package__, "templates"), autoescape=True, trim_blocks=True)

    def routes(self) -> list[web.RouteDef]:
        """`/` and `/crm/contact/details/<id>/`."""
        return [
            web.get("/", self._newest),
            web.get(r"/crm/contact/details/{id:\d{1,15}}", self._card),
            web.get(r"/crm/contact/details/{id:\d{1,15}}/", self._card),
        ]

    async def _newest(self, request: web.Request) -> web.Response:
        asked = request.query.get("before", "")
        before = int(asked) if asked.isdecimal() and len(asked) < 16 else 2**62
        store = self._portal.store
        rows = store.rows("contact", Condition("id < ?", (before,)), Window("id DESC", _PER_PAGE))
        contacts = [_summary(row) for row in store.with_multifields("contact", rows)]
        last = rows[-1]["ID"] if len(rows) == _PER_PAGE else None
        total = store.count("contact")
        return self._page("contacts.html", contacts=contacts, total=total, older=last, is_first=not asked)

    async def _card(self, request: web.Request) -> web.Response:
        number = int(request.match_info["id"])
        row = self._portal.store.row("contact", number)
        if row is None:
            return self._page("missing.html", status=404, number=number)
        contact = self._portal.store.with_multifields("contact", [row])[0]
        specs = [spec for spec in CONTACT.specs(self._portal).values() if spec.name not in _HIDDEN]
        fields = [(spec.label or spec.name, self._readable(spec, row.get(spec.name))) for spec in specs]
        shown = [(label, text) for label, text in fields if text]
        values = [(kind, item["VALUE_TYPE"], item["VALUE"]) for kind in KINDS for item in contact.get(kind, [])]
        return self._page("contact.html", number=number, name=_name(row), fields=shown, values=values)

    def _readable(self, spec: FieldSpec, value: object) -> str:
        if value in (None, "", []):
            return ""
        if isinstance(value, list):
            return ", ".join(self._readable(spec, item) for item in value)
        if spec.type == "crm_multifield":
            return ""
        if spec.type == "enumeration":
            return spec.items.get(value, str(value))
        if spec.type == "crm_status":
            entries = [row for row in self._portal.store.directories.statuses() if row["ENTITY_ID"] == spec.status_type]
            return next((row["NAME"] for row in entries if row["STATUS_ID"] == value), str(value))
        if spec.type in ("user", "employee"):
            people = {row["ID"]: f"{row['NAME']} {row['LAST_NAME']}" for row in self._portal.store.directories.people()}
            return people.get(str(value), f"user {value}")
        if spec.type == "file":
            found = self._portal.store.file(value)
            return f"{found[0]} ({len(found[1])} bytes)" if found else f"file {value}"
        if spec.type == "date":
            return str(value)[:10]
        return as_text(value)

    def _page(self, template: str, *, status: int = 200, **values: object) -> web.Response:
        text = self._templates.get_template(template).render(values)
        return web.Response(status=status, text=text, content_type="text/html", headers=_HEADERS)


def _name(row: dict[str, object]) -> str:
    parts = (row.get(name) for name in ("NAME", "SECOND_NAME", "LAST_NAME"))
    return " ".join(str(part) for part in parts if part) or "(no name)"


def _summary(row: dict[str, object]) -> dict[str, object]:
    first = {kind: next((item["VALUE"] for item in row.get(kind, [])), "") for kind in ("PHONE", "EMAIL")}
    origin = " ".join(str(row[name]) for name in ("ORIGINATOR_ID", "ORIGIN_ID") if row.get(name))
    created = str(row.get("DATE_CREATE") or "")[:16].replace("T", " ")
    values = {"phone": first["PHONE"], "email": first["EMAIL"], "origin": origin, "created": created}
    return {"id": row["ID"], "name": _name(row), **values}
