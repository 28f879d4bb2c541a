"""The door of the portal's own REST API, for webhooks and applications alike: operations out as one `batch` or one single call, answers back in their order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from importer.portals.bitrix24 import failures
from importer.portals.bitrix24.addresses import address_add, requisite_add
from importer.portals.bitrix24.authorisation import Authorisation
from importer.portals.bitrix24.contacts import FORMS, Form, Params
from importer.portals.bitrix24.encoding import has_reference, queries
from importer.portals.bitrix24.failures import Words
from importer.portals.bitrix24.rest import ANSWER_TIMEOUT_S, HttpAnswer, Rest
from importer.portals.existing import CountOriginator, FindByCommunication, FindByField, FindCompaniesByTitle, Update
from importer.portals.list_entries import AddToDirectory, AddToListField
from importer.portals.operations import (
    AFTER_PREVIOUS,
    PAGE_ROWS,
    Add,
    AddAddress,
    AddCompany,
    AddRequisite,
    FindByOrigin,
    FindCompanies,
    ListCompanies,
    Notify,
    Operation,
    ReadOriginator,
)
from importer.portals.portal import Answer, Done, Failure, NotRun, Placed, Result, Unanswered, Usage, Verdict
from importer.portals.traits import Traits
from importer.records import Lacks

# Commands in one batch; each further one is refused. Source: apidocs.bitrix24.com, batch.
BATCH_CAPACITY = 50


class Bitrix24Door:
    """One portal through one webhook or application. See portals.portal.Portal for what each member promises."""

    batch_capacity = BATCH_CAPACITY
    traits = Traits()
    unasked: Sequence[Operation] = ()
    #: nothing is missing: this door is the portal's own
    lacks: Lacks | None = None
    marker: str | None = None

    def __init__(self, authorisation: Authorisation, *, answer_timeout_s: float = ANSWER_TIMEOUT_S) -> None:
        self._rest = Rest(authorisation, answer_timeout_s=answer_timeout_s)

    @property
    def host(self) -> str:
        """Host of the portal, as it is now."""
        return self._rest.authorisation.host

    @property
    def display(self) -> str:
        """Address without the secret."""
        return self._rest.authorisation.display

    @property
    def moved_to(self) -> str | None:
        """The portal's new base address, once it told us that it was renamed."""
        return self._rest.moved_to

    @property
    def card_url(self) -> str:
        """The contact's card, with `{id}` in it."""
        return f"{self._rest.authorisation.base}/crm/contact/details/{{id}}/"

    @property
    def _words(self) -> Words:
        return self._rest.authorisation.words

    def method_of(self, operation: Operation) -> str:
        """The method whose operating budget the operation uses."""
        return FORMS[type(operation)].method

    def methods_of(self, operation: Operation) -> tuple[str, ...]:
        """The methods of the commands the operation takes."""
        if isinstance(operation, Add) and operation.address is not None:
            return _METHODS_WITH_ADDRESS
        return _METHODS[type(operation)]

    def travels_alone(self, operation: Operation) -> bool:
        """True where a value is what `batch` would take for a reference to another command's answer.

        In a search as in a contact: a replaced ORIGIN_ID finds nothing, and the row would be sent twice.
        """
        return any(map(has_reference, _values(operation)))

    def keeps_origin(self, kind: type[Add] | type[AddCompany]) -> bool:
        """Always."""
        return True

    async def close(self) -> None:
        """Closes the connections."""
        await self._rest.close()

    async def send(self, operations: Sequence[Operation]) -> Answer:
        """One request: a `batch`, or the method itself for a lone operation that must travel alone.

        The address of a contact that travels alone is not sent: it needs a reference, which only a batch knows.
        """
        if len(operations) == 1 and self.travels_alone(operations[0]):
            return await self._single(operations[0])
        return await self._batch(operations)

    async def _single(self, operation: Operation) -> Answer:
        form = FORMS[type(operation)]
        answer = await self._rest.call(form.method, form.params(operation))
        if "error" in answer.body:
            refused = failures.of_command(*_error(answer.body), self._words)
            # Only the portal's own 400 speaks of this one contact; every other status speaks of the request.
            if answer.status == 400 and refused.verdict is Verdict.REJECT:
                return Answer([refused], answer.status)
            raise failures.of_request(answer.status, refused.code, refused.text, self._words)
        result = _read(form, answer.body.get("total") if form.is_total else answer.body["result"])
        if isinstance(operation, Add) and operation.address is not None:
            result = _placed([result, NotRun()])
        return Answer([result], answer.status, *_costs([(form.method, answer.body.get("time"))]))

    async def _batch(self, operations: Sequence[Operation]) -> Answer:
        calls = _calls(operations)
        if len(calls) > BATCH_CAPACITY:
            raise ValueError(f"{len(calls)} commands do not fit one batch of {BATCH_CAPACITY}")
        texts = queries([params for _, params in calls.values()])
        commands = {key: f"{form.method}?{text}" for (key, (form, _)), text in zip(calls.items(), texts, strict=True)}
        for number, operation in enumerate(operations):
            # Quoting leaves the sign as it is: only where it stands need the values be looked at one by one. Beside an
            # address it always stands.
            key = _key(number)
            if ("$" in commands[key] or key + _ADDRESS_STEPS[0] in commands) and self.travels_alone(operation):
                raise ValueError("an operation that travels alone shares a request")
        # A reference to a command that failed is replaced by the whole map of results, which PHP then takes for the
        # number 1: somebody else's contact would get the address. So the first failure ends a batch with addresses.
        # Source: the platform's published server modules, `rest`, batch processing.
        halts = len(commands) > len(operations)
        answer = await self._rest.call("batch", {"halt": int(halts), "cmd": commands})
        if "error" in answer.body:
            raise failures.of_request(answer.status, *_error(answer.body), self._words)
        return _answers(answer, operations, {key: form for key, (form, _) in calls.items()}, halts, self._words)


