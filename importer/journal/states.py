"""The states of a row and the moves between them. Plain data; the journal refuses every other move.

    new ──▶ rejected                                                     it cannot leave: its photo has vanished …
    new ──▶ skipped                                                      somebody else has added the list entry by now
    new ──take──▶ sending ──▶ created · updated · skipped · rejected      the portal answered for the row
     ▲               │──▶ new                                            certain not to have run: sent again
     │               └──▶ unsettled                                      the answer is lost, or we died
     └────────────── unsettled ──▶ created · updated · skipped · rejected looked up and found
                         │                                                (not found: back to new)
                         └──▶ unsettled                                   looked up, and the portal does not tell

What is not created but changed or deleted may be sent again without harm: a lost one goes back to new, the contact is read
before each sending, and a row whose contact is as it should be by then has arrived:

    new ──▶ updated · deleted · restored
"""

from __future__ import annotations


class StateError(RuntimeError):
    """A row was asked to make a move that is not here: a bug of ours, never a person's mistake."""


NEW = "new"
SENDING = "sending"
CREATED = "created"
UPDATED = "updated"
DELETED = "deleted"
RESTORED = "restored"
SKIPPED = "skipped"
REJECTED = "rejected"
UNSETTLED = "unsettled"

#: What a row may become from each state. A state that leads nowhere is final.
MOVES: dict[str, frozenset[str]] = {
    NEW: frozenset({SENDING, REJECTED, SKIPPED, UPDATED, DELETED, RESTORED}),
    SENDING: frozenset({NEW, CREATED, UPDATED, DELETED, RESTORED, SKIPPED, REJECTED, UNSETTLED}),
    UNSETTLED: frozenset({NEW, CREATED, UPDATED, SKIPPED, REJECTED, UNSETTLED}),
    CREATED: frozenset(),
    UPDATED: frozenset(),
    DELETED: frozenset(),
    RESTORED: frozenset(),
    SKIPPED: frozenset(),
    REJECTED: frozenset(),
}

#: States a row may be planned in, before anything is sent.
PLANNED = frozenset({NEW, SKIPPED, REJECTED})

#: The outcomes a report knows. A row still `new` or `sending` when its run stopped is reported as unsettled.
OUTCOMES = (CREATED, UPDATED, SKIPPED, REJECTED, UNSETTLED)

#: And of an undo's report.
UNDO_OUTCOMES = (DELETED, RESTORED, SKIPPED, REJECTED, UNSETTLED)


def sources_of(state: str) -> tuple[str, ...]:
    """The states from which a row may become `state`, in a fixed order."""
    return tuple(origin for origin, targets in MOVES.items() if state in targets)
