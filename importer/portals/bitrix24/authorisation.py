"""What lets a call into the portal: an incoming webhook by its address, an application by a token in the body."""

from __future__ import annotations

from typing import Protocol

from importer.portals.bitrix24.failures import Words


class Authorisation(Protocol):
    """One way of authorising calls to one portal. Nothing printable holds its secrets."""

    #: scheme and host of the portal, without a slash at the end
    base: str
    #: host, with its port where one is written
    host: str
    #: the portal and the way in, safe to print
    display: str
    #: how failures speak of it
    words: Words

    def url(self, method: str) -> str:
        """The address of a method, never to be printed."""
        ...

    def moved_to(self, base: str) -> Authorisation:
        """The same at the address the portal was renamed to."""
        ...

    async def signature(self) -> dict[str, str]:
        """What goes into the body of a call beside its parameters.

        Raises Failure where there is none to be had, and AGAIN when time was lost over it: a call must leave when
        its sender believes it does.
        """
        ...

    async def renew(self, signature: dict[str, str], code: str) -> bool:
        """After the portal refused this signature with this code: True once there is a new one, False where there is no such thing.

        Raises Failure when it cannot be renewed, STOP when a person must log in again.
        """
        ...

    def accepted(self, signature: dict[str, str]) -> None:
        """The portal let a call with this signature in."""
        ...

    async def close(self) -> None:
        """Closes its connections and waits for what must not be cut off."""
        ...