# What is added to a contact's key for the commands of its address, and their methods.
_ADDRESS_STEPS = ("q", "a")
_METHODS = {kind: (form.method,) for kind, form in FORMS.items()}
_METHODS_WITH_ADDRESS = tuple(FORMS[kind].method for kind in (Add, AddRequisite, AddAddress))


@cache
def _key(number: int) -> str:
    # Letters before the number: with plain numbers PHP would turn the answer's maps into lists and the errors could
    # not be told apart. Source: apidocs.bitrix24.com, batch; captured answers agree.
    return f"r{number:04d}"


def _calls(operations: Sequence[Operation]) -> dict[str, tuple[Form, Params]]:
    """The commands of a batch by their keys: of each operation, and of the address that goes with a contact."""
    calls: dict[str, tuple[Form, Params]] = {}
    for number, operation in enumerate(operations):
        key, form = _key(number), FORMS[type(operation)]
        if isinstance(operation, (ReadOriginator, ListCompanies)) and operation.after_id == AFTER_PREVIOUS:
            # A place where a reference is wanted: the last id of the page before. Source: apidocs, batch.
            operation = replace(operation, after_id=f"$result[{_key(number - 1)}][{PAGE_ROWS - 1}][ID]")
        calls[key] = (form, form.params(operation))
        if isinstance(operation, Add) and operation.address is not None:
            steps = (requisite_add(f"$result[{key}]", operation.address), address_add(f"$result[{key}q]", operation.address))
            for step, kind, params in zip(_ADDRESS_STEPS, (AddRequisite, AddAddress), steps, strict=True):
                calls[key + step] = (FORMS[kind], params)
    return calls


