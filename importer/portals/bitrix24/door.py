"""The door of the portal's own REST API, for webhooks and applications alike: operations out as one `batch` or one single call, answers back in their order."""

from __future__ import annotations

from collections.abc import Sequence

from importer.portals.bitrix24 import failures
from importer.portals.bitrix24.authorisation import Authorisation
from importer.portals.bitrix24.batch import (
    ADDRESS_STEPS,
    BATCH_CAPACITY,
    answer_of,
    commands_of,
    costs_of,
    error_of,
    key_of,
    placed,
    read_as,
)
from importer.portals.bitrix24.contacts import FORMS, adding
from importer.portals.bitrix24.encoding import has_reference, queries
from importer.portals.bitrix24.failures import Words
from importer.portals.bitrix24.rest import ANSWER_TIMEOUT_S, Rest
from importer.portals.existing import CountOriginator, FindByCommunication, FindByField, FindCompaniesByTitle, Update
from importer.portals.list_entries import AddToDirectory, AddToListField
from importer.portals.operations import (
    Add,
    AddAddress,
    AddCompany,
    AddRequisite,
    FindByOrigin,
    FindCompanies,
    Notify,
    Operation,
    Ready,
)
from importer.portals.portal import Answer, NotRun, Verdict
from importer.portals.traits import Traits
from importer.records import Lacks


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
        return self.methods_of(operation)[0]

    def methods_of(self, operation: Operation) -> tuple[str, ...]:
        """The methods of the commands the operation takes."""
        if isinstance(operation, Ready):
            return _METHODS[operation.kind]
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

    def ahead(self, kind: type[Add] | type[AddCompany], many: Sequence[dict[str, object]], params: dict[str, str]) -> Sequence[Ready | None]:
        """Each as its command's text, but for those with a dollar sign, which are looked at when they leave."""
        # The parameters, which all have alike, are said once, and stand at the end.
        texts, [same] = queries([adding(fields, {}) for fields in many]), queries([adding({}, params)])
        start, end = f"{FORMS[kind].method}?", f"&{same}" if same else ""
        return [None if "$" in text or "$" in end else Ready(kind, f"{start}{text}{end}") for text in texts]

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
            refused = failures.of_command(*error_of(answer.body), self._words)
            # Only the portal's own 400 speaks of this one contact; every other status speaks of the request.
            if answer.status == 400 and refused.verdict is Verdict.REJECT:
                return Answer([refused], answer.status)
            raise failures.of_request(answer.status, refused.code, refused.text, self._words)
        result = read_as(form, answer.body.get("total") if form.is_total else answer.body["result"])
        if isinstance(operation, Add) and operation.address is not None:
            result = placed([result, NotRun()])
        return Answer([result], answer.status, *costs_of([(form.method, answer.body.get("time"))]))

    async def _batch(self, operations: Sequence[Operation]) -> Answer:
        commands, forms = commands_of(operations)
        if len(commands) > BATCH_CAPACITY:
            raise ValueError(f"{len(commands)} commands do not fit one batch of {BATCH_CAPACITY}")
        for number, operation in enumerate(operations):
            # Quoting leaves the sign as it is: only where it stands need the values be looked at one by one. Beside an
            # address it always stands.
            key = key_of(number)
            if isinstance(operation, Ready):
                continue
            if ("$" in commands[key] or key + ADDRESS_STEPS[0] in commands) and self.travels_alone(operation):
                raise ValueError("an operation that travels alone shares a request")
        # A reference to a command that failed is replaced by the whole map of results, which PHP then takes for the
        # number 1: somebody else's contact would get the address. So the first failure ends a batch with addresses.
        # Source: the platform's published server modules, `rest`, batch processing.
        halts = len(commands) > len(operations)
        answer = await self._rest.call("batch", {"halt": int(halts), "cmd": commands})
        if "error" in answer.body:
            raise failures.of_request(answer.status, *error_of(answer.body), self._words)
        return answer_of(answer, operations, forms, halts, self._words)


_METHODS = {kind: (form.method,) for kind, form in FORMS.items()}
_METHODS_WITH_ADDRESS = tuple(FORMS[kind].method for kind in (Add, AddRequisite, AddAddress))


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
