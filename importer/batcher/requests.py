"""Many operations as the requests that one door needs for them: those that travel alone apart. Plain arithmetic."""

from __future__ import annotations

from collections.abc import Sequence

from importer.portals.operations import Operation
from importer.portals.portal import Answer, Portal, Result


def in_requests(portal: Portal, operations: Sequence[Operation]) -> list[list[int]]:
    """Places of the operations, request by request: as many in one as the door takes, those that travel alone alone."""
    alone = [place for place, operation in enumerate(operations) if portal.travels_alone(operation)]
    together = [place for place in range(len(operations)) if place not in alone]
    size = portal.batch_capacity
    return [*([place] for place in alone), *(together[at : at + size] for at in range(0, len(together), size))]


def joined(places: Sequence[Sequence[int]], answers: Sequence[Answer]) -> Answer:
    """The answers to such requests as one, in the order of the operations."""
    results: dict[int, Result] = {}
    for some, answer in zip(places, answers, strict=True):
        results.update(zip(some, answer.results, strict=True))
    whole = Answer([results[place] for place in range(len(results))], answers[-1].http_status, allowance=answers[-1].allowance)
    for answer in answers:
        whole.command_s += answer.command_s
        whole.command_methods += answer.command_methods
        whole.usage |= answer.usage
    return whole
