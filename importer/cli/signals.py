"""Ctrl-C and termination: the first ends a run in good order, the second leaves at once."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import click

from importer.batcher.progress import Progress
from importer.batcher.stopping import Stop
from importer.errors import Interrupted

_SIGNALS = [signal.SIGINT, signal.SIGTERM]


@contextmanager
def ending_in_good_order(stop: Stop, progress: Progress) -> Iterator[None]:
    """While calls may be in flight a signal asks for the end; before and after, it ends at once."""
    loop = asyncio.get_running_loop()
    asked = False

    def on_signal(number: int, frame: object) -> None:
        nonlocal asked
        if progress.phase == "reading":
            raise KeyboardInterrupt
        if asked:
            click.echo("Left at once. Rows in flight are looked up by `b24-import resume`.", err=True)
            os._exit(Interrupted.exit_code)
        asked = True
        name = signal.Signals(number).name
        progress.messages.append("Finishing the calls in flight; Ctrl-C again leaves at once.")
        loop.call_soon_threadsafe(stop.because, Interrupted(f"Interrupted by {name}; `b24-import resume` goes on."))

    before = {number: signal.signal(number, on_signal) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
