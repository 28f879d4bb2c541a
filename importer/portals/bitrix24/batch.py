"""One `batch`: operations as its commands, its answer as their results; and what its parts have in common with a single call's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from importer.portals.bitrix24 import failures
from importer.portals.bitrix24.addresses import address_add, requisite_add
from importer.portals.bitrix24.answers import Form, Params
from importer.portals.bitrix24.contacts import FORMS
from importer.portals.bitrix24.encoding import queries
from importer.portals.bitrix24.failures import Words
from importer.portals.bitrix24.rest import HttpAnswer
from importer.portals.operations import (
    AFTER_PREVIOUS,
    PAGE_ROWS,
    Add,
    AddAddress,
    AddRequisite,
    ListCompanies,
    Operation,
    ReadOriginator,
    Ready,
)
from importer.portals.portal import Answer, Done, Failure, NotRun, Placed, Result, Unanswered, Usage, Verdict

# Commands in one batch; each further one is refused. Source: apidocs.bitrix24.com, batch.
BATCH_CAPACITY = 50

#: What is added to a contact's key for the commands of its address.
ADDRESS_STEPS = ("q", "a")


@cache
def key_of(number: int) -> str:
    """The key of the operation that stands at `number` in its batch."""
    # Letters before the number: with plain numbers PHP would turn the answer's maps into lists and the errors could
    # not be told apart. Source: apidocs.bitrix24.com, batch; captured answers agree.
    return f"r{number:04d}"


def commands_of(operations: Sequence[Operation]) -> tuple[dict[str, str], dict[str, Form]]:
    """The commands of a batch by their keys, of each operation and of the address that goes with a contact; and how they are said."""
    commands: dict[str, str] = {}
    forms: dict[str, Form] = {}
    unsaid: dict[str, Params] = {}
    for number, operation in enumerate(operations):
        if isinstance(operation, Ready):
            key = key_of(number)
            commands[key], forms[key] = operation.text, FORMS[operation.kind]
            continue
        for key, form, params in _calls(number, operation):
            # Its place among the commands, which run in their order.
            commands[key], forms[key], unsaid[key] = "", form, params
    for key, text in zip(unsaid, queries(list(unsaid.values())), strict=True):
        commands[key] = f"{forms[key].method}?{text}"
    return commands, forms


def _calls(number: int, operation: Operation) -> list[tuple[str, Form, Params]]:
    """The calls of one operation of a batch, each with its key: more than one for a contact with an address."""
    key, form = key_of(number), FORMS[type(operation)]
    if isinstance(operation, (ReadOriginator, ListCompanies)) and operation.after_id == AFTER_PREVIOUS:
        # A place where a reference is wanted: the last id of the page before. Source: apidocs.bitrix24.com, batch.
        operation = replace(operation, after_id=f"$result[{key_of(number - 1)}][{PAGE_ROWS - 1}][ID]")
    calls = [(key, form, form.params(operation))]
    if isinstance(operation, Add) and operation.address is not None:
        steps = (requisite_add(f"$result[{key}]", operation.address), address_add(f"$result[{key}q]", operation.address))
        for step, kind, params in zip(ADDRESS_STEPS, (AddRequisite, AddAddress), steps, strict=True):
            calls.append((key + step, FORMS[kind], params))
    return calls


def error_of(body: dict[str, object]) -> tuple[str, str]:
    """Code and text as texts: the code may be empty or a number, the text missing."""
    code, text = body.get("error"), body.get("error_description")
    return ("" if code in (None, 0, "0") else str(code)), ("" if text is None else str(text))


def _map(value: object) -> dict[str, object] | None:
    """One of the five maps of a batch answer. An empty one arrives as a list; a filled list holds none of our keys."""
    if isinstance(value, dict):
        return value
    return {} if isinstance(value, list) or value is None else None


def answer_of(answer: HttpAnswer, operations: Sequence[Operation], told: dict[str, Form], halts: bool, words: Words) -> Answer:
    """A result for each operation, in their order. Raises Failure when nothing can be told of any."""
    inner = answer.body["result"]
    results, errors = (_map(inner.get("result")), _map(inner.get("result_error"))) if isinstance(inner, dict) else (None, None)
    if results is None or errors is None:
        raise Failure(Verdict.DOUBT, "garbled_answer", "the batch's answer has no results", http_status=answer.status)
    times, totals = _map(inner.get("result_time")) or {}, _map(inner.get("result_total")) or {}
    made: dict[str, Result] = {}
    has_failed = False
    for key, form in told.items():
        error = errors.get(key)
        if isinstance(error, dict):
            made[key] = failures.of_command(*error_of(error), words)
            has_failed = True
        elif key in results and error is None:
            made[key] = read_as(form, totals.get(key) if form.is_total else results[key])
        else:
            made[key] = NotRun() if halts and has_failed and error is None else Unanswered()
    costs = costs_of([(form.method, times.get(key)) for key, form in told.items()])
    one_each = len(made) == len(operations)
    return Answer(list(made.values()) if one_each else [_result(made, key_of(number)) for number in range(len(operations))], answer.status, *costs)


def _result(made: dict[str, Result], key: str) -> Result:
    steps = [made[key + step] for step in ("", *ADDRESS_STEPS) if key + step in made]
    return placed(steps) if len(steps) > 1 else steps[0]


def placed(steps: list[Result]) -> Result:
    """The result of a contact and the steps of its address; the contact's own as long as it is not there."""
    contact, *address = steps
    if not isinstance(contact, Done):
        return contact
    return Done(Placed(contact.value, next((step for step in address if not isinstance(step, Done)), Done(True))))


def read_as(form: Form, value: object) -> Result:
    """The answer as its method answers, else Unanswered. "Key present" is success, whatever the value's truth."""
    try:
        return Done(form.read(value))
    except ValueError:
        return Unanswered()


def _number(value: object) -> float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    return max(0.0, float(value)) if is_number else None


def costs_of(times: list[tuple[str, object]]) -> tuple[list[float], list[str], dict[str, Usage]]:
    """Seconds of each command and its method, and each method's budget after its last one.

    `operating_reset_at` is a moment on the portal's clock, so it is taken relative to the portal's own
    `finish`: the two clocks need not agree. Source: apidocs.bitrix24.com, "Limits".
    """
    seconds: list[float] = []
    methods: list[str] = []
    usage: dict[str, Usage] = {}
    for method, time in reversed(times):
        if not isinstance(time, dict):
            continue
        if (duration := _number(time.get("duration"))) is not None:
            seconds.append(duration)
            methods.append(method)
        if method not in usage and (latest := _usage(time)) is not None:
            usage[method] = latest
    return seconds[::-1], methods[::-1], usage


def _usage(time: dict[str, object]) -> Usage | None:
    operating, finish, reset_at = (_number(time.get(name)) for name in ("operating", "finish", "operating_reset_at"))
    if operating is None or finish is None or reset_at is None:
        return None
    return Usage(operating, max(0.0, reset_at - finish), finish)
