"""The verb that compares the portal with the journal: missing, doubled, changed since. Changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import chain, islice

from importer.batcher.enquiry import Enquiry
from importer.errors import UsageError
from importer.journal.entries import RunRecord, SentRow
from importer.journal.history import History
from importer.mapping.companies import NEW_COMPANY
from importer.mapping.differences import Differences
from importer.mapping.new_items import NEW_ITEM
from importer.portals.operations import PAGE_ROWS, Add, ReadContacts, ReadOriginator
from importer.portals.paging import pages_of, records
from importer.portals.portal import Stored

# A contact that was changed is modified after it was created, by the portal's one clock. Within these seconds both may
# be the work of one slow `crm.contact.add` (1.1 s in the documentation's sample).
_SAME_MOMENT_S = 5.0
#: Where the file brought DATE_CREATE, only our own clock tells when we wrote, and the two may differ.
CLOCKS_S = 60.0

# Pages of contacts in one request, as many as a batch has commands.
_PAGES_AT_ONCE = 50


@dataclass(slots=True)
class Finding:
    """One row whose contact is not as the run left it."""

    row: int
    #: missing, doubled, changed
    kind: str
    #: what a person reads
    told: str
    contact_ids: tuple[int, ...] = ()


@dataclass(slots=True)
class Verified:
    """What `verify` found in one run."""

    run: RunRecord
    #: rows of the run whose contacts were looked for, or would be if anything identified them
    rows: int = 0
    #: rows that were rejected: there is no contact of theirs to look for
    rejected: int = 0
    #: contacts that are there, once, unchanged
    sound: int = 0
    #: rows of which nothing identifies the contact; they cannot be verified
    unidentified: int = 0
    #: what is missing, doubled, or changed since
    findings: list[Finding] = field(default_factory=list)
    requests: int = 0
    #: rows that an undo has taken back: they are not looked for
    taken_back: set[int] = field(default_factory=set)

    @property
    def exit_code(self) -> int:
        """0 when every row is there once and unchanged, else 1."""
        return 1 if self.findings or self.unidentified else 0


async def verify(history: History, run: RunRecord, enquiry: Enquiry) -> Verified:
    """Reads the portal's contacts of the run's originators, 2,500 a request, and compares them with the journal.

    What an undo has taken back is not looked for.

    Raises Failure when the portal cannot be read, UsageError when the run has sent nothing yet, or is an undo.
    """
    if run.last_id_before is None and run.state != "finished":
        raise UsageError(f"run {run.run} has sent nothing yet: there is nothing to verify.")
    if run.undoes is not None:
        raise UsageError(f"run {run.run} takes back another; verify the run {history.run(run.undoes).run} instead.")
    made = Verified(run, taken_back=history.taken_back(run.id))
    if not enquiry.portal.keeps_origin(Add):
        await _compare_by_id(made, history, run, enquiry)
    for originator in history.originators(run.id) if enquiry.portal.keeps_origin(Add) else ():
        there: dict[str, list[Stored]] = {}
        expected = history.rows_of(run.id, originator)
        read = partial(ReadOriginator, originator)
        # The run's own stamp is on no older contact; an origin of the file's may be, and then its row is there twice.
        after_id = run.last_id_before or 0 if history.is_stamp(run, originator) else 0
        async for stored in records(enquiry.send, read, after_id=after_id, expected=expected):
            there.setdefault(stored.origin_id, []).append(stored)
        for row in history.sent_rows(run.id, originator):
            _compare(made, row, there.get(row.origin_id or "", []))
    await _compare_updated(made, history, run, enquiry)
    made.rejected = history.counts(run.id).get("rejected", 0)
    made.unidentified = history.unidentified(run.id)
    made.rows += made.unidentified
    made.requests = len(enquiry.requests)
    made.findings.sort(key=lambda finding: finding.row)
    return made


async def _compare_updated(made: Verified, history: History, run: RunRecord, enquiry: Enquiry) -> None:
    """Contacts that were there before the run: read by id, and compared with what their rows say."""
    if "match" not in run.settings:
        return
    differences = Differences.from_settings(run.settings["match"])
    rows = (row for row in history.updated_rows(run.id) if row[0] not in made.taken_back)
    while some := list(islice(rows, PAGE_ROWS * _PAGES_AT_ONCE)):
        ids = sorted({contact_id for _, contact_id, _ in some})
        answer = await enquiry.send([ReadContacts(tuple(ids[at : at + PAGE_ROWS])) for at in range(0, len(ids), PAGE_ROWS)])
        there = {stored.id: stored for stored in chain.from_iterable(pages_of(answer))}
        for number, contact_id, fields in some:
            made.rows += 1
            stored = there.get(contact_id)
            differing = differences.between(comparable(fields), stored.fields) if stored is not None else {}
            if stored is None:
                made.findings.append(Finding(number, "missing", f"contact {contact_id} is not in the portal any more"))
            elif differing:
                names = ", ".join(sorted(differing))
                made.findings.append(Finding(number, "changed", f"contact {contact_id} has other values now: {names}", (contact_id,)))
            else:
                made.sound += 1


def comparable(fields: dict[str, object]) -> dict[str, object]:
    """The fields of which a stored contact tells whether they are as sent: no files, no companies that were created on the way."""
    return {name: value for name, value in fields.items() if name != "COMPANY_IDS" and not _stands_for_more(value)}


def _stands_for_more(value: object) -> bool:
    each = value if isinstance(value, list) else [value]
    return any(isinstance(one, dict) and "file" in one or isinstance(one, str) and one.startswith((NEW_COMPANY, NEW_ITEM)) for one in each)


async def _compare_by_id(made: Verified, history: History, run: RunRecord, enquiry: Enquiry) -> None:
    """Where contacts carry no identity: each row's own contact is read. That a row is there twice cannot be seen so."""
    rows = chain.from_iterable(history.sent_rows(run.id, originator) for originator in history.originators(run.id))
    while some := list(islice(rows, PAGE_ROWS)):
        ids = tuple(row.contact_id for row in some if row.contact_id is not None)
        pages = pages_of(await enquiry.send([ReadContacts(ids)])) if ids else ()
        stored = {one.id: one for one in chain.from_iterable(pages)}
        for row in some:
            _compare(made, row, [stored[row.contact_id]] if row.contact_id in stored else [])


