"""One bucket for all processes of this machine towards one portal, in a small locked file.

The portal counts by address, not by program. The lock is the operating system's: a process that dies while
holding it blocks nobody, and a count left half-written is read as a full bucket, which costs seconds.
"""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path

from filelock import FileLock
from platformdirs import user_state_path

from importer.pacing.leaky_bucket import LeakyBucket

# A count from the future beyond this is a clock that was set back since; it is forgotten rather than waited for.
_CLOCK_SLACK_S = 5.0


def bucket_file(host: str, folder: Path | None = None) -> Path:
    """The file of a portal's bucket, in the user's state folder unless `folder` names another."""
    folder = folder or user_state_path("b24-import")
    name = hashlib.sha256(host.lower().encode()).hexdigest()[:16]
    return folder / f"bucket-{name}.json"


class SharedBucket:
    """A LeakyBucket whose count all processes of this user share. Same `take` and `refused`."""

    def __init__(self, path: Path, capacity: int, leak_per_s: float) -> None:
        """Makes the folder, readable by its owner alone, when it is not there. OSError when it cannot be made."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = path
        self._capacity, self._leak_per_s = capacity, leak_per_s
        self._lock = FileLock(str(path) + ".lock")

    def _read(self, now: float) -> LeakyBucket:
        bucket = LeakyBucket(self._capacity, self._leak_per_s)
        try:
            kept = json.loads(self._path.read_bytes())
            level, at = float(kept["level"]), float(kept["at"])
        except FileNotFoundError:
            return bucket
        except (ValueError, TypeError, KeyError):
            level, at = float(self._capacity), now
        if not (math.isfinite(level) and math.isfinite(at)) or at > now + _CLOCK_SLACK_S:
            level, at = float(self._capacity), now
        bucket.level, bucket.at = min(level, float(self._capacity)), at
        return bucket

    def _write(self, bucket: LeakyBucket) -> None:
        # Not renamed into place and not synced: after a power cut the portal's own counter is empty too.
        self._path.write_text(json.dumps({"level": bucket.level, "at": bucket.at}))

    def take(self, now: float) -> float:
        """0.0 when a request may leave now, and it is counted for everybody; else the seconds until one may."""
        with self._lock:
            bucket = self._read(now)
            wait = bucket.take(now)
            if wait == 0:
                self._write(bucket)
            return wait

    def refused(self, now: float) -> None:
        """The bucket is full for everybody."""
        with self._lock:
            bucket = self._read(now)
            bucket.refused(now)
            self._write(bucket)


def open_bucket(host: str, capacity: int, leak_per_s: float, folder: Path | None = None) -> LeakyBucket | SharedBucket:
    """The machine's bucket for a portal; the process's own where the state folder cannot be written."""
    try:
        return SharedBucket(bucket_file(host, folder), capacity, leak_per_s)
    except OSError:
        return LeakyBucket(capacity, leak_per_s)
