"""A switch for everything that the description of VibeCode leaves open: unknown; emulator choice.

No default here is a fact. Whoever writes a client runs its tests over `alternatives()`: what passes under each of them
does not rest on a guess. Numbers in brackets are those of the reference's section 18. What is documented is no switch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from typing import Self


def _one_of(*choices: object) -> object:
    """A switch with these positions; the first is the default."""
    return field(default=choices[0], metadata={"choices": choices})


def _number(default: int, *others: int) -> object:
    """A switch that takes any whole number from 0; `others` are worth testing."""
    return field(default=default, metadata={"numbers": (default, *others)})


@dataclass(frozen=True, slots=True, kw_only=True)
class VibeSwitches:
    """How the VibeCode door behaves where nobody knows. Raises ValueError for a position that does not exist."""

    # Batches

    #: [1] answer of `POST /v1/{entity}/batch`: a list in input order of `{success, data | error}`, a list of bare
    #: values with `{error}` among them, or `results`, `errors`, `summary` keyed by position as `/v1/batch` has them
    entity_batch_answer: str = _one_of("list", "bare", "keyed")
    #: [1] items that `POST /v1/{entity}/batch` takes; more are BATCH_LIMIT_EXCEEDED
    entity_batch_limit: int = _number(500, 50)
    #: [2] a value in `data.errors` of `/v1/batch`: `{code, message}`, or a string
    batch_error: str = _one_of("object", "code", "message")
    #: [2] HTTP status of a batch whose calls all went well
    batch_status: int = _one_of(200, 201)
    #: [2] HTTP status of a batch some of whose calls failed
    failed_batch_status: int = _one_of(200, 207, 422)
    #: a write with a read-only key, or a scope that is lacking, inside a batch: that call fails, or all of it
    batch_denial: str = _one_of("call", "whole")
    #: two calls of a batch with one id: refused whole, or the later one's result is shown
    repeated_call_id: str = _one_of("reject", "last")

    # What the portal tells about itself

    #: [3] `/v1/contacts/fields`: by name under `data`, or one level deeper under `data.fields`
    fields_answer: str = _one_of("flat", "nested")
    #: [3] words for `type` in it: VibeCode's own (number, string, multifield), or the portal's (crm_status, char)
    field_types: str = _one_of("own", "native")
    #: [3] `/v1/me`: all members that were ever seen, or scopes and accessMode only
    me_answer: str = _one_of("full", "minimal")
    #: [4] key of the ids found by `/v1/duplicates/find`
    duplicate_keys: str = _one_of("CONTACT", "contacts")
    #: [4] its answer when nothing is found: no key, an empty list for each key, or `[]` instead of an object
    no_duplicates: str = _one_of("absent", "keyed", "list")
    #: [4] values looked at
    duplicate_values: int = _number(20, 5)
    #: [4] more values than that: ignored, or refused
    surplus_values: str = _one_of("ignore", "reject")
    #: [5] names of the creation and update time in answers and in the field list
    time_names: str = _one_of("createdTime", "createdAt")
    #: [5] names by which filters and orders know them: those of the answers, the other ones, or both
    filtered_time_names: str = _one_of("same", "other", "both")

    # What is sent and not understood

    #: [6] a field that does not exist: left out in silence, or INVALID_REQUEST
    unknown_field: str = _one_of("ignore", "reject")
    #: a value for a field that nobody may write
    read_only_field: str = _one_of("ignore", "reject")
    #: [6] a typeId, sourceId or list item that does not exist: as the portal does it (left empty), or INVALID_REQUEST
    unknown_code: str = _one_of("empty", "reject")
    #: [6] an assignedById that does not exist
    unknown_user: str = _one_of("keep", "reject")
    #: [6] a companyId that does not exist: as the portal does it, or INVALID_REQUEST
    unknown_company: str = _one_of("drop", "reject")
    #: a date or number that cannot be read: left out in silence, or INVALID_REQUEST
    unreadable_value: str = _one_of("drop", "reject")
    #: [6] a phone or e-mail kind outside VibeCode's list: refused, stored as OTHER, or stored as sent
    unknown_kind: str = _one_of("reject", "other", "keep")
    #: a multifield that mixes forms, or is a bare object, or an object without value: refused, or read as it is meant
    odd_multifield: str = _one_of("reject", "accept")
    #: [7] `null` for a field: empties it, leaves it alone, or INVALID_REQUEST
    null_value: str = _one_of("clear", "ignore", "reject")
    #: [7] `""` for a field
    empty_text: str = _one_of("clear", "ignore", "reject")
    #: [7] `[]` for a field
    empty_list: str = _one_of("ignore", "clear", "reject")
    #: [8] answer of PATCH: 200 with the contact, 200 with its id, 200 with true, or 204 without a body
    update_answer: str = _one_of("record", "id", "true", "nothing")
    #: [8] answer of DELETE: 204 without a body, or 200 with the id, with true, or with null
    delete_answer: str = _one_of("nothing", "id", "true", "null")
    #: an update with a phone or e-mail that is there already: one more, or none
    repeated_value: str = _one_of("add", "skip")
    #: [11] originatorId, originId and originVersion: may be written, may only be read, or do not exist
    origin_fields: str = _one_of("writable", "read_only", "absent")
    #: [11] birthdate, honorific, companyIds, photo and the utm fields, in the same way
    native_fields: str = _one_of("writable", "read_only", "absent")
    #: [11] web, im and link of contacts, in the same way
    web_fields: str = _one_of("absent", "writable", "read_only")
    #: `/v1/addresses`: there, or an unknown entity
    addresses: str = _one_of("there", "absent")

    # Lists

    #: [12] a filter by phone or email: works, is ignored (and so finds everybody), or INVALID_FILTER_FIELD
    multifield_filter: str = _one_of("works", "ignored", "reject")
    #: a filter by an unknown field: refused, or ignored
    unknown_filter: str = _one_of("reject", "ignore")
    #: `meta.total` in lists
    total: str = _one_of("there", "absent")
    #: a `limit` above 5000, below 1 or no number: brought into bounds, or INVALID_REQUEST
    odd_limit: str = _one_of("bound", "reject")
    #: numbers in records: JSON numbers, or strings
    numbers: str = _one_of("number", "string")
    #: elements of `fm`: as the portal's item methods have them, or with the upper-case names of the classic ones
    fm_elements: str = _one_of("native", "upper")

    # Keys and limits

    #: [9] code for an app key without a session
    missing_session: str = _one_of("INVALID_APP_KEY", "TOKEN_MISSING")
    #: status of KEY_INACTIVE and KEY_EXPIRED
    dead_key_status: int = _one_of(401, 403)
    #: `Authorization: Bearer <key>` for personal and management keys: not looked at, or accepted
    bearer_key: str = _one_of("ignored", "accepted")
    #: [10] X-RateLimit-Reset: seconds until nothing of the window is counted, or the Unix time of that in seconds or
    #: milliseconds
    reset_unit: str = _one_of("seconds", "epoch", "epoch_ms")
    #: [10] a refused request counts against the window, too
    refused_requests: str = _one_of("free", "counted")
    #: requests a second of the whole portal
    portal_requests_per_second: int = _number(10, 2)
    #: the portal's own rate exceeded: 429 RATE_LIMITED, or 502 BITRIX_UNAVAILABLE
    portal_rate_answer: str = _one_of("RATE_LIMITED", "BITRIX_UNAVAILABLE")
    #: requests that the portal executes at a time, further ones being QUEUE_OVERFLOW; 0 is any number
    most_at_once: int = _number(0)
    #: status of QUEUE_OVERFLOW
    overflow_status: int = _one_of(503, 429)
    #: the portal's operating time is used up: 429 RATE_LIMITED with the time to wait, or 422 BITRIX_ERROR
    operating_refusal: str = _one_of("RATE_LIMITED", "BITRIX_ERROR")
    #: identical errors in a row before `error.warning` appears, and before ERROR_LOOP_DETECTED; 0 is never
    warning_after: int = _number(5)
    loop_after: int = _number(50)
    #: status of ERROR_LOOP_DETECTED
    loop_status: int = _one_of(429, 400)

    def __post_init__(self) -> None:
        for item in fields(self):
            value, choices = getattr(self, item.name), item.metadata.get("choices")
            if choices is None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
                raise ValueError(f"VibeCode switch {item.name}: {value!r} is no whole number from 0.")
            if choices is not None and value not in choices:
                raise ValueError(f"VibeCode switch {item.name}: {value!r} is unknown. Take one of: {', '.join(map(str, choices))}.")

    def changed(self, changes: dict[str, object]) -> Self:
        """These switches with some set anew. Numbers may come as text. Raises ValueError for an unknown name or position."""
        known = [item.name for item in fields(self)]
        for name in changes:
            if name not in known:
                near = get_close_matches(name, known, n=1, cutoff=0.4)
                raise ValueError(f"VibeCode switch {name!r} is unknown." + (f" Did you mean {near[0]}?" if near else ""))
        return replace(self, **{name: self._number_or_word(name, value) for name, value in changes.items()})

    @classmethod
    def from_words(cls, words: Iterable[str]) -> Self:
        """The default switches with some set, as `NAME=POSITION` each. Raises ValueError for what is no such pair."""
        changes: dict[str, object] = {}
        for word in words:
            name, equals, position = word.partition("=")
            if not equals:
                raise ValueError(f"VibeCode switch {word!r}: NAME=POSITION is needed.")
            changes[name.strip()] = position.strip()
        return cls().changed(changes)

    def _number_or_word(self, name: str, value: object) -> object:
        is_number = isinstance(getattr(self, name), int)
        return int(value) if is_number and isinstance(value, str) and value.isdecimal() else value


def alternatives() -> Iterator[tuple[str, object]]:
    """(switch, position) for every position that is not the default; what a client's tests are run over."""
    for item in fields(VibeSwitches):
        positions = item.metadata.get("choices") or item.metadata["numbers"]
        for position in positions[1:]:
            yield item.name, position
