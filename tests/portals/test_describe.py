"""What a portal says of itself: pages to their end, and what cannot be read is either necessary or noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from importer.portals.bitrix24.door import Bitrix24Door
from importer.portals.bitrix24.webhook import Webhook
from importer.portals.describe import describe
from importer.portals.operations import PAGE_ROWS, ListFields, ListScopes, ListStatuses, ListUsers, Operation, WhoAmI
from importer.portals.portal import Answer, Done, Failure, Identity, Refused, Unanswered, Verdict
from importer.records import ListItem, PortalField, PortalUser
from importer.sandbox.server import Sandbox
from importer.sandbox.settings import SandboxSettings

_NO = Refused(Verdict.REJECT, "", "No.")
_NO_SCOPE = Refused(Verdict.STOP, "insufficient_scope", "The request requires higher privileges", "Tick it.")


@dataclass
class Answering:
    """A portal of so many users and statuses; `instead` answers an operation's kind otherwise."""

    users: int = 1
    statuses: int = 2
    #: False: a method asked past its end, or for a page, brings its last page or everything once more
    pages: bool = True
    is_admin: bool = True
    fields: dict[str, PortalField] = field(default_factory=lambda: {"NAME": PortalField("NAME", "string")})
    instead: dict[type, object] = field(default_factory=dict)
    requests: list[list[Operation]] = field(default_factory=list)

    async def send(self, operations: Sequence[Operation]) -> Answer:
        """One result for each operation."""
        self.requests.append(list(operations))
        assert len(operations) <= 50
        assert len(self.requests) < 100, "it asks for ever"
        return Answer([self.instead.get(type(operation)) or Done(self._value(operation)) for operation in operations])

    def _value(self, operation: Operation) -> object:
        match operation:
            case WhoAmI():
                return Identity("1", "Ada Kern", self.is_admin)
            case ListScopes():
                return ["crm", "user"]
            case ListFields():
                return self.fields
            case ListStatuses(directory=directory, start=start):
                every = [ListItem(f"{directory}{n}", f"Status {n}") for n in range(self.statuses)]
                return every[start : start + PAGE_ROWS] if self.pages else every
            case ListUsers(start=start):
                every = [PortalUser(str(n), f"User {n}", email=f"u{n}@example.com") for n in range(self.users)]
                page = every[start : start + PAGE_ROWS]
                return page if page or self.pages else every[(len(every) - 1) // PAGE_ROWS * PAGE_ROWS :]


async def test_everything_is_asked_in_one_request() -> None:
    portal = Answering()
    description = await describe(portal.send)
    assert len(portal.requests) == 1
    assert description.identity == Identity("1", "Ada Kern", True)
    assert description.scopes == ("crm", "user")
    assert description.notes == []
    assert set(description.catalogue.statuses) == {"CONTACT_TYPE", "SOURCE", "HONORIFIC"}
    assert description.catalogue.is_live


@pytest.mark.parametrize("pages", [True, False], ids=["a method that pages", "a method that ignores `start`"])
@pytest.mark.parametrize("count", [1, 49, 50, 51, 99, 100, 101, 150, 549, 550, 551, 1050])
async def test_every_user_and_status_is_read_once(count: int, pages: bool) -> None:
    description = await describe(Answering(users=count, statuses=count, pages=pages).send)
    assert [user.id for user in description.catalogue.users] == [str(n) for n in range(count)]
    assert [item.id for item in description.catalogue.statuses["SOURCE"]] == [f"SOURCE{n}" for n in range(count)]


async def test_a_portal_of_very_many_users_is_read_so_far_and_says_so() -> None:
    description = await describe(Answering(users=7000).send)
    assert len(description.catalogue.users) >= 5000
    assert any("users were read" in note for note in description.notes)


async def test_directories_that_custom_fields_point_at_are_read_to_their_end() -> None:
    own = PortalField("UF_CRM_1", "crm_status", settings={"ENTITY_TYPE": "EVENT_TYPE"})
    description = await describe(Answering(statuses=70, fields={"UF_CRM_1": own}).send)
    assert len(description.catalogue.statuses["EVENT_TYPE"]) == 70


@pytest.mark.parametrize("said", [_NO, _NO_SCOPE, Unanswered()])
async def test_without_the_users_a_portal_is_described_and_told_what_that_means(said: object) -> None:
    description = await describe(Answering(instead={ListUsers: said}).send)
    assert description.catalogue.users == ()
    assert any("ASSIGNED_BY_ID takes ids only" in note for note in description.notes)


async def test_without_the_scopes_a_portal_is_described() -> None:
    assert (await describe(Answering(instead={ListScopes: _NO}).send)).scopes == ()


@pytest.mark.parametrize("kind", [WhoAmI, ListFields, ListStatuses])
@pytest.mark.parametrize(
    ("said", "verdict"),
    [(_NO, Verdict.STOP), (_NO_SCOPE, Verdict.STOP), (Refused(Verdict.AGAIN, "Q", "q"), Verdict.AGAIN), (Unanswered(), Verdict.DOUBT)],
)
async def test_without_a_necessary_part_there_is_no_description(kind: type, said: object, verdict: Verdict) -> None:
    with pytest.raises(Failure) as caught:
        await describe(Answering(instead={kind: said}).send)
    assert caught.value.verdict is verdict


async def test_hidden_addresses_are_noted() -> None:
    hidden = Done([PortalUser("1", "Ada"), PortalUser("2", "Bo")])
    assert any("user_brief" in note for note in (await describe(Answering(instead={ListUsers: hidden}).send)).notes)


async def test_a_user_who_is_no_administrator_is_noted() -> None:
    assert any("not an administrator" in note for note in (await describe(Answering(is_admin=False).send)).notes)


async def test_rights_that_cannot_be_asked_for_are_not_passed_over() -> None:
    assert any("may add, import or change contacts cannot be asked without writing" in note for note in (await describe(Answering(is_admin=False).send)).notes)


@pytest.mark.parametrize(
    ("settings", "notes"),
    [({}, 0), ({"scopes": frozenset({"crm"})}, 1), ({"is_admin": False}, 1)],
)
async def test_the_sandbox_is_described(settings: dict, notes: int) -> None:
    async with Sandbox(SandboxSettings(is_latency_real=False, **settings)) as sandbox:
        door = Bitrix24Door(Webhook.parse(sandbox.webhook_url))
        description = await describe(door.send)
        await door.close()
    assert len(description.notes) == notes
    assert {"NAME", "PHONE", "ORIGIN_ID"} <= set(description.catalogue.fields)
    assert description.catalogue.fields["PHONE"].is_multiple
