"""The application's addresses: the page that asks a person, and the token server.

    GET       /oauth/authorize/?client_id=…&state=…    a page; its link leads to the application's handler with a code
    GET, POST /oauth/token/                            grant_type authorization_code or refresh_token → a token answer
    POST      /sandbox/oauth                           the sandbox's own: `{"do": "issue"}` answers tokens out of the blue;
                                                       `expire_access`, `forget_access`, `expire_refresh` take them back
    GET       /sandbox/oauth                           how often the token server was asked, by grant and status

A fault rule befalls the token server only if it names the method `oauth.token`; `request` counts its requests alone.
"""

from __future__ import annotations

from collections import Counter
from html import escape
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from importer.sandbox import fault_answers
from importer.sandbox.control import as_json_answer, guarded, posted
from importer.sandbox.envelope import encode
from importer.sandbox.faults import Faults
from importer.sandbox.oauth.tokens import Tokens
from importer.sandbox.refusals import Refusal

METHOD = "oauth.token"

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sandbox portal</title></head>
<body><h1>Sandbox portal</h1><p>{text}</p></body></html>"""
_HEADERS = {"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


class _Unbounded:
    """Stands for the run of a request without commands, which faults want to bound."""

    limit: int | None = None
    before: object = None


class OAuthServer:
    """The authorisation page and token server of one portal."""

    def __init__(self, tokens: Tokens, faults: Faults) -> None:
        self._tokens, self._faults = tokens, faults
        self._ordinal = 0
        #: set by the server: stop listening for so many seconds
        self.refuse_connections = None
        #: "grant status" → how often that was answered; status 0 where the connection was dropped
        self.answered: Counter[str] = Counter()

    def routes(self) -> list[web.RouteDef]:
        """The addresses listed above."""
        return [
            web.get("/oauth/authorize/", self._authorize),
            web.get("/oauth/token/", self._token),
            web.post("/oauth/token/", self._token),
            web.get("/sandbox/oauth", guarded(self._get_control)),
            web.post("/sandbox/oauth", guarded(self._post_control)),
        ]

    async def _authorize(self, request: web.Request) -> web.Response:
        """On failure the person sees a page; the application gets no redirect."""
        client_id, state = request.query.get("client_id", ""), request.query.get("state", "")
        try:
            self._tokens.expect_client(client_id, None)
        except Refusal as refusal:
            return _page(f"The application cannot be used: {refusal.code}.", 400)
        if request.query.get("allow") != "yes":
            link = "?" + urlencode({"client_id": client_id, "state": state, "allow": "yes"})
            return _page(f'An application asks for access to contacts. <a href="{escape(link)}">Allow it</a>')
        told = {
            "code": self._tokens.code(), "state": state, "domain": urlsplit(self._tokens.base).netloc,
            "member_id": "5a1b0000000000000000000000005a1b", "scope": ",".join(sorted(self._tokens.portal.state.scopes)),
            "server_domain": "oauth.bitrix.info",
        }  # fmt: skip
        return web.Response(status=302, headers={"Location": f"{self._tokens.switches.handler}?{urlencode(told)}"})

    async def _token(self, request: web.Request) -> web.StreamResponse:
        self._ordinal += 1
        sent = {**request.query, **{name: value for name, value in (await request.post()).items() if isinstance(value, str)}}

        async def perform() -> tuple[int, dict]:
            try:
                return 200, self._granted(sent)
            except Refusal as refusal:
                # A description is often missing (seen in b24phpsdk).
                return refusal.status, refusal.as_json() if refusal.text else {"error": refusal.code}

        deed = self._faults.for_method(self._ordinal, METHOD)
        if deed is None:
            status, body = await perform()
            response = web.Response(status=status, body=encode(body), headers={"Content-Type": "application/json; charset=utf-8"})
        else:
            scene = fault_answers.Scene(request, _Unbounded(), [], perform, self.refuse_connections)
            response = await fault_answers.spoilt(deed, scene)
        status = 0 if isinstance(response, fault_answers.Dropped) else response.status
        self.answered[f"{sent.get('grant_type', '')} {status}"] += 1
        return response

    def _granted(self, sent: dict[str, str]) -> dict[str, object]:
        wanted = {"authorization_code": "code", "refresh_token": "refresh_token"}.get(sent.get("grant_type", ""))
        if wanted is None:
            raise Refusal(400, "invalid_request", 'No "grant_type" parameter found')
        for name in (wanted, "client_id", "client_secret"):
            if not sent.get(name):
                # Status and text seen in b24pysdk.
                raise Refusal(400, "invalid_request", f'No "{name}" parameter found')
        self._tokens.expect_client(sent["client_id"], sent["client_secret"])
        if wanted == "code":
            return self._tokens.exchanged(sent["code"])
        return self._tokens.refreshed(sent["refresh_token"])

    async def _get_control(self, request: web.Request) -> web.Response:
        return as_json_answer({"answered": dict(self.answered)})

    async def _post_control(self, request: web.Request) -> web.Response:
        sent = await posted(request)
        wish = sent.get("do") if isinstance(sent, dict) else None
        if wish == "issue":
            return as_json_answer(self._tokens.issued())
        deeds = {name: getattr(self._tokens, name) for name in ("expire_access", "forget_access", "expire_refresh")}
        if wish not in deeds:
            raise ValueError(f"OAuth controls: `do` is needed, one of issue, {', '.join(deeds)}; found {wish!r}.")
        deeds[wish]()
        return as_json_answer({"ok": True})


def _page(text: str, status: int = 200) -> web.Response:
    return web.Response(status=status, text=_PAGE.format(text=text), content_type="text/html", headers=_HEADERS)
