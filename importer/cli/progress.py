"""The live line: what is done, how fast against what the portal allows, and how long it still takes."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from importer.batcher.progress import Progress
from importer.cli.options import Saying
from importer.report.wording import counted, duration

if TYPE_CHECKING:
    # rich loads in a tenth of a second: a terminal alone needs it.
    from rich.console import Console
    from rich.live import Live

# Without a terminal a line this often is enough for somebody who follows a log.
_PLAIN_EVERY_S = 30.0
_MESSAGES_EVERY_S = 0.5
_LIVE_PER_S = 4

_WIDEST_BAR = 24


# A narrower terminal, or one that has no room for all, has a row for how far the run is, for what it waits for, and for what the portal has had of it.
_ONE_ROW_FROM = 120

# Parts of the line, the most needed first: what a narrow terminal has no room for is left out from the end of this.
_NEEDED = ("share", "done", "wait", "left", "counts", "requests", "in flight")
# What stands in which row of a narrow terminal; the second is there while the run waits.
_ROWS = (("share", "done", "left"), ("wait",), ("counts", "requests", "in flight"))


def rows(progress: Progress, now: float, width: int) -> list[str]:
    """The state of a run in one row of a terminal of `width` characters, or in two or three where it is narrow, for the Unix second `now`.

    The first has a bar before it.
    """
    beside_bar = width - _bar_width(width) - 1
    phase = _phase(progress)
    parts = {"phase": phase} if phase else _parts(progress, now)
    if phase or (width >= _ONE_ROW_FROM and len(_joined(parts)) <= beside_bar):
        return [_fitting(parts, beside_bar)]
    told = [{name: parts[name] for name in names if name in parts} for names in _ROWS]
    return [_fitting(row, beside_bar if nth == 0 else width) for nth, row in enumerate(told) if row]


def line(progress: Progress, now: float) -> str:
    """The state of a run in one line, for the Unix second `now`."""
    return _phase(progress) or _joined(_parts(progress, now))


def _bar_width(width: int) -> int:
    return min(_WIDEST_BAR, width // 5)


def _fitting(parts: dict[str, str], width: int) -> str:
    """As many of the parts as `width` characters hold, one at the least."""
    parts = dict(parts)
    for name in reversed(_NEEDED):
        if len(_joined(parts)) <= width or len(parts) == 1:
            break
        parts.pop(name, None)
    return _joined(parts)


def _phase(progress: Progress) -> str:
    """What is being done while no row of the source is on its way; empty while they are."""
    if progress.phase == "reading":
        # The portal is asked before the first row is read.
        return f"reading: {counted(progress.rows, 'row')}" if progress.rows else "opening the file, asking the portal"
    if progress.phase == "searching":
        return f"{counted(progress.rows, 'row')} read; looking for their contacts in the portal"
    if progress.phase == "asking":
        return "asking the portal"
    if progress.phase in ("entries", "companies"):
        return f"creating the {'list entries' if progress.phase == 'entries' else 'companies'} that rows need"
    if progress.phase == "beside":
        return "deleting companies and list entries that nothing uses any more"
    if progress.phase == "reporting":
        return "writing the report"
    return ""


def _joined(parts: dict[str, str]) -> str:
    return " · ".join(parts.values())


def _parts(progress: Progress, now: float) -> dict[str, str]:
    """What the line says while rows are sent, in the order in which it is read."""
    passed = max(now - progress.started, 1e-3)
    share = progress.done / progress.rows if progress.rows else 1.0
    first = {"deleting": "deleted", "restoring": "restored"}.get(progress.phase, "created")
    others = ("created", "updated", "deleted", "restored", "skipped", "rejected", "unsettled")
    counts = [f"{getattr(progress, first):,} {first}"]
    counts += [f"{getattr(progress, name):,} {name}" for name in others if name != first and getattr(progress, name)]
    parts = {
        "share": f"{share:4.0%}", "done": f"{progress.done:,} of {progress.rows:,}", "counts": ", ".join(counts),
        "requests": f"{counted(progress.requests, 'request')}, {_rate(progress, passed)}",
        "in flight": f"{progress.in_flight} in flight",
    }  # fmt: skip
    if progress.paused_until and progress.paused_until > now:
        parts["wait"] = f"the portal lets us go on at {_clock(progress.paused_until)} ({progress.pause_reason})"
        return parts
    if progress.lookups:
        parts["wait"] = f"{counted(progress.in_doubt, 'row')} in doubt; the portal is asked at {_clock(min(progress.lookups)[0])}"
    if (left_s := _left_s(progress, now, passed)) is not None:
        parts["left"] = f"{duration(round(left_s))} left"
    return parts


def _rate(progress: Progress, passed: float) -> str:
    """Requests a second so far, against what the portal allows: more in the beginning, while its bucket fills."""
    rate, allowed = f"{progress.requests / passed:.1f}", f"{progress.allowed_per_s:g}/s"
    return f"{rate}/s at first, then {allowed}" if float(rate) > progress.allowed_per_s else f"{rate} of {allowed}"


def _left_s(progress: Progress, now: float, passed: float) -> float | None:
    """Seconds that the rest takes at the pace so far; None while there is no pace to tell from."""
    done, left = progress.done - progress.done_before, progress.rows - progress.done
    if done <= 0 or left <= 0 or passed <= 2:
        return None
    each_s, in_doubt = passed / done, min(progress.in_doubt, left)
    # Rows in doubt go on after their wait, the others meanwhile.
    wait_s = max((at for at, _ in progress.lookups), default=now) - now
    return max((left - in_doubt) * each_s, wait_s) + in_doubt * each_s


def _clock(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds):%H:%M:%S}"


@contextmanager
def shown(progress: Progress, saying: Saying) -> Iterator[None]:
    """Shows the progress on standard error while the block runs: live on a terminal, now and then elsewhere."""
    is_silent = saying.is_quiet or saying.is_log_shown
    show = _silent if is_silent else _live if sys.stderr.isatty() else _plain
    with show(progress):
        yield
    if not is_silent:
        _messages(progress)


def _messages(progress: Progress) -> None:
    while progress.messages:
        print(progress.messages.pop(0), file=sys.stderr)


@contextmanager
def _silent(progress: Progress) -> Iterator[None]:
    yield


@contextmanager
def _live(progress: Progress) -> Iterator[None]:
    from rich.console import Console

    with live_line(progress, Console(stderr=True, highlight=False)) as live, _every(1 / _LIVE_PER_S, lambda: redraw(progress, live)):
        yield


def live_line(progress: Progress, console: Console) -> Live:
    """The line and its bar at the foot of a terminal, within a few rows of it however narrow; gone when it ends."""
    from rich.console import Group
    from rich.live import Live
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    class _Now:
        def __rich__(self) -> Group:
            grid = Table.grid(padding=(0, 1))
            pulses = progress.phase in ("asking", "reading", "searching")
            bar = ProgressBar(total=max(progress.rows, 1), completed=progress.done, width=_bar_width(console.width), pulse=pulses)
            first, *more = (Text(text, no_wrap=True, overflow="ellipsis") for text in rows(progress, time.time(), console.width))
            grid.add_row(bar, first)
            return Group(grid, *more)

    return Live(_Now(), console=console, auto_refresh=False, transient=True)


def redraw(progress: Progress, live: Live) -> None:
    """What is new to be said goes above the line, then the line is drawn as it is now.

    Never from within the drawing: what is printed there moves the line from where it is wiped out next.
    """
    from rich.text import Text

    while progress.messages:
        live.console.print(Text(progress.messages.pop(0)))
    live.refresh()


@contextmanager
def _plain(progress: Progress) -> Iterator[None]:
    said = time.monotonic()

    def tell() -> None:
        nonlocal said
        _messages(progress)
        if time.monotonic() >= said + _PLAIN_EVERY_S:
            said = time.monotonic()
            print(line(progress, time.time()), file=sys.stderr, flush=True)

    with _every(_MESSAGES_EVERY_S, tell):
        yield


@contextmanager
def _every(seconds: float, do: Callable[[], None]) -> Iterator[None]:
    """Does something again and again, beside the block, until that ends."""
    ended = threading.Event()

    def follow() -> None:
        while not ended.wait(seconds):
            do()

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
