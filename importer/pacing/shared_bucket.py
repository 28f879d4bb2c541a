"""One bucket for all processes of this machine towards one portal, in a small locked file.

The portal counts by address, not by program. The lock is the operating system's: a process that dies while
holding it blocks nobody, and a count left half-written is read as a full bucket, which costs seconds.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from platformdirs import user_state_path

from importer.pacing.leaky_bucket import LeakyBucket, level_now
from importer.pacing.quick_lock import held

# A count from the future beyond this is a clock that was set back since; it is forgotten rather than waited for.
_CLOCK_SLACK_S = 5.0

# The lock is held for a fraction of a millisecond; a process that was halted just then must not halt the others.
_LOCK_WAIT_S = 1.0

# Two floats as JSON, with room to spare.
_FILE_BYTES = 96

# More than that is not ours.
_MOST_BYTES = 4096

Value = TypeVar("Value")


def bucket_file(host: str, folder: Path | None = None) -> Path:
    """The file of a portal's bucket, in the user's state folder unless `folder` names another."""
    folder = folder or user_state_path("b24-import")
    name = hashlib.sha256(host.lower().encode()).hexdigest()[:16]
    return folder / f"bucket-{name}.json"


class SharedBucket:
    """A LeakyBucket whose count all processes of this user share. Same `take` and `refused`.

    While the file cannot be used (a full disk, a folder taken away), the process goes on counting by itself.
    """

    def __init__(self, path: Path, capacity: int, leak_per_s: float) -> None:
        """Makes the folder, readable by its owner alone, when it is not there. OSError when it cannot be used."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = path
        self._lock = path.with_name(path.name + ".lock")
        #: the count as of our last look
        self._bucket = LeakyBucket(capacity, leak_per_s)
        with held(self._lock, _LOCK_WAIT_S):
            if path.exists():
                with _opened(path) as (descriptor, _):
                    self._read(descriptor, 0.0, is_new=False)

    def _read(self, descriptor: int, now: float, *, is_new: bool) -> None:
        capacity = float(self._bucket.capacity)
        level, at = 0.0 if is_new else capacity, now
        try:
            kept = json.loads(os.read(descriptor, _MOST_BYTES))
            found_level, found_at = float(kept["level"]), float(kept["at"])
            if math.isfinite(found_level) and found_at <= now + _CLOCK_SLACK_S:
                level, at = min(max(found_level, 0.0), capacity), found_at
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            pass  # Half-written, or not ours: full.
        # Our last look still counts: what we added since may not have reached the file.
        if level_now(level, now - at, self._bucket.leak_per_s) >= self._bucket.level_at(now):
            self._bucket.level, self._bucket.at = level, at

    def _write(self, descriptor: int) -> None:
        # Not renamed into place and not synced: after a power cut the portal's own counter is empty too.
        text = json.dumps({"level": self._bucket.level, "at": self._bucket.at}).encode().ljust(_FILE_BYTES)
        # In place and always as long: cutting the file and filling it again made a look cost 0.5 to 0.65 ms of CPU, this
        # 0.15 to 0.2 (measured, ext4 on Linux).
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, text)
        if os.fstat(descriptor).st_size != len(text):
            os.ftruncate(descriptor, len(text))

    def _counted(self, now: float, count: Callable[[LeakyBucket], Value]) -> Value:
        """What `count` says of the bucket as all see it, or as we see it where the file fails."""
        counted: list[Value] = []
        try:
            with held(self._lock, _LOCK_WAIT_S), _opened(self._path) as (descriptor, is_new):
                self._read(descriptor, now, is_new=is_new)
                counted.append(count(self._bucket))
                self._write(descriptor)
        except OSError:
            if not counted:
                counted.append(count(self._bucket))
        return counted[0]

    def take(self, now: float) -> float:
        """0.0 when a request may leave now, and it is counted for everybody; else the seconds until one may."""
        # What we know is full is not looked at: others only add to it.
        return self._bucket.wait_s(now) or self._counted(now, lambda bucket: bucket.take(now))

    def refused(self, now: float) -> None:
        """The bucket is full for everybody."""
        self._counted(now, lambda bucket: bucket.refused(now))


@contextmanager
def _opened(path: Path) -> Iterator[tuple[int, bool]]:
    """The file's descriptor, and whether it was not there yet. A Path's own reading takes five times the CPU."""
    flags, is_new = os.O_RDWR | getattr(os, "O_BINARY", 0), False
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        descriptor, is_new = os.open(path, flags | os.O_CREAT, 0o666), True
    try:
        yield descriptor, is_new
    finally:
        os.close(descriptor)


def open_bucket(host: str, capacity: int, leak_per_s: float, folder: Path | None = None) -> LeakyBucket | SharedBucket:
    """The machine's bucket for a portal; the process's own where the state folder cannot be used."""
    try:
        return SharedBucket(bucket_file(host, folder), capacity, leak_per_s)
    except OSError:
        return LeakyBucket(capacity, leak_per_s)
