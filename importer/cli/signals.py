"""Ctrl-C, termination and a closed terminal: while rows are sent the first ends the run in good order, the second leaves at once."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import TypeVar

import click

from importer.batcher.progress import Progress
from importer.batcher.stopping import Stop
from importer.cli.one_object import print_why_not
from importer.errors import Interrupted

_Handler = Callable[[int, object], None]

Value = TypeVar("Value")


class Terminated(KeyboardInterrupt):
    """Asked to end by somebody else than the person at the keyboard."""


def interrupted(goes_on: str = "`b24-import runs` shows unfinished runs") -> Interrupted:
    """The sentence for a command that a signal ended before it had begun to send, or after; `goes_on` says what goes on then."""
    return Interrupted(f"Interrupted. Nothing was left half done; {goes_on}.")


def run(work: Coroutine[object, object, Value]) -> Value:
    """What asyncio.run does; a signal that strikes right before the loop begins to wait is not heard when the wait ends, but at once.

    Python hears a signal between two steps of its own. One that comes after the last step before the wait would leave a
    command waiting for a silent portal for minutes. Source: docs.python.org, signal.set_wakeup_fd.
    """

    async def awake() -> Value:
        with _woken_by_signals():
            return await work

    return asyncio.run(awake())


@contextmanager
def _woken_by_signals() -> Iterator[None]:
    loop = asyncio.get_running_loop()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for end in (ours, theirs):
            end.setblocking(False)
        before = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        loop.add_reader(ours, ours.recv, 4096)
        try:
            yield
        finally:
            loop.remove_reader(ours)
            signal.set_wakeup_fd(before)


def say_nothing_of_what_is_half_made() -> None:
    """A signal strikes in the middle of anything. What was being made then is thrown away, and Python would print what its
    destructor, which misses the other half, complains of."""
    sys.unraisablehook = lambda _: None


def _signals() -> list[int]:
    """Those that end us. Whoever started us under `nohup` ignores that a terminal closes, and so do we."""
    names = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    return [number for number in names if signal.getsignal(number) is not signal.SIG_IGN]


@contextmanager
def _handled(numbers: list[int], on_signal: _Handler) -> Iterator[None]:
    terminals = [number for number in (1, 2) if os.isatty(number)]

    def handler(number: int, frame: object) -> None:
        if number == getattr(signal, "SIGHUP", None):
            _let_go(terminals)
        on_signal(number, frame)

    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


def _let_go(terminals: list[int]) -> None:
    """What is still said goes nowhere: a closed terminal takes no word, and each would be an error."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in terminals:
        os.dup2(nowhere, number)
    os.close(nowhere)


@contextmanager
def ending_like_ctrl_c() -> Iterator[None]:
    """Whatever signal ends the command ends it as Ctrl-C does, so that it cleans up and its exit code is ours."""

    def on_signal(number: int, frame: object) -> None:
        say_nothing_of_what_is_half_made()
        raise Terminated

    with _handled(_signals(), on_signal):
        yield


@contextmanager
def ending_in_good_order(stop: Stop, progress: Progress, goes_on: str) -> Iterator[Callable[[], bool]]:
    """While calls may be in flight a signal asks for the end; before and after, it ends at once.

    Gives what says whether a signal came. `goes_on` says what goes on with the run afterwards.
    """
    loop, own = asyncio.get_running_loop(), asyncio.current_task()
    asked = False

    def on_signal(number: int, frame: object) -> None:
        nonlocal asked
        if progress.phase == "reading":
            # Raised in the middle of anything, it may be swallowed there; then our own task ends as soon as it waits.
            if own is not None:
                loop.call_soon_threadsafe(own.cancel)
            say_nothing_of_what_is_half_made()
            raise KeyboardInterrupt if number == signal.SIGINT else Terminated
        if asked:
            left = f"Left at once, with rows in flight; {goes_on}."
            click.echo(left, err=True)
            print_why_not(Interrupted.exit_code, left)
            sys.stderr.flush()
            sys.stdout.flush()
            os._exit(Interrupted.exit_code)
        asked = True
        name = signal.Signals(number).name
        progress.messages.append("Finishing the calls in flight; Ctrl-C again leaves at once.")
        loop.call_soon_threadsafe(stop.because, Interrupted(f"Interrupted by {name}; {goes_on}."))

    with _handled([signal.SIGINT, *_signals()], on_signal):
        yield lambda: asked
