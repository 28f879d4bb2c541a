"""A certificate that lives as long as its sandbox: for clients that insist on https.

The authority's certificate lies in a file of its own, which clients are told to trust; both keys stay in memory.
"""

from __future__ import annotations

import ssl
import tempfile
from pathlib import Path

_NAMES = ("127.0.0.1", "localhost", "::1")


class ThrowawayCertificate:
    """A certificate for the loopback names, by an authority of its own.

    Raises ValueError, saying what to install, where the library that makes them is missing.
    """

    def __init__(self) -> None:
        try:
            # Wanted by `--tls` only, so it is an extra and not a dependency.
            import trustme
        except ImportError as error:
            raise ValueError("TLS needs the library trustme. Install it with: pip install 'b24-import[tls]'.") from error
        authority = trustme.CA()
        self._folder = tempfile.TemporaryDirectory(prefix="b24-sandbox-")
        #: PEM file of the authority, for SSL_CERT_FILE or REQUESTS_CA_BUNDLE; gone after `remove`
        self.authority_file = Path(self._folder.name) / "ca.pem"
        authority.cert_pem.write_to_path(str(self.authority_file))
        #: for the server
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(*_NAMES).configure_cert(self.context)

    def remove(self) -> None:
        """Delete the authority's file."""
        self._folder.cleanup()
