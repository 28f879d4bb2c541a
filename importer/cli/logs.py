"""Events for logs: one a line, with row numbers and codes, never a person's data or a secret."""

from __future__ import annotations

import json
import logging
import sys
from contextlib import suppress
from datetime import datetime
from logging.handlers import RotatingFileHandler

from importer.cli.options import Saying
from importer.errors import UsageError
from importer.events import CURRENT_RUN

_FILE_BYTES = 10_000_000
_FILES_KEPT = 5


def _facts(record: logging.LogRecord) -> dict[str, object]:
    """What the event tells beside its name: `extra={"facts": …}`, because logging keeps words like `created` for itself."""
    run = CURRENT_RUN.get()
    return ({"run": run} if run else {}) | getattr(record, "facts", {})


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")
        event = {"time": time, "level": record.levelname.lower(), "event": record.getMessage(), **_facts(record)}
        return json.dumps(event, ensure_ascii=False, default=str)


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created).astimezone().isoformat(sep=" ", timespec="seconds")
        facts = " ".join(f"{key}={value}" for key, value in _facts(record).items() if value is not None)
        return f"{time} {record.levelname:<7} {record.getMessage()} {facts}".rstrip()


class _Rotating(RotatingFileHandler):
    """Keeps the newest megabytes. A log that can no longer be written is said once and ends no run: the journal remembers."""

    has_failed = False

    def handleError(self, record: logging.LogRecord) -> None:
        if not self.has_failed:
            self.has_failed = True
            print(f"{self.baseFilename}: the log can no longer be written ({sys.exc_info()[1]}); the run goes on.", file=sys.stderr)


def start_logging(saying: Saying) -> None:
    """Events go to the file of --log-file, else with --log-format json to standard error; else nowhere.

    Raises UsageError when the file cannot be written.
    """
    log = logging.getLogger("b24-import")
    for earlier in log.handlers[:]:
        log.removeHandler(earlier)
        # On a full disk closing fails as writing did, which was said then.
        with suppress(OSError):
            earlier.close()
    log.propagate = False
    log.setLevel(logging.INFO)
    if saying.log_file is not None:
        try:
            saying.log_file.parent.mkdir(parents=True, exist_ok=True)
            handler: logging.Handler = _Rotating(
                saying.log_file, maxBytes=_FILE_BYTES, backupCount=_FILES_KEPT, encoding="utf-8"
            )
        except OSError as error:
            raise UsageError(f"{saying.log_file}: the log cannot be written ({error.strerror}). Name another with --log-file.") from None
    elif saying.log_format == "json":
        handler = logging.StreamHandler(sys.stderr)
    else:
        handler = logging.NullHandler()
        # Nobody reads them: not even made.
        log.setLevel(logging.CRITICAL + 1)
    handler.setFormatter(_Json() if saying.log_format == "json" else _Text())
    log.addHandler(handler)
