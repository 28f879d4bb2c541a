"""Addresses a person gives us: where plain http may go, and the part of an address that names a server."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

from importer.errors import UsageError


def is_loopback(host: str) -> bool:
    """True for `localhost` and the loopback addresses: the only places plain http may go to."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def split(address: str) -> SplitResult | None:
    """The parts of an address with a host that can be called; None for anything else, and where it holds a password."""
    try:
        parts = urlsplit(address.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and host and "@" not in parts.netloc else None


def base_of(parts: SplitResult) -> str:
    """Scheme and host, in lower case: a journal must know the portal again however its address was typed."""
    return f"{parts.scheme}://{parts.netloc.lower()}"


def is_same_server(one: str, other: str) -> bool:
    """True where two addresses name one host and port, whether or not they write the usual port out."""
    known = [split(address) for address in (one, other)]
    return None not in known and len({(parts.hostname, parts.port or {"https": 443, "http": 80}[parts.scheme]) for parts in known}) == 1


def is_safe(parts: SplitResult) -> bool:
    """False for plain http to another machine."""
    return parts.scheme == "https" or is_loopback(parts.hostname or "")


def server_base(address: str, named: str, form: str, paths: tuple[str, ...]) -> str:
    """Scheme and host of an address that has one of these paths, or none.

    Raises UsageError naming the variable `named` and the `form` wanted, never showing the address itself: it may be one
    with a secret in it, put into the wrong variable.
    """
    parts = split(address)
    if parts is None or parts.query or parts.fragment or parts.path.rstrip("/") not in ("", *paths):
        raise UsageError(f"{named}: this is not the address that is wanted here. Write {form}")
    if not is_safe(parts):
        raise UsageError(f"{named}: plain http would show secrets to everybody between here and {parts.hostname}. Write https.")
    return base_of(parts)
