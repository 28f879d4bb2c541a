"""Names of files that cannot be written down: a journal, a report and JSON hold Unicode text, a name on disk any bytes."""

from __future__ import annotations

from collections.abc import Iterable

from importer.errors import UsageError


def refuse_unwritable(paths: Iterable[str]) -> None:
    """Raises UsageError for the first path with bytes that are no text in the system's encoding."""
    for path in paths:
        try:
            path.encode()
        except UnicodeEncodeError:
            shown = path.encode("utf-8", "backslashreplace").decode()
            raise UsageError(
                f"{shown}: the name has bytes that are no UTF-8 text, so it cannot be journaled. Rename the file or folder."
            ) from None
