"""What tests of several rooms share."""

from __future__ import annotations

import pytest

from tests import doors


@pytest.fixture(params=sorted(doors.DOORS, reverse=True))
def door(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The door that the rigs of this test go through; the test runs once for each."""
    monkeypatch.setattr(doors, "current", doors.DOORS[request.param])
    return request.param
