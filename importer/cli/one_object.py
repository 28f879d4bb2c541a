"""With --json standard output is exactly one JSON object: the command's own, else why there is none."""

from __future__ import annotations

import json
import sys

_has_printed = False


def print_object(whole: dict[str, object]) -> None:
    """The command's JSON object, on standard output."""
    global _has_printed
    _has_printed = True
    json.dump(whole, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def expect_object() -> None:
    """A command begins: it has printed none."""
    global _has_printed
    _has_printed = False


def print_why_not(exit_code: int, error: str) -> None:
    """The object of a command that did not come to print its own; nothing where that is out, or none was asked for.

    Asked for by the bare word: a command line with a fault in it has no options yet.
    """
    if "--json" in sys.argv[1:] and not _has_printed:
        print_object({"exit_code": exit_code, "error": error})
