"""All of a long list by ascending id, up to 2,500 records a request, without counting them first."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from importer.portals.operations import AFTER_PREVIOUS, PAGE_ROWS, Operation
from importer.portals.portal import Answer, Done, failure_of

Send = Callable[[Sequence[Operation]], Awaitable[Answer]]

_MOST_PAGES = 50


async def records(send: Send, page: Callable[[int], Operation], *, after_id: int = 0, expected: int | None = None) -> AsyncIterator:
    """Every record past an id. `page(after_id)` is the operation for one page; its records have an `id`.

    Pages of one request are chained by references. Those past the end cost the portal work for nothing, so the first
    request has as many as are `expected`, and each further one four times as many as the one before. Raises Failure.
    """
    pages_at_once = min(_MOST_PAGES, (expected or 0) // PAGE_ROWS + 1)
    while True:
        answer = await send([page(after_id), *(page(AFTER_PREVIOUS) for _ in range(pages_at_once - 1))])
        for found in _pages(answer):
            for record in found:
                yield record
            if len(found) < PAGE_ROWS:
                return
            after_id = int(found[-1].id)
        pages_at_once = min(_MOST_PAGES, pages_at_once * 4)


def pages_of(answer: Answer) -> list[list]:
    """The pages of an answer whose operations do not hang together. Raises Failure when one of them did not answer."""
    for result in answer.results:
        if not isinstance(result, Done):
            raise failure_of(result)
    return [result.value for result in answer.results if isinstance(result, Done)]


def _pages(answer: Answer) -> list[list]:
    """The pages of an answer up to the last one that means something."""
    pages: list[list] = []
    for result in answer.results:
        if isinstance(result, Done):
            pages.append(result.value)
            if len(result.value) < PAGE_ROWS:
                break
        elif pages:
            break
        else:
            raise failure_of(result)
    return pages
