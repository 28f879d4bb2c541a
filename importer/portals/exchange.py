"""One HTTP request and its answer's bytes, or what their lack means. Knows neither methods nor the portal's words."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import aiohttp

from importer.portals.portal import Failure, Verdict

CONNECT_TIMEOUT_S = 15.0

# An idle connection the portal closes while our next request is on its way leaves that request in doubt.
# Ours are dropped well before a server would: web servers keep them 15 s and more.
_IDLE_S = 5.0

# A batch of 50 contacts answers some 50 kB, a page of 2,500 listed ones a few MB. Anything past this is not an answer.
_MOST_BYTES = 64 * 1024 * 1024

_HEADERS = {"Accept": "application/json", "User-Agent": "b24-import/0.1"}


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer as it came."""

    status: int
    body: bytes
    #: of a redirect: the address it names; it is not followed
    location: str | None = None
    #: in lower case
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class Exchange:
    """The connections to one server, opened when they are needed."""

    def __init__(self, variable: str, *, is_local: bool, answer_timeout_s: float) -> None:
        """`variable` holds the address, for messages. `is_local`: the server runs on this machine."""
        self._variable, self._is_local = variable, is_local
        # `connect` counts names and several addresses, too: settling relies on a request starting that soon.
        self._timeout = aiohttp.ClientTimeout(total=answer_timeout_s, connect=CONNECT_TIMEOUT_S, sock_connect=CONNECT_TIMEOUT_S)
        self._session: aiohttp.ClientSession | None = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=_IDLE_S)
            # A session cookie of the portal's is not sent back: PHP lets one request of a session in after another.
            cookies = aiohttp.DummyCookieJar()
            # Proxies of the environment are meant for the network, never for a portal on this machine.
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=cookies, timeout=self._timeout, headers=_HEADERS, trust_env=not self._is_local
            )
        return self._session

    async def close(self) -> None:
        """Closes the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def post(self, url: str, body: bytes, kind: str, host: str) -> Raw:
        """The answer to a POST of a body of this content type; Failure when it is lost. `host` is for messages."""
        return await self.send("POST", url, body, {"Content-Type": kind}, host)

    async def send(self, verb: str, url: str, body: bytes | None, headers: Mapping[str, str], host: str) -> Raw:
        """The answer to one request; Failure when it is lost. `host` is for messages, which show nothing of the rest."""
        try:
            async with self._open().request(verb, url, data=body, headers=headers, allow_redirects=False) as response:
                if response.status in (301, 302, 303, 307, 308):
                    return Raw(response.status, b"", response.headers.get("Location", ""))
                answered = {name.lower(): value for name, value in response.headers.items()}
                return Raw(response.status, await _whole(response), headers=answered)
        except (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError, OSError) as error:
            # `from None`: the exception's own text holds the address, and the address may be the secret.
            raise self._lost(error, host) from None

    def _lost(self, error: BaseException, host: str) -> Failure:
        """What a broken exchange means: before the request was on its way nothing ran, afterwards anything may have."""
        # Both are about the handshake. A TLS fault later on is an OSError like any other, and leaves a doubt.
        if isinstance(error, (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError)):
            return Failure(Verdict.STOP, "tls", f"the certificate of {host} cannot be verified",
                           advice="Correct this machine's clock or certificates, or whatever stands between; we send nothing unverified.")  # fmt: skip
        if isinstance(error, aiohttp.InvalidURL):
            return Failure(Verdict.STOP, "address", f"the address of {host} cannot be used", advice=f"Check {self._variable}.")
        if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)):
            # Nobody has that name, or nobody listens there; a time-out may be a portal that is busy.
            is_elsewhere = isinstance(error, aiohttp.ClientConnectorError)
            return Failure(Verdict.AGAIN, "no_connection", f"{host} cannot be reached ({_reason(error)})", is_elsewhere=is_elsewhere)
        if isinstance(error, TimeoutError):
            return Failure(Verdict.DOUBT, "timeout", "no answer in time")
        return Failure(Verdict.DOUBT, "connection_lost", f"the connection broke before the answer was complete ({type(error).__name__})")


def garbled(body: bytes, http_status: int, whose: str) -> Failure:
    """A success (2xx) that cannot be read: cut off, or a web page of whatever else stands at this address."""
    is_page = body.lstrip()[:1] == b"<"
    text = f"a web page answers, not {whose}" if is_page else f"the answer is cut off, or not from {whose}"
    return Failure(Verdict.DOUBT, "garbled_answer", text, http_status=http_status, is_elsewhere=is_page)


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    raw = bytearray()
    async for chunk in response.content.iter_any():
        raw += chunk
        if len(raw) > _MOST_BYTES:
            raise Failure(Verdict.DOUBT, "answer_too_long", "the answer does not end", http_status=response.status)
    return bytes(raw)


def _reason(error: BaseException) -> str:
    inner = getattr(error, "os_error", None)
    return (inner.strerror or type(inner).__name__) if inner is not None else "no connection in time"
