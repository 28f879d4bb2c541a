"""The live line: what it says, and that it leaves nothing of itself behind on a terminal."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from importer.batcher.progress import Progress
from importer.cli.progress import line, live_line, redraw, rows

_NOON = 1_700_000_000.0


def _sending(**more: object) -> Progress:
    progress = Progress(phase="sending", rows=5_000, created=1_234, rejected=12, requests=40, in_flight=3, started=_NOON, allowed_per_s=2.0)
    for name, value in more.items():
        setattr(progress, name, value)
    return progress


@pytest.mark.parametrize("width", [35, 47, 63, 80, 105, 120, 160])
def test_the_rows_fit_the_terminal(width: int) -> None:
    first, *more = rows(_sending(), _NOON + 20, width)
    assert len(first) <= width - width // 5 - 1 and all(len(row) <= width for row in more)


def test_a_terminal_of_the_usual_width_shows_all_of_it_in_two_rows() -> None:
    progress = Progress(phase="sending", rows=500_000, created=412_345, rejected=1_240, skipped=3, requests=8_311, in_flight=3, started=_NOON, allowed_per_s=2.0)  # fmt: skip
    assert rows(progress, _NOON + 4_200, 80) == [
        " 83% · 413,588 of 500,000 · 14 min 38 s left",
        "412,345 created, 3 skipped, 1,240 rejected · 8,311 requests, 2.0 of 2/s",
    ]
    assert rows(_sending(), _NOON + 20, 80) == [
        " 25% · 1,246 of 5,000 · 1 min 00 s left",
        "1,234 created, 12 rejected · 40 requests, 2.0 of 2/s · 3 in flight",
    ]


def test_a_wide_terminal_shows_it_in_one_row() -> None:
    assert rows(_sending(), _NOON + 20, 160) == [line(_sending(), _NOON + 20)]


def test_what_is_needed_least_goes_first() -> None:
    whole = line(_sending(), _NOON + 20)
    assert "3 in flight" in whole and "40 requests" in whole
    assert rows(_sending(), _NOON + 20, 60) == [" 25% · 1,246 of 5,000 · 1 min 00 s left", "1,234 created, 12 rejected · 40 requests, 2.0 of 2/s"]
    assert rows(_sending(), _NOON + 20, 40) == [" 25% · 1,246 of 5,000", "1,234 created, 12 rejected"]


@pytest.mark.parametrize(
    ("passed", "told"), [(2, "20.0/s at first, then 2/s"), (20, "2.0 of 2/s"), (40, "1.0 of 2/s")]
)
def test_the_rate_stands_against_what_the_portal_allows_in_the_long_run(passed: float, told: str) -> None:
    assert f"40 requests, {told}" in line(_sending(), _NOON + passed)


def test_rows_in_doubt_are_told_with_the_moment_at_which_the_portal_is_asked() -> None:
    progress = _sending(created=4_788, in_flight=0, unsettled=200)
    with progress.looking_up(_NOON + 60, 200):
        told = line(progress, _NOON + 20)
    assert re.search(r"200 rows in doubt; the portal is asked at \d\d:\d\d:\d\d", told)
    # 40 s until then, and the 200 rows at 240 a second.
    assert told.endswith("41 s left")
    assert "in doubt" not in line(progress, _NOON + 20)


def test_a_narrow_terminal_says_why_the_run_stands_still_and_how_long() -> None:
    progress = _sending(created=942, requests=400, paused_until=_NOON + 500, pause_reason="operating time of crm.contact.add")
    now = _NOON + 100
    first, wait, last = rows(progress, now, 80)
    assert first == " 19% · 954 of 5,000" and wait.startswith("the portal lets us go on at ") and wait.endswith("(operating time of crm.contact.add)")
    assert last.startswith("942 created, 12 rejected · 400 requests")
    assert rows(progress, now, 130)[1:] == [wait, last]
    with (doubt := _sending(unsettled=200)).looking_up(_NOON + 60, 200):
        first, wait, _ = rows(doubt, _NOON + 20, 80)
    assert first.endswith(" left") and wait.startswith("200 rows in doubt; the portal is asked at ")


def test_searching_the_portal_is_told_from_reading() -> None:
    assert line(Progress(phase="searching", rows=1_600), _NOON) == "1,600 rows read; looking for their contacts in the portal"


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
        assert "1,234 of 5,000" in shown[3] and len(shown) == (4 if width >= 120 else 5)
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
