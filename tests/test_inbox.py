"""An inbox's files: which are whole, in which order they come, and that none is lost or overwritten when it is moved."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from importer import inbox
from importer.errors import SourceError, UsageError
from importer.inbox import MARKER, expand, is_named_by, put_away, takeable, watch

NOW = 1_000_000_000.0


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "done").mkdir()
    return tmp_path / "in"


def _file(path: Path, content: str = "Name\nAnn\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


# -- which files ------------------------------------------------------------------------------


def test_a_pattern_gives_its_files_by_name_each_once(box: Path) -> None:
    for name in ("b.csv", "a.csv", "c.txt"):
        _file(box / name)
    (box / "d.csv").mkdir()
    assert [str(path) for path in expand([Path("in/*.csv"), Path("in/a.csv")])] == ["in/a.csv", "in/b.csv"]


def test_a_file_that_is_named_like_a_pattern_is_itself(box: Path) -> None:
    _file(box / "list[1].csv")
    _file(box / "list1.csv")
    assert [path.name for path in expand([Path("in/list[1].csv")])] == ["list[1].csv"]


def test_a_pattern_in_a_folder_that_is_not_there_is_told(box: Path) -> None:
    with pytest.raises(UsageError, match="there is no folder inn"):
        expand([Path("inn/*.csv")])


@pytest.mark.parametrize("name", [".c.csv", "~$c.xlsx", "c.csv.part", "c.csv.PART", "c.csv.filepart", "c.tmp", "c.csv.crdownload", "c.csv.done"])
def test_temporary_names_are_nobodys_files(box: Path, name: str) -> None:
    assert takeable([_file(box / name), _file(box / "c.csv")], []) == [box / "c.csv"]


def test_files_that_were_moved_away_are_not_taken_again(box: Path) -> None:
    moved, fresh = _file(box / "done" / "a.csv"), _file(box / "b.csv")
    assert takeable([moved, fresh], [box / "done"]) == [fresh]


@pytest.mark.parametrize(
    ("pattern", "path", "is_named"),
    [("in/*.csv", "in/a.csv", True), ("in/*.csv", "in/done/a.csv", False), ("in/*.csv", "other/a.csv", False), ("in/a.csv", "in/a.csv", True),
     ("in/**/*.csv", "in/x/y/a.csv", True), ("in/**/*.csv", "in/x/y/a.txt", False), ("in/**/*.csv", "other/a.csv", False), ("in/**", "in/x/a.csv", True),
     ("i*/*.csv", "in/x/a.csv", False), ("in/**/x/*.csv", "in/x/a.csv", True), ("in/**/x/*.csv", "in/y/a.csv", False)],
)  # fmt: skip
def test_a_path_of_before_is_known_by_its_pattern(box: Path, pattern: str, path: str, is_named: bool) -> None:
    assert is_named_by([Path(pattern)], str(Path(path).absolute())) is is_named


@pytest.mark.parametrize("pattern", ["in/*.csv", "in/**/*.csv", "in/**", "**/*.csv", "*/**/b.csv", "in/x/*", "in/?.csv", "in/[ab].csv"])
def test_a_pattern_knows_every_file_that_it_finds_and_no_other(box: Path, pattern: str) -> None:
    files = [_file(box / name) for name in ("a.csv", "b.csv", "c.txt", "x/b.csv", "x/y/a.csv")]
    found = {path.absolute() for path in expand([Path(pattern)])}
    assert found and {path for path in files if is_named_by([Path(pattern)], str(path))} == found


def test_a_file_that_is_named_in_two_ways_is_one(box: Path) -> None:
    _file(box / "a.csv")
    assert expand([Path("in/*.csv"), box / "a.csv", Path("in/../in/a.csv"), box / "*.csv"]) == [Path("in/a.csv")]


# -- which are whole --------------------------------------------------------------------------


class Clock:
    """Time that passes only while somebody sleeps; `meanwhile` happens then."""

    def __init__(self, now: float, meanwhile=lambda: None) -> None:
        self.time, self.meanwhile, self.slept = now, meanwhile, []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds
        self.meanwhile()


def _watched(clock: Clock, *files: Path, wants_marker: bool = False) -> tuple[list[str], list[str], list[float]]:
    seen = watch(files, 10, wants_marker=wants_marker, now=clock.now, sleep=clock.sleep)
    return [path.name for path in seen.whole], [path.name for path in seen.waiting], clock.slept


@pytest.fixture
def aged(box: Path, monkeypatch: pytest.MonkeyPatch):
    """Makes files of an age; the time at which anything about them changed cannot be set, so it is left out."""
    monkeypatch.setattr(inbox, "_times", lambda found: (found.st_mtime, found.st_mtime))

    def made(name: str, age: float) -> Path:
        path = _file(box / name)
        os.utime(path, (NOW - age, NOW - age))
        return path

    return made


def test_an_old_file_is_taken_without_waiting(aged) -> None:
    assert _watched(Clock(NOW), aged("a.csv", 11)) == (["a.csv"], [], [])


def test_a_young_file_is_taken_once_nobody_has_written_for_so_long(aged) -> None:
    assert _watched(Clock(NOW), aged("a.csv", 4), aged("b.csv", 60)) == (["a.csv", "b.csv"], [], [6])


def test_a_half_copied_file_waits_for_the_next_time_and_keeps_no_other_back(aged) -> None:
    half, whole = aged("a.csv", 1), aged("b.csv", 5)
    clock = Clock(NOW, lambda: half.write_text("Name\nAnn\nBen\n", encoding="utf-8"))
    assert _watched(clock, half, whole) == (["b.csv"], ["a.csv"], [9])


def test_a_file_that_goes_while_it_is_watched_waits_too(aged) -> None:
    path = aged("a.csv", 1)
    assert _watched(Clock(NOW, path.unlink), path)[:2] == ([], ["a.csv"])


@pytest.mark.parametrize("ahead_s", [0.5, 0.9, 3600])
def test_a_clock_ahead_of_ours_keeps_no_file_back_for_ever(aged, ahead_s: float) -> None:
    whole, _, slept = _watched(Clock(NOW), aged("a.csv", -ahead_s))
    assert (whole, slept) == (["a.csv"], [10])


def test_a_marker_beside_a_file_says_that_it_is_whole(aged) -> None:
    path = aged("a.csv", 1)
    aged("a.csv" + MARKER, 0)
    assert _watched(Clock(NOW), path, wants_marker=True) == (["a.csv"], [], [])


@pytest.mark.parametrize("marker_age", [None, 20])
def test_where_markers_are_wanted_a_file_without_a_fresh_one_waits(aged, marker_age: float | None) -> None:
    path = aged("a.csv", 11)
    if marker_age is not None:
        aged("a.csv" + MARKER, marker_age)
    assert _watched(Clock(NOW), path, wants_marker=True) == ([], ["a.csv"], [])


# -- where they go ----------------------------------------------------------------------------


def test_a_file_keeps_its_name_and_content_where_it_goes(box: Path) -> None:
    assert put_away(_file(box / "c.csv"), Path("done"), "r1") == Path("done/c.csv")
    assert Path("done/c.csv").read_text(encoding="utf-8") == "Name\nAnn\n"
    assert not (box / "c.csv").exists()


@pytest.mark.parametrize(
    ("name", "label", "names"),
    [
        ("c.csv", "r1", ["c.csv", "c.r1.csv", "c.r1-2.csv"]),
        ("c.csv", None, ["c.csv", "c-2.csv", "c-3.csv"]),
        ("c.2026.csv.gz", None, ["c.2026.csv.gz", "c.2026-2.csv.gz", "c.2026-3.csv.gz"]),
        ("noending", None, ["noending", "noending-2", "noending-3"]),
    ],
)
@pytest.mark.parametrize("way", ["links", "no links", "another disk"])
def test_no_file_is_ever_overwritten(box: Path, name: str, label: str | None, names: list[str], way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.link
    if way != "links":

        def link(source: Path, target: Path, **more) -> None:
            if way == "no links":
                raise OSError(errno.EPERM, "Operation not permitted")
            if Path(source).parent != Path(target).parent:
                raise OSError(errno.EXDEV, "Invalid cross-device link")
            real(source, target, **more)

        monkeypatch.setattr(os, "link", link)
    moved = [put_away(_file(box / name, f"delivery {nth}"), Path("done"), label) for nth in range(3)]
    assert [path.name for path in moved] == names
    assert [path.read_text(encoding="utf-8") for path in moved] == ["delivery 0", "delivery 1", "delivery 2"]
    assert sorted(os.listdir("done")) == sorted(names)
    assert not os.listdir(box)


def test_a_move_that_died_between_its_two_steps_is_ended_by_the_next(box: Path) -> None:
    path = _file(box / "c.csv")
    os.link(path, "done/c.csv")
    assert put_away(path, Path("done"), "r1") == Path("done/c.csv")
    assert (os.listdir("done"), os.listdir(box)) == (["c.csv"], [])


def test_a_marker_goes_before_its_file(box: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _file(box / "c.csv")
    _file(box / "c.csv.done", "")

    def refused(*_: object) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(inbox, "_rename", refused)
    with pytest.raises(SourceError, match="cannot be moved to done"):
        put_away(path, Path("done"), None)
    assert os.listdir(box) == ["c.csv"]
