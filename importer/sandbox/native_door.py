"""The native REST door: `/rest/<user>/<secret>/<method>`, or `/rest/<method>` with a token in `auth`, from the HTTP request to the answer's bytes.

Who may come in, in which order things are checked (reference, section 11.1) and how bodies are read. What methods do
is in `methods`, what faults do to an answer in `fault_answers`.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from dataclasses import dataclass

from aiohttp import web

from importer.sandbox import fault_answers
from importer.sandbox.commands import Command, Latency, RequestTooLong, Run, batch_commands, lowered, run_batch
from importer.sandbox.envelope import Answer, Spent, encode, success
from importer.sandbox.fault_answers import Perform, Scene
from importer.sandbox.faults import Faults
from importer.sandbox.oauth.tokens import Tokens
from importer.sandbox.php_casts import PhpArray, from_json
from importer.sandbox.php_query import parse_pairs, parse_query
from importer.sandbox.portal import Caller, Portal
from importer.sandbox.refusals import (
    Refusal,
    no_credentials,
    no_rest_on_tariff,
    operating_time,
    overloaded,
    portal_closed,
    too_many_requests,
    wrong_credentials,
)
from importer.sandbox.request_log import RequestLog, RequestRecord

_LOG = logging.getLogger("importer.sandbox")

# The webhook's user. An outer batch costs no operating time of its own (section 4.3), its block resets in 600 s.
_USER_ID = 1
_BUDGET_S = 600.0


@dataclass(frozen=True, slots=True)
class _Call:
    """One request that was let in: its method in lower case, its parameters, and its commands (one, if no batch)."""

    method: str
    params: PhpArray
    commands: list[Command]


class NativeDoor:
    """Serves `/rest/…` of one portal."""

    def __init__(self, portal: Portal, faults: Faults, log: RequestLog, tokens: Tokens) -> None:
        self._portal = portal
        self._tokens = tokens
        self._faults = faults
        self._log = log
        #: requests that execute, also those whose client is gone
        self._running: set[asyncio.Task] = set()
        #: set by the server: stop listening for so many seconds
        self.refuse_connections = None

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The answer to one REST request, whole or spoilt as the fault rules say."""
        record = self._log.begin(self._portal.now())
        # Read before anything is refused: a client that is still sending would see a reset instead of the refusal.
        sent = await _body_params(request)
        renamed = self._portal.state.renamed_to
        if renamed is not None:
            there = {"Location": renamed.rstrip("/") + request.path_qs}
            return _finished(record, web.Response(status=302, headers=there))
        try:
            caller, call = self._admitted(request, sent)
        except Refusal as refusal:
            return _finished(record, _json(refusal.status, refusal.as_json()))
        record.method = call.method
        if call.method == "batch":
            for command in call.commands:
                name = command.method.lower()
                record.methods[name] = record.methods.get(name, 0) + 1
        response = await self._carried_out(request, record, caller, call)
        told = (record.ordinal, call.method, record.commands_run, record.status)
        _LOG.debug("request %d: %s, %d commands ran, status %d", *told)
        return response

    async def close(self) -> None:
        """Stop what still executes, as a portal that is switched off."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    # Coming in

    def _admitted(self, request: web.Request, sent: PhpArray) -> tuple[Caller, _Call]:
        state = self._portal.state
        if state.is_closed:
            raise portal_closed()
        if state.is_overloaded:
            raise overloaded()
        if self._portal.settings.is_rate_checked_first:
            self._check_rate(request)
        segments = [part for part in request.match_info["tail"].split("/") if part]
        params = lowered(parse_query(request.rel_url.raw_query_string)) | lowered(sent)
        caller = self._caller(segments[:-1], params)
        if not self._portal.settings.is_rate_checked_first:
            self._check_rate(request)
        if state.is_without_rest:
            raise no_rest_on_tariff()
        if caller.is_application:
            self._tokens.expect_usable()
        method = segments[-1].removesuffix(".json").lower()
        commands = batch_commands(params) if method == "batch" else [Command(1, "", method, params)]
        return caller, _Call(method, params, commands)

    def _check_rate(self, request: web.Request) -> None:
        if not self._portal.bucket(request.remote or "").admit(self._portal.portal_now()):
            raise too_many_requests()

    def _caller(self, credential: list[str], params: PhpArray) -> Caller:
        if len(credential) < 2:
            if credential:
                raise no_credentials()
            return self._tokens.caller(params.get("auth"))
        user, secret = credential[0], credential[1]
        is_known = user == str(_USER_ID) and hmac.compare_digest(secret.encode(), self._portal.settings.secret.encode())
        if len(credential) != 2 or not is_known or self._portal.state.is_webhook_expired:
            raise wrong_credentials()
        return Caller(_USER_ID, "webhook 1")

    # Doing it

    async def _carried_out(
        self, request: web.Request, record: RequestRecord, caller: Caller, call: _Call
    ) -> web.StreamResponse:
        run = Run(
            self._portal,
            caller,
            Latency(self._portal.settings.speed, is_real=self._portal.settings.is_latency_real),
            sabotage=lambda command: self._sabotage(record.ordinal, command),
        )
        perform = self._performance(run, record, call)
        deed = self._faults.for_request(record.ordinal, call.method, call.commands) if self._faults else None
        try:
            if deed is None:
                status, body = await perform()
                return _finished(record, _json(status, body))
            record.fault = deed.name
            scene = Scene(request, run, call.commands, perform, self.refuse_connections)
            return _finished(record, await fault_answers.spoilt(deed, scene))
        except RequestTooLong:
            # The form of this answer is not documented.
            record.fault = "request_limit"
            return _finished(record, fault_answers.gateway_page(504))

    def _performance(self, run: Run, record: RequestRecord, call: _Call) -> Perform:
        """Starts the request's commands in a task of their own, so that a client that leaves stops nothing."""

        async def perform() -> tuple[int, dict]:
            task = asyncio.create_task(self._perform(run, record, call))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            return await asyncio.shield(task)

        return perform

    async def _perform(self, run: Run, record: RequestRecord, call: _Call) -> tuple[int, dict]:
        portal, start = self._portal, self._portal.now()
        try:
            if call.method == "batch":
                result = await run_batch(run, call.params, call.commands)
                await run.latency.settle()
                spent = Spent(start, portal.now(), 0, portal.wall_time(portal.portal_now() + _BUDGET_S))
                return 200, success(Answer(result), spent, portal.settings)
            executed = await run.execute(call.commands[0], call.params)
            await run.latency.settle()
            return 200, success(executed.answer, executed.spent, portal.settings)
        except Refusal as refusal:
            return refusal.status, refusal.as_json()
        except RequestTooLong:
            await run.latency.settle()
            raise
        finally:
            record.commands_run = run.commands_run

    def _sabotage(self, ordinal: int, command: Command) -> None:
        deed = self._faults.for_command(ordinal, command) if self._faults else None
        if deed is None:
            return
        if deed.name == "operating_refusal":
            raise operating_time()
        raise Refusal(400, *deed.value)


