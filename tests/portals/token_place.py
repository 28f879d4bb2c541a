"""A sandbox with an OAuth application, and doors that share its token file as processes would."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from importer.portals.bitrix24.application import Application
from importer.portals.bitrix24.application_settings import ApplicationSettings
from importer.portals.bitrix24.door import Bitrix24Door
from importer.portals.operations import WhoAmI
from importer.portals.portal import Done, Failure
from importer.sandbox.server import Sandbox

CLIENT_SECRET = "sandboxclientsecret"


@dataclass
class Place:
    """A sandbox, a token file for it, and doors that share it as processes would."""

    sandbox: Sandbox
    file: Path
    environment: dict[str, str]
    doors: list[Bitrix24Door] = field(default_factory=list)

    def door(self, **variables: str) -> Bitrix24Door:
        """One more door with the tokens that are in the file now."""
        self.doors.append(Bitrix24Door(Application.open(ApplicationSettings.parse(self.environment | variables))))
        return self.doors[-1]

    def kept(self) -> dict[str, object]:
        """What is in the file."""
        return json.loads(self.file.read_text(encoding="utf-8"))

    def asked(self) -> dict[str, int]:
        """What the token server was asked, and how it answered."""
        return dict(self.sandbox.oauth.answered)


async def failure_of(door: Bitrix24Door) -> Failure:
    """The Failure of a call that must fail."""
    with pytest.raises(Failure) as caught:
        await door.send([WhoAmI()])
    return caught.value


async def does(door: Bitrix24Door) -> bool:
    """Whether a call succeeds."""
    return isinstance((await door.send([WhoAmI()])).results[0], Done)
