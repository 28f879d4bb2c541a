"""Events for logs: one a line, with row numbers and codes, never a person's data or a secret."""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime
from logging.handlers import RotatingFileHandler

from importer.cli.options import Saying
from importer.errors import UsageError

_FILE_BYTES = 10_000_000
_FILES_KEPT = 5


def _facts(record: logging.LogRecord) -> dict[str, object]:
    """What the event tells beside its name: `extra={"facts": …}`, because logging keeps words like `created` for itself."""
    return getattr(record, "facts", {})


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


def start_logging(saying: Saying) -> None:
    """Events go to the file of --log-file, else with --log-format json to standard error; else nowhere.

    Raises UsageError when the file cannot be written.
    """
    log = logging.getLogger("b24-import")
    log.handlers.clear()
    log.propagate = False
    log.setLevel(logging.INFO)
    if saying.log_file is not None:
        try:
            saying.log_file.parent.mkdir(parents=True, exist_ok=True)
            handler: logging.Handler = RotatingFileHandler(
                saying.log_file, maxBytes=_FILE_BYTES, backupCount=_FILES_KEPT, encoding="utf-8"
            )
        except OSError as error:
            raise UsageError(f"{saying.log_file}: the log cannot be written ({error.strerror}). Name another with --log-file.") from None
    elif saying.log_format == "json":
        handler = logging.StreamHandler(sys.stderr)
    else:
        handler = logging.NullHandler()
    handler.setFormatter(_Json() if saying.log_format == "json" else _Text())
    log.addHandler(handler)
