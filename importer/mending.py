"""Rows of a rejects file that come once more, mended or not.

A value that is wrong is found by mapping as often as it comes. What was wrong because of other rows is not: alone in its file
a double meets nobody, and would be created beside the person it was taken for, or written over that person. So what a
rejects file says of its rows is believed until the row is another, or until its person empties `_code`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from importer.journal.history import History
from importer.journal.rejections import Generation
from importer.mapping.communication import LOCAL
from importer.mapping.duplicates import keys_of
from importer.records import Contact, Rejected, RowProblem

_DOUBLES = ("duplicate_origin", "duplicate_phone", "duplicate_email")

#: what a row is called by whatever else is wrong with it: in a rejects file no value shows it
FIRST_CODES = (*_DOUBLES, "same_contact", "zeros_lost")

_STILL = "Not mended yet (empty `_code` if the other row is not to be taken): "

_WORDS = {"phone": "phone", "email": "e-mail"}
_ONE_OF_TWO = "only one of the two can be taken. Correct one, or remove it."
_SAID_DOUBLE = re.compile(rf'Row \d+ has the same (?:identity|phone|e-mail) ".*?{re.escape(_ONE_OF_TWO)}', re.DOTALL)
_SAID_IDENTITY = re.compile(r'has the same identity "(.*?)": only ', re.DOTALL)
_SAID_KEY = re.compile(r'has the same (?:phone|e-mail) "(.*?)", by which')


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is known of earlier runs into the same portal; by itself, nothing."""

    #: (originator, origin id, contact id) of contacts that are there already
    created: Iterable[tuple[str, str, int]] = ()
    #: what a rejects file says of a row → the times at which it was rejected, the last first
    generations: Callable[[Rejected], Sequence[Generation]] = lambda rejected: ()
    #: those, contact → the other row that was about this contact in one of them
    taken_beside: Callable[[Sequence[Generation], int], int | None] = lambda generations, contact_id: None

    @classmethod
    def of(cls, history: History, host: str) -> Earlier:
        """What a journal knows of a portal."""
        rejections = history.rejections(host)
        return cls(history.created_in(host), rejections.generations, rejections.taken_beside)


NOTHING_EARLIER = Earlier()


def same_identity(first: int, origin_id: str) -> RowProblem:
    """Another row of the file has the row's identity."""
    return RowProblem("duplicate_origin", f'Row {first} has the same identity "{origin_id}": {_ONE_OF_TWO}')


def same_person(kind: str, first: int, key: str) -> RowProblem:
    """Another row of the file has a phone or e-mail of the row, by which `match` finds contacts."""
    said = key.removeprefix(LOCAL)
    return RowProblem(f"duplicate_{kind}", f'Row {first} has the same {_WORDS[kind]} "{said}", by which `match` takes both for one contact: {_ONE_OF_TWO}')


def met_again(rejected: Rejected, contact_id: int, by: str, earlier: Earlier) -> RowProblem | None:
    """A row of a rejects file that finds a contact which is another row's, as far as the file or the journal tells."""
    return _met_again(rejected, earlier.generations(rejected), contact_id, by, earlier)


def _met_again(rejected: Rejected, generations: Sequence[Generation], contact_id: int, by: str, earlier: Earlier) -> RowProblem | None:
    other = earlier.taken_beside(generations, contact_id)
    if other is None and rejected.code != "same_contact":
        return None
    whose = f", which row {other} became when this row was rejected" if other is not None else ""
    sentence = f"Not mended yet: contact {contact_id} has {by}{whose}. Correct the row, take it out, or empty `_code` if it is that contact."
    return RowProblem("same_contact", sentence)


def as_it_was(rejected: Rejected, contact: Contact | None, origin: tuple[str, str] | None, there: int | None, by: Sequence[str],
              earlier: Earlier) -> list[RowProblem]:  # fmt: skip
    """What of a row of a rejects file is still as it was rejected in any round, or has been lost since.

    `there`: the contact that the journal knows under its origin. `by`: what `match` goes by now.
    """
    generations = earlier.generations(rejected)
    for code, problem in [(rejected.code, rejected.problem), *((one.code, one.problem) for one in generations)]:
        if code in _DOUBLES and _is_same(code, problem, contact, origin, by):
            # As it was told, in as many rounds as it takes: the sentence says what the row must not be again.
            said = _SAID_DOUBLE.search(problem)
            return [RowProblem(code, f"{_STILL}{said[0] if said else 'the row is the double of another.'}")]
    met = _met_again(rejected, generations, there, "its origin", earlier) if there is not None else None
    lost = _lost_zeros(origin, generations) if origin is not None else None
    return [problem for problem in (lost, met) if problem is not None][:1]


def _is_same(code: str, problem: str, contact: Contact | None, origin: tuple[str, str] | None, by: Sequence[str]) -> bool:
    """By what the sentence names; without it nobody can tell, and the code is believed."""
    if code == "duplicate_origin":
        said = _SAID_IDENTITY.search(problem)
        return said is None or (origin is not None and origin[1] == said[1])
    kind = code.removeprefix("duplicate_")
    if kind not in by:
        return False
    said = _SAID_KEY.search(problem)
    return said is None or (contact is not None and any(key.removeprefix(LOCAL) == said[1] for _, key in keys_of(contact, [kind])))


def _lost_zeros(origin: tuple[str, str], generations: Sequence[Generation]) -> RowProblem | None:
    originator, origin_id = origin
    ids = [one.origin_id for one in generations if one.code != "zeros_lost" and one.originator == originator and one.origin_id is not None]
    lost = next((whole for whole in ids if len(whole) > len(origin_id) and _without_zeros(whole) == _without_zeros(origin_id)), None)
    if lost is None or origin_id in ids:
        return None
    return RowProblem(
        "zeros_lost",
        f'The row was rejected as "{lost}" and is "{origin_id}" now: a spreadsheet has taken its zeros, and it would become another contact. '
        f'Write "{lost}" into a cell formatted as text, or mend the sheet Rejects of the first report.xlsx, which keeps them; empty `_code` if "{origin_id}" is right.',
    )


def _without_zeros(origin_id: str) -> list[str]:
    """Its parts without the zeros before them, which a spreadsheet takes away."""
    return [part.lstrip("0") for part in origin_id.split("|")]
