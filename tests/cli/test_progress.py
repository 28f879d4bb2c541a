"""The live line: what it says, and that it leaves nothing of itself behind on a terminal."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from importer.batcher.progress import Progress
from importer.cli.progress import line, live_line, redraw

_NOON = 1_700_000_000.0


def _sending(**more: object) -> Progress:
    progress = Progress(phase="sending", rows=5_000, created=1_234, rejected=12, requests=40, in_flight=3, started=_NOON, allowed_per_s=2.0)
    for name, value in more.items():
        setattr(progress, name, value)
    return progress


@pytest.mark.parametrize("width", [35, 47, 63, 79, 105])
def test_the_line_fits_the_terminal(width: int) -> None:
    assert len(line(_sending(), _NOON + 20, width)) <= width


def test_what_is_needed_least_goes_first() -> None:
    whole = line(_sending(), _NOON + 20)
    assert "3 in flight" in whole and "40 requests" in whole
    narrow = line(_sending(), _NOON + 20, 79)
    assert "in flight" not in narrow and narrow.endswith("1,234 created, 12 rejected · 1 min 00 s left")
    assert line(_sending(), _NOON + 20, 44) == " 25% · 1,246 of 5,000 · 1 min 00 s left"


def test_rows_in_doubt_are_told_with_the_moment_at_which_the_portal_is_asked() -> None:
    progress = _sending(created=4_788, in_flight=0, unsettled=200)
    with progress.looking_up(_NOON + 60, 200):
        told = line(progress, _NOON + 20)
    assert re.search(r"200 rows in doubt; the portal is asked at \d\d:\d\d:\d\d", told)
    # 40 s until then, and the 200 rows at 240 a second.
    assert told.endswith("41 s left")
    assert "in doubt" not in line(progress, _NOON + 20)


def test_rows_of_before_a_resume_do_not_hasten_the_rest() -> None:
    progress = Progress(rows=1_000, created=800)
    progress.begin("sending", _NOON, 2.0)
    assert "left" not in line(progress, _NOON + 10)
    progress.created = 900
    assert line(progress, _NOON + 10).endswith("10 s left")


@pytest.mark.parametrize("width", [40, 60, 80, 100, 130])
def test_a_message_stands_once_above_the_line_and_nothing_is_left_of_the_line(width: int) -> None:
    terminal = io.StringIO()
    console = Console(file=terminal, force_terminal=True, width=width, highlight=False, color_system=None)
    progress = Progress()
    with live_line(progress, console) as live:
        progress.messages.append("encoding utf-8, as the file says")
        redraw(progress, live)
        progress.begin("sending", _NOON, 2.0)
        progress.rows, progress.requests, progress.created = 5_000, 40, 1_234
        progress.messages += ["the first of two", "the second"]
        redraw(progress, live)
        shown = _screen(terminal.getvalue())
        assert "1,234 of 5,000" in shown[-1] and len(shown) == 4
    assert _screen(terminal.getvalue()) == ["encoding utf-8, as the file says", "the first of two", "the second"]


def _screen(written: str) -> list[str]:
    """The rows of a terminal that was told all this, as far as something stands in them."""
    rows, at, column = [""], 0, 0
    for code, text in re.findall(r"(\x1b\[[?\d;]*[A-Za-z]|\r|\n)|([^\x1b\r\n]+)", written):
        if text:
            rows[at] = rows[at][:column].ljust(column) + text + rows[at][column + len(text) :]
            column += len(text)
        elif code == "\n":
            at, column = at + 1, 0
            rows += [""] * (at + 1 - len(rows))
        elif code == "\r":
            column = 0
        elif code.endswith("A"):
            at -= int(code[2:-1] or 1)
        elif code == "\x1b[2K":
            rows[at] = ""
    return [row.rstrip() for row in rows if row.strip()]
