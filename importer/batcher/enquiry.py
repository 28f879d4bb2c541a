"""Requests to a portal before a run has a name: paced and repeated like all others, kept for its journal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from importer.batcher.retry import repeat
from importer.journal.entries import RequestRecord
from importer.pacing.clock import Clock
from importer.pacing.pace import Pace
from importer.portals.portal import Answer, Failure, Operation, Portal, Verdict


class Enquiry:
    """Asks a portal what it is like. Only operations that change nothing."""

    def __init__(self, portal: Portal, pace: Pace, clock: Clock, say: Callable[[str], None] = lambda sentence: None) -> None:
        """`say` is told when the portal does not answer and is asked again."""
        self._portal, self._pace, self._clock, self._say = portal, pace, clock, say
        #: the requests so far, each with its HTTP status where there was one
        self.requests: list[tuple[RequestRecord, int | None]] = []
        #: method → operating seconds used so far, as the portal last told
        self.operating_s: dict[str, float] = {}

    async def send(self, operations: Sequence[Operation]) -> Answer:
        """The portal's answer to one request; Failure when it cannot be had."""
        return await repeat(lambda attempt: self.once(operations, attempt), self._clock.sleep, is_read=True)

    async def once(self, operations: Sequence[Operation], attempt: int) -> Answer:
        """One sending of one request, for a caller who repeats by himself. Raises Failure."""
        await self._pace.request()
        request = RequestRecord("read", len(operations), attempt, self._clock.now(), None, "open", None, 0, None)
        try:
            answer = await self._portal.send(operations)
        except Failure as failure:
            request.finished, request.code = self._clock.now(), failure.code
            request.state = "limited" if failure.code.lower() == "query_limit_exceeded" else "refused"
            self.requests.append((request, failure.http_status))
            if attempt == 1 and failure.verdict is not Verdict.STOP and not failure.at_once:
                self._say(f"{failure.text}; asking again for a few minutes.")
            if request.state == "limited":
                self._pace.bucket_refused()
            raise
        request.finished, request.state = self._clock.now(), "answered"
        self.requests.append((request, answer.http_status))
        for method, usage in answer.usage.items():
            self.operating_s[method] = usage.operating_s
            self._pace.learn(method, usage.operating_s, usage.resets_in_s, usage.measured_at)
        for method, each in answer.costs().items():
            self._pace.learn_command(method, sum(each) / len(each), len(each))
        return answer
