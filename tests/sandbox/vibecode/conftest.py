"""A sandbox portal with a client of its VibeCode door, and a clock that only the test moves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from importer.sandbox.vibecode.switches import VibeSwitches
from tests.sandbox.conftest import Portal, StartPortal


@dataclass
class Answer:
    """One answer of the door, decoded."""

    status: int
    body: dict | None
    headers: dict[str, str]

    @property
    def data(self) -> object:
        """`data` of an answer that must be a success."""
        assert self.body and self.body["success"] is True, self.body
        return self.body["data"]

    @property
    def error(self) -> tuple[int, str]:
        """Status and code of an answer that must be an error."""
        assert self.body and self.body["success"] is False and set(self.body) == {"success", "error"}, self.body
        return self.status, self.body["error"]["code"]


@dataclass
class Vibe:
    """A client of the door, with the key that may do everything."""

    portal: Portal
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def store(self):
        """The portal's data."""
        return self.portal.sandbox.store

    def key(self, word: str, kind: str = "vibe_api_") -> str:
        """One of the keys of `keys.default_keys`."""
        return f"{kind}sandboxsecret_{word}"

    async def send(self, verb: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> Answer:
        """The answer to one request."""
        chosen = {"X-Api-Key": self.key("personal")} if headers is None else headers
        url = f"{self.portal.sandbox.base_url}/v1/{path}"
        sent = {"json": body} if body is not None else {}
        async with self.portal.session.request(verb, url, headers=chosen, **sent) as response:
            raw = await response.read()
            return Answer(response.status, await response.json() if raw else None, dict(response.headers))

    async def get(self, path: str) -> Answer:
        """GET."""
        return await self.send("GET", path)

    async def post(self, path: str, body: object) -> Answer:
        """POST."""
        return await self.send("POST", path, body)

    async def patch(self, path: str, body: object) -> Answer:
        """PATCH."""
        return await self.send("PATCH", path, body)

    async def add(self, **fields: object) -> dict:
        """A contact added with these fields; `name` is there already."""
        answer = await self.post("contacts", {"name": "Mara"} | fields)
        assert answer.status == 201, answer.body
        return answer.data

    def switch(self, **positions: object) -> None:
        """Set switches from here on."""
        door = self.portal.sandbox.vibe
        door.switches = door.switches.changed(positions)


StartVibe = Callable[..., Awaitable[Vibe]]


@pytest.fixture
async def start_vibe(start_portal: StartPortal) -> StartVibe:
    """Starts portals with these switches; the clock stands still, so the portal's rate is out of the way unless asked for."""

    async def start(settings: dict[str, object] | None = None, **positions: object) -> Vibe:
        switches = VibeSwitches(**({"portal_requests_per_second": 10_000} | positions))
        return Vibe(await start_portal(vibecode=switches, **(settings or {})))

    return start


@pytest.fixture
async def vibe(start_vibe: StartVibe) -> Vibe:
    """A portal with default settings and switches."""
    return await start_vibe()
