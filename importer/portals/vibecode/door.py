"""The door of the VibeCode API: operations out as one request, answers back in their order. See portals.portal.Portal.

Many calls travel in one POST /v1/batch, a lone one as itself. `/v1/me` and the search for duplicates are no entities and
always travel alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from importer.portals.existing import FindByCommunication, Update
from importer.portals.operations import Add, AddCompany, ListFields, ListScopes, ListUsers, Operation, Ready, WhoAmI
from importer.portals.portal import Answer, Done, Failure, Result, Unanswered, Verdict
from importer.portals.traits import Traits
from importer.portals.vibecode import failures
from importer.portals.vibecode.batches import Told, in_order, keyed
from importer.portals.vibecode.calls import CONTACTS, Call
from importer.portals.vibecode.identity import Identifying
from importer.portals.vibecode.key import VibeKey
from importer.portals.vibecode.lacks import lacks_of
from importer.portals.vibecode.names import Vocabulary
from importer.portals.vibecode.parcels import Parcel, parcels
from importer.portals.vibecode.records import count, hits, identity, portal_domain, scopes
from importer.portals.vibecode.rest import ANSWER_TIMEOUT_S, Rest, VibeAnswer
from importer.records import Lacks

# Calls in one POST /v1/batch. Source: /docs/batch.
BATCH_CAPACITY = 50

# The portal cuts a request after 60 s; VibeCode queues before it and repeats some portal errors by itself
# (ai-tools/vibecode), for how long is not documented: three such requests one after another are waited for.
_FINISHES_S = 180.0

# Values of one search for duplicates that are certain to be looked at: no greatest number is documented.
_SEARCH_VALUES = 1

# Statuses by which a lone request is refused for its record. Source: /docs/errors.
_OF_RECORD = (400, 403, 404, 422)

_CONTACT_CARD = "/crm/contact/details/{id}/"


class VibeCodeDoor:
    """One portal through one VibeCode key."""

    batch_capacity = BATCH_CAPACITY
    traits = Traits("vibecode", "key", _FINISHES_S, _SEARCH_VALUES)
    #: a key's portal is told anew with every look at it
    moved_to: str | None = None

    def __init__(self, key: VibeKey, *, is_entity_batch: bool = False, answer_timeout_s: float = ANSWER_TIMEOUT_S) -> None:
        """`is_entity_batch`: contacts are created by POST /v1/contacts/batch, whose answer is not documented."""
        self._rest = Rest(key, answer_timeout_s=answer_timeout_s)
        self._is_entity_batch = is_entity_batch
        self._who = Identifying()
        self._domain: str | None = None
        self._has_asked_who = self._has_fields = self._has_written = False

    # -- what it is -----------------------------------------------------------------------------

    @property
    def host(self) -> str:
        """Host of the portal as the key's own description tells it; before that, or without it, the key's own name."""
        return self._domain or f"{self._rest.key.host}#{self._rest.key.mark}"

    @property
    def display(self) -> str:
        """The portal, and VibeCode before it."""
        return f"{self._domain} (VibeCode)" if self._domain else f"{self._rest.key.host} (VibeCode)"

    @property
    def card_url(self) -> str:
        """The contact's card; empty where the key does not tell its portal."""
        if self._domain is None:
            return ""
        scheme = "http" if self._rest.key.is_local and self._rest.key.base.startswith("http:") else "https"
        return f"{scheme}://{self._domain}{_CONTACT_CARD}"

    @property
    def marker(self) -> str | None:
        """Custom field that carries the identity where the two own fields cannot."""
        return self._who.marker

    @marker.setter
    def marker(self, name: str | None) -> None:
        self._who.marker = name

    @property
    def unasked(self) -> Sequence[Operation]:
        """Who we are, and the contact fields."""
        return [op for op, is_asked in ((WhoAmI(), self._has_asked_who), (ListFields(), self._has_fields)) if not is_asked]

    @property
    def lacks(self) -> Lacks | None:
        """What VibeCode cannot do in this portal."""
        return lacks_of(self._who, is_known=self._has_fields)

    def keeps_origin(self, kind: type[Add] | type[AddCompany]) -> bool:
        """Contacts: where the portal's list says so, or a custom field carries it. Companies: never."""
        return kind is Add and self._who.is_kept

    def method_of(self, operation: Operation) -> str:
        """Nothing is budgeted by method here; the name serves the log."""
        return type(operation).__name__

    def methods_of(self, operation: Operation) -> tuple[str, ...]:
        """One call each."""
        return (self.method_of(operation),)

    def travels_alone(self, operation: Operation) -> bool:
        """True for what is no entity's. Users, too: their scope may be lacking, which could refuse a whole batch."""
        return isinstance(operation, (WhoAmI, ListScopes, ListUsers, FindByCommunication))

    async def close(self) -> None:
        """Closes the connections."""
        await self._rest.close()

    # -- sending --------------------------------------------------------------------------------

    def ahead(self, kind: type[Add] | type[AddCompany], many: Sequence[dict[str, object]], params: dict[str, str]) -> Sequence[Ready | None]:
        """None of them: how they are said hangs on what else leaves with them."""
        return [None] * len(many)

    async def send(self, operations: Sequence[Operation]) -> Answer:
        """One request; none at all when every operation is one that VibeCode has no way for: they are refused here."""
        if len(operations) > BATCH_CAPACITY:
            raise ValueError(f"{len(operations)} operations do not fit one batch of {BATCH_CAPACITY}")
        if len(operations) > 1 and any(map(self.travels_alone, operations)):
            raise ValueError("an operation that travels alone shares a request")
        if not self._has_fields and any(isinstance(operation, (Add, Update)) for operation in operations):
            raise RuntimeError("contacts cannot be sent before the portal's fields are known")
        if isinstance(operations[0], (WhoAmI, ListScopes, FindByCommunication)):
            return await self._beside(operations[0])
        made, refused = parcels(operations, self._who)
        answer = Answer([])
        if made:
            answer = await (self._single(made[0], operations[0]) if len(made) == 1 else self._batch(made))
        results: dict[int, Result] = dict(refused)
        for parcel, result in zip(made, answer.results, strict=True):
            self._has_written |= parcel.call.is_write and isinstance(result, Done)
            results.update(parcel.spread(self._learnt(result)))
        return replace(answer, results=[results[place] for place in range(len(operations))])

    def _learnt(self, result: Result) -> Result:
        """The same result; the portal's fields are kept, and answered by our names."""
        if not isinstance(result, Done) or not isinstance(result.value, Vocabulary):
            return result
        self._who.words, self._has_fields = result.value, True
        return Done(result.value.fields)

    async def _single(self, parcel: Parcel, operation: Operation) -> Answer:
        call = parcel.call
        answer = await self._rest.call(*call.alone())
        if answer.error is None:
            return Answer([_read(call, answer.data, (answer.meta or {}).get("total"))], answer.status, allowance=answer.allowance)
        refused = failures.of_command(*answer.error, has_written=self._has_written)
        is_of_record = answer.status in _OF_RECORD and refused.verdict is Verdict.REJECT
        # The users may be out of the key's scope; everything else goes on without them.
        if is_of_record or (isinstance(operation, ListUsers) and answer.status == 403):
            return Answer([refused], answer.status, allowance=answer.allowance)
        raise _failure(answer, call.is_write)

    async def _batch(self, made: Sequence[Parcel]) -> Answer:
        if self._is_entity_batch and all(p.call.action == "create" and p.call.entity == CONTACTS for p in made):
            answer = await self._rest.call("POST", f"{CONTACTS}/batch", {"action": "create", "items": [p.call.params for p in made]})
            told = in_order(answer.data, len(made))
        else:
            answer = await self._rest.call("POST", "batch", {"calls": [p.call.in_batch(p.key) for p in made]})
            told = keyed(answer.data, [p.key for p in made])
        # Which status an answer has some of whose calls failed is not documented; what it says of each call counts.
        if told is None or answer.status >= 500:
            raise _failure(answer, any(parcel.call.is_write for parcel in made))
        # One row may be denied by itself; when all are, the right is gone.
        has_written = any(p.call.is_write and one.is_there and one.error is None for p, one in zip(made, told, strict=True))
        results = [_told(p.call, one, has_written) for p, one in zip(made, told, strict=True)]
        return Answer(results, answer.status, allowance=answer.allowance)

    async def _beside(self, operation: WhoAmI | ListScopes | FindByCommunication) -> Answer:
        """What is no entity's: a request of its own kind."""
        if isinstance(operation, FindByCommunication):
            body = {"type": operation.kind, "values": list(operation.values), "entityType": "CONTACT"}
            answer, read = await self._rest.call("POST", "duplicates/find", body), hits
        else:
            answer, read = await self._rest.call("GET", "me"), identity if isinstance(operation, WhoAmI) else scopes
        if answer.error is not None:
            raise _failure(answer, is_write=False)
        try:
            result = Done(read(answer.data))
        except ValueError:
            return Answer([Unanswered()], answer.status, allowance=answer.allowance)
        if isinstance(operation, WhoAmI):
            self._domain, self._has_asked_who = portal_domain(answer.data), True
        return Answer([result], answer.status, allowance=answer.allowance)


def _failure(answer: VibeAnswer, is_write: bool) -> Failure:
    if answer.error is None:
        return Failure(Verdict.DOUBT, "garbled_answer", "the answer says nothing of the calls", http_status=answer.status)
    failure = failures.of_request(answer.status, *answer.error, answer.wait_s)
    # Of readings no row is to blame: whoever asked asked wrongly.
    return failure if is_write or failure.verdict is not Verdict.APART else failures.faulty(failure)


def _told(call: Call, told: Told, has_written: bool) -> Result:
    if told.error is not None:
        return failures.of_command(*told.error, has_written=has_written)
    return _read(call, told.value, told.total) if told.is_there else Unanswered()


def _read(call: Call, value: object, total: object) -> Result:
    """The answer as its call answers, else Unanswered."""
    try:
        if call.is_total:
            return Done(count(total, value))
        return Done(call.read(value))
    except ValueError:
        return Unanswered()
