"""A portal on the running loop's clock: no sockets, the sandbox's own arithmetic for both limits.

Each command waits its seconds, so the loop must have virtual time. The limits come from `importer.sandbox.limits`,
which shares nothing with `importer.pacing`. The portal keeps origins and ids, not fields.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from importer.portals.operations import Add, FindByOrigin, Operation
from importer.portals.portal import Answer, Done, Failure, Refused, Result, Usage, Verdict
from importer.portals.traits import Traits
from importer.sandbox.limits import Bucket, OperatingTime

ADD, LIST = "crm.contact.add", "crm.contact.list"

# The portal cuts a request after so long. Source: apidocs.bitrix24.com, "Limits".
_CUT_AFTER_S = 60.0

# Most commands that wait together, as long as no refusal can come between them: a timer each would only cost time.
_STRIDE = 10


def steady(seconds: float) -> Callable[[float, int], float]:
    """A portal that takes the same seconds for a command at any time, however many requests are under way."""
    return lambda elapsed_s, under_way: seconds


@dataclass(frozen=True, slots=True)
class Rules:
    """What one simulated portal allows and how quick it is."""

    capacity: int
    drops_per_s: int
    #: seconds of one command, from the seconds since the start and the requests under way
    command_s: Callable[[float, int], float]
    #: each command takes up to this share more or less than that
    jitter: float = 0.2
    #: seconds on the way there, and again back
    way_s: float = 0.05
    operating_limit_s: float = 480.0
    #: the portal's Unix second at the start: neither our clock's nor a whole second or minute
    phase_s: float = 1_770_301_117.3


@dataclass(slots=True)
class Sent:
    """One request with contacts, as the portal saw it."""

    #: seconds since the start
    at_s: float
    took_s: float
    commands: int
    #: requests under way when it came, itself included
    under_way: int


@dataclass(slots=True)
class Seen:
    """What the portal saw of the importer."""

    requests: int = 0
    rate_refusals: int = 0
    budget_refusals: int = 0
    cut: int = 0
    adds: list[Sent] = field(default_factory=list)


class SimulatedPortal:
    """See `importer.portals.portal.Portal` for what each member promises."""

    host = display = "simulated.example.com"
    card_url = "https://simulated.example.com/crm/contact/details/{id}/"
    batch_capacity = 50
    traits = Traits()
    unasked = ()
    lacks = marker = None

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.seen = Seen()
        #: origin id → ids of the contacts that have it
        self.contacts: dict[str, list[int]] = {}
        self.bucket = Bucket(rules.capacity, rules.drops_per_s)
        self.operating = {method: OperatingTime(rules.operating_limit_s) for method in (ADD, LIST)}
        self._newest_id = 0
        self._under_way = 0
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._random = random.Random(20260205)

    def keeps_origin(self, kind: type) -> bool:
        """Always."""
        return True

    def elapsed_s(self) -> float:
        """Seconds since the portal was made."""
        return self._loop.time() - self._began

    def now(self) -> float:
        """The portal's own Unix seconds."""
        return self.rules.phase_s + self.elapsed_s()

    def method_of(self, operation: Operation) -> str:
        """The method whose budget the operation uses."""
        return ADD if isinstance(operation, Add) else LIST

    def methods_of(self, operation: Operation) -> tuple[str, ...]:
        """Every operation is one command."""
        return (self.method_of(operation),)

    def travels_alone(self, operation: Operation) -> bool:
        """Never: no value here is a reference."""
        return False

    def ahead(self, kind: type, many: Sequence[dict[str, object]], params: dict[str, str]) -> Sequence[None]:
        """None of them."""
        return [None] * len(many)

    async def close(self) -> None:
        """Nothing is open."""

    async def send(self, operations: Sequence[Operation]) -> Answer:
        """Carries out a batch, or refuses it for its rate, or cuts it after 60 s."""
        self.seen.requests += 1
        self._under_way += 1
        sent = Sent(self.elapsed_s(), 0.0, len(operations), self._under_way)
        try:
            await asyncio.sleep(self.rules.way_s)
            if not self.bucket.admit(self.now()):
                self.seen.rate_refusals += 1
                raise Failure(Verdict.AGAIN, "QUERY_LIMIT_EXCEEDED", "Too many requests", http_status=503)
            answer = await self._carry_out(operations)
            await asyncio.sleep(self.rules.way_s)
            return answer
        finally:
            self._under_way -= 1
            if isinstance(operations[0], Add):
                sent.took_s = self.elapsed_s() - sent.at_s
                self.seen.adds.append(sent)

    async def _carry_out(self, operations: Sequence[Operation]) -> Answer:
        answer, method = Answer([]), self.method_of(operations[0])
        operating = self.operating[method]
        began, at = self.elapsed_s(), 0
        while at < len(operations):
            share = operations[at : at + self._stride(operating)]
            if operating.is_blocked(self.now()):
                self.seen.budget_refusals += len(share)
                answer.results += [Refused(Verdict.AFTER_RESET, "OPERATION_TIME_LIMIT", "Method is blocked")] * len(share)
            else:
                await self._execute(share, operating, answer, cut_at_s=began + _CUT_AFTER_S)
            at += len(share)
        if answer.command_s:
            # A whole second, rounded down: a client that believes it to the letter comes too early.
            resets_at = int(operating.reset_at(self.now()))
            answer.usage[method] = Usage(operating.total(self.now()), resets_at - self.now(), self.now())
        return answer

    def _stride(self, operating: OperatingTime) -> int:
        dearest_s = self.rules.command_s(self.elapsed_s(), self._under_way) * (1 + self.rules.jitter)
        left_s = self.rules.operating_limit_s - operating.total(self.now())
        return max(1, min(_STRIDE, int(left_s / (2 * self._under_way * dearest_s))))

    async def _execute(self, share: Sequence[Operation], operating: OperatingTime, answer: Answer, *, cut_at_s: float) -> None:
        mean_s, jitter = self.rules.command_s(self.elapsed_s(), self._under_way), self.rules.jitter
        costs = [mean_s * self._random.uniform(1 - jitter, 1 + jitter) for _ in share]
        start = self.now()
        left_s = cut_at_s - self.elapsed_s()
        await asyncio.sleep(min(sum(costs), left_s))
        for operation, cost_s in zip(share, costs, strict=True):
            if left_s < cost_s:
                self.seen.cut += 1
                raise Failure(Verdict.DOUBT, "gateway_timeout", "the portal cut the request", http_status=504)
            left_s -= cost_s
            operating.add(start, cost_s)
            start += cost_s
            answer.results.append(self._done(operation))
            answer.command_s.append(cost_s)

    def _done(self, operation: Operation) -> Result:
        if isinstance(operation, Add):
            self._newest_id += 1
            self.contacts.setdefault(str(operation.fields["ORIGIN_ID"]), []).append(self._newest_id)
            return Done(self._newest_id)
        assert isinstance(operation, FindByOrigin)
        return Done([(origin_id, contact_id) for origin_id in operation.ids for contact_id in self.contacts.get(origin_id, [])])


class Competitor:
    """Another program behind our address and with our credential, for ever as quick as it can be.

    Every two seconds it sends a request with contacts that cost one second. What is refused it tries again.
    """

    _EVERY_S = 2.0
    _COST_S = 1.0

    def __init__(self, portal: SimulatedPortal) -> None:
        self._portal = portal
        #: operating seconds of `crm.contact.add` it used
        self.used_s = 0.0
        #: requests of its that the bucket let in
        self.requests = 0

    async def work(self) -> None:
        """Goes on until it is cancelled."""
        while True:
            await asyncio.sleep(self._EVERY_S)
            now, operating = self._portal.now(), self._portal.operating[ADD]
            if not self._portal.bucket.admit(now):
                continue
            self.requests += 1
            if not operating.is_blocked(now):
                operating.add(now, self._COST_S)
                self.used_s += self._COST_S
