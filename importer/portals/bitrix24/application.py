"""An OAuth application as a way into the portal: its token in the body of each call, renewed once for all who need it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from importer.errors import UsageError
from importer.portals.address import is_same_server
from importer.portals.bitrix24.application_settings import ApplicationSettings
from importer.portals.bitrix24.failures import APPLICATION, Words
from importer.portals.bitrix24.token_file import LOG_IN, TokenFile, TokenPair
from importer.portals.bitrix24.token_server import TokenServer
from importer.portals.portal import Failure, Verdict


@dataclass(frozen=True, slots=True)
class Application:
    """One application at one portal. `str()` and `repr()` show no secret."""

    #: scheme and host of the portal, without a slash at the end
    base: str
    tokens: Tokens = field(repr=False)

    @classmethod
    def open(cls, settings: ApplicationSettings) -> Application:
        """The application with the tokens of its file. Raises UsageError where there are none."""
        file = TokenFile(settings.token_file)
        return cls(settings.base, Tokens(file, file.read(), TokenServer(settings)))

    @property
    def words(self) -> Words:
        """How failures speak of it."""
        return APPLICATION

    @property
    def host(self) -> str:
        """Host of the portal, with its port where one is written."""
        return urlsplit(self.base).netloc

    @property
    def display(self) -> str:
        """What may be printed: `portal.bitrix24.ru (OAuth application)`."""
        return f"{self.host} (OAuth application)"

    def url(self, method: str) -> str:
        """The address of a method: no secret in it."""
        return f"{self.base}/rest/{method}.json"

    def moved_to(self, base: str) -> Application:
        """The same application at the address the portal was renamed to."""
        return Application(base, self.tokens)

    async def signature(self) -> dict[str, str]:
        """`auth`, the access token. Raises Failure AGAIN after a wait for a new one."""
        return {"auth": await self.tokens.access()}

    async def renew(self, signature: dict[str, str], code: str) -> bool:
        """True once there is a newer token than this one. Raises Failure."""
        if code == "invalid_token":
            self.tokens.expect_of(self.base)
        await self.tokens.renew(signature["auth"])
        return True

    def accepted(self, signature: dict[str, str]) -> None:
        """The portal takes the token."""
        self.tokens.accepted(signature["auth"])

    async def close(self) -> None:
        """Waits for a renewal under way, and closes the connections to the token server."""
        await self.tokens.close()

    def __str__(self) -> str:
        return self.display


class Tokens:
    """The pair in use. Renewed only after the portal refused it, by one request however many calls were refused."""

    def __init__(self, file: TokenFile, pair: TokenPair, server: TokenServer) -> None:
        self._file, self._pair, self._server = file, pair, server
        #: the access token that the portal has refused, and that is still to be replaced
        self._refused: str | None = None
        #: the pair came from a renewal of ours, and the portal has not let it in yet
        self._is_new = False
        self._renewal: asyncio.Task[None] | None = None
        #: why it cannot be renewed, once that is known: nobody asks again
        self._dead: Failure | None = None

    async def access(self) -> str:
        """The access token. Raises Failure AGAIN, at once, when it had to be renewed first: the time is another now."""
        if self._renewal is not None or self._refused is not None:
            await self._joined()
            raise Failure(Verdict.AGAIN, "token_renewed", "there is a new token", at_once=True)
        return self._pair.access

    def expect_of(self, base: str) -> None:
        """Raises Failure when the tokens are of another portal: to renew those would help nobody.

        Not a matter of course: a portal that was renamed knows tokens whose answer names its old address.
        """
        theirs = self._pair.endpoint
        if theirs and not is_same_server(theirs, base):
            raise Failure(Verdict.STOP, "invalid_token", f"the tokens in {self._file} are of {urlsplit(theirs).netloc}, not of {urlsplit(base).netloc}",
                          advice=f"Correct B24_PORTAL_URL or B24_TOKEN_FILE. Or: {LOG_IN}")  # fmt: skip

    async def renew(self, refused: str) -> None:
        """Returns once the pair in use is another than the refused one. Raises Failure: STOP where only a person can help."""
        if refused != self._pair.access:
            return
        if self._is_new:
            raise Failure(Verdict.STOP, "invalid_token", "the portal refuses the token that was given out a moment ago", advice=APPLICATION.wrong)
        self._refused = refused
        await self._joined()

    def accepted(self, access: str) -> None:
        """The portal let a call with this token in."""
        if access == self._pair.access:
            self._is_new = False

    async def close(self) -> None:
        """Waits for a renewal under way: what it brings must reach the file. Closes the connections."""
        if self._renewal is not None:
            await asyncio.wait([self._renewal])
        await self._server.close()

    async def _joined(self) -> None:
        """Takes part in the renewal that is under way, or begins one. A caller that is cut off does not cut it off."""
        if self._dead is not None:
            raise self._dead
        if self._renewal is None:
            self._renewal = asyncio.get_running_loop().create_task(self._renewed())
            self._renewal.add_done_callback(self._ended)
        await asyncio.shield(self._renewal)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._renewal = None
        if not task.cancelled():
            # Whoever waits gets it, too; when nobody does any more, nobody shall be told that nobody did.
            error = task.exception()
            self._dead = error if isinstance(error, Failure) and error.verdict is Verdict.STOP else None

    async def _renewed(self) -> None:
        async with self._file.locked():
            try:
                kept = self._file.read()
            except UsageError as error:
                raise Failure(Verdict.STOP, "token_file", str(error), advice="Then resume.") from None
            if kept.access != self._refused:
                # Another process was quicker; the refresh token we know of is spent.
                self._pair, self._is_new, self._refused = kept, False, None
                return
            with self._file.replacement() as replacement:
                pair = kept.renewed(await self._server.renewed(kept.refresh))
                replacement.write(pair)
            self._pair, self._is_new, self._refused = pair, True, None