def _values(operation: Operation) -> tuple[object, ...]:
    """What comes from the person's file and mapping."""
    match operation:
        case Add(address=None) | AddCompany():
            return (operation.fields, operation.params)
        case Add(address=address):
            return (operation.fields, operation.params, address.fields, address.name)
        case AddRequisite() | AddAddress():
            return (operation.address.fields, operation.address.name)
        case AddToDirectory(entry=entry):
            return (entry.text,)
        case AddToListField(entries=entries):
            return tuple(entry.text for entry in entries)
        case Notify():
            return (operation.text,)
        case FindByOrigin() | FindCompanies():
            return (operation.originator, operation.ids)
        case Update():
            return (operation.fields, operation.params)
        case FindByCommunication():
            return operation.values
        case FindCompaniesByTitle():
            return operation.titles
        case FindByField():
            return (operation.value,)
        case CountOriginator():
            return (operation.originator,)
        case _:
            return ()


def _error(body: dict[str, object]) -> tuple[str, str]:
    """Code and text as texts: the code may be empty or a number, the text missing."""
    code, text = body.get("error"), body.get("error_description")
    return ("" if code in (None, 0, "0") else str(code)), ("" if text is None else str(text))


def _map(value: object) -> dict[str, object] | None:
    """One of the five maps of a batch answer. An empty one arrives as a list; a filled list holds none of our keys."""
    if isinstance(value, dict):
        return value
    return {} if isinstance(value, list) or value is None else None


def _answers(answer: HttpAnswer, operations: Sequence[Operation], told: dict[str, Form], halts: bool, words: Words) -> Answer:
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
            made[key] = failures.of_command(*_error(error), words)
            has_failed = True
        elif key in results and error is None:
            made[key] = _read(form, totals.get(key) if form.is_total else results[key])
        else:
            made[key] = NotRun() if halts and has_failed and error is None else Unanswered()
    costs = _costs([(form.method, times.get(key)) for key, form in told.items()])
    return Answer([_result(made, _key(number)) for number in range(len(operations))], answer.status, *costs)


def _result(made: dict[str, Result], key: str) -> Result:
    steps = [made[key + step] for step in ("", *_ADDRESS_STEPS) if key + step in made]
    return _placed(steps) if len(steps) > 1 else steps[0]


def _placed(steps: list[Result]) -> Result:
    """The result of a contact and the steps of its address; the contact's own as long as it is not there."""
    contact, *address = steps
    if not isinstance(contact, Done):
        return contact
    return Done(Placed(contact.value, next((step for step in address if not isinstance(step, Done)), Done(True))))


def _read(form: Form, value: object) -> Result:
    """The answer as its method answers, else Unanswered. "Key present" is success, whatever the value's truth."""
    try:
        return Done(form.read(value))
    except ValueError:
        return Unanswered()


def _number(value: object) -> float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    return max(0.0, float(value)) if is_number else None


def _costs(times: list[tuple[str, object]]) -> tuple[list[float], list[str], dict[str, Usage]]:
    """Seconds of each command and its method, and each method's budget after its last one.

    `operating_reset_at` is a moment on the portal's clock, so it is taken relative to the portal's own
    `finish`: the two clocks need not agree. Source: apidocs.bitrix24.com, "Limits".
    """
    told = [(method, time) for method, time in times if isinstance(time, dict)]
    durations = [(method, _number(time.get("duration"))) for method, time in told]
    usage: dict[str, Usage] = {}
    for method, time in reversed(told):
        if method not in usage and (latest := _usage(time)) is not None:
            usage[method] = latest
    timed = [(method, seconds) for method, seconds in durations if seconds is not None]
    return [seconds for _, seconds in timed], [method for method, _ in timed], usage


def _usage(time: dict[str, object]) -> Usage | None:
    operating, finish, reset_at = (_number(time.get(name)) for name in ("operating", "finish", "operating_reset_at"))
    if operating is None or finish is None or reset_at is None:
        return None
    return Usage(operating, max(0.0, reset_at - finish), finish)
