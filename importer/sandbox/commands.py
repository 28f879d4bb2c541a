"""Running commands: one method call with its checks and cost, and `batch`, a row of them.

Each command is checked (method, scope, operating time), takes its time, commits, and is counted, in that order, so
that what ran before a cut-off stays. Reference, sections 4.3, 5 and 11.1.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from importer.sandbox.envelope import Answer, Spent, php_map, time_block
from importer.sandbox.methods import METHODS, is_granted
from importer.sandbox.php_casts import PhpArray, as_text, is_true
from importer.sandbox.php_query import parse_query, split_command
from importer.sandbox.portal import Caller, Portal
from importer.sandbox.references import substitute
from importer.sandbox.refusals import (
    Refusal,
    batch_too_long,
    insufficient_scope,
    not_in_batch,
    operating_time,
    unknown_method,
)

# Source: apidocs.bitrix24.com, batch.
MAX_COMMANDS = 50

# A shorter sleep costs more than it lasts, so latency is owed and slept off in pieces of this size.
_SHORTEST_SLEEP_S = 0.002


class RequestTooLong(Exception):
    """The request was cut off: its commands take longer than one request may. Those that ran stay."""


class Latency:
    """Real time that commands take: owed as they run, slept off together when it is worth a timer."""

    def __init__(self, speed: float, *, is_real: bool) -> None:
        self._speed = speed
        self._is_real = is_real
        self._due = time.monotonic()
        #: seconds of the portal's time so far
        self.spent_s = 0.0

    async def spend(self, seconds: float) -> None:
        """Owe `seconds` of the portal's time, and let other requests in."""
        self.spent_s += seconds
        if self._is_real:
            self._due += seconds / self._speed
        ahead_s = self._due - time.monotonic()
        await asyncio.sleep(ahead_s if ahead_s > _SHORTEST_SLEEP_S else 0)

    async def settle(self) -> None:
        """Sleep off what is still owed."""
        await asyncio.sleep(max(0.0, self._due - time.monotonic()))


@dataclass(slots=True)
class Executed:
    """One command that ran and succeeded."""

    answer: Answer
    spent: Spent


@dataclass(frozen=True, slots=True)
class Command:
    """One call as it arrived: position within its request from 1, key in the batch, method, and parameters."""

    position: int
    key: int | str
    method: str
    #: parameters before substitution, top-level names in lower case
    params: PhpArray
    #: False when no value can hold a `$result[…]`, which spares the search
    may_refer: bool = True

    @property
    def origin_id(self) -> str | None:
        """ORIGIN_ID among its fields, for fault rules that name a row."""
        fields = self.params.get("fields")
        origin = fields.get("ORIGIN_ID") if isinstance(fields, dict) else None
        return as_text(origin) if origin is not None else None


@dataclass(slots=True)
class Run:
    """What one request does to the portal while it executes."""

    portal: Portal
    caller: Caller
    latency: Latency
    #: may raise Refusal for a command that is to fail instead of running
    sabotage: Callable[[Command], None] = lambda command: None
    #: how many commands ran (and are committed), refused ones not counted
    commands_run: int = 0
    #: only commands up to this position run; None runs all
    limit: int | None = None
    #: awaited before each command: where a fault drops the client or slows the portal down
    before: Callable[[Command], Awaitable[None]] | None = None

    async def execute(self, command: Command, params: PhpArray) -> Executed:
        """Run one command. Raises Refusal for whatever the portal objects to, RequestTooLong when the time is up."""
        portal, name = self.portal, command.method.lower()
        method = METHODS.get(name)
        if method is None:
            raise unknown_method()
        if not is_granted(portal, method.scope):
            raise insufficient_scope(portal.settings.scope_status, self.caller.is_application)
        return await self.carry_out(command, lambda: method.run(portal, self.caller, params))

    async def carry_out(self, command: Command, act: Callable[[], Answer], pages: int = 1) -> Executed:
        """Run `act` as `command` with all that a command costs, `pages` times over. Raises as `execute` does."""
        portal, name = self.portal, command.method.lower()
        operating = portal.operating(self.caller, name)
        began, start = portal.portal_now(), portal.now()
        if operating.is_blocked(began):
            raise operating_time()
        self.sabotage(command)
        cost_s = portal.cost_s(name) * pages
        if self.before is not None:
            await self.before(command)
        left_s = portal.settings.request_limit_s - self.latency.spent_s
        if cost_s > left_s:
            await self.latency.spend(left_s)
            raise RequestTooLong
        await self.latency.spend(cost_s)
        try:
            answer = act()
        finally:
            self.commands_run += 1
            operating.add(began, cost_s)
        reset_at = portal.wall_time(operating.reset_at(began))
        return Executed(answer, Spent(start, portal.now(), operating.total(began), reset_at))


def batch_commands(params: PhpArray) -> list[Command]:
    """The commands of a batch's `cmd` in order; what is no string has an empty method."""
    listed = params.get("cmd")
    commands = []
    for position, (key, text) in enumerate(listed.items() if isinstance(listed, dict) else (), 1):
        method, query = split_command(text) if isinstance(text, str) else ("", "")
        may_refer = "$" in query or "%24" in query
        commands.append(Command(position, key, method, lowered(parse_query(query)), may_refer))
    return commands


def lowered(params: PhpArray) -> PhpArray:
    """Parameters with their top-level names in lower case, as the portal looks them up."""
    return {key.lower() if isinstance(key, str) else key: value for key, value in params.items()}


async def run_batch(run: Run, params: PhpArray, commands: list[Command]) -> dict[str, object]:
    """The `result` of a batch: five maps.

    Raises Refusal only when a setting refuses surplus commands whole, RequestTooLong as `Run.execute` does.
    """
    settings = run.portal.settings
    if len(commands) > MAX_COMMANDS and settings.surplus_commands == "refuse":
        raise batch_too_long()
    halts = is_true(params.get("halt"))
    answers: dict[str, dict] = {name: {} for name in ("result", "error", "total", "next", "time")}
    for command in commands:
        if run.limit is not None and command.position > run.limit:
            break
        try:
            await _run_one(run, command, answers)
        except Refusal as refusal:
            answers["error"][command.key] = refusal.as_json()
            if halts:
                break
    return {
        "result": php_map(answers["result"]),
        "result_error": php_map(answers["error"]),
        "result_total": php_map(answers["total"]),
        "result_next": php_map(answers["next"]),
        "result_time": php_map(answers["time"]),
    }


async def _run_one(run: Run, command: Command, answers: dict[str, dict]) -> None:
    if command.position > MAX_COMMANDS:
        raise batch_too_long()
    if command.method.lower() == "batch":
        raise not_in_batch()
    params = substitute(command.params, answers, run.portal.settings.unresolved_reference) if command.may_refer else command.params
    executed = await run.execute(command, params)
    answers["result"][command.key] = executed.answer.result
    if executed.answer.total is not None:
        answers["total"][command.key] = executed.answer.total
    if executed.answer.next is not None:
        answers["next"][command.key] = executed.answer.next
    answers["time"][command.key] = time_block(executed.spent, run.portal.settings)
