"""One HTTP call to the portal and what its answer, or the lack of one, means. Knows no methods."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

from importer.portals.bitrix24 import failures
from importer.portals.bitrix24.webhook import Webhook, is_loopback
from importer.portals.portal import Failure, Verdict

# A request is cut by the portal after 60 s (apidocs.bitrix24.com, "Limits"); we wait a little longer, so that its
# own words about it still reach us.
ANSWER_TIMEOUT_S = 70.0
CONNECT_TIMEOUT_S = 15.0

# An idle connection the portal closes while our next request is on its way leaves that request in doubt.
# Ours are dropped well before a server would: web servers keep them 15 s and more.
_IDLE_S = 5.0

# A batch of 50 contacts answers some 50 kB, a page of 2,500 listed ones a few MB. Anything past this is not an answer.
_MOST_BYTES = 64 * 1024 * 1024

_NEW_ADDRESS = "Open the portal in a browser and make a new webhook at the address it has now."

_HEADERS = {"Accept": "application/json", "User-Agent": "b24-import/0.1"}


@dataclass(slots=True)
class HttpAnswer:
    """A readable JSON object and the status it came with."""

    status: int
    body: dict[str, object]


class Rest:
    """The portal behind one webhook. Follows a renamed portal once and says so through `moved_to`."""

    def __init__(self, webhook: Webhook, *, answer_timeout_s: float = ANSWER_TIMEOUT_S) -> None:
        self.webhook = webhook
        #: the new base address, once the portal told us that it was renamed
        self.moved_to: str | None = None
        # `connect` counts names and several addresses, too: settling relies on a request starting that soon.
        self._timeout = aiohttp.ClientTimeout(total=answer_timeout_s, connect=CONNECT_TIMEOUT_S, sock_connect=CONNECT_TIMEOUT_S)
        self._session: aiohttp.ClientSession | None = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=_IDLE_S)
            # A session cookie of the portal's is not sent back: PHP lets one request of a session in after another.
            cookies = aiohttp.DummyCookieJar()
            # Proxies of the environment are meant for the network, never for a portal on this machine.
            to_network = not is_loopback(urlsplit(self.webhook.base).hostname or "")
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=cookies, timeout=self._timeout, headers=_HEADERS, trust_env=to_network
            )
        return self._session

    async def close(self) -> None:
        """Closes the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(self, method: str, params: dict[str, object]) -> HttpAnswer:
        """The portal's JSON answer to one POST, whatever its status; Failure when there is none to read."""
        body = json.dumps(params, ensure_ascii=False).encode()
        answer = await self._post(self.webhook, method, body)
        if isinstance(answer, str):
            renamed = self._renamed(answer)
            answer = await self._post(renamed, method, body)
            if isinstance(answer, str):
                raise Failure(Verdict.STOP, "renamed_again", "the portal's new address points on to yet another one", advice=_NEW_ADDRESS)
            # Kept only now that the portal has spoken there: an address that leads nowhere must not be remembered.
            self.webhook, self.moved_to = renamed, renamed.base
        return answer

    async def _post(self, webhook: Webhook, method: str, body: bytes) -> HttpAnswer | str:
        """An answer, or the address a redirect names."""
        try:
            async with self._open().post(
                webhook.url(method), data=body, headers={"Content-Type": "application/json"}, allow_redirects=False
            ) as response:
                if response.status in (301, 302, 303, 307, 308):
                    return response.headers.get("Location", "")
                return _readable(response.status, await _whole(response))
        except (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError, OSError) as error:
            # `from None`: the exception's own text holds the address, and the address is the secret.
            raise _lost(error, webhook.host) from None

    def _renamed(self, location: str) -> Webhook:
        """Our webhook at the host of a renamed portal; everything else of the address stays ours.

        Source: apidocs.bitrix24.com, "Change of the portal's address": 302 with the new address in Location,
        the POST is to be repeated by hand.
        """
        try:
            parts = urlsplit(location)
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            parts, host = urlsplit(""), ""
        is_trusted = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
        if not host or "@" in parts.netloc or not is_trusted:
            raise Failure(Verdict.STOP, "renamed", "the portal sends us to an address that cannot be trusted with the webhook", advice=_NEW_ADDRESS)
        if is_loopback(host) != is_loopback(urlsplit(self.webhook.base).hostname or ""):
            raise Failure(Verdict.STOP, "renamed", "the portal sends us from the network to this machine, or back",
                          advice="Check B24_WEBHOOK_URL.")  # fmt: skip
        return self.webhook.moved_to(f"{parts.scheme}://{parts.netloc.lower()}")


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    raw = bytearray()
    async for chunk in response.content.iter_any():
        raw += chunk
        if len(raw) > _MOST_BYTES:
            raise Failure(Verdict.DOUBT, "answer_too_long", "the answer does not end", http_status=response.status)
    return bytes(raw)


def _readable(status: int, raw: bytes) -> HttpAnswer:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        body = None
    if isinstance(body, dict) and ("result" in body or "error" in body):
        return HttpAnswer(status, body)
    if 200 <= status < 300:
        raise Failure(Verdict.DOUBT, "garbled_answer", "the answer is cut off, or not the portal's", http_status=status)
    raise failures.of_request(status, "", "an answer without the portal's words, from something before it")


def _lost(error: BaseException, host: str) -> Failure:
    """What a broken exchange means: before the request was on its way nothing ran, afterwards anything may have."""
    # Both are about the handshake. A TLS fault later on is an OSError like any other, and leaves a doubt.
    if isinstance(error, (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError)):
        return Failure(Verdict.STOP, "tls", f"the certificate of {host} cannot be verified",
                       advice="Correct this machine's clock or certificates, or whatever stands between; we send nothing unverified.")  # fmt: skip
    if isinstance(error, aiohttp.InvalidURL):
        return Failure(Verdict.STOP, "address", "the portal's address cannot be used", advice="Check B24_WEBHOOK_URL.")
    if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)):
        return Failure(Verdict.AGAIN, "no_connection", f"{host} cannot be reached ({_reason(error)})")
    if isinstance(error, TimeoutError):
        return Failure(Verdict.DOUBT, "timeout", "no answer in time")
    return Failure(Verdict.DOUBT, "connection_lost", f"the connection broke before the answer was complete ({type(error).__name__})")


def _reason(error: BaseException) -> str:
    inner = getattr(error, "os_error", None)
    return (inner.strerror or type(inner).__name__) if inner is not None else "no connection in time"
