"""When a contact counts as changed since; the rest of verify is held over the sandbox in tests/cli."""

from __future__ import annotations

from datetime import datetime

import pytest

from importer.portals.portal import Stored
from importer.verify import is_changed

SENT = datetime.fromisoformat("2026-03-01T12:00:30+03:00").timestamp()


@pytest.mark.parametrize(
    ("created", "modified", "sent", "changed"),
    [
        ("2026-03-01T12:00:28+03:00", "2026-03-01T12:00:28+03:00", SENT, False),
        ("2026-03-01T12:00:28+03:00", "2026-03-01T12:00:33+03:00", SENT, False),
        ("2026-03-01T12:00:28+03:00", "2026-03-01T12:00:34+03:00", SENT, True),
        ("2026-03-01T12:00:28+03:00", "2026-03-01T12:00:34+03:00", None, True),
        ("2026-03-01T09:00:28+00:00", "2026-03-01T12:00:28+03:00", SENT, False),
        # DATE_CREATE came from the file
        ("2011-05-05T00:00:00+03:00", "2026-03-01T12:00:29+03:00", SENT, False),
        ("2011-05-05T00:00:00+03:00", "2026-03-01T12:01:29+03:00", SENT, False),
        ("2011-05-05T00:00:00+03:00", "2026-03-01T12:01:31+03:00", SENT, True),
        ("", "2026-03-01T12:01:31+03:00", SENT, False),
    ],
)
def test_a_contact_is_changed_when_it_was_modified_after_it_was_made(created: str, modified: str, sent: float | None, changed: bool) -> None:
    assert is_changed(Stored(7, "a", modified, created), sent) is changed
