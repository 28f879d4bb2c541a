"""Files that other programs put into a folder: which are whole, in which order they are taken, where they go afterwards.

    expand ─▶ watch ─▶ a run each (cli/inbox_mode.py) ─▶ put_away

Nothing here reads what is in a file.
"""

from __future__ import annotations

import errno
import filecmp
import fnmatch
import glob
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from importer.errors import SourceError, UsageError

#: Put beside a file, under its name with this added, by a program that says when it is whole.
MARKER = ".done"

# Names under which programs write what is not whole yet, or that belong to another file: .part and .filepart (WinSCP, rsync
# wrappers), browsers' downloads, editors' and offices' locks.
_UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp", ".temp", ".swp", ".lock", MARKER)


@dataclass(frozen=True, slots=True)
class Look:
    """A file as it was at one moment. Equal looks: nobody has written to it in between."""

    size: int
    changed_ns: int
    #: Unix seconds of the latest thing that happened to it, as far as that is not in the future
    latest: float = field(compare=False)


def look(path: Path, now: float) -> Look | None:
    """The file now; None when it is gone, or is no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    if not path.is_file():
        return None
    # A clock ahead of ours, as a server's, says nothing.
    times = [min(time, now) for time in _times(found) if time <= now + 1]
    return Look(found.st_size, found.st_mtime_ns, max(times, default=now))


def _times(found: os.stat_result) -> tuple[float, float]:
    """When its content, and when anything about it changed last: a copy may bring the first along from its original."""
    return found.st_mtime, found.st_ctime


# -- which files --------------------------------------------------------------------------------


def is_pattern(text: str) -> bool:
    """True for `*.csv` and its like, unless a file has just that name."""
    return glob.has_magic(text) and not os.path.lexists(text)


def expand(patterns: Iterable[Path]) -> list[Path]:
    """The files that paths and patterns name, each once; those of a pattern by name. A path without a pattern stays as it is.

    Raises UsageError when the folder of a pattern is not there.
    """
    # By their place: one that is named in two ways is one file.
    found: dict[str, Path] = {}
    for pattern in patterns:
        if not is_pattern(str(pattern)):
            found.setdefault(os.path.abspath(pattern), pattern)
            continue
        expect_folder(pattern)
        names = sorted(map(Path, glob.glob(str(pattern), recursive=True)), key=lambda path: (path.name, str(path)))
        for path in names:
            if path.is_file():
                found.setdefault(os.path.abspath(path), path)
    return list(found.values())


def expect_folder(pattern: Path) -> None:
    """Raises UsageError when the folder of a path or pattern is not there: no file can ever be."""
    folder = next(folder for folder in pattern.parents if not is_pattern(str(folder)))
    if not folder.is_dir():
        raise UsageError(f"{pattern}: there is no folder {folder}. Correct the path.")


def takeable(files: Iterable[Path], besides: Iterable[Path]) -> list[Path]:
    """Those that are nobody's temporary files and lie in none of the folders `besides`, by name."""
    folders = [folder.resolve() for folder in besides]
    kept = [path for path in files if not _is_temporary(path.name) and not any(path.resolve().is_relative_to(folder) for folder in folders)]
    return sorted(kept, key=lambda path: (path.name, str(path)))


def _is_temporary(name: str) -> bool:
    return name.startswith((".", "~")) or name.lower().endswith(_UNFINISHED)


def is_named_by(patterns: Iterable[Path], path: str) -> bool:
    """Whether one of the paths or patterns names this absolute path, whether there is a file now or not."""
    wholes = [pattern.absolute() for pattern in patterns]
    return any(path == str(whole) or _is_like(PurePath(path).parts, whole.parts) for whole in wholes)


