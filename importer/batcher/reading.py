"""Many operations that change nothing, answered in their order: as many requests as they take, paced, repeated where needed."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence

from importer.batcher.asking import failure_of
from importer.batcher.enquiry import Enquiry
from importer.batcher.retry import repeat
from importer.pacing.clock import Clock
from importer.pacing.pace import Pace
from importer.portals.existing import ReadCompanyLinks
from importer.portals.operations import PAGE_ROWS, ListRequisites, Operation, ReadContacts
from importer.portals.portal import Done, Portal, Refused, Result, Stored
from importer.records import STAMP

# Requests on their way at once: enough that a slow answer does not leave the bucket unused.
_WIDTH = 4


class Reading:
    """Asks one portal for much at once."""

    def __init__(self, portal: Portal, pace: Pace, clock: Clock, enquiry: Enquiry) -> None:
        self.portal, self.pace, self._clock, self._enquiry = portal, pace, clock, enquiry
        #: values in one FindByCommunication
        self.search_values = portal.traits.search_values

    async def values(self, operations: Sequence[Operation]) -> list[object]:
        """The answer of each operation; None where what it asks about is not there. Raises Failure when one cannot be had."""
        places = asyncio.Semaphore(_WIDTH)

        async def one(some: Sequence[Operation]) -> list[object]:
            async with places:
                return await repeat(lambda attempt: self._once(some, attempt), self._clock.sleep, is_read=True)

        tasks = [asyncio.ensure_future(one(some)) for some in self._requests(operations)]
        try:
            return [value for answers in await asyncio.gather(*tasks) for value in answers]
        finally:
            # One that failed ends the others: nobody waits for their answers.
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def contacts(self, ids: Collection[int], *, with_companies: bool = False) -> dict[int, Stored]:
        """Contacts by id as they are now; one that is not there is absent. `with_companies` adds COMPANY_IDS, ids as texts."""
        wanted = sorted(ids)
        pages = await self.values([ReadContacts(tuple(wanted[at : at + PAGE_ROWS])) for at in range(0, len(wanted), PAGE_ROWS)])
        found = {stored.id: stored for page in pages for stored in page}
        if with_companies:
            links = await self.values([ReadCompanyLinks(number) for number in found])
            for stored, companies in zip(found.values(), links, strict=True):
                stored.fields["COMPANY_IDS"] = [str(company) for company in companies or []]
        return found

    async def located(self, ids: Collection[int]) -> set[int]:
        """Those of these contacts that have a requisite which a run of ours made for an address."""
        wanted = sorted(ids)
        found = await self.values([ListRequisites(number, STAMP) for number in wanted])
        return {number for number, requisites in zip(wanted, found, strict=True) if any(whose == STAMP for _, whose in requisites or [])}

    def _requests(self, operations: Sequence[Operation]) -> list[list[Operation]]:
        requests: list[list[Operation]] = []
        is_open = False
        for operation in operations:
            is_alone = self.portal.travels_alone(operation)
            if is_alone or not is_open or len(requests[-1]) >= self.portal.batch_capacity:
                requests.append([])
            requests[-1].append(operation)
            is_open = not is_alone
        return requests

    async def _once(self, operations: Sequence[Operation], attempt: int) -> list[object]:
        methods = [self.portal.method_of(operation) for operation in operations]
        reserved: list[str] = []
        try:
            # Always in the same order, so that two requests never wait for each other's half.
            for method in sorted(set(methods)):
                count = methods.count(method)
                await self.pace.reserve(method, count, least=count)
                reserved += [method] * count
            answer = await self._enquiry.once(operations, attempt)
        finally:
            for method in set(reserved):
                self.pace.release(method, reserved.count(method))
        return [self._value(operation, result) for operation, result in zip(operations, answer.results, strict=True)]

    def _value(self, operation: Operation, result: Result) -> object:
        if isinstance(result, Done):
            return result.value
        if isinstance(result, Refused) and result.is_gone:
            return None
        raise failure_of(self, result, operation)
