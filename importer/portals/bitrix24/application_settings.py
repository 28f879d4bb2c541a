"""What the environment says of an OAuth application: checked once, printed without its secret ever after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from importer.portals.address import server_base

#: all of them must be set
VARIABLES = ("B24_PORTAL_URL", "B24_CLIENT_ID", "B24_CLIENT_SECRET", "B24_TOKEN_FILE")

#: overrides the vendor's token server
OAUTH_URL = "B24_OAUTH_URL"

# Source: apidocs.bitrix24.com, "OAuth 2.0". Portals of the eastern region have oauth.bitrix24.tech (seen in b24pysdk).
_VENDORS_SERVER = "https://oauth.bitrix.info"


@dataclass(frozen=True, slots=True)
class ApplicationSettings:
    """An application of one portal."""

    #: scheme and host of the portal
    base: str
    client_id: str
    client_secret: str = field(repr=False)
    token_file: Path
    #: scheme and host of the token server: the only place the client secret goes to
    oauth_base: str = _VENDORS_SERVER

    @classmethod
    def parse(cls, environment: Mapping[str, str]) -> ApplicationSettings:
        """The application in an environment that has all `VARIABLES`.

        Raises UsageError naming the variable at fault, never its value.
        """
        portal, client_id, secret, file = (environment[name].strip() for name in VARIABLES)
        oauth = environment.get(OAUTH_URL, "").strip() or _VENDORS_SERVER
        return cls(
            server_base(portal, VARIABLES[0], "only the portal's own address: https://<portal>/", ("/rest",)),
            client_id,
            secret,
            Path(file).expanduser(),
            server_base(oauth, OAUTH_URL, "the token server's address: https://oauth.bitrix.info/", ("/oauth", "/oauth/token")),
        )
