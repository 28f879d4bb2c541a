"""The VibeCode door's own controls, which no real portal has: keys, sessions and switches, over HTTP.

    GET  /sandbox/vibecode             switches as they are, keys, sessions
    POST /sandbox/vibecode/switches    the ones to change: `{"update_answer": "nothing"}`
    POST /sandbox/vibecode/keys        a further key, or one to replace: `{"key": "vibe_api_…", "access_mode": "READONLY"}`
    POST /sandbox/vibecode/sessions    the same for sessions: `{"token": "vibe_session_…", "user_id": 7, "expires_at": 0}`

In Python the same is `Sandbox.vibe.keys` and `.switches`. Answered to loopback callers only.
"""

from __future__ import annotations

from dataclasses import asdict

from aiohttp import web

from importer.sandbox.control import as_json_answer, guarded, posted
from importer.sandbox.vibecode.door import VibeDoor
from importer.sandbox.vibecode.keys import Session, VibeKey


class VibeControl:
    """The controls of one VibeCode door."""

    def __init__(self, door: VibeDoor) -> None:
        self._door = door

    def routes(self) -> list[web.RouteDef]:
        """The addresses listed above."""
        return [
            web.get("/sandbox/vibecode", guarded(self._get)),
            web.post("/sandbox/vibecode/switches", guarded(self._post_switches)),
            web.post("/sandbox/vibecode/keys", guarded(self._post_key)),
            web.post("/sandbox/vibecode/sessions", guarded(self._post_session)),
        ]

    async def _get(self, request: web.Request) -> web.Response:
        return self._shown()

    async def _post_switches(self, request: web.Request) -> web.Response:
        self._door.switches = self._door.switches.changed(_object(await posted(request)))
        return self._shown()

    async def _post_key(self, request: web.Request) -> web.Response:
        sent = _object(await posted(request))
        for name in {"scopes", "late_scopes"} & set(sent):
            if not isinstance(sent[name], list):
                raise ValueError(f"VibeCode controls: {name} takes a list of words, {sent[name]!r} is none.")
            sent[name] = frozenset(map(str, sent[name]))
        self._door.keys.add(_made(VibeKey, sent))
        return self._shown()

    async def _post_session(self, request: web.Request) -> web.Response:
        self._door.keys.add_session(_made(Session, _object(await posted(request))))
        return self._shown()

    def _shown(self) -> web.Response:
        keys = self._door.keys
        return as_json_answer(
            {
                "switches": asdict(self._door.switches),
                "keys": [key.as_json() for key in keys.keys.values()],
                "sessions": [asdict(session) for session in keys.sessions.values()],
            }
        )


def _object(sent: object) -> dict[str, object]:
    if not isinstance(sent, dict):
        raise ValueError(f"VibeCode controls: an object is needed, found {sent!r}.")
    return sent


def _made(kind: type, sent: dict[str, object]) -> object:
    unknown = set(sent) - set(kind.__slots__)
    if unknown or kind.__slots__[0] not in sent:
        raise ValueError(f"VibeCode controls: a {kind.__name__} takes {', '.join(kind.__slots__)}, the first of which is needed.")
    return kind(**sent)
