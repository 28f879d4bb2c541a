"""The lock taken before every request: one holder at a time, whichever way the other locks."""

from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from importer.pacing.quick_lock import held


def test_whoever_comes_second_waits_no_longer_than_he_wants(tmp_path: Path) -> None:
    with held(tmp_path / "lock", 0.0):
        with pytest.raises(TimeoutError), held(tmp_path / "lock", 0.01):
            pass
    with held(tmp_path / "lock", 0.0):
        pass


def test_a_block_that_fails_lets_go(tmp_path: Path) -> None:
    with pytest.raises(KeyError), held(tmp_path / "lock", 0.0):
        raise KeyError
    with held(tmp_path / "lock", 0.0):
        pass


def test_it_and_filelock_hold_each_other_off(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with held(path, 0.0), pytest.raises(Timeout):
        FileLock(path, timeout=0).acquire()
    with FileLock(path, timeout=0), pytest.raises(TimeoutError), held(path, 0.0):
        pass


def test_what_cannot_be_locked_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="directory"), held(tmp_path, 0.0):
        pass
