"""Operations as the calls of one request: most are one call, a chain of pages is one longer list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from importer.portals.operations import (
    AFTER_PREVIOUS,
    PAGE_ROWS,
    Add,
    AddCompany,
    ListCompanies,
    Notify,
    Operation,
    ReadOriginator,
)
from importer.portals.portal import Done, Refused, Result, Verdict
from importer.portals.vibecode.calls import Call, Wordless, call_of
from importer.portals.vibecode.identity import Identifying

_ADDS_ONLY = "VibeCode can only add phones and e-mails; changing or removing one needs the portal itself or a webhook"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One call, and the operations it answers."""

    #: names the call in a batch
    key: str
    call: Call
    #: places of the operations in their request
    places: tuple[int, ...]

    def spread(self, result: Result) -> Iterator[tuple[int, Result]]:
        """The result of each operation: of a chain, its page of the list."""
        if len(self.places) == 1 or not isinstance(result, Done):
            yield from ((place, result) for place in self.places)
            return
        for number, place in enumerate(self.places):
            yield place, Done(result.value[number * PAGE_ROWS : (number + 1) * PAGE_ROWS])


def parcels(operations: Sequence[Operation], who: Identifying) -> tuple[list[Parcel], dict[int, Refused]]:
    """The calls of a request, and by place the refusals of operations that VibeCode has no way for."""
    made: list[Parcel] = []
    refused: dict[int, Refused] = {}
    for place, operation in enumerate(operations):
        if isinstance(operation, (ReadOriginator, ListCompanies)) and operation.after_id == AFTER_PREVIOUS:
            made[-1] = _longer(made[-1], place)
            continue
        try:
            _expect_possible(operation)
            made.append(Parcel(_key(operation, place), call_of(operation, who), (place,)))
        except Wordless as wordless:
            refused[place] = Refused(Verdict.REJECT, "not_in_vibecode", str(wordless))
    return made, refused


def _longer(parcel: Parcel, place: int) -> Parcel:
    """There are no references between calls: pages that follow each other are one list with as many rows."""
    places = (*parcel.places, place)
    call = replace(parcel.call, params={**parcel.call.params, "limit": PAGE_ROWS * len(places)})
    return replace(parcel, call=call, places=places)


def _key(operation: Operation, place: int) -> str:
    # A letter before the number: PHP makes a list of a map with plain numbers.
    return f"r{operation.row}" if isinstance(operation, (Add, AddCompany)) and operation.row is not None else f"o{place}"


def _expect_possible(operation: Operation) -> None:
    """Raises Wordless for what would do something else than what is asked for."""
    if isinstance(operation, Add) and operation.address is not None:
        raise Wordless("VibeCode writes no requisites with addresses")
    if isinstance(operation, Notify):
        raise Wordless("VibeCode has no word for notifications in the portal; an https address can be told")
    for value in getattr(operation, "fields", {}).values():
        if isinstance(value, list) and any(isinstance(one, dict) and one.get("ID") for one in value):
            raise Wordless(_ADDS_ONLY)
