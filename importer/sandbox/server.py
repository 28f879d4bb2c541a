"""The sandbox portal as a running server on loopback: doors, controls and pages over one portal.

`Sandbox` is for tests and the demo (inside an event loop), `serve` for the command line (blocking). Names no secret in
any log line: requests are logged by number and method, and the web server's own messages pass a filter.
"""

from __future__ import annotations

import asyncio
import logging
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Self

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from importer.sandbox.control import Control
from importer.sandbox.faults import Faults
from importer.sandbox.native_door import NativeDoor
from importer.sandbox.oauth.server import OAuthServer
from importer.sandbox.oauth.tokens import Tokens
from importer.sandbox.pages import Pages
from importer.sandbox.portal import Portal
from importer.sandbox.request_log import RequestLog, RequestRecord
from importer.sandbox.settings import SandboxSettings
from importer.sandbox.store import Store
from importer.sandbox.throwaway_certificate import ThrowawayCertificate
from importer.sandbox.vibecode.control import VibeControl
from importer.sandbox.vibecode.door import VibeDoor
from importer.sandbox.vibecode.keys import PERSONAL

_HOST = "127.0.0.1"

# A real portal takes 2 GB; a sandbox holds bodies in memory, so it stops at what a batch of large photos needs.
_LARGEST_BODY_BYTES = 512 * 1024 * 1024


