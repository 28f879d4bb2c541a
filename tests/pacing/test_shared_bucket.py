"""One bucket for all processes of a machine: real processes on one file, deaths, and files that are not right."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from importer.pacing.leaky_bucket import LeakyBucket
from importer.pacing.shared_bucket import SharedBucket, bucket_file, open_bucket

NOW = 1_770_300_000.0

_TAKER = """
import sys
from pathlib import Path
from importer.pacing.shared_bucket import SharedBucket
bucket = SharedBucket(Path(sys.argv[1]), 50, 2.0)
print(sum(bucket.take({now}) == 0 for _ in range(100)))
"""

_HOLDER = """
import sys, time
from filelock import FileLock
with FileLock(sys.argv[1] + ".lock"):
    print("held", flush=True)
    sys.stdin.read()
"""


def _python(script: str, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return bucket_file("portal.example.com", tmp_path / "state")


def _bucket(path: Path) -> SharedBucket:
    return SharedBucket(path, 50, 2.0)


def test_processes_together_take_no_more_than_one_alone(path: Path) -> None:
    takers = [_python(_TAKER.format(now=NOW), path) for _ in range(4)]
    assert sum(int(taker.communicate()[0]) for taker in takers) == 46
    assert _bucket(path).take(NOW) == 0.5


def test_what_one_took_the_other_waits_for(path: Path) -> None:
    one, other = _bucket(path), _bucket(path)
    assert [one.take(NOW) for _ in range(46)] == [0.0] * 46
    assert other.take(NOW) == 0.5
    assert other.take(NOW + 0.5) == 0.0
    assert one.take(NOW + 0.5) == 0.5


def test_a_refusal_of_one_holds_back_all(path: Path) -> None:
    one, other = _bucket(path), _bucket(path)
    one.refused(NOW)
    assert other.take(NOW) == 2.5


def test_a_process_killed_while_it_holds_the_lock_blocks_nobody(path: Path) -> None:
    bucket = _bucket(path)
    holder = _python(_HOLDER, path)
    assert holder.stdout.readline() == "held\n"
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    assert bucket.take(NOW) == 0.0
    assert _bucket(path).take(NOW) == 0.0


def test_a_process_halted_while_it_holds_the_lock_leaves_the_others_their_own_count(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importer.pacing.shared_bucket._LOCK_WAIT_S", 0.01)
    bucket = _bucket(path)
    bucket.refused(NOW)
    holder = _python(_HOLDER, path)
    assert holder.stdout.readline() == "held\n"
    # As it was when we last looked, and what we take now is not forgotten when the lock is free again.
    assert bucket.take(NOW) == 2.5
    assert bucket.take(NOW + 2.5) == 0.0
    holder.communicate("")
    assert bucket.take(NOW + 2.5) == 0.5


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"\x00\xff\xfe",
        b"null",
        b"[]",
        b'{"level": 3}',
        b'{"level": "many", "at": 1}',
        b'{"level": NaN, "at": 1770300000}',
        b'{"level": Infinity, "at": 1770300000}',
        b'{"level": 3, "at": NaN}',
        b'{"level": 1' + b"0" * 400 + b', "at": 1}',
        b'{"level": 3, "at": 1770309999}',
        b"[" * 100_000,
    ],
)
def test_a_count_that_is_not_right_is_a_full_bucket(path: Path, text: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(text)
    bucket = _bucket(path)
    assert bucket.take(NOW) == 2.5
    assert bucket.take(NOW + 2.5) == 0.0
    # What was wrong is gone: others read the count that was taken, not a full bucket again.
    assert _bucket(path).take(NOW + 2.5) == 0.5


def test_a_count_below_nothing_gives_no_more_than_the_bucket(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"level": -1000, "at": 1770300000}')
    bucket = _bucket(path)
    assert sum(bucket.take(NOW) == 0 for _ in range(100)) == 46


def test_a_count_above_the_capacity_is_waited_for_no_longer_than_a_full_bucket(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"level": 250, "at": 1770300000}')
    assert _bucket(path).take(NOW) == 2.5


def test_a_file_that_can_no_longer_be_written_is_counted_past(path: Path) -> None:
    bucket = _bucket(path)
    assert bucket.take(NOW) == 0.0
    path.unlink()
    path.mkdir()
    assert sum(bucket.take(NOW) == 0 for _ in range(100)) == 45
    assert bucket.take(NOW + 1) == 0.0


def test_a_folder_that_cannot_be_made_falls_back_to_the_process_own_count(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    bucket = open_bucket("portal.example.com", 50, 2.0, tmp_path / "state")
    assert isinstance(bucket, LeakyBucket)
    assert sum(bucket.take(NOW) == 0 for _ in range(100)) == 46


@pytest.mark.skipif(os.name == "nt", reason="permissions of another kind")
def test_a_folder_that_may_not_be_written_falls_back_to_the_process_own_count(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir(mode=0o500)
    script = (
        "import os, sys; from pathlib import Path\n"
        "from importer.pacing.shared_bucket import open_bucket\n"
        "os.geteuid() or os.setuid(65534)\n"
        "print(type(open_bucket('portal.example.com', 50, 2.0, Path(sys.argv[1]))).__name__)"
    )
    # Root may write anywhere, so the child becomes nobody.
    answer = _python(script, folder).communicate()[0]
    assert answer == "LeakyBucket\n"


def test_portals_have_buckets_apart_and_a_host_is_the_same_in_capitals(tmp_path: Path) -> None:
    assert bucket_file("a.example.com", tmp_path) == bucket_file("A.Example.com", tmp_path)
    assert bucket_file("a.example.com", tmp_path) != bucket_file("b.example.com", tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="permissions of another kind")
def test_the_folder_is_its_owners_alone(path: Path) -> None:
    open_bucket("portal.example.com", 50, 2.0, path.parent).take(NOW)
    assert path.parent.stat().st_mode & 0o777 == 0o700
