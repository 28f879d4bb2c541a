"""One process at a time on one journal: a second is turned away at once, a dead one blocks nobody."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from importer.errors import ImporterError, JournalBusy
from importer.journal.lock import JournalLock, is_held

_HOLDER = """
import sys
from pathlib import Path
from importer.journal.lock import JournalLock
with JournalLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until its standard input ends."""
    process = subprocess.Popen([sys.executable, "-c", _HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.communicate()


def test_a_second_process_is_turned_away_with_what_to_do(path: Path, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(JournalBusy) as caught, JournalLock(path):
        pass
    assert caught.value.exit_code == 5
    assert str(caught.value).startswith(f"{path}: another run holds this journal.")
    assert "--journal" in str(caught.value)


def test_when_the_first_ends_the_second_goes_on(path: Path, holder: subprocess.Popen[str]) -> None:
    holder.communicate("")
    with JournalLock(path):
        pass


def test_the_lock_file_of_a_process_that_was_killed_does_not_block(path: Path, holder: subprocess.Popen[str]) -> None:
    lock_file = Path(f"{path}.lock")
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    assert lock_file.exists()
    with JournalLock(path):
        pass


def test_a_lock_file_that_somebody_left_does_not_block(path: Path) -> None:
    path.parent.mkdir()
    Path(f"{path}.lock").write_text("12345")
    with JournalLock(path):
        pass


def test_a_journal_named_by_a_link_is_the_same_journal(path: Path, holder: subprocess.Popen[str], tmp_path: Path) -> None:
    path.touch()
    link = tmp_path / "link.db"
    link.symlink_to(path)
    with pytest.raises(JournalBusy), JournalLock(link):
        pass


def test_other_journals_are_not_concerned(path: Path, holder: subprocess.Popen[str]) -> None:
    with JournalLock(path.with_name("other.db")):
        pass


def test_the_lock_is_free_after_an_error(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), JournalLock(path):
        raise ZeroDivisionError
    with JournalLock(path):
        pass


def test_where_no_lock_can_be_made_the_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ImporterError, match="cannot be locked") as caught, JournalLock(tmp_path / "file" / "journal.db"):
        pass
    assert caught.value.exit_code == 2


def test_whether_it_is_held_is_told_without_a_lock_file_of_ones_own(path: Path) -> None:
    assert not is_held(path)
    assert not path.parent.exists()


def test_it_is_held_until_its_process_ends_or_dies(path: Path, holder: subprocess.Popen[str]) -> None:
    assert is_held(path)
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    assert not is_held(path)


def test_a_process_that_only_looks_turns_no_run_away(path: Path) -> None:
    looking = FileLock(f"{path}.lock", thread_local=False)
    path.parent.mkdir()
    looking.acquire()
    threading.Timer(0.01, looking.release).start()
    with JournalLock(path):
        pass