class Sandbox:
    """A portal on 127.0.0.1, as an async context manager or by `start` and `stop`.

    Raises ValueError when the settings or the fault file cannot be meant.
    """

    def __init__(self, settings: SandboxSettings | None = None) -> None:
        self._settings = settings or SandboxSettings()
        self._faults = Faults()
        if self._settings.faults is not None:
            self._faults.load(self._settings.faults)
        self._certificate = ThrowawayCertificate() if self._settings.is_tls else None
        self._portal = Portal(self._settings)
        self._log = RequestLog()
        #: the OAuth application's tokens: `issued()` gives some out of the blue
        self.tokens = Tokens(self._portal, self._settings.oauth)
        #: its token server: `answered` counts what it was asked
        self.oauth = OAuthServer(self.tokens, self._faults)
        self._door = NativeDoor(self._portal, self._faults, self._log, self.tokens)
        self._vibe_door = VibeDoor(self._portal, self._faults, self._log)
        for door in (self._door, self._vibe_door, self.oauth):
            door.refuse_connections = self._refuse_connections
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._port = 0
        self._reopening: set[asyncio.Task] = set()
        #: faults, state and statistics; also over HTTP under /sandbox/
        self.control = Control(self._portal, self._faults, self._log)
        self._vibe_control = VibeControl(self._vibe_door)

    async def start(self, port: int = 0) -> None:
        """Listen on `port`, 0 for a free one. Raises OSError when it is taken."""
        app = web.Application(client_max_size=_LARGEST_BODY_BYTES)
        app.add_routes([*self.control.routes(), *self._vibe_control.routes(), *self.oauth.routes(), *Pages(self._portal).routes()])
        app.router.add_route("*", "/rest/{tail:.+}", self._door.answer)
        app.router.add_route("*", "/v1{tail:(?:/.*)?}", self._vibe_door.answer)
        self._runner = web.AppRunner(app, access_log=None, logger=_quiet_logger(), shutdown_timeout=0.5)
        await self._runner.setup()
        await self._listen(port)

    async def stop(self) -> None:
        """Close all connections and the store. What was executing is cut off between two commands."""
        for task in self._reopening:
            task.cancel()
        await asyncio.gather(*self._reopening, return_exceptions=True)
        await self._door.close()
        await self._vibe_door.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        if self._certificate is not None:
            self._certificate.remove()
        self._portal.store.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.stop()

    @property
    def base_url(self) -> str:
        """`http://127.0.0.1:PORT`, or `https://…`."""
        return f"{'http' if self._certificate is None else 'https'}://{_HOST}:{self._port}"

    @property
    def authority_file(self) -> Path | None:
        """PEM file of the authority that clients must trust; None without TLS."""
        return None if self._certificate is None else self._certificate.authority_file

    @property
    def webhook_url(self) -> str:
        """The webhook's address with its secret, ending in a slash."""
        return f"{self.base_url}/rest/1/{self._settings.secret}/"

    @property
    def vibe(self) -> VibeDoor:
        """VibeCode's door: its `keys` and `switches`; its addresses are `base_url` + `/v1/…`."""
        return self._vibe_door

    @property
    def vibe_key(self) -> str:
        """A personal VibeCode key that may do everything; `keys.default_keys` lists the others."""
        return f"{PERSONAL}{self._settings.secret}_personal"

    @property
    def store(self) -> Store:
        """The portal's data, to be read directly by tests."""
        return self._portal.store

    @property
    def requests(self) -> list[RequestRecord]:
        """The REST requests so far, oldest first."""
        return list(self._log.records)

    async def _listen(self, port: int) -> None:
        context = None if self._certificate is None else self._certificate.context
        self._site = web.TCPSite(self._runner, _HOST, port, ssl_context=context, reuse_address=True)
        try:
            await self._site.start()
        except OSError:
            await self._runner.cleanup()
            raise
        self._port = self._runner.addresses[0][1]
        self.tokens.base = self.base_url

    async def _refuse_connections(self, seconds: float) -> None:
        """Stop listening and reset every open connection; listen again on the same port after `seconds`."""
        await self._site.stop()
        for connection in list(self._runner.server.connections):
            if connection.transport is not None:
                connection.transport.abort()
        task = asyncio.create_task(self._reopen(seconds))
        self._reopening.add(task)
        task.add_done_callback(self._reopening.discard)

    async def _reopen(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._listen(self._port)


def serve(settings: SandboxSettings, port: int, announce: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM. Once the portal listens, `announce` gets the webhook's URL, then the environment
    of the other door, a line each, and with TLS that of whoever is to trust it.

    Raises OSError when the port is taken, ValueError when settings or faults cannot be meant.
    """
    asyncio.run(_serve(settings, port, announce))


async def _serve(settings: SandboxSettings, port: int, announce: Callable[[str], None]) -> None:
    sandbox = Sandbox(settings)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stopped.set)
        except NotImplementedError:
            # Windows: Ctrl-C cancels the task instead.
            break
    try:
        await sandbox.start(port)
        announce(sandbox.webhook_url)
        announce(f"B24_PORTAL_URL={sandbox.base_url}")
        announce(f"B24_OAUTH_URL={sandbox.base_url}")
        announce(f"B24_CLIENT_ID={settings.oauth.client_id}")
        announce(f"B24_CLIENT_SECRET={settings.oauth.client_secret}")
        announce(f"VIBE_BASE_URL={sandbox.base_url}")
        announce(f"VIBE_API_KEY={sandbox.vibe_key}")
        if sandbox.authority_file is not None:
            announce(f"SSL_CERT_FILE={sandbox.authority_file}")
        await stopped.wait()
    finally:
        await sandbox.stop()


class _WithoutSecrets(logging.Filter):
    """Blots out the credential of any `/rest/…` address, in messages and in errors that quote a request line."""

    _CREDENTIAL = re.compile(r"/rest/[^/\s]+/[^/\s?'\"]+")

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, HttpProcessingError):
            # Its text quotes the request line; the kind of error says enough.
            message = f"{message}: {type(error).__name__}"
            record.exc_info = record.exc_text = None
        record.msg, record.args = self._CREDENTIAL.sub("/rest/…", message), ()
        return True


def _quiet_logger() -> logging.Logger:
    logger = logging.getLogger("importer.sandbox.http")
    if not logger.filters:
        logger.addFilter(_WithoutSecrets())
    return logger
