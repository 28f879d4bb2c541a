"""Commands in sentences for people, with the options that lead to the same journal and the same portal.

A command pasted without them would open another journal, which knows nothing of this one's contacts and creates them again.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path

#: the journal where nobody names one, below the folder a command is given in
DEFAULT_JOURNAL = Path(".b24-import/journal.db")

_COMMAND = re.compile(r"`b24-import (run|resume|undo|verify|report|runs)\b([^`]*)`")
_OPTIONS = {"journal": "--journal", "env_file": "--env-file", "to": "--to"}
# What reads the journal alone takes no connection.
_OF_THE_JOURNAL = ("report", "runs")


def repeated(journal: Path, env_file: Path | None, to: str | None) -> dict[str, str]:
    """What a later command must be told again, for any folder it is given in; it is kept with a run."""
    paths = {"journal": journal, "env_file": env_file}
    found = {name: str(path.absolute()) for name, path in paths.items() if path is not None}
    return found | ({"to": to} if to else {})


def told_of(settings: Mapping[str, object]) -> Mapping[str, str]:
    """What `repeated` found when a run began; nothing of a run of before."""
    told = settings.get("repeated")
    return told if isinstance(told, dict) else {}


def completed(text: str, told: Mapping[str, str], *, is_anywhere: bool = False) -> str:
    """The text, its commands with what `repeated` found.

    The default journal of the folder we are in is left out, unless the text is read `is_anywhere`.
    """
    told = {name: value for name, value in told.items() if is_anywhere or name != "journal" or value != str(DEFAULT_JOURNAL.absolute())}

    def whole(found: re.Match[str]) -> str:
        verb, rest = found.groups()
        names = [name for name in _OPTIONS if name in told and _OPTIONS[name] not in rest and (name == "journal" or verb not in _OF_THE_JOURNAL)]
        return f"`b24-import {verb}{rest}{''.join(f' {_OPTIONS[name]} {shlex.quote(told[name])}' for name in names)}`"

    return _COMMAND.sub(whole, text)
