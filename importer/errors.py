"""What stops a run: exceptions whose text is written for the person at the keyboard.

    ImporterError              exit code
    ├── UsageError             2   the command line or the environment is wrong
    ├── SourceError            2   the file cannot be read as a table
    │   └── SourceChanged      2   somebody wrote to it while it was read
    ├── MappingError           2   the mapping has faults, all of them listed
    ├── GuardRail              2   a limit the person set would be passed; nothing was sent
    ├── PortalStopped          3   the portal refused us or cannot be reached; resumable
    ├── Interrupted            4   a signal, or the disk is full; resumable
    └── JournalBusy            5   another run holds this journal

A row that cannot be imported is not an exception but data: `records.RowProblem`. Anything else that is
raised is a bug and shows its trace.
"""

from __future__ import annotations


class ImporterError(Exception):
    """Stops the command. `str(error)` says where, what, and what to do next; never a secret."""

    exit_code = 2


class UsageError(ImporterError):
    """The command line, the environment or a setting is wrong; nothing was read or sent."""


class SourceError(ImporterError):
    """The source is missing, unreadable, or not a table we can take; nothing was sent."""

    def __init__(self, sentence: str, *, option: str = "") -> None:
        super().__init__(sentence)
        #: what was asked for and cannot be followed: sheet, header_row, encoding or delimiter; empty when nothing was
        self.option = option


class SourceChanged(SourceError):
    """Somebody wrote to the source while it was read: it may be half of one and half of another; nothing was sent."""


class MappingError(ImporterError):
    """The mapping file has faults. `faults` holds one sentence each, with file and line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        #: one sentence a fault, in the order of the lines
        self.faults = faults


class GuardRail(ImporterError):
    """A limit such as `--max-creates` would be passed, so nothing was sent."""


class PortalStopped(ImporterError):
    """The portal refuses us or cannot be reached; what was sent is journaled, `resume` goes on."""

    exit_code = 3


class Interrupted(ImporterError):
    """A signal or a full disk ended the run in good order; `resume` goes on."""

    exit_code = 4


class JournalBusy(ImporterError):
    """Another process holds this journal right now."""

    exit_code = 5
