"""What a fault does to an answer: dropped, cut, emptied, mangled, late. The rules are in `faults`.

Everything here happens on the wire; how many commands ran before is decided by the run's `limit`.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

from importer.sandbox.commands import Command, Run
from importer.sandbox.envelope import encode
from importer.sandbox.fault_rules import Deed

#: status and body; a body of None is none at all
Perform = Callable[[], Awaitable[tuple[int, dict | None]]]

_HTML = "<html><head><title>{title}</title></head><body><h1>{title}</h1><hr>nginx</body></html>"
_TITLES = {
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
}
_JSON = {"Content-Type": "application/json; charset=utf-8"}
_MAPS = ("result", "result_error", "result_total", "result_next", "result_time")


class Dropped(web.Response):
    """Stands for an answer that nobody gets: the connection is closed already."""


@dataclass(frozen=True, slots=True)
class Wire:
    """How one door shapes what a fault leaves of an answer."""

    #: the answer with the deed's status
    failure: Callable[[Deed], web.Response]
    #: the body less the entries of the commands at the deed's positions
    without: Callable[[dict, object, list[Command]], dict]
    #: the body with garbage of the deed's kind
    mangled: Callable[[dict, object], dict]
    #: of an answer with a body
    headers: Mapping[str, str] = field(default_factory=lambda: _JSON)


@dataclass(frozen=True, slots=True)
class Scene:
    """One request that a fault befalls."""

    request: web.Request
    run: Run
    commands: list[Command]
    perform: Perform
    refuse_connections: Callable[[float], Awaitable[None]]
    wire: Wire = field(default_factory=lambda: NATIVE)


async def spoilt(deed: Deed, scene: Scene) -> web.StreamResponse:
    """The answer after the deed, a `Dropped` where the connection was closed."""
    if deed.name == "keep_writing_s":
        return await _left_alone(deed, scene)
    status, body = 200, {}
    if deed.after != 0:
        scene.run.limit = deed.after
        status, body = await scene.perform()
    await asyncio.sleep(deed.value if deed.name == "delay_s" else deed.delay_s)
    if deed.name in ("reset_before", "reset_after"):
        return reset(scene.request)
    if deed.name == "refuse_connections":
        await scene.refuse_connections(deed.value)
        return reset(scene.request)
    if deed.name == "cut_body":
        return await _cut(scene, status, encode(body)) if body else reset(scene.request)
    return _answer(deed, scene, status, body)


def reset(request: web.Request) -> Dropped:
    """Close the connection with a TCP reset, without an answer."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        if connection is not None:
            # Lingering for no time makes the system send RST instead of FIN.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return Dropped()


def _answer(deed: Deed, scene: Scene, status: int, body: dict | None) -> web.StreamResponse:
    if deed.name == "status":
        return scene.wire.failure(deed)
    if deed.name == "redirect":
        return web.Response(status=302, headers={"Location": deed.value.rstrip("/") + scene.request.path_qs})
    if deed.name == "not_json":
        return web.Response(status=200, text=_HTML.format(title="Welcome"), content_type="text/html")
    if deed.name == "empty":
        return web.Response(status=200, body=b"")
    if deed.name == "missing_keys":
        body = scene.wire.without(body or {}, deed.value, scene.commands)
    if deed.name == "garbage":
        body = scene.wire.mangled(body or {}, deed.value)
    if body is None:
        return web.Response(status=status)
    return web.Response(status=status, body=encode(body), headers=scene.wire.headers)


def gateway_page(status: int) -> web.Response:
    """An error as the web server in front of the portal words it: a page, no JSON."""
    title = f"{status} {_TITLES.get(status, 'Error')}"
    return web.Response(status=status, text=_HTML.format(title=title), content_type="text/html")


def bodiless(deed: Deed) -> web.Response | None:
    """The answer with the deed's status where the deed wants a page or nothing at all, the same at every door."""
    if deed.body == "html":
        return gateway_page(deed.value)
    return web.Response(status=deed.value) if deed.body == "empty" else None


def _failure(deed: Deed) -> web.Response:
    without_json = bodiless(deed)
    if without_json is not None:
        return without_json
    error = {"error": deed.code, "error_description": deed.text}
    return web.Response(status=deed.value, body=encode(error), headers=_JSON)


async def _cut(scene: Scene, status: int, body: bytes) -> Dropped:
    response = web.StreamResponse(status=status, headers=scene.wire.headers)
    response.content_length = len(body)
    await response.prepare(scene.request)
    await response.write(body[: len(body) // 2])
    if scene.request.transport is not None:
        scene.request.transport.close()
    return Dropped()


async def _left_alone(deed: Deed, scene: Scene) -> Dropped:
    """Drop the client after the first commands; the rest goes on at its own slow pace."""
    first = deed.after or 0
    pause_s = deed.value / max(1, len(scene.commands) - first)

    async def before(command: Command) -> None:
        if command.position > first:
            reset(scene.request)
            await asyncio.sleep(pause_s)

    scene.run.before = before
    await scene.perform()
    return reset(scene.request)


def _without(body: dict, positions: object, commands: list[Command]) -> dict:
    if positions == "result":
        return {key: value for key, value in body.items() if key != "result"}
    keys = {command.key for command in commands if any(command.position in piece for piece in positions)}
    result = body.get("result")
    if not isinstance(result, dict):
        return body
    maps = {name: _less(result[name], keys) for name in _MAPS if name in result}
    return body | {"result": maps}


def _less(entries: object, keys: set) -> object:
    if isinstance(entries, list):
        return [entry for index, entry in enumerate(entries) if index not in keys]
    return {key: entry for key, entry in entries.items() if key not in keys} or []


def _mangled(body: dict, kind: object) -> dict:
    if kind == "entries":
        return body | {"result": dict(zip(_MAPS, ("ok", None, 0, [], 3.5), strict=True))}
    wrong = {"string": "ok", "number": 42, "null": None, "list": [[1], ["a"]]}
    return body | {"result": wrong[kind]}


NATIVE = Wire(_failure, _without, _mangled)
