"""Options that several commands share, and how they become the verbs' own data."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

import click

from importer.errors import UsageError
from importer.report.commands import DEFAULT_JOURNAL, completed, repeated

Decorator = Callable[[Callable[..., object]], Callable[..., object]]

def _together(*options: Decorator) -> Decorator:
    def decorate(function: Callable[..., object]) -> Callable[..., object]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


journal_option = click.option(
    "--journal", type=click.Path(dir_okay=False, path_type=Path), default=DEFAULT_JOURNAL, show_default=True,
    help="The file that remembers what was sent.",
)  # fmt: skip
report_dir_option = click.option(
    "--report-dir", type=click.Path(file_okay=False, path_type=Path), help="Where the report goes. [default: reports/<run>]"
)
json_option = click.option("--json", "is_json", is_flag=True, help="Standard output is exactly one JSON object: the summary.")

#: how the portal is reached
connection_options = _together(
    click.option("--to", type=click.Choice(["webhook", "oauth", "vibecode"]), help="Which door, when several are set."),
    click.option("--env-file", type=click.Path(path_type=Path), help="A file of NAME=value lines with the connection."),
)

#: what is said, and where
saying_options = _together(
    json_option,
    click.option("--quiet", "is_quiet", is_flag=True, help="No progress; errors only."),
    click.option("--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True),
    click.option("--log-file", type=click.Path(dir_okay=False, path_type=Path), help="Events go to this file, which rotates."),
    click.option("--yes", "is_yes", is_flag=True, help="Answer yes to every question."),
)

#: reading and planning, of `check` and `run`
planning_options = _together(
    click.option("-m", "--mapping", type=click.Path(path_type=Path), required=True, help="The YAML column mapping."),
    click.option("--sheet", help="Sheet by name or number."),
    click.option("--header-row", type=click.IntRange(1), help="Row of the header, as the sheet numbers it."),
    click.option("--encoding", help="Of a text file: utf-8, cp1251, utf-16 … [default: found]"),
    click.option("--delimiter", help='Of a text file: "," ";" "|" or tab. [default: found]'),
    click.option("--limit", type=click.IntRange(1), help="Only the first N rows: a trial."),
    click.option("--on-match", type=click.Choice(["create", "skip", "update", "fill"]), help="What happens to a contact already there."),
    click.option("--recheck", "is_rechecked", is_flag=True, help="Compare also rows of which the journal knows that nothing has changed."),
    click.option("--plan", "plan_name", type=click.Choice(["standard", "enterprise"]), default="standard", show_default=True,
                 help="The portal's plan, which sets its limits."),
    click.option("--max-rejects", metavar="N|P%", help="Stop before sending when more rows would be rejected."),
    click.option("--max-creates", type=click.IntRange(0), help="Stop before sending when more contacts would be created."),
    click.option("--max-updates", type=click.IntRange(0), help="Stop before sending when more contacts would be updated."),
    click.option("--min-rows", type=click.IntRange(0), help="Stop before sending when the file has fewer rows."),
)  # fmt: skip

#: files that other programs bring, of `run`
inbox_options = _together(
    click.option("--move-done", type=click.Path(file_okay=False, path_type=Path), help="Where a file goes when its rows were sent."),
    click.option("--move-failed", type=click.Path(file_okay=False, path_type=Path), help="Where a file goes that could not be used."),
    click.option("--settle", "settle_s", type=click.FloatRange(min=0), default=10.0, show_default=True, metavar="SECONDS",
                 help="Take a file to be moved only when nobody has written to it for so long."),
    click.option("--marker", "wants_marker", is_flag=True, help="Take a file to be moved only when a FILE.done lies beside it."),
)  # fmt: skip

notify_option = click.option(
    "--notify", metavar="portal|URL",
    help="Tell how the run ended: among the portal's notifications of the user we are there, or as JSON to an https address. "
    "B24_IMPORT_NOTIFY says the same.",
)  # fmt: skip

files_argument = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")


@dataclass(slots=True)
class Saying:
    """How a command speaks."""

    is_json: bool = False
    is_quiet: bool = False
    log_format: str = "text"
    log_file: Path | None = None
    is_yes: bool = False

    @property
    def is_log_shown(self) -> bool:
        """True when standard error is the log, one JSON event a line."""
        return self.log_format == "json" and self.log_file is None


def environment(env_file: Path | None) -> Mapping[str, str]:
    """The process's environment, with what the named file sets over it. UsageError when the file cannot be read."""
    if env_file is None:
        return os.environ
    from dotenv import dotenv_values

    try:
        text = env_file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{env_file}: the file of --env-file cannot be read ({type(error).__name__}). Check its path and rights.") from None
    import io

    return {**os.environ, **{key: value for key, value in dotenv_values(stream=io.StringIO(text)).items() if value is not None}}


_REPEATED: ContextVar[Mapping[str, str]] = ContextVar("_REPEATED", default={})  # noqa: B039 - never changed


def remember(journal: Path, env_file: Path | None = None, to: str | None = None) -> dict[str, str]:
    """What this command was told that a later one must be told again; its sentences name it from now on."""
    told = repeated(journal, env_file, to)
    _REPEATED.set(told)
    return told


def sentence(error: BaseException) -> str:
    """What a person reads of an error, with commands that lead to the same journal and portal."""
    return completed(str(error), _REPEATED.get())


def sheet_named(text: str | None) -> str | int | None:
    """A sheet as the person means it: digits are its number."""
    return int(text) if text is not None and text.isdecimal() else text


def delimiter_named(text: str | None) -> str | None:
    """A delimiter as written on a command line."""
    return "\t" if text in ("tab", "\\t") else text


_PERCENT = re.compile(r"^\d+(\.\d+)?%$")


def max_rejects(text: str | None) -> tuple[int | None, float | None]:
    """(rows, None) or (None, percent) of `--max-rejects`; UsageError for anything else."""
    if text is None:
        return None, None
    if text.isdecimal():
        return int(text), None
    if _PERCENT.match(text) and float(text[:-1]) <= 100:
        return None, float(text[:-1])
    raise UsageError(f'--max-rejects: "{text}" is neither a number of rows nor a share. Write 20 or 5%.')


def saying(given: dict) -> Saying:
    """How the command speaks, from its options."""
    return Saying(given["is_json"], given["is_quiet"], given["log_format"], given["log_file"], given["is_yes"])


def finishes_s(environment: Mapping[str, str]) -> float | None:
    """Seconds until a test's sandbox has certainly finished with a request; None for a portal, which is believed to take its own.

    Shortening it towards a real portal risks doubled contacts, so only B24_IMPORT_PORTAL_FINISHES_S can.
    """
    text = environment.get("B24_IMPORT_PORTAL_FINISHES_S")
    if text is None:
        return None
    try:
        return max(0.0, float(text))
    except ValueError:
        raise UsageError(f'B24_IMPORT_PORTAL_FINISHES_S: "{text}" is not a number of seconds.') from None
