"""The live line: what is done, how fast against what the portal allows, and how long it still takes."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from importer.batcher.progress import Progress
from importer.cli.options import Saying
from importer.report.wording import counted

# Without a terminal a line this often is enough for somebody who follows a log.
_PLAIN_EVERY_S = 30.0
_LIVE_PER_S = 4


def duration(seconds: float) -> str:
    """`42 s`, `3 min 05 s`, `2 h 10 min`."""
    seconds = int(seconds + 0.5)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02d} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02d} min"


def line(progress: Progress, now: float) -> str:
    """The state of a run in one line, for the Unix second `now`."""
    if progress.phase == "reading":
        return f"reading: {counted(progress.rows, 'row')}"
    if progress.phase in ("entries", "companies"):
        return f"creating the {'list entries' if progress.phase == 'entries' else 'companies'} that rows need"
    if progress.phase == "beside":
        return "deleting companies and list entries that nothing uses any more"
    if progress.phase == "reporting":
        return "writing the report"
    passed = max(now - progress.started, 1e-3)
    share = progress.done / progress.rows if progress.rows else 1.0
    first = {"deleting": "deleted", "restoring": "restored"}.get(progress.phase, "created")
    others = ("created", "updated", "deleted", "restored", "skipped", "rejected", "unsettled")
    counts = [f"{getattr(progress, first):,} {first}"]
    counts += [f"{getattr(progress, name):,} {name}" for name in others if name != first and getattr(progress, name)]
    rate = progress.requests / passed
    said = [
        f"{share:4.0%}", f"{progress.done:,} of {progress.rows:,}", ", ".join(counts),
        f"{counted(progress.requests, 'request')}, {rate:.1f}/s of {progress.allowed_per_s:g}/s", f"{progress.in_flight} in flight",
    ]  # fmt: skip
    if progress.paused_until and progress.paused_until > now:
        at = datetime.fromtimestamp(progress.paused_until)
        said.append(f"the portal lets us go on at {at:%H:%M:%S} ({progress.pause_reason})")
    elif 0 < progress.done < progress.rows and passed > 2:
        said.append(f"{duration((progress.rows - progress.done) * passed / progress.done)} left")
    return " · ".join(said)


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
    from rich.live import Live
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    console = Console(stderr=True, highlight=False)

    class _Now:
        def __rich__(self) -> Table:
            if progress.messages:
                # Taken first and printed at once: printing draws the line again, which comes here again.
                said, progress.messages = progress.messages, []
                console.print(Text("\n".join(said)))
            grid = Table.grid(padding=(0, 1))
            bar = ProgressBar(total=max(progress.rows, 1), completed=progress.done, width=24, pulse=progress.phase == "reading")
            grid.add_row(bar, Text(line(progress, time.time())))
            return grid

    with Live(_Now(), console=console, refresh_per_second=_LIVE_PER_S, transient=True):
        yield


@contextmanager
def _plain(progress: Progress) -> Iterator[None]:
    ended = threading.Event()

    def follow() -> None:
        while not ended.wait(_PLAIN_EVERY_S):
            _messages(progress)
            print(line(progress, time.time()), file=sys.stderr, flush=True)

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
