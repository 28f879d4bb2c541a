"""The server that gives an application its tokens, and what its refusals mean.

Sources: apidocs.bitrix24.com, "OAuth 2.0" and "OAuth error codes"; what only public SDKs have seen is marked (seen).
"""

from __future__ import annotations

import json
from urllib.parse import urlencode, urlsplit

from importer.portals.address import is_loopback
from importer.portals.bitrix24.application_settings import OAUTH_URL, ApplicationSettings
from importer.portals.bitrix24.failures import APPLICATION
from importer.portals.bitrix24.token_file import TokenPair
from importer.portals.exchange import Exchange, Raw
from importer.portals.portal import Failure, Verdict

# A process that renews holds the others up meanwhile.
_ANSWER_TIMEOUT_S = 30.0

_WRONG_CLIENT = (
    "B24_CLIENT_ID or B24_CLIENT_SECRET is wrong, or the application is not installed in the portal. Compare them with the application's "
    "page in the portal (Applications, Developer resources)."
)
_LOG_IN = "Log in again with `b24-import portal login`."

#: Codes in lower case → what a person should do. None is mended by asking again.
_ADVICE = {
    "invalid_grant": f"The code or the refresh token is spent or too old: a code lives 30 seconds, a refresh token 180 days. {_LOG_IN}",
    # For a code (seen in b24phpsdk).
    "bad_verification_code": f"The code is wrong or too old: it lives 30 seconds. {_LOG_IN}",
    "invalid_client": _WRONG_CLIENT,
    # With status 200 (seen in b24pysdk).
    "wrong_client": _WRONG_CLIENT,
    # (seen in b24pysdk)
    "not_installed": APPLICATION.missing,
    "no_auth_found": APPLICATION.missing,
    "payment_required": "The licence of the application, or of the portal, is over. Renew it in the portal.",
    "insufficient_scope": APPLICATION.scope,
    "invalid_scope": APPLICATION.scope,
    "invalid_request": f"The token server does not understand us. Check {OAUTH_URL}; if it is right, please report this.",
}  # fmt: skip


class TokenServer:
    """The token server of one application. The client secret goes there and nowhere else."""

    def __init__(self, settings: ApplicationSettings) -> None:
        self._settings = settings
        self._host = urlsplit(settings.oauth_base).netloc
        is_local = is_loopback(urlsplit(settings.oauth_base).hostname or "")
        self._exchange = Exchange(OAUTH_URL, is_local=is_local, answer_timeout_s=_ANSWER_TIMEOUT_S)

    async def first(self, code: str) -> TokenPair:
        """The first pair, for the code of an authorisation. Raises Failure."""
        return await self._ask(grant_type="authorization_code", code=code)

    async def renewed(self, refresh_token: str) -> TokenPair:
        """A new pair; this refresh token is spent then. Raises Failure: AGAIN where asking again may help."""
        return await self._ask(grant_type="refresh_token", refresh_token=refresh_token)

    async def close(self) -> None:
        """Closes the connections."""
        await self._exchange.close()

    async def _ask(self, **asked: str) -> TokenPair:
        client = {"client_id": self._settings.client_id, "client_secret": self._settings.client_secret}
        # In the body, where no log of addresses finds it (seen in b24jssdk).
        body = urlencode({**asked, **client}).encode()
        try:
            raw = await self._exchange.post(
                f"{self._settings.oauth_base}/oauth/token/", body, "application/x-www-form-urlencoded", self._host
            )
        except Failure as failure:
            if failure.verdict is Verdict.STOP:
                raise
            # Whether or not there is a new pair now, the call that wanted one did not run, and the old refresh token is
            # all we have: it is tried again.
            raise Failure(Verdict.AGAIN, "token_server", f"the token server {self._host} did not answer ({failure.text})") from None
        return self._read(raw)

    def _read(self, raw: Raw) -> TokenPair:
        if raw.location is not None:
            raise Failure(Verdict.STOP, "token_server", f"{self._host} sends us elsewhere, and our secret does not go there",
                          http_status=raw.status, advice=f"Check {OAUTH_URL}.")  # fmt: skip
        try:
            answer = json.loads(raw.body)
        except (ValueError, RecursionError):
            answer = None
        pair = TokenPair.of(answer) if raw.status == 200 else None
        if pair is not None:
            return pair
        code = str(answer.get("error") or "") if isinstance(answer, dict) else ""
        # An error without a description is usual (seen in b24phpsdk).
        text = str(answer.get("error_description") or "") if isinstance(answer, dict) else ""
        advice = _ADVICE.get(code.lower())
        if advice is None and (not 400 <= raw.status < 500 or raw.status in (408, 429)):
            raise Failure(Verdict.AGAIN, "token_server", f"{self._host} gave no tokens (HTTP {raw.status} {code})".replace(" )", ")"), http_status=raw.status)
        advice = advice or f"Ask the portal's administrator what it means, check {OAUTH_URL}."
        said = text or "the token server gives us no tokens"
        raise Failure(Verdict.STOP, code or f"http_{raw.status}", said, http_status=raw.status, advice=advice)
