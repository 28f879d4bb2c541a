"""A sandbox portal with VibeCode's door to it, at any position of the switches for what nobody knows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from importer.batcher.requests import in_requests, joined
from importer.portals.operations import Operation
from importer.portals.portal import Answer
from importer.portals.vibecode.door import VibeCodeDoor
from importer.portals.vibecode.key import VibeKey
from importer.sandbox.server import Sandbox
from importer.sandbox.settings import SandboxSettings
from importer.sandbox.vibecode.switches import VibeSwitches


@dataclass
class Entrance:
    """One sandbox, and the door to it."""

    sandbox: Sandbox
    door: VibeCodeDoor

    async def ready(self) -> VibeCodeDoor:
        """The door, once it knows the portal."""
        for operation in self.door.unasked:
            await self.door.send([operation])
        return self.door

    async def ask(self, *operations: Operation) -> Answer:
        """The results of operations, in as many requests as they take."""
        door = await self.ready()
        places = in_requests(door, operations)
        return joined(places, [await door.send([operations[place] for place in some]) for some in places])


Enter = Callable[..., Awaitable[Entrance]]


@pytest.fixture
async def enter() -> AsyncIterator[Enter]:
    """`enter(switch=position, …)`: such a sandbox with its door; `word` names one of its keys."""
    async with AsyncExitStack() as stack:

        async def start(*, word: str = "personal", is_entity_batch: bool = False, session: str = "", **switches: object) -> Entrance:
            settings = SandboxSettings(is_latency_real=False, vibecode=VibeSwitches().changed(switches))
            sandbox = await stack.enter_async_context(Sandbox(settings))
            kind = "app" if word == "application" else "api"
            key = VibeKey.parse(f"vibe_{kind}_{settings.secret}_{word}", session, sandbox.base_url)
            door = VibeCodeDoor(key, is_entity_batch=is_entity_batch)
            stack.push_async_callback(door.close)
            return Entrance(sandbox, door)

        yield start