def _finished(record: RequestRecord, response: web.StreamResponse) -> web.StreamResponse:
    record.status = 0 if isinstance(response, fault_answers.Dropped) else response.status
    return response


def _json(status: int, body: object) -> web.Response:
    return web.Response(status=status, body=encode(body), headers={"Content-Type": "application/json; charset=utf-8"})


async def _body_params(request: web.Request) -> PhpArray:
    """The body's parameters. One that cannot be read as what it claims to be has none, as in PHP."""
    kind = request.content_type
    if kind == "multipart/form-data":
        try:
            form = await request.post()
        except ValueError:
            return {}
        return parse_pairs((name, value) for name, value in form.items() if isinstance(value, str))
    body = await request.read()
    if kind == "application/json":
        return _json_params(body)
    if kind == "application/x-www-form-urlencoded":
        return parse_query(body.decode("utf-8", "replace"))
    return {}


def _json_params(body: bytes) -> PhpArray:
    try:
        decoded = json.loads(body, parse_constant=_no_constant) if body else {}
        # A lone surrogate is no text for PHP either, and it stops at 512 levels as we do a little later.
        json.dumps(decoded, ensure_ascii=False).encode()
        params = from_json(decoded)
    except (ValueError, RecursionError):
        return {}
    return params if isinstance(params, dict) else {}


def _no_constant(word: str) -> object:
    raise ValueError(f"{word} is no JSON")
