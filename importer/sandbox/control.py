"""The sandbox's own controls, which no real portal has: faults, state, statistics, contacts; in Python and over HTTP.

    GET  /sandbox/requests?latest=N     statistics, and the N newest requests
    GET  /sandbox/contacts?after=ID     up to 500 contacts past that id, as stored, with multifields
    GET  /sandbox/notifications         what users were told: user id and message, oldest first
    GET  /sandbox/faults                how often each fault was applied
    POST /sandbox/faults                one rule (`{"when": …, "do": …}`) or a list of them
    DELETE /sandbox/faults              forget all rules
    GET  /sandbox/state                 closed, overloaded, renamed, rights, scopes … as they are
    POST /sandbox/state                 the ones to change: `{"is_closed": true}`
    GET  /sandbox/files/ID              a stored file
    …    /sandbox/vibecode              the second door's own, see `vibecode.control`

Answered to loopback callers only, under a loopback name, so that no web page can reach it through a browser.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from importer.sandbox.faults import Faults
from importer.sandbox.portal import Portal
from importer.sandbox.request_log import RequestLog
from importer.sandbox.store import Condition, Window

Answering = Callable[[web.Request], Awaitable[web.Response]]

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_CONTACTS_PER_ANSWER = 500


class Control:
    """The controls of one sandbox."""

    def __init__(self, portal: Portal, faults: Faults, log: RequestLog) -> None:
        self._portal = portal
        self._faults = faults
        self._log = log

    def add_fault(self, rule: dict[str, object]) -> None:
        """Add a fault rule, shaped as in a faults file. Raises `fault_rules.FaultError` for one that cannot be meant."""
        self._faults.add(rule)

    def clear_faults(self) -> None:
        """Forget all fault rules."""
        self._faults.clear()

    def set_state(self, **changes: object) -> None:
        """Change what `state.PortalState` names. Raises ValueError for an unknown name or a wrong kind of value."""
        self._portal.state.change(changes)

    def statistics(self) -> dict[str, object]:
        """Requests, statuses, commands run, methods, and how often each fault was applied."""
        sums = self._log.statistics()
        return sums | {"faults": dict(self._faults.counts), "contacts": self._portal.store.count("contact")}

    # Over HTTP

    def routes(self) -> list[web.RouteDef]:
        """The addresses listed above."""
        return [
            web.get("/sandbox/requests", guarded(self._get_requests)),
            web.get("/sandbox/contacts", guarded(self._get_contacts)),
            web.get("/sandbox/notifications", guarded(self._get_notifications)),
            web.get("/sandbox/faults", guarded(self._get_faults)),
            web.post("/sandbox/faults", guarded(self._post_faults)),
            web.delete("/sandbox/faults", guarded(self._delete_faults)),
            web.get("/sandbox/state", guarded(self._get_state)),
            web.post("/sandbox/state", guarded(self._post_state)),
            web.get(r"/sandbox/files/{id:\d{1,15}}", guarded(self._get_file)),
        ]

    async def _get_requests(self, request: web.Request) -> web.Response:
        latest = request.query.get("latest", "0")
        return as_json_answer(self.statistics() | {"latest": self._log.latest(int(latest) if latest.isdecimal() else 0)})

    async def _get_contacts(self, request: web.Request) -> web.Response:
        after = request.query.get("after", "0")
        condition = Condition("id > ?", (int(after) if after.isdecimal() else 0,))
        store = self._portal.store
        rows = store.rows("contact", condition, Window("id", _CONTACTS_PER_ANSWER))
        return as_json_answer({"contacts": store.with_multifields("contact", rows), "total": store.count("contact")})

    async def _get_notifications(self, request: web.Request) -> web.Response:
        told = self._portal.store.directories.notifications()
        return as_json_answer({"notifications": [{"user_id": user_id, "message": message} for user_id, message in told]})

    async def _get_faults(self, request: web.Request) -> web.Response:
        return as_json_answer({"applied": dict(self._faults.counts)})

    async def _post_faults(self, request: web.Request) -> web.Response:
        rules = await posted(request)
        for rule in rules if isinstance(rules, list) else [rules]:
            self.add_fault(rule)
        return as_json_answer({"ok": True})

    async def _delete_faults(self, request: web.Request) -> web.Response:
        self.clear_faults()
        return as_json_answer({"ok": True})

    async def _get_state(self, request: web.Request) -> web.Response:
        return as_json_answer(self._portal.state.as_json())

    async def _post_state(self, request: web.Request) -> web.Response:
        changes = await posted(request)
        if not isinstance(changes, dict):
            raise ValueError(f"portal state: an object of changes is needed, found {changes!r}.")
        self.set_state(**changes)
        return as_json_answer(self._portal.state.as_json())

    async def _get_file(self, request: web.Request) -> web.Response:
        found = self._portal.store.file(int(request.match_info["id"]))
        if found is None:
            return as_json_answer({"error": "no such file"}, 404)
        # Never shown in the page's own context: a file may be HTML with a script.
        headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=found[1], content_type="application/octet-stream", headers=headers)


def guarded(answer: Answering) -> Answering:
    """`answer` for callers on this machine only; a ValueError of it becomes a 400 with its text."""

    async def guarded_answer(request: web.Request) -> web.Response:
        if request.remote not in _LOOPBACK or (request.url.host or "") not in _LOOPBACK:
            return as_json_answer({"error": "the sandbox's controls answer on this machine only"}, 403)
        try:
            return await answer(request)
        except ValueError as error:
            return as_json_answer({"error": str(error)}, 400)

    return guarded_answer


async def posted(request: web.Request) -> object:
    """The body's JSON. Raises ValueError when it is none."""
    try:
        return json.loads(await request.read())
    except ValueError as error:
        raise ValueError(f"the body is no JSON ({error}).") from error


def as_json_answer(body: object, status: int = 200) -> web.Response:
    """A control's answer."""
    return web.json_response(body, status=status)
