"""What one import, or going on with one, is asked to do: plain settings, from the command line or a test."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from importer.findings import GuardRails
from importer.pacing.plans import PLANS, Plan
from importer.preparing import Choices

# No 0, 1, i, l, o: a run's name is typed by people.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"

#: what a person can do once a run was interrupted, and once a demo was
RESUMES, BEGINS_ANEW = "`b24-import resume` goes on", "`b24-import demo` begins anew"


@dataclass(slots=True)
class Job:
    """What one import is asked to do."""

    journal: Path
    environment: Mapping[str, str]
    to: str | None = None
    #: None: the standard plan, or for `resume` the plan the run began with
    plan: Plan | None = None
    #: default: a folder of the run's name under `report_root`
    report_dir: Path | None = None
    report_root: Path = Path("reports")
    #: the options that a later command must be told again, see report.commands
    repeated: Mapping[str, str] = field(default_factory=dict)
    rails: GuardRails = field(default_factory=GuardRails)
    choices: Choices = field(default_factory=Choices)
    #: start anew although an unfinished run of the same file exists
    is_new_run: bool = False
    #: go on with a run although its file has changed since: every row is in the journal
    may_source_differ: bool = False
    #: asks a person to go on with an unfinished run: its name → yes or no. None asks nobody
    offer_resume: Callable[[str], bool] | None = None
    #: False for a demo, whose journal goes with it: nothing can be resumed or taken back
    is_journal_kept: bool = True
    #: a person waits, who wants to know soon that an address is wrong
    is_watched: bool = False
    #: seconds from a request's start until the portal has certainly finished with it; None for its own, shorter only in tests
    finishes_s: float | None = None

    @property
    def limits(self) -> Plan:
        """The plan whose limits are counted on where no run says otherwise."""
        return self.plan or PLANS["standard"]

    @property
    def goes_on(self) -> str:
        """What a person can do once the run was interrupted."""
        return RESUMES if self.is_journal_kept else BEGINS_ANEW


def new_name(now: datetime) -> str:
    """A run's name: sortable by minute, typable, and unique across machines by its last four letters."""
    return f"{now:%y%m%d-%H%M}-{''.join(secrets.choice(_LETTERS) for _ in range(4))}"
