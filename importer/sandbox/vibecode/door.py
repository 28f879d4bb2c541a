"""VibeCode's door: `/v1/…` with a key, from the HTTP request to the answer's bytes.

Who may come in and how often, and in which order that is checked. What an address does is in `routes`, how it executes
in `plan`, what faults do to an answer in `fault_answers` and `wire`. Reference, section 19.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections import Counter
from collections.abc import Awaitable, Callable
from urllib.parse import unquote

from aiohttp import web

from importer.sandbox import fault_answers
from importer.sandbox.commands import Command, Latency, RequestTooLong, Run
from importer.sandbox.fault_answers import Scene
from importer.sandbox.faults import Faults
from importer.sandbox.portal import Portal
from importer.sandbox.refusals import operating_time
from importer.sandbox.request_log import RequestLog, RequestRecord
from importer.sandbox.vibecode.keys import VibeKey, default_keys
from importer.sandbox.vibecode.plan import Plan, Reply, carried_out
from importer.sandbox.vibecode.rates import MINUTE_S, SECOND_S, SlidingWindow
from importer.sandbox.vibecode.refusals import WAIT_S, VibeRefusal, on_order, waiting
from importer.sandbox.vibecode.repeats import Repeats
from importer.sandbox.vibecode.routes import Asked, plan_of
from importer.sandbox.vibecode.switches import VibeSwitches
from importer.sandbox.vibecode.visit import Visit
from importer.sandbox.vibecode.wire import limit_headers, refused, response, wire_of

_LOG = logging.getLogger("importer.sandbox")


class VibeDoor:
    """Serves `/v1/…` of one portal."""

    def __init__(self, portal: Portal, faults: Faults, log: RequestLog) -> None:
        self._portal = portal
        self._faults = faults
        self._log = log
        self._running: set[asyncio.Task] = set()
        self._of_key: dict[str, SlidingWindow] = {}
        self._of_portal = SlidingWindow(SECOND_S)
        self._repeats = Repeats()
        #: set by the server: stop listening for so many seconds
        self.refuse_connections: Callable[[float], Awaitable[None]] | None = None
        #: keys and sessions, which tests add to
        self.keys = default_keys(portal.settings.secret, portal.settings.clock)
        #: what nobody knows; replaced as a whole when something changes
        self.switches: VibeSwitches = portal.settings.vibecode

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The answer to one request, whole or spoilt as the fault rules say."""
        record = self._log.begin(self._portal.now(), "vibecode")
        body = await request.read()
        headers = {"X-Request-Id": f"sandbox-{record.ordinal}"}
        try:
            key = self.keys.admitted(request.headers, self._portal.now(), self.switches)
        except VibeRefusal as refusal:
            return _finished(record, refused(refusal, headers))
        try:
            self._check_rates(key, headers)
            self._check_portal()
            visit = Visit(self._portal, key, self.switches)
            plan = plan_of(visit, _asked(request, body))
            answered = await self._carried_out(request, record, visit, plan, headers)
            self._repeats.note(key.key, ())
        except VibeRefusal as refusal:
            if refusal.status < 429:
                self._repeats.note(key.key, (request.method, request.path_qs, str(hash(body)), refusal.code))
            answered = refused(self._repeats.worded(key.key, refusal, self.switches), headers)
        told = (record.ordinal, record.method, record.commands_run, answered.status)
        _LOG.debug("request %d: %s, %d commands ran, status %d", *told)
        return _finished(record, answered)

    async def close(self) -> None:
        """Stop what still executes."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    # Coming in

    def _check_rates(self, key: VibeKey, headers: dict[str, str]) -> None:
        """Raises VibeRefusal when the key or the portal has had its share; fills in the X-RateLimit headers."""
        now, limit = self._portal.portal_now(), key.requests_per_minute
        window = self._of_key.setdefault(key.key, SlidingWindow(MINUTE_S))
        is_admitted = window.admit(now, limit, counts_refused=self.switches.refused_requests == "counted")
        wait_s = window.wait_s(now, limit) / self._portal.settings.speed
        reset_s = window.empty_s(now) / self._portal.settings.speed
        left = window.left(now, limit)
        headers |= limit_headers(limit, left, reset_s, self._portal.now() + reset_s, self.switches.reset_unit)
        if not is_admitted:
            raise waiting("RATE_LIMITED", f"Limit of {limit} requests per minute exceeded", max(1, math.ceil(wait_s)))
        if not self._of_portal.admit(now, self.switches.portal_requests_per_second):
            raise self._portal_is_busy()
        if self.switches.most_at_once and len(self._running) >= self.switches.most_at_once:
            raise VibeRefusal("QUEUE_OVERFLOW", "Too many requests wait for the portal", self.switches.overflow_status)

    def _portal_is_busy(self) -> VibeRefusal:
        code = self.switches.portal_rate_answer
        if code == "RATE_LIMITED":
            return waiting(code, "QUERY_LIMIT_EXCEEDED", max(1, math.ceil(WAIT_S / self._portal.settings.speed)))
        return VibeRefusal(code, "QUERY_LIMIT_EXCEEDED")

    def _check_portal(self) -> None:
        state = self._portal.state
        if state.is_closed or state.is_overloaded:
            raise VibeRefusal("BITRIX_UNAVAILABLE", "PORTAL_DELETED" if state.is_closed else "OVERLOAD_LIMIT")
        if state.is_without_rest:
            raise VibeRefusal("B24_TARIFF_RESTRICTION", "REST API is available only on commercial plans")
        if state.is_webhook_expired:
            raise VibeRefusal("TOKEN_MISSING", "The key's access to the portal is no more")

    # Doing it

    async def _carried_out(
        self, request: web.Request, record: RequestRecord, visit: Visit, plan: Plan, headers: dict[str, str]
    ) -> web.StreamResponse:
        record.method = plan.method
        if plan.method == "batch":
            record.methods = dict(Counter(command.method for command in plan.commands))
        run = Run(
            self._portal,
            visit.caller,
            Latency(self._portal.settings.speed, is_real=self._portal.settings.is_latency_real),
            sabotage=lambda command: self._sabotage(record.ordinal, command),
        )

        async def reply() -> Reply:
            # In a task of its own, so that a client that leaves stops nothing.
            task = asyncio.create_task(self._perform(run, record, plan))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            return await asyncio.shield(task)

        async def perform() -> tuple[int, dict | None]:
            replied = await reply()
            return replied.status, replied.body

        deed = self._faults.for_request(record.ordinal, plan.method, plan.commands) if self._faults else None
        try:
            if deed is None:
                replied = await reply()
                if replied.refusal is not None:
                    raise replied.refusal
                return response(replied, headers)
            record.fault = deed.name
            scene = Scene(request, run, plan.commands, perform, self.refuse_connections, wire_of(headers))
            return await fault_answers.spoilt(deed, scene)
        except RequestTooLong:
            record.fault = "request_limit"
            raise waiting("QUEUE_TIMEOUT", "The portal took too long") from None

    async def _perform(self, run: Run, record: RequestRecord, plan: Plan) -> Reply:
        try:
            results = await carried_out(run, plan, self.switches)
            return plan.assemble(results)
        finally:
            await run.latency.settle()
            record.commands_run = run.commands_run

    def _sabotage(self, ordinal: int, command: Command) -> None:
        deed = self._faults.for_command(ordinal, command) if self._faults else None
        if deed is None:
            return
        if deed.name == "operating_refusal":
            raise operating_time()
        raise on_order(*deed.value)


def _asked(request: web.Request, body: bytes) -> Asked:
    path = request.rel_url.raw_path.removeprefix("/v1").strip("/")
    pieces = tuple(unquote(piece) for piece in path.split("/"))
    return Asked(request.method, pieces, request.rel_url.raw_query_string, body, request.host)


def _finished(record: RequestRecord, answered: web.StreamResponse) -> web.StreamResponse:
    record.status = 0 if isinstance(answered, fault_answers.Dropped) else answered.status
    return answered
