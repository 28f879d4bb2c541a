"""The codes and tokens one portal has given out: what each is worth at the moment. Forgotten when the portal stops."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

from importer.sandbox.oauth.switches import OAuthSwitches
from importer.sandbox.php_casts import as_text
from importer.sandbox.portal import Caller, Portal
from importer.sandbox.refusals import Refusal, no_credentials

# The user who authorises the application, the same as the webhook's.
_USER_ID = 1


def invalid_grant(text: str) -> Refusal:
    """400: a code or refresh token that is not worth anything (status seen in b24pysdk, text a choice of the sandbox)."""
    return Refusal(400, "invalid_grant", text)


@dataclass(slots=True)
class Tokens:
    """Access and refresh tokens of the portal's application."""

    portal: Portal
    switches: OAuthSwitches
    #: address of the portal, told in token answers; set by the server once it listens
    base: str = ""
    _codes: dict[str, float] = field(default_factory=dict)
    _access: dict[str, float] = field(default_factory=dict)
    _refresh: dict[str, float] = field(default_factory=dict)

    @property
    def credential(self) -> str:
        """What operating time is counted by."""
        return f"application {self.switches.client_id}"

    # Giving out

    def code(self) -> str:
        """A fresh code for the first pair."""
        code = secrets.token_hex(16)
        self._codes[code] = self.portal.now() + self.switches.code_life_s
        return code

    def exchanged(self, code: str) -> dict[str, object]:
        """The token answer for a code, which works once. Raises Refusal."""
        if self._codes.pop(code, 0.0) <= self.portal.now():
            raise invalid_grant("The code is wrong or expired")
        return self.issued()

    def refreshed(self, refresh_token: str) -> dict[str, object]:
        """The token answer for a refresh token; says more than the first one. Raises Refusal."""
        now = self.portal.now()
        if not self.is_good(refresh_token):
            raise invalid_grant("The refresh token is wrong or expired")
        if self.switches.spent_refresh_token == "refused":
            del self._refresh[refresh_token]
        if self.switches.old_access_token == "ended":
            self._access = dict.fromkeys(self._access, 0.0)
        return self.issued() | {"expires": int(now) + self.switches.access_life_s, "user_id": _USER_ID}

    def is_good(self, refresh_token: str) -> bool:
        """Whether a refresh token would give a new pair."""
        return self._refresh.get(refresh_token, 0.0) > self.portal.now()

    def issued(self) -> dict[str, object]:
        """A token answer out of the blue, as after an installation."""
        access, refresh = secrets.token_hex(35), secrets.token_hex(35)
        self._access[access] = self.portal.now() + self.switches.access_life_s
        self._refresh[refresh] = self.portal.now() + self.switches.refresh_life_s
        return {
            "access_token": access,
            "expires_in": self.switches.access_life_s,
            "scope": ",".join(sorted(self.portal.state.scopes)),
            "domain": "oauth.bitrix.info",
            "server_endpoint": "https://oauth.bitrix.info/rest/",
            "status": "L",
            "client_endpoint": f"{self.base}/rest/",
            "member_id": "5a1b0000000000000000000000005a1b",
            "refresh_token": refresh,
        }

    # Taking back

    def expire_access(self) -> None:
        """Every access token is too old from now on; refresh tokens stay good."""
        self._access = dict.fromkeys(self._access, 0.0)

    def forget_access(self) -> None:
        """The portal does not know any access token; refresh tokens stay good."""
        self._access.clear()

    def expire_refresh(self) -> None:
        """Every refresh token is dead."""
        self._refresh.clear()

    # Letting in

    def caller(self, auth: object) -> Caller:
        """Who calls with this `auth`. Raises Refusal."""
        token = as_text(auth)
        if not token:
            raise no_credentials()
        if token not in self._access:
            # Seen in b24pysdk; not in the documentation's table.
            raise Refusal(401, "invalid_token", "Unable to get application by token")
        if self._access[token] <= self.portal.now():
            raise Refusal(401, "expired_token", "The access token provided has expired.")
        return Caller(_USER_ID, self.credential, is_application=True)

    def expect_usable(self) -> None:
        """Raises Refusal where the application may not be used at the portal just now."""
        state = self.portal.state
        if state.is_application_missing:
            # Seen in b24pysdk.
            raise Refusal(401, "ERROR_OAUTH", "Application not installed")
        if state.is_application_unpaid:
            # Seen in b24pysdk.
            raise Refusal(401, "PAYMENT_REQUIRED", "Subscription has been ended")
        if state.is_application_barred:
            raise Refusal(403, "user_access_error", "The user does not have access to the application")

    def expect_client(self, client_id: str, client_secret: str | None) -> None:
        """Raises Refusal unless the token server serves this client; without a secret only the id is looked at."""
        switches, state = self.switches, self.portal.state
        if client_id != switches.client_id:
            # With status 200, and without a description: seen in b24pysdk and b24phpsdk.
            raise Refusal(200, "wrong_client", "")
        if client_secret is not None and not hmac.compare_digest(client_secret.encode(), switches.client_secret.encode()):
            raise Refusal(switches.invalid_client_status, "invalid_client", "Client credentials are invalid")
        if state.is_application_missing:
            is_documented = switches.missing_application == "invalid_client"
            status = switches.invalid_client_status if is_documented else 401
            raise Refusal(status, switches.missing_application, "Application not installed")
        if state.is_application_unpaid:
            raise Refusal(switches.payment_status, "PAYMENT_REQUIRED", "Payment required")
