"""A portal we may talk to: its door, the machine's pace towards it, and what it says of itself."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from importer.batcher.batcher import stopped_by
from importer.batcher.enquiry import Enquiry
from importer.batcher.progress import Progress
from importer.errors import ImporterError, PortalStopped, UsageError
from importer.journal.history import History
from importer.pacing.clock import Clock
from importer.pacing.key_window import KeyWindow
from importer.pacing.pace import Pace
from importer.pacing.plans import VIBECODE, Plan
from importer.pacing.shared_bucket import open_bucket
from importer.portals.connection import connect, host_named
from importer.portals.describe import Description, describe, preset_for_people
from importer.portals.operations import NewestId
from importer.portals.portal import Failure, Portal, Refused, Verdict

_log = logging.getLogger("b24-import")


@dataclass(slots=True)
class Access:
    """One portal for the length of one command."""

    portal: Portal
    plan: Plan
    pace: Pace
    clock: Clock
    enquiry: Enquiry

    async def describe(self, *, with_companies: bool = False) -> Description:
        """What the portal says of itself; PortalStopped when it does not answer or refuses."""
        try:
            description = await describe(self.enquiry.send, with_companies=with_companies)
        except Failure as failure:
            raise unreachable(failure, self.portal) from None
        description.catalogue.lacks = self.portal.lacks
        return description

    async def get_ready(self) -> None:
        """Asks the portal what the door must know of it first; PortalStopped when it does not answer or refuses."""
        try:
            await self.enquiry.get_ready()
        except Failure as failure:
            raise unreachable(failure, self.portal) from None

    async def newest_id(self) -> int:
        """The id of the newest contact that our user can see; PortalStopped where it may not read contacts, or nobody answers.

        Every import needs it: a lost answer is looked up among the newer ones.
        """
        try:
            answer = await self.enquiry.send([NewestId()])
        except Failure as failure:
            raise unreachable(failure, self.portal) from None
        value = getattr(answer.results[0], "value", None)
        if not isinstance(value, int):
            raise unreachable(_unlisted(answer.results[0]), self.portal)
        return value

    async def preset_id(self) -> str:
        """The template for requisites of people. Raises UsageError where the portal has none, PortalStopped."""
        try:
            preset = await preset_for_people(self.enquiry.send)
        except Failure as failure:
            raise unreachable(failure, self.portal) from None
        if preset is None:
            raise UsageError(f"{self.portal.host} has no template of requisites, so ADDRESS cannot be written. Make one in the portal (CRM settings, Requisites), or take ADDRESS out of the mapping.")
        return preset.id


def open_access(
    environment: Mapping[str, str], to: str | None, plan: Plan, progress: Progress, moved_to: str | None = None, *, is_watched: bool = False
) -> Access:
    """The door the environment names, behind the machine's bucket and its own budgets; sends nothing.

    `is_watched`: a person waits, who wants to know soon that an address is wrong.
    A key is counted by the key itself, whichever plan the portal has. Raises UsageError when the environment names no door, or a wrong one.
    """
    portal = connect(environment, to, moved_to=moved_to)
    clock = Clock()

    def on_pause(method: str, until: float) -> None:
        progress.paused_until, progress.pause_reason = until, f"operating time of {method}"
        _log.info("paused", extra={"facts": {"method": method, "until": until}})

    state = environment.get("B24_IMPORT_STATE")
    if portal.traits.counts_by == "key":
        plan, bucket = VIBECODE, KeyWindow()
    else:
        bucket = open_bucket(portal.host, plan.capacity, plan.leak_per_s, Path(state) if state else None)
    pace = Pace(clock, plan, bucket, on_pause)
    return Access(portal, plan, pace, clock, Enquiry(portal, pace, clock, progress.messages.append, is_watched=is_watched))


def renamed_to(history: History, environment: Mapping[str, str], to: str | None) -> str | None:
    """The address at which an earlier run of this journal found the portal that the environment names, if it was renamed."""
    host = host_named(environment, to)
    return history.renamed_portal(host) if host else None


def unreachable(failure: Failure, portal: Portal) -> ImporterError:
    """The sentence for a portal that refuses us before anything was sent."""
    if failure.verdict is not Verdict.STOP:
        return PortalStopped(f"{portal.display}: {failure.text}, however often we asked. Check the address and the network. Nothing was sent.")
    return PortalStopped(f"{portal.display}: {stopped_by(failure)} Nothing was sent.")


def _unlisted(result: object) -> Failure:
    if isinstance(result, Refused):
        # The portal's words for this are those for a missing right to import; here it is reading that is refused.
        advice = f"{result.advice} Here it is the right to read contacts: without it a lost answer cannot be looked up.".strip()
        return Failure(Verdict.STOP, result.code, result.text, advice=advice)
    return Failure(Verdict.STOP, "garbled_answer", "the portal does not list its contacts")


@dataclass(slots=True)
class Seen:
    """A portal as `check` and `portal` see it."""

    #: address without its secret
    display: str
    host: str
    plan: Plan
    description: Description
    #: operating seconds used so far by the methods we called, as the portal tells
    operating_s: dict[str, float]


async def look_at_portal(environment: Mapping[str, str], to: str | None, plan: Plan, progress: Progress) -> Seen:
    """What the portal says of itself; changes nothing there. A person waits for it.

    Raises ImporterError when it does not answer.
    """
    access = open_access(environment, to, plan, progress, is_watched=True)
    try:
        description = await access.describe()
        return Seen(access.portal.display, access.portal.host, access.plan, description, access.enquiry.operating_s)
    finally:
        await access.portal.close()
