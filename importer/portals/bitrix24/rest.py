"""One call of a method and what its answer, or the lack of one, means. Knows no methods."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic_core import from_json, to_json

from importer.portals.address import base_of, is_loopback, is_safe, split
from importer.portals.bitrix24 import failures
from importer.portals.bitrix24.authorisation import Authorisation
from importer.portals.exchange import Exchange, garbled
from importer.portals.portal import Failure, Verdict

# A request is cut by the portal after 60 s (apidocs.bitrix24.com, "Limits"); we wait a little longer, so that its
# own words about it still reach us.
ANSWER_TIMEOUT_S = 70.0

#: Refusals of a token that a new one may mend. Sources: apidocs.bitrix24.com, "Automatic renewal"; the second is what
#: portals answer to a token they do not know (seen in b24pysdk), worth one renewal (seen in b24jssdk).
_OVER = ("expired_token", "invalid_token")


@dataclass(slots=True)
class HttpAnswer:
    """A readable JSON object and the status it came with."""

    status: int
    body: dict[str, object]


class Rest:
    """The portal behind one authorisation. Follows a renamed portal once and says so through `moved_to`."""

    def __init__(self, authorisation: Authorisation, *, answer_timeout_s: float = ANSWER_TIMEOUT_S) -> None:
        self.authorisation = authorisation
        #: the new base address, once the portal told us that it was renamed
        self.moved_to: str | None = None
        is_local = is_loopback(urlsplit(authorisation.base).hostname or "")
        self._exchange = Exchange(authorisation.words.variable, is_local=is_local, answer_timeout_s=answer_timeout_s)

    async def close(self) -> None:
        """Closes the connections."""
        await self.authorisation.close()
        await self._exchange.close()

    async def call(self, method: str, params: dict[str, object]) -> HttpAnswer:
        """The portal's JSON answer to one POST, whatever its status; Failure when there is none to read.

        A call that the portal refused because its token is over is not repeated here: whoever paces and journals calls
        does that, at once.
        """
        signature = await self.authorisation.signature()
        body = to_json({**params, **signature})
        answer = await self._post(self.authorisation, method, body)
        if isinstance(answer, str):
            renamed = self._renamed(answer)
            answer = await self._post(renamed, method, body)
            if isinstance(answer, str):
                raise Failure(Verdict.STOP, "renamed_again", "the portal's new address points on to yet another one", advice=self._new_address)
            # Kept only now that the portal has spoken there: an address that leads nowhere must not be remembered.
            self.authorisation, self.moved_to = renamed, renamed.base
        code = str(answer.body.get("error", "")).lower()
        if code not in _OVER:
            self.authorisation.accepted(signature)
        elif await self.authorisation.renew(signature, code):
            raise Failure(Verdict.AGAIN, code, "the token was over; there is a new one", http_status=answer.status, at_once=True)
        return answer

    async def _post(self, authorisation: Authorisation, method: str, body: bytes) -> HttpAnswer | str:
        """An answer, or the address a redirect names."""
        raw = await self._exchange.post(authorisation.url(method), body, "application/json", authorisation.host)
        if raw.location is not None:
            return raw.location
        return self._readable(raw.status, raw.body)

    def _readable(self, status: int, raw: bytes) -> HttpAnswer:
        try:
            body = _parsed(raw)
        except (ValueError, RecursionError):
            body = None
        if isinstance(body, dict) and ("result" in body or "error" in body):
            return HttpAnswer(status, body)
        if 200 <= status < 300:
            raise garbled(raw, status, "the portal")
        words = self.authorisation.words
        raise failures.of_request(status, "", "an answer without the portal's words, from something before it", words, is_foreign=True)

    @property
    def _new_address(self) -> str:
        return self.authorisation.words.moved

    def _renamed(self, location: str) -> Authorisation:
        """Our way in at the host of a renamed portal; everything else of the address stays ours.

        Source: apidocs.bitrix24.com, "Change of the portal's address": 302 with the new address in Location,
        the POST is to be repeated by hand.
        """
        words, parts = self.authorisation.words, split(location)
        if parts is None or not is_safe(parts):
            raise Failure(Verdict.STOP, "renamed", f"the portal sends us to an address that cannot be trusted with the {words.key}", advice=self._new_address)
        if is_loopback(parts.hostname or "") != is_loopback(urlsplit(self.authorisation.base).hostname or ""):
            raise Failure(Verdict.STOP, "renamed", "the portal sends us from the network to this machine, or back", advice=f"Check {words.variable}.")
        return self.authorisation.moved_to(base_of(parts))


def _parsed(raw: bytes) -> object:
    try:
        return from_json(raw)
    except ValueError:
        # json reads a little more, a byte order mark and half a surrogate pair among it, in twice the time.
        return json.loads(raw)