def _compare(made: Verified, row: SentRow, there: list[Stored]) -> None:
    if row.row in made.taken_back:
        return
    ids = tuple(sorted(stored.id for stored in there))
    if not ids and row.state not in ("created", "unsettled"):
        return  # refused, or not sent again yet
    made.rows += 1
    if len(ids) > 1:
        made.findings.append(Finding(row.row, "doubled", f"{len(ids)} contacts have this row's identity: {', '.join(map(str, ids))}", ids))
    elif row.state == "created" and not ids:
        made.findings.append(Finding(row.row, "missing", f"contact {row.contact_id} is not in the portal any more, or has lost its identity"))
    elif row.state == "unsettled" and not ids:
        made.findings.append(Finding(row.row, "missing", "its answer was lost and it is not in the portal; `b24-import resume` sends it"))
    elif ids and is_changed(there[0], row.sent_until):
        made.findings.append(Finding(row.row, "changed", f"contact {ids[0]} was changed at {there[0].modified}", ids))
    elif ids:
        made.sound += 1


def is_changed(stored: Stored, sent_until: float | None) -> bool:
    """True when the portal shows a change after the contact was created.

    `sent_until` is when the request that created it was over, on our clock; None when its answer was lost.
    """
    try:
        modified, created = (datetime.fromisoformat(text).timestamp() for text in (stored.modified, stored.created))
    except ValueError:
        return False
    if sent_until is not None and abs(created - sent_until) > CLOCKS_S:
        return modified > max(created, sent_until) + CLOCKS_S
    return modified > created + _SAME_MOMENT_S
