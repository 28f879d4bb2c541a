"""VibeCode's answers as bytes: the envelope, the rate-limit headers, and what a fault leaves of them."""

from __future__ import annotations

import json
import math
from functools import partial

from aiohttp import web

from importer.sandbox.commands import Command
from importer.sandbox.fault_answers import Wire, bodiless
from importer.sandbox.fault_rules import Deed
from importer.sandbox.vibecode.plan import Reply
from importer.sandbox.vibecode.refusals import OF_STATUS, STATUSES, WAITING, VibeRefusal, waiting

_JSON = "application/json; charset=utf-8"
_NO_CODE = "INTERNAL_SERVER_ERROR"


def response(reply: Reply, headers: dict[str, str]) -> web.Response:
    """The answer to a request."""
    if reply.body is None:
        return web.Response(status=reply.status, headers=headers)
    text = json.dumps(reply.body, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate is no UTF-8; it leaves as JSON escapes, as it came.
    body = text.encode("utf-8", "backslashreplace")
    return web.Response(status=reply.status, body=body, headers={**headers, "Content-Type": _JSON})


def refused(refusal: VibeRefusal, headers: dict[str, str]) -> web.Response:
    """An error answer, with `Retry-After` where the error says how long to wait."""
    wait_s = refusal.more.get("retryAfter")
    wait = {"Retry-After": str(wait_s)} if wait_s is not None else {}
    return response(Reply(refusal.status, refusal.envelope()), headers | wait)


def limit_headers(limit: int, left: int, wait_s: float, reset_at: float, unit: str) -> dict[str, str]:
    """X-RateLimit-*: `wait_s` until the window is empty again, `reset_at` the Unix time of that."""
    reset = {"seconds": math.ceil(wait_s), "epoch": math.ceil(reset_at), "epoch_ms": math.ceil(reset_at * 1000)}[unit]
    return {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(left), "X-RateLimit-Reset": str(reset)}


def wire_of(headers: dict[str, str]) -> Wire:
    """What faults leave of an answer with these headers."""
    return Wire(partial(_failure, headers), _without, _mangled, {**headers, "Content-Type": _JSON})


def _failure(headers: dict[str, str], deed: Deed) -> web.Response:
    without_json = bodiless(deed)
    if without_json is not None:
        return without_json
    code = deed.code if deed.code != _NO_CODE else OF_STATUS.get(deed.value, "INTERNAL_ERROR")
    if code in WAITING:
        return refused(waiting(code, deed.text, status=deed.value), headers)
    # A code of the rule's own need not be one of VibeCode's.
    error = VibeRefusal(code if code in STATUSES else "INTERNAL_ERROR", deed.text, deed.value)
    error.code = code
    return refused(error, headers)


def _without(body: dict, positions: object, commands: list[Command]) -> dict:
    data = body.get("data")
    if positions == "result":
        return {name: value for name, value in body.items() if name != "data"}
    gone = {command.position: command.key for command in commands if any(command.position in piece for piece in positions)}
    if isinstance(data, list):
        return body | {"data": [item for position, item in enumerate(data, 1) if position not in gone]}
    if not isinstance(data, dict) or "results" not in data:
        return body
    keys = set(gone.values())
    less = {name: {key: value for key, value in data[name].items() if key not in keys} for name in ("results", "totals", "errors")}
    return body | {"data": data | less}


def _mangled(body: dict, kind: object) -> dict:
    if kind == "entries":
        return body | {"data": {"results": "ok", "totals": None, "errors": 0, "summary": []}}
    wrong = {"string": "ok", "number": 42, "null": None, "list": [[1], ["a"]]}
    return body | {"data": wrong[kind]}
