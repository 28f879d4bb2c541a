"""A portal that answers exactly the bytes a test gives it, over a real loopback socket."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from importer.portals.bitrix24.door import Bitrix24Door
from importer.portals.bitrix24.rest import Rest
from importer.portals.bitrix24.webhook import Webhook
from importer.sandbox.oauth.switches import OAuthSwitches
from importer.sandbox.server import Sandbox
from importer.sandbox.settings import SandboxSettings
from tests.portals.token_place import CLIENT_SECRET, Place

SECRET = "s3cr3tc0de"


@dataclass(frozen=True)
class Reset:
    """Ends the connection with a TCP reset, after these bytes of an answer."""

    after: bytes = b""


@dataclass(frozen=True)
class Silence:
    """Never answers, and keeps the connection open."""


Scripted = bytes | Reset | Silence


def http(status: int, body: bytes = b"", *headers: str) -> bytes:
    """A whole answer, after which the connection closes."""
    head = [f"HTTP/1.1 {status} Words", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*head, "", ""]).encode() + body


def json_answer(body: object, status: int = 200) -> bytes:
    """An answer of the portal's own."""
    return http(status, json.dumps(body).encode(), "Content-Type: application/json; charset=utf-8")


@dataclass
class Asked:
    """One request that arrived."""

    target: str
    headers: dict[str, str]
    body: dict


@dataclass
class Server:
    """Answers each request with the next of its script, the last one for ever."""

    script: list[Scripted]
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    scheme: str = "http"
    _open: set[asyncio.Task] = field(default_factory=set)

    @property
    def base(self) -> str:
        """Scheme, host and port."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def webhook(self) -> Webhook:
        """A webhook of this portal."""
        return Webhook.parse(f"{self.base}/rest/1/{SECRET}/")

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Reads one request, answers it, and closes."""
        task = asyncio.current_task()
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        try:
            await self._answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.asked.append(Asked(head[0].split(" ")[1], headers, json.loads(body or b"{}")))
        said = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(said, Silence):
            await asyncio.Event().wait()
        writer.write(said.after if isinstance(said, Reset) else said)
        await writer.drain()
        if isinstance(said, Reset):
            # Lingering for no time makes the system send RST instead of FIN.
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    async def stop(self) -> None:
        """Ends what never answers."""
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)


Serve = Callable[..., Awaitable[Server]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts servers with a script; they stop with the test."""
    async with AsyncExitStack() as stack:

        async def start(*script: Scripted, tls: ssl.SSLContext | None = None) -> Server:
            server = Server(list(script), scheme="https" if tls else "http")
            listening = await asyncio.start_server(server.answer, "127.0.0.1", 0, ssl=tls)
            stack.push_async_callback(server.stop)
            stack.callback(listening.close)
            server.port = listening.sockets[0].getsockname()[1]
            return server

        yield start


@pytest.fixture
async def call() -> AsyncIterator[Callable[..., Awaitable[object]]]:
    """Calls a method of a server's portal through a Rest of its own; the Rest stays open with the test."""
    async with AsyncExitStack() as stack:

        async def once(server: Server, **options: object) -> object:
            rest = Rest(server.webhook, **options)
            stack.push_async_callback(rest.close)
            return await rest.call("profile", {"a": "b"})

        yield once


@pytest.fixture
async def door_to() -> AsyncIterator[Callable[[Server], Bitrix24Door]]:
    """A door to a server's portal, closed with the test."""
    async with AsyncExitStack() as stack:

        def door(server: Server) -> Bitrix24Door:
            made = Bitrix24Door(server.webhook)
            stack.push_async_callback(made.close)
            return made

        yield door


@pytest.fixture
async def place(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    """A place with fresh tokens; a parameter is the sandbox's OAuth switches."""
    settings = SandboxSettings(plan="enterprise", is_latency_real=False, oauth=getattr(request, "param", OAuthSwitches()))
    async with Sandbox(settings) as sandbox:
        file = tmp_path / "tokens.json"
        file.write_text(json.dumps(sandbox.tokens.issued() | {"note": "ours"}), encoding="utf-8")
        environment = {
            "B24_PORTAL_URL": sandbox.base_url, "B24_OAUTH_URL": sandbox.base_url, "B24_TOKEN_FILE": str(file),
            "B24_CLIENT_ID": "local.sandbox.0001", "B24_CLIENT_SECRET": CLIENT_SECRET,
        }  # fmt: skip
        made = Place(sandbox, file, environment)
        yield made
        for door in made.doors:
            await door.close()