def _is_like(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """As `glob` takes the parts of a pattern: `**` stands for any number of folders, none among them."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return _is_like(parts, pattern[1:]) or (bool(parts) and _is_like(parts[1:], pattern))
    return bool(parts) and fnmatch.fnmatch(parts[0], pattern[0]) and _is_like(parts[1:], pattern[1:])


# -- which are whole ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Watched:
    """Files that may be taken, and those that wait for the next time, each with the reason."""

    whole: list[Path]
    waiting: dict[Path, str]


def watch(files: Iterable[Path], settle_s: float, *, wants_marker: bool, now: Callable[[], float], sleep: Callable[[float], None]) -> Watched:
    """Tells whole files from those that are still written: nothing may have happened to them for `settle_s` seconds.

    Younger ones are looked at again when they are that old, all at once and once only, so that this takes `settle_s` at
    the most. A marker beside a file, not older than it, says that it is whole; with `wants_marker` nothing else does.
    """
    whole, waiting, young = [], {}, {}
    for path in files:
        seen = look(path, now())
        if seen is None:
            waiting[path] = "it is gone"
        elif _is_marked(path, seen):
            whole.append(path)
        elif wants_marker:
            waiting[path] = f"{path.name}{MARKER} is not there yet, or older than it"
        else:
            young[path] = seen
    until = max((seen.latest + settle_s for seen in young.values()), default=0.0)
    if (wait := min(until - now(), settle_s)) > 0:
        sleep(wait)
    for path, seen in young.items():
        # Each is as old by now as it must be: the wait was as long, whatever a clock that is set right meanwhile says.
        if look(path, now()) == seen:
            whole.append(path)
        else:
            waiting[path] = "it is still being written"
    return Watched(sorted(whole, key=lambda path: (path.name, str(path))), waiting)


def _is_marked(path: Path, seen: Look) -> bool:
    try:
        return marker_of(path).stat().st_mtime_ns >= seen.changed_ns
    except OSError:
        return False


def marker_of(path: Path) -> Path:
    """The marker that says that a file is whole."""
    return path.with_name(path.name + MARKER)


# -- where they go ------------------------------------------------------------------------------


def put_away(path: Path, folder: Path, label: str | None) -> Path:
    """Moves a file into a folder and returns where it is; never over another file: `label` or a number is added to its name.

    The file is under its old name or its new one whatever happens, whole; after a death perhaps under both, and moving it
    once more mends that. Raises SourceError when it cannot be moved.
    """
    # Before the file goes: a marker left behind would vouch for the next file of this name.
    try:
        marker_of(path).unlink(missing_ok=True)
        for target in _names(folder, path, label):
            if _is_same(path, target):
                path.unlink()
                return target
            if _place(path, target):
                return target
    except OSError as error:
        raise SourceError(f"{path}: it cannot be moved to {folder} ({error.strerror or error}). It is moved the next time.") from error
    raise AssertionError("names do not end")


def _names(folder: Path, path: Path, label: str | None) -> Iterator[Path]:
    yield folder / path.name
    ending = "".join(path.suffixes[-2:]) if path.suffix.lower() in (".gz", ".zip") else path.suffix
    stem = path.name.removesuffix(ending)
    if label is not None:
        yield folder / f"{stem}.{label}{ending}"
        stem = f"{stem}.{label}"
    nth = 2
    while True:
        yield folder / f"{stem}-{nth}{ending}"
        nth += 1


def _is_same(path: Path, target: Path) -> bool:
    """What an earlier move, which died before its end, has put there already."""
    if not target.is_file():
        return False
    if target.samefile(path):
        return True
    ours, theirs = path.stat(), target.stat()
    return (ours.st_size, ours.st_mtime_ns) == (theirs.st_size, theirs.st_mtime_ns) and filecmp.cmp(path, target, shallow=False)


def _place(path: Path, target: Path) -> bool:
    """Moves the file unless the name is taken."""
    if target.exists() or target.is_symlink():
        return False
    try:
        _rename(path, target)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        half = _carried_over(path, target)
        try:
            _rename(half, target)
        except FileExistsError:
            half.unlink()
            return False
        path.unlink()
    return True


def _rename(source: Path, target: Path) -> None:
    """Gives a file another name on its disk; FileExistsError when that is taken, as a plain rename would not say."""
    if os.name == "nt":
        os.rename(source, target)
        return
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno in (errno.EEXIST, errno.EXDEV):
            raise
        # A file system without links (FAT, some network shares): the name is claimed, then taken.
        target.open("xb").close()
        try:
            os.replace(source, target)
        except OSError:
            target.unlink()
            raise
    _sync(target.parent)
    source.unlink(missing_ok=True)


def _carried_over(path: Path, target: Path) -> Path:
    """A whole copy beside the target, on the disk."""
    half = target.with_name(f".{target.name}.part")
    shutil.copy2(path, half)
    with half.open("rb+") as file:
        os.fsync(file.fileno())
    return half


def _sync(folder: Path) -> None:
    """Makes a new name outlive a power cut, where a folder can be told to."""
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
