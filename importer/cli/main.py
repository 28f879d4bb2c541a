"""The command `b24-import`: dispatch and exit codes. A command's module is loaded when it is called, not before."""

from __future__ import annotations

import errno
import gc
import os
import sys
import traceback
from contextlib import suppress
from importlib import import_module

import click

from importer.cli.one_object import expect_object, print_why_not
from importer.cli.options import sentence
from importer.cli.path_names import refuse_unwritable
from importer.cli.signals import ending_like_ctrl_c, interrupted, say_nothing_of_what_is_half_made
from importer.errors import ImporterError, Interrupted

#: command → the line `--help` shows; each command is `importer.cli.<name>_command:command`
_COMMANDS = {
    "demo": "Start the sandbox portal, import the samples into it, name the report.",
    "suggest": "Propose a mapping for a file, each line with its reason.",
    "check": "Read, map and validate files; print the plan and every problem; write nothing.",
    "run": "Import files.",
    "resume": "Go on with an interrupted run.",
    "undo": "Take a run back: delete what it created, restore what it changed.",
    "verify": "Compare the portal with the journal: missing, doubled, changed since.",
    "runs": "List the journal's runs.",
    "report": "Write a run's report again.",
    "portal": "Who we are in the portal, its limits, contact fields, statuses and users.",
    "sandbox": "Serve the sandbox portal.",
}


#: the customary code of a program's own fault, outside the contract's 0 to 5
_FAULT = 70
#: an error that says so of where we print to, or of another file
_NO_ROOM = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_BUG = "This is a fault of b24-import; please report it. What was sent is journaled: `b24-import resume`."


# Rows are many small containers without rings among them. Python looks for rings after every 700 new containers, which
# takes a fifth of a check's CPU (measured, 100,000 rows, Python 3.11); after this many it takes next to none.
_CONTAINERS_BETWEEN_LOOKS = (10_000, 50, 100)


class _ReaderGone(Exception):
    """Nobody reads our output any more."""


class _LazyGroup(click.Group):
    """Knows its commands by name and loads one only when it is called: `--help` stays instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        return import_module(f"importer.cli.{cmd_name}_command").command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as gone:
            # click would end with 1, which reads as "some rows rejected".
            raise _ReaderGone from gone

    def resolve_command(self, ctx: click.Context, args: list[str]):
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from rapidfuzz import process

            nearest = process.extractOne(args[0], list(_COMMANDS), score_cutoff=60) if args else None
            if not nearest:
                raise
            raise click.UsageError(f"There is no command {args[0]!r}. Did you mean {nearest[0]}?", ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="b24-import", prog_name="b24-import")
def cli() -> None:
    """Bulk import of contacts into Bitrix24 CRM from CSV and Excel.

    Begin with `b24-import demo`; then your own file: suggest, check, run, and the report. Exit codes: 0 all rows done,
    1 some rejected or unsettled, 2 usage, mapping or source wrong, 3 the portal refused us, 4 interrupted,
    5 another run holds the journal.
    """


def main() -> None:
    """Runs the command line and exits with the contract's code."""
    gc.set_threshold(*_CONTAINERS_BETWEEN_LOOKS)
    expect_object()
    # Python gives none to a program that was started with them closed.
    sys.stdout, sys.stderr = sys.stdout or _nowhere(), sys.stderr or _nowhere()
    with ending_like_ctrl_c():
        code, why_not = _called()
        code = _printed(code, why_not)
    sys.exit(code)


def _printed(code: int, why_not: str | None) -> int:
    """The exit code, once all that was to be printed is."""
    try:
        if why_not is not None:
            print_why_not(code, why_not)
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = _nowhere()
    except OSError as error:
        sys.stdout = _nowhere()
        if code != Interrupted.exit_code:
            _say(str(_no_room(error)))
        return max(code, Interrupted.exit_code)
    return code


def _nowhere():
    return open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def _say(sentence: str) -> None:
    # Where that has no room either, the exit code says it.
    with suppress(OSError):
        click.echo(sentence, err=True)


def _no_room(error: OSError) -> Interrupted:
    return Interrupted(
        f"What this command prints, or a file of it, could not be written ({error.strerror}). What was sent is journaled: "
        "make room, then `b24-import runs` shows what is left to do."
    )


def _called() -> tuple[int, str | None]:
    """The exit code, and why the command was not done, which is said by then."""
    try:
        refuse_unwritable((*sys.argv[1:], _working_folder()))
        # Patterns are ours to expand, on Windows as everywhere.
        code = cli.main(standalone_mode=False, windows_expand_args=False)
        return (code if isinstance(code, int) else 0), None
    except click.ClickException as error:
        error.show()
        return 2, error.format_message()
    except ImporterError as error:
        told = error
    except (click.exceptions.Abort, KeyboardInterrupt):
        # click makes the one of the other.
        say_nothing_of_what_is_half_made()
        told = interrupted()
    except _ReaderGone:
        # What was done is in the journal.
        return 0, None
    except Exception as error:
        if not (isinstance(error, OSError) and error.errno in _NO_ROOM):
            # Not one of ours: a bug, shown whole. Python's own exit code for it would read as "some rows rejected".
            traceback.print_exc()
            _say(_BUG)
            return _FAULT, _BUG
        told = _no_room(error)
    said = sentence(told)
    _say(said)
    return told.exit_code, said


def _working_folder() -> str:
    try:
        return os.getcwd()
    except FileNotFoundError:  # somebody removed it; absolute paths still work
        return ""
