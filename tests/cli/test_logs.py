"""The log: rotated by itself, one event a line, and never the end of a run."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from importer.cli import logs
from importer.cli.logs import start_logging
from importer.cli.options import Saying

LOG = logging.getLogger("b24-import")


@pytest.fixture(autouse=True)
def _closed():
    yield
    start_logging(Saying())


def test_a_log_file_keeps_its_newest_events_and_rotates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_FILE_BYTES", 1000)
    start_logging(Saying(log_file=tmp_path / "log" / "b24.log"))
    for number in range(100):
        LOG.info("request", extra={"facts": {"request": number}})
    files = sorted(path.name for path in (tmp_path / "log").iterdir())
    assert files == ["b24.log", *(f"b24.log.{n}" for n in range(1, 6))]
    assert (tmp_path / "log" / "b24.log").read_text(encoding="utf-8").endswith("request=99\n")
    assert all(path.stat().st_size <= 1000 for path in (tmp_path / "log").iterdir())


def test_a_log_that_another_program_moved_is_begun_anew_by_the_next_command(tmp_path: Path) -> None:
    file = tmp_path / "b24.log"
    start_logging(Saying(log_file=file))
    LOG.info("first")
    file.rename(tmp_path / "b24.log-20260101")
    start_logging(Saying(log_file=file))
    LOG.info("second")
    assert "second" in file.read_text(encoding="utf-8")
    assert "second" not in (tmp_path / "b24.log-20260101").read_text(encoding="utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that is always full")
def test_a_log_that_can_no_longer_be_written_is_said_once_and_ends_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start_logging(Saying(log_file=tmp_path / "b24.log"))
    LOG.handlers[0].setStream(open("/dev/full", "w", encoding="utf-8"))
    LOG.info("one")
    LOG.info("two")
    start_logging(Saying())
    said = capsys.readouterr().err
    assert said.count("can no longer be written") == 1
    assert "Traceback" not in said
