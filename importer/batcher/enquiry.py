"""Requests to a portal before a run has a name: paced and repeated like all others, kept for its journal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from importer.batcher.line import is_busy, learn_minute
from importer.batcher.requests import in_requests, joined
from importer.batcher.retry import FEW_ATTEMPTS, repeat
from importer.journal.entries import RequestRecord
from importer.pacing.clock import Clock
from importer.pacing.pace import Pace
from importer.portals.operations import Operation
from importer.portals.portal import Answer, Failure, Portal, Verdict


class Enquiry:
    """Asks a portal what it is like. Only operations that change nothing."""

    def __init__(self, portal: Portal, pace: Pace, clock: Clock, say: Callable[[str], None] = lambda sentence: None, *,
                 is_watched: bool = False) -> None:  # fmt: skip
        """`say` is told when the portal does not answer and is asked again.

        `is_watched`: a person waits. Where nobody, or somebody else, is at an address that has never answered, it is taken
        to be wrong after a few attempts; what nobody watches waits as long for a network that comes back as for a portal.
        """
        #: the door
        self.portal = portal
        self._portal, self._pace, self._clock, self._say = portal, pace, clock, say
        self._is_watched, self._has_answered = is_watched, False
        #: the requests so far, each with its HTTP status where there was one
        self.requests: list[tuple[RequestRecord, int | None]] = []
        #: method → operating seconds used so far, as the portal last told
        self.operating_s: dict[str, float] = {}

    async def send(self, operations: Sequence[Operation]) -> Answer:
        """The portal's answers, in as many requests as the door needs for them; Failure when they cannot be had."""
        if not all(operation in operations for operation in self._portal.unasked):
            await self.get_ready()
        places = in_requests(self._portal, operations)
        answers = [await self._repeated([operations[place] for place in some]) for some in places]
        return answers[0] if len(answers) == 1 else joined(places, answers)

    async def get_ready(self) -> None:
        """Asks what the door must know of the portal before anything else can be. Raises Failure."""
        for operation in self._portal.unasked:
            await repeat(lambda attempt, asked=operation: self._until_known(asked, attempt), self._clock.sleep, is_read=True, most=self._most)

    async def _until_known(self, operation: Operation, attempt: int) -> None:
        await self.once([operation], attempt)
        if operation in self._portal.unasked:
            raise Failure(Verdict.DOUBT, "garbled_answer", "the answer about the portal cannot be read")

    async def _repeated(self, operations: Sequence[Operation]) -> Answer:
        return await repeat(lambda attempt: self.once(operations, attempt), self._clock.sleep, is_read=True, most=self._most)

    def _most(self, failure: Failure) -> int | None:
        return FEW_ATTEMPTS if failure.is_elsewhere and self._is_watched and not self._has_answered else None

    async def once(self, operations: Sequence[Operation], attempt: int) -> Answer:
        """One sending of one request, for a caller who repeats by himself. Raises Failure."""
        await self._pace.request()
        request = RequestRecord("read", len(operations), attempt, self._clock.now(), None, "open", None, 0, None)
        try:
            answer = await self._portal.send(operations)
        except Failure as failure:
            request.finished, request.code = self._clock.now(), failure.code
            request.state = "limited" if is_busy(failure) else "refused"
            self.requests.append((request, failure.http_status))
            if attempt == 1 and failure.verdict is not Verdict.STOP and not failure.at_once:
                how_long = "some seconds" if self._most(failure) else "a few minutes"
                self._say(f"{failure.text}; asking again for {how_long}.")
            if request.state == "limited":
                self._pace.bucket_refused()
            raise
        request.finished, request.state, self._has_answered = self._clock.now(), "answered", True
        self.requests.append((request, answer.http_status))
        learn_minute(self._pace, answer)
        for method, usage in answer.usage.items():
            self.operating_s[method] = usage.operating_s
            self._pace.learn(method, usage.operating_s, usage.resets_in_s, usage.measured_at)
        for method, each in answer.costs().items():
            self._pace.learn_command(method, sum(each) / len(each), len(each))
        return answer
