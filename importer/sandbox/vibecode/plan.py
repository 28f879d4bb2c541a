"""What one request will do, decided before any of it runs: its calls one by one, and how their outcomes become the answer.

A plan is made of the same commands as a request of the native door, so that limits, fault rules and the request log
treat both alike: a fault on `crm.contact.add` or on a row strikes here, too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from importer.sandbox.commands import Command, Run
from importer.sandbox.envelope import Answer
from importer.sandbox.refusals import Refusal
from importer.sandbox.vibecode.keys import READ_ONLY
from importer.sandbox.vibecode.refusals import VibeRefusal, of_portal
from importer.sandbox.vibecode.switches import VibeSwitches
from importer.sandbox.vibecode.visit import WRITES, Ask, Entity, Outcome, Visit

# Rows that the server reads from the portal at a time. Source: the page on listing contacts.
_PAGE = 50
_STORED = {"contacts": "contact", "companies": "company"}


@dataclass(frozen=True, slots=True)
class Call:
    """One action of a request."""

    command: Command
    act: Callable[[], Outcome]
    #: portal pages that it costs
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Reply:
    """Status and body; no body at all where `body` is None."""

    status: int
    body: dict[str, object] | None
    #: what the whole answer tells, where it is an error
    refusal: VibeRefusal | None = None


#: of a call: its outcome, or why there is none
Result = Outcome | VibeRefusal


@dataclass(frozen=True, slots=True)
class Plan:
    """The calls of one request and what is made of their results, which may be fewer when a fault cuts them off."""

    #: as fault rules and the log name the request: `batch`, or the method of its only call
    method: str
    calls: list[Call]
    assemble: Callable[[list[Result]], Reply]

    @property
    def commands(self) -> list[Command]:
        """The calls as the fault rules see them."""
        return [call.command for call in self.calls]


def call_of(visit: Visit, entity: Entity, action: str, ask: Ask, position: int = 1, key: str = "") -> Call:
    """A call of one entity. Whether the key may do it is found out when it runs, unless `check_key` is asked first."""

    def act() -> Outcome:
        check_key(visit, entity, action)
        return entity.actions[action](visit, ask)

    origin = ask.body.get("originId") if isinstance(ask.body, dict) else None
    params = {"fields": {"ORIGIN_ID": origin}} if origin is not None else {}
    return Call(Command(position, key, entity.method(action), params), act, _pages(visit, entity, action, ask))


def check_key(visit: Visit, entity: Entity, action: str) -> None:
    """Raises VibeRefusal when the key may not do this."""
    if action in WRITES and visit.key.access_mode == READ_ONLY:
        raise VibeRefusal("WRITE_BLOCKED_READONLY_KEY", "The key is read-only", more={"details": {"accessMode": READ_ONLY}})
    if action in WRITES and visit.key.is_policy_read_only:
        raise VibeRefusal("KEY_POLICY_READONLY_REQUIRED", "The portal's policy allows read-only keys only")
    if entity.scope in visit.key.late_scopes:
        raise VibeRefusal("BITRIX_ACCESS_DENIED", "The request requires higher privileges than provided by the access token")
    if entity.scope not in visit.key.scopes:
        details = {"details": {"requiredScope": entity.scope}}
        raise VibeRefusal("SCOPE_DENIED", f"The key lacks the scope '{entity.scope}'", more=details)


def single(call: Call) -> Plan:
    """A request of one call: its outcome is the answer, its refusal too."""

    def assemble(results: list[Result]) -> Reply:
        result = results[0]
        if isinstance(result, VibeRefusal):
            return Reply(result.status, result.envelope(), result)
        if result.status == 204:
            return Reply(204, None)
        body: dict[str, object] = {"success": True, "data": result.data}
        return Reply(result.status, body if result.meta is None else body | {"meta": result.meta})

    return Plan(call.command.method, [call], assemble)


async def carried_out(run: Run, plan: Plan, switches: VibeSwitches) -> list[Result]:
    """The results of the calls in order, as far as the run's limit. Raises RequestTooLong when the time is up."""
    return [await _result(run, call, switches) for call in _within(run, plan.calls)]


def _within(run: Run, calls: list[Call]) -> Iterator[Call]:
    for call in calls:
        if run.limit is not None and call.command.position > run.limit:
            return
        yield call


async def _result(run: Run, call: Call, switches: VibeSwitches) -> Result:
    try:
        executed = await run.carry_out(call.command, lambda: Answer(call.act()), call.pages)
    except VibeRefusal as refusal:
        return refusal
    except Refusal as refusal:
        return of_portal(refusal, switches)
    return executed.answer.result


def _pages(visit: Visit, entity: Entity, action: str, ask: Ask) -> int:
    if action not in ("list", "search") or ask.listed.limit <= _PAGE or entity.name not in _STORED:
        return 1
    rows = min(ask.listed.limit, visit.portal.store.count(_STORED[entity.name]))
    return max(1, math.ceil(rows / _PAGE))
