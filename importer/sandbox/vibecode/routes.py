"""From verb, path and body to a plan: what each address under `/v1/` does. Whether the key may is checked by the plan."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from importer.sandbox.commands import Command
from importer.sandbox.vibecode import duplicates, self_description
from importer.sandbox.vibecode.batches import batch_plan, entity_batch_plan
from importer.sandbox.vibecode.entities import ENTITIES, entity_named
from importer.sandbox.vibecode.filters import of_body, of_query
from importer.sandbox.vibecode.plan import Call, Plan, call_of, check_key, single
from importer.sandbox.vibecode.refusals import VibeRefusal, wrong_request
from importer.sandbox.vibecode.visit import Ask, Entity, Outcome, Visit

_ID_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Asked:
    """One HTTP request, read: verb, path below `/v1/` in pieces, raw query, body, and the portal's own address."""

    verb: str
    path: tuple[str, ...]
    query: str
    body: bytes
    host: str


def plan_of(visit: Visit, asked: Asked) -> Plan:
    """What the request will do. Raises VibeRefusal where there is nothing to do, or the key reaches no records."""
    head, rest = asked.path[0], asked.path[1:]
    if (asked.verb, asked.path) == ("GET", ("me",)):
        return _lone("app.info", lambda: self_description.me(visit, asked.host))
    if visit.key.is_management:
        raise VibeRefusal("MANAGEMENT_KEY_NO_ENTITY_ACCESS", "Management keys have no access to entities")
    if not visit.key.has_portal_tokens:
        raise VibeRefusal("TOKEN_MISSING", "The key has no portal tokens configured")
    if (asked.verb, asked.path) == ("POST", ("batch",)):
        return batch_plan(visit, _decoded(asked))
    if (asked.verb, asked.path) == ("POST", ("duplicates", "find")):
        check_key(visit, ENTITIES["contacts"], "list")
        return _lone("crm.duplicate.findbycomm", partial(duplicates.find, visit, _decoded(asked)))
    if head == "userfields":
        return _user_fields(visit, asked, rest)
    if head in ("duplicates", "batch", "me") or len(rest) > 1:
        raise _no_route(asked)
    return _entity_plan(visit, asked, entity_named(head, visit.switches))


def _entity_plan(visit: Visit, asked: Asked, entity: Entity) -> Plan:
    last = asked.path[1] if len(asked.path) > 1 else ""
    if (asked.verb, last) == ("POST", "batch"):
        return entity_batch_plan(visit, entity, _decoded(asked))
    action = _action(asked.verb, last)
    if action is None or action not in entity.actions:
        raise _no_route(asked)
    check_key(visit, entity, action)
    return single(call_of(visit, entity, action, _ask(visit, asked, action, last)))


def _action(verb: str, last: str) -> str | None:
    named = {("GET", ""): "list", ("POST", ""): "create", ("POST", "search"): "search", ("GET", "fields"): "fields",
             ("POST", "aggregate"): "aggregate"}  # fmt: skip
    if (verb, last) in named:
        return named[verb, last]
    return {"GET": "get", "PATCH": "update", "DELETE": "delete"}.get(verb) if last else None


def _ask(visit: Visit, asked: Asked, action: str, last: str) -> Ask:
    number = _number(last) if action in ("get", "update", "delete") else 0
    if action in ("create", "update", "aggregate"):
        return Ask(number, _decoded(asked))
    if action == "search":
        return Ask(listed=of_body(_object(_decoded(asked)), visit.switches))
    listed = of_query(asked.query, visit.switches)
    return Ask(number, listed=listed, include=listed.include)


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > _ID_DIGITS:
        raise wrong_request(f"The id must be a number, found {text[:40]}")
    return int(text)


def _user_fields(visit: Visit, asked: Asked, rest: tuple[str, ...]) -> Plan:
    if rest[:1] != ("contacts",) or len(rest) > 2:
        raise _no_route(asked)
    acts: dict[tuple[str, str], tuple[str, Callable[[], Outcome]]] = {
        ("GET", ""): ("list", partial(self_description.user_fields, visit)),
        ("GET", "types"): ("types", partial(self_description.user_field_types, visit)),
        ("POST", ""): ("add", lambda: self_description.create_user_field(visit, _decoded(asked))),
    }
    last = rest[1] if len(rest) > 1 else ""
    if (asked.verb, last) in acts:
        verb, act = acts[asked.verb, last]
    elif asked.verb == "GET":
        verb, act = "get", partial(self_description.user_field, visit, _number(last))
    else:
        raise _no_route(asked)
    for scope in ("crm", "userfieldconfig"):
        check_key(visit, Entity("userfields", scope, "", {}), "create" if verb == "add" else verb)
    return _lone(f"crm.contact.userfield.{verb}", act)


def _lone(method: str, act: Callable[[], Outcome]) -> Plan:
    return single(Call(Command(1, "", method, {}), act))


def _decoded(asked: Asked) -> object:
    try:
        decoded = json.loads(asked.body, parse_constant=_no_constant)
        # A lone surrogate is no text, and what nests too deep to be written again is no request.
        json.dumps(decoded, ensure_ascii=False).encode()
        return decoded
    except (ValueError, RecursionError):
        raise VibeRefusal("VALIDATION_ERROR", "The body is no JSON") from None


def _no_constant(word: str) -> object:
    raise ValueError(f"{word} is no JSON")


def _object(decoded: object) -> dict[str, object]:
    if not isinstance(decoded, dict):
        raise VibeRefusal("VALIDATION_ERROR", "An object is needed")
    return decoded


def _no_route(asked: Asked) -> VibeRefusal:
    return VibeRefusal("NOT_FOUND", f"No such route: {asked.verb} /v1/{'/'.join(asked.path)}"[:200])
