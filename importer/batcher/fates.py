"""What an answer, or the lack of one, makes of the rows it is about. Plain decisions; nothing is sent here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from importer.batcher.addresses import address_open, address_refused
from importer.batcher.settle import lost_answer
from importer.errors import PortalStopped
from importer.journal.entries import QueuedRow, Settled
from importer.portals.portal import Answer, Done, Failure, NotRun, Placed, Refused, Result, Unanswered, Verdict
from importer.records import RowProblem


@dataclass(slots=True)
class Fates:
    """What one answer makes of the rows it is about."""

    settled: list[Settled] = field(default_factory=list)
    again: list[QueuedRow] = field(default_factory=list)
    doubtful: list[QueuedRow] = field(default_factory=list)
    stops: Refused | None = None
    is_budget_refused: bool = False
    #: refused for the moment, one by one, without a word on how long
    postponed: list[QueuedRow] = field(default_factory=list)


def fates(rows: Sequence[QueuedRow], answer: Answer, word: str = "row", outcome: str = "created", thing: str = "Contact") -> Fates:
    """What becomes of each row by its own result: one bad row never costs its neighbours.

    `word` calls what is sent, `outcome` is what a row is once the portal has done it: whatever is not created keeps the
    contact it is about, or another `thing`.
    """
    made = Fates()
    for row, result in zip(rows, answer.results, strict=True):
        match result:
            case Done(value=int(contact_id)) if outcome == "created":
                made.settled.append(Settled(row.row, "created", contact_id))
            case Done(value=True) if outcome != "created":
                made.settled.append(Settled(row.row, outcome, row.contact_id))
            case Refused(is_gone=True) if outcome != "created":
                made.settled.append(gone(row, outcome, thing))
            case Done(value=Placed(contact_id=contact_id, address=address)):
                _place(made, row, contact_id, address)
            case NotRun():
                made.settled.append(Settled(row.row, "new"))
                made.again.append(row)
            case Refused(verdict=Verdict.REJECT, code=code, text=text):
                made.settled.append(Settled(row.row, "rejected", problem=refusal(code, text, word)))
            case Refused(verdict=Verdict.AGAIN | Verdict.AFTER_RESET | Verdict.STOP as verdict):
                made.settled.append(Settled(row.row, "new"))
                (made.postponed if verdict is Verdict.AGAIN else made.again).append(row)
                made.stops = result if verdict is Verdict.STOP else made.stops
                made.is_budget_refused |= verdict is Verdict.AFTER_RESET
            case Refused() | Unanswered() | Done():
                made.settled.append(Settled(row.row, "unsettled", problem=lost_answer(row)))
                made.doubtful.append(row)
    return made


def gone(row: QueuedRow, outcome: str, thing: str = "Contact") -> Settled:
    """A row whose contact, or other thing, is not in the portal any more: what was to be deleted is, nothing else can be done."""
    if outcome == "deleted" and row.last_sent is not None:
        return Settled(row.row, "deleted", row.contact_id)
    if outcome in ("deleted", "restored"):
        return Settled(row.row, "skipped", row.contact_id, RowProblem("gone", f"{thing} {row.contact_id} is not in the portal any more."))
    sentence = f"Contact {row.contact_id} was deleted in the portal meanwhile. Import the row again to create it anew."
    return Settled(row.row, "rejected", row.contact_id, RowProblem("contact_gone", sentence))


def _place(made: Fates, row: QueuedRow, contact_id: int, address: Result) -> None:
    """A contact that is there, with its address, without it for good, or with its address still open."""
    match address:
        case Done():
            made.settled.append(Settled(row.row, "created", contact_id))
        case Refused(verdict=Verdict.REJECT):
            made.settled.append(Settled(row.row, "created", contact_id, warning=address_refused(address)))
        case _:
            row.contact_id = contact_id
            row.is_address_begun = not isinstance(address, NotRun)
            made.settled.append(Settled(row.row, "unsettled", contact_id, problem=address_open()))
            made.doubtful.append(row)
            if isinstance(address, Refused) and address.verdict is Verdict.STOP:
                made.stops = address


def refusal(code: str, text: str, word: str = "row") -> RowProblem:
    """The portal's words about one row, for its report; its code may be empty."""
    said = f"{code}: {text}" if code and text else code or text or "no reason given"
    return RowProblem("portal_refused", f"The portal refused this {word}: {said}")


def stopped_by(failure: Failure | Refused) -> PortalStopped:
    """The sentence a person reads when the portal ends a run."""
    what = ": ".join(part for part in (failure.code, failure.text) if part)
    return PortalStopped(f"The portal stopped us: {what.rstrip('.')}. {failure.advice}".strip())


def given_up(failure: Failure, host: str) -> PortalStopped:
    """The sentence for a portal that was asked as often as is decent, or that says stop."""
    if failure.verdict is Verdict.STOP:
        return stopped_by(failure)
    return PortalStopped(
        f"{host} did not answer as it should, however often we asked (last: {failure.text.rstrip('.')}). "
        "Everything so far is journaled; `b24-import resume` goes on."
    )
