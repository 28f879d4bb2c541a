"""VibeCode's two batches: `POST /v1/batch` over any entities, and `POST /v1/{entity}/batch`. Reference, 10 and 11."""

from __future__ import annotations

from collections.abc import Callable

from importer.sandbox.php_casts import as_int
from importer.sandbox.vibecode.entities import entity_named
from importer.sandbox.vibecode.filters import of_body
from importer.sandbox.vibecode.plan import Call, Plan, Reply, Result, call_of, check_key
from importer.sandbox.vibecode.refusals import VibeRefusal
from importer.sandbox.vibecode.switches import VibeSwitches
from importer.sandbox.vibecode.visit import Ask, Entity, Visit

# Source: the page on batches.
_MOST_CALLS = 50
_LONGEST_ID = 64
_ACTIONS = ("list", "get", "create", "update", "delete", "fields", "search")
_OF_ONE = ("get", "update", "delete")


def batch_plan(visit: Visit, body: object) -> Plan:
    """The calls of `POST /v1/batch`. Raises VibeRefusal for a structural mistake, which refuses all of it."""
    listed = body.get("calls") if isinstance(body, dict) else None
    if not isinstance(listed, list) or not listed:
        raise VibeRefusal("VALIDATION_ERROR", "calls must be an array of 1 to 50 calls")
    if len(listed) > _MOST_CALLS:
        raise VibeRefusal("BATCH_LIMIT_EXCEEDED", f"A batch takes at most {_MOST_CALLS} calls, this one has {len(listed)}")
    calls = [_call(visit, position, item) for position, item in enumerate(listed)]
    ids = [call.command.key for call in calls]
    if visit.switches.repeated_call_id == "reject" and len(set(ids)) < len(ids):
        raise VibeRefusal("VALIDATION_ERROR", "calls: ids must be unique")
    return Plan("batch", calls, lambda results: _keyed(ids, results, visit.switches))


def _call(visit: Visit, position: int, item: object) -> Call:
    where = f"calls.{position}"
    if not isinstance(item, dict):
        raise VibeRefusal("VALIDATION_ERROR", f"{where}: an object is needed")
    key = item.get("id", str(position))
    if not isinstance(key, str) or len(key) > _LONGEST_ID:
        raise VibeRefusal("VALIDATION_ERROR", f"{where}.id: a string of at most {_LONGEST_ID} characters is needed")
    action = item.get("action")
    if action not in _ACTIONS:
        raise VibeRefusal("VALIDATION_ERROR", f"{where}.action: take one of {', '.join(_ACTIONS)}")
    entity = entity_named(item.get("entity"), visit.switches)
    if action not in entity.actions:
        raise VibeRefusal("VALIDATION_ERROR", f"{where}: {entity.name} has no action {action}")
    number = as_int(item.get("entityId"))
    if action in _OF_ONE and number <= 0:
        raise VibeRefusal("MISSING_ENTITY_ID", f"{where}: {action} needs entityId")
    if visit.switches.batch_denial == "whole":
        check_key(visit, entity, action)
    params = item.get("params", {})
    if not isinstance(params, dict):
        raise VibeRefusal("VALIDATION_ERROR", f"{where}.params: an object is needed")
    return call_of(visit, entity, action, _ask(visit, action, number, params), position + 1, key)


def _ask(visit: Visit, action: str, number: int, params: dict[str, object]) -> Ask:
    listed = of_body(params, visit.switches)
    return Ask(number, params, listed, listed.include)


def _keyed(keys: list[str], results: list[Result], switches: VibeSwitches) -> Reply:
    """`results`, `totals`, `errors` by id, and `summary`."""
    values: dict[str, object] = {}
    totals: dict[str, object] = {}
    errors: dict[str, object] = {}
    for key, result in zip(keys, results, strict=False):
        if isinstance(result, VibeRefusal):
            errors[key] = _error(result, switches)
            continue
        values[key] = result.data
        if result.meta and "total" in result.meta:
            totals[key] = result.meta["total"]
    summary = {"total": len(keys), "succeeded": len(values), "failed": len(errors)}
    data = {"results": values, "totals": totals, "errors": errors, "summary": summary}
    return Reply(_status(results, switches), {"success": True, "data": data})


def _error(refusal: VibeRefusal, switches: VibeSwitches) -> object:
    return {"object": refusal.as_json(), "code": refusal.code, "message": refusal.message}[switches.batch_error]


def _status(results: list[Result], switches: VibeSwitches) -> int:
    has_failed = any(isinstance(result, VibeRefusal) for result in results)
    return switches.failed_batch_status if has_failed else switches.batch_status


def entity_batch_plan(visit: Visit, entity: Entity, body: object) -> Plan:
    """The items of `POST /v1/{entity}/batch`. Raises VibeRefusal for a mistake that refuses all of it."""
    action = body.get("action") if isinstance(body, dict) else None
    if action not in _ACTIONS or action == "search" or action not in entity.actions:
        raise VibeRefusal("VALIDATION_ERROR", "action: take one of create, update, delete, list, get, fields")
    items = body.get("ids" if action in ("delete", "get") and "ids" in body else "items", [{}] if action == "fields" else None)
    if not isinstance(items, list) or not items:
        raise VibeRefusal("VALIDATION_ERROR", "items: a list is needed")
    limit = visit.switches.entity_batch_limit
    if len(items) > limit:
        raise VibeRefusal("BATCH_LIMIT_EXCEEDED", f"At most {limit} items at a time, found {len(items)}")
    if visit.switches.batch_denial == "whole":
        check_key(visit, entity, action)
    calls = [_item(visit, entity, action, (position, item)) for position, item in enumerate(items)]
    return Plan("batch", calls, _ASSEMBLIES[visit.switches.entity_batch_answer](visit.switches))


def _item(visit: Visit, entity: Entity, action: str, placed: tuple[int, object]) -> Call:
    position, item = placed
    fields = dict(item) if isinstance(item, dict) else {"id": item}
    number = as_int(fields.pop("id", 0)) if action in _OF_ONE else 0
    if action in _OF_ONE and number <= 0:
        raise VibeRefusal("MISSING_ENTITY_ID", f"items.{position}: {action} needs id")
    return call_of(visit, entity, action, _ask(visit, action, number, fields), position + 1, str(position))


def _as_list(switches: VibeSwitches) -> Callable[[list[Result]], Reply]:
    def assemble(results: list[Result]) -> Reply:
        data = [
            {"success": False, "error": _error(result, switches)}
            if isinstance(result, VibeRefusal)
            else {"success": True, "data": result.data}
            for result in results
        ]
        return Reply(_status(results, switches), {"success": True, "data": data})

    return assemble


def _as_bare_list(switches: VibeSwitches) -> Callable[[list[Result]], Reply]:
    def assemble(results: list[Result]) -> Reply:
        data = [{"error": _error(item, switches)} if isinstance(item, VibeRefusal) else item.data for item in results]
        return Reply(_status(results, switches), {"success": True, "data": data})

    return assemble


def _by_position(switches: VibeSwitches) -> Callable[[list[Result]], Reply]:
    return lambda results: _keyed([str(position) for position in range(len(results))], results, switches)


_ASSEMBLIES = {"list": _as_list, "bare": _as_bare_list, "keyed": _by_position}
