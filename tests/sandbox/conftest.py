"""A sandbox portal on a free loopback port, with a clock that only the test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import aiohttp
import pytest

from importer.sandbox.server import Sandbox
from importer.sandbox.settings import SandboxSettings

# A whole minute, so that baskets and ticks fall on round numbers: 2026-02-05 17:18:00 in Moscow.
START = 1770301080.0


@dataclass
class Clock:
    """Unix seconds that stand still until a test moves them."""

    now: float = START

    def __call__(self) -> float:
        return self.now


@dataclass
class Portal:
    """A running sandbox and a client that talks to its webhook."""

    sandbox: Sandbox
    session: aiohttp.ClientSession
    clock: Clock = field(default_factory=Clock)

    async def call(self, method: str, params: object = None) -> tuple[int, dict]:
        """Status and decoded body of a JSON call."""
        async with self.session.post(self.sandbox.webhook_url + method, json=params or {}) as response:
            return response.status, await response.json()

    async def result(self, method: str, params: object = None) -> object:
        """The `result` of a call that must succeed."""
        status, body = await self.call(method, params)
        assert status == 200, body
        return body["result"]

    async def error(self, method: str, params: object = None) -> tuple[int, str, str]:
        """Status, code and text of a call that must fail."""
        status, body = await self.call(method, params)
        assert set(body) == {"error", "error_description"}, body
        return status, body["error"], body["error_description"]

    async def batch(self, cmd: object, **more: object) -> dict:
        """The five maps of a batch."""
        return await self.result("batch", {"cmd": cmd, **more})

    async def add(self, **fields: object) -> dict:
        """A contact added with these fields (NAME is there already), as `get` shows it."""
        number = await self.result("crm.contact.add", {"fields": {"NAME": "Mara", **fields}})
        return await self.result("crm.contact.get", {"id": number})


StartPortal = Callable[..., Awaitable[Portal]]


@pytest.fixture
async def start_portal() -> AsyncIterator[StartPortal]:
    """Starts portals with the settings given; they stop with the test."""
    async with AsyncExitStack() as stack:

        async def start(**settings: object) -> Portal:
            clock = Clock()
            chosen = SandboxSettings(**({"clock": clock, "is_latency_real": False, "plan": "enterprise"} | settings))
            sandbox = await stack.enter_async_context(Sandbox(chosen))
            session = await stack.enter_async_context(aiohttp.ClientSession())
            return Portal(sandbox, session, clock)

        yield start


@pytest.fixture
async def portal(start_portal: StartPortal) -> Portal:
    """A portal with default settings and a clock that stands still."""
    return await start_portal()
