"""An application's first authorisation: the address a person opens, the code that comes back, the tokens it buys.

Source: apidocs.bitrix24.com, "OAuth 2.0": the code goes to the address in the application's own settings, lives 30 s,
and where the person is refused the application is told nothing.
"""

from __future__ import annotations

import asyncio
import html
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp import web

from importer.errors import PortalStopped, UsageError
from importer.portals.address import is_same_server
from importer.portals.bitrix24.application_settings import ApplicationSettings
from importer.portals.bitrix24.token_file import TokenFile, TokenPair
from importer.portals.bitrix24.token_server import TokenServer
from importer.portals.portal import Failure, Verdict

_BARE_CODE = re.compile(r"^[\w.~-]{8,512}$", re.ASCII)

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>b24-import</title></head><body><p>{text}</p></body></html>"""
_HEADERS = {"Content-Security-Policy": "default-src 'none'", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, slots=True)
class Login:
    """One authorisation, told from others by its `state`."""

    settings: ApplicationSettings
    state: str = field(default_factory=lambda: secrets.token_urlsafe(16), repr=False)

    @property
    def address(self) -> str:
        """The page a person opens in a browser. No secret in it."""
        return f"{self.settings.base}/oauth/authorize/?" + urlencode({"client_id": self.settings.client_id, "state": self.state})

    def code_in(self, pasted: str) -> str:
        """The code in what a person pasted: the address the browser ended at, or the code alone.

        Raises UsageError that does not show it, PortalStopped where the address says that access was refused.
        """
        text = pasted.strip()
        if _BARE_CODE.match(text):
            return text
        try:
            parts = urlsplit(text)
        except ValueError:
            parts = urlsplit("")
        return self.code_told(dict(parse_qsl(parts.query or text.lstrip("?"))))

    def code_told(self, query: Mapping[str, str]) -> str:
        """The code in the query of the application's own address. Raises as `code_in`."""
        if "error" in query:
            said = " ".join(filter(None, (query["error"], query.get("error_description", ""))))
            raise PortalStopped(f"The portal does not let the application in: {said}. Nothing was written.")
        if not query.get("code"):
            raise UsageError("This is neither a code nor an address with `code=` in it. Copy the whole address that the browser shows after you have allowed the application.")
        if not secrets.compare_digest(query.get("state", "").encode(), self.state.encode()):
            raise UsageError("This address is not the answer to this login: its `state` is another. Open the address above, and paste what comes of it.")
        return query["code"]

    async def complete(self, code: str) -> TokenFile:
        """Buys the tokens for the code and writes them, readable by their owner alone. Raises PortalStopped, UsageError."""
        file, server = TokenFile(self.settings.token_file), TokenServer(self.settings)
        try:
            self.settings.token_file.expanduser().resolve().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            async with file.locked():
                with file.replacement() as replacement:
                    replacement.write(self._expected(await server.first(code)))
        except OSError as error:
            raise UsageError(f"B24_TOKEN_FILE: {file} cannot be written ({error.strerror}). Name a file in a folder of yours.") from None
        except Failure as failure:
            if failure.verdict is Verdict.STOP:
                raise PortalStopped(f"{failure.code}: {failure.text.rstrip('.')}. {failure.advice} Nothing was written.") from None
            raise PortalStopped(f"{failure.text}. The code is spent by now: log in again. Nothing was written.") from None
        finally:
            await server.close()
        return file

    def _expected(self, pair: TokenPair) -> TokenPair:
        ours, theirs = self.settings.base, pair.endpoint
        if theirs and not is_same_server(theirs, ours):
            told = f"The tokens are of {urlsplit(theirs).netloc}, and B24_PORTAL_URL names {urlsplit(ours).netloc}."
            raise UsageError(f"{told} Correct it, and log in again. Nothing was written.")
        return pair


async def code_from_browser(login: Login, port: int, waits_s: float) -> str:
    """The code that the browser brings to this machine's `port`, where the application's settings must send it.

    Raises UsageError when the port is taken or nobody comes in time, PortalStopped where access was refused.
    """
    told: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def answer(request: web.Request) -> web.Response:
        try:
            code = login.code_told(request.query)
        except UsageError as error:
            # Anything may ask for anything here, a favicon to begin with: only the right answer ends the wait.
            return _page(str(error), 400)
        except PortalStopped as error:
            if not told.done() and request.query.get("state") == login.state:
                told.set_exception(error)
            return _page(str(error), 400)
        if not told.done():
            told.set_result(code)
        return _page("The application is allowed in. You can close this window.")

    app = web.Application()
    app.router.add_get("/{tail:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        return await asyncio.wait_for(told, waits_s)
    except OSError as error:
        if isinstance(error, TimeoutError):
            raise UsageError(f"Nobody came to http://127.0.0.1:{port}/ in {waits_s / 60:g} minutes. Is it the address in the application's settings? Log in again.") from None
        raise UsageError(f"--listen {port}: the port is not free ({error.strerror}). Take another, and name it in the application's settings.") from None
    finally:
        await runner.cleanup()


def _page(text: str, status: int = 200) -> web.Response:
    return web.Response(status=status, text=_PAGE.format(text=html.escape(text)), content_type="text/html", headers=_HEADERS)
