"""What the door asks and reads of a sandbox portal, at every position of what nobody knows about VibeCode."""

from __future__ import annotations

import pytest

from importer.notify import Notice, tell_portal
from importer.pacing.plans import PLANS
from importer.portals.existing import (
    CountOriginator,
    Delete,
    DeleteCompany,
    FindByCommunication,
    FindByCompany,
    FindCompaniesByTitle,
    ReadCompanies,
    ReadCompanyLinks,
    Update,
)
from importer.portals.operations import (
    AFTER_PREVIOUS,
    Add,
    AddCompany,
    FindByOrigin,
    ListCompanies,
    ListFields,
    ListPresets,
    ListScopes,
    ListStatuses,
    ListUsers,
    NewAddress,
    NewestId,
    ReadContacts,
    ReadOriginator,
    WhoAmI,
)
from importer.portals.portal import Done, Failure, Refused, Verdict
from importer.sandbox.settings import SandboxSettings
from importer.sandbox.vibecode.switches import alternatives
from tests.portals.vibecode.conftest import Enter, Entrance

# Answers that no client can take for a success; the door's own tests below have them.
_OTHERS = ("loop_after", "warning_after", "portal_requests_per_second", "most_at_once")

POSITIONS = [pytest.param({}, id="as it is")] + [
    pytest.param({name: position}, id=f"{name}={position}") for name, position in alternatives() if name not in _OTHERS
]


def contact(number: int, **fields: object) -> Add:
    """A contact with two phones, an e-mail and an identity."""
    values = {
        "NAME": "Mara", "LAST_NAME": f"Row {number}", "OPENED": "N", "ASSIGNED_BY_ID": "1", "TYPE_ID": "PARTNER",
        "PHONE": [{"VALUE": f"+4420794601{number:02}", "VALUE_TYPE": "MOBILE"}, {"VALUE": f"+4420794602{number:02}", "VALUE_TYPE": "FAX"}],
        "EMAIL": [{"VALUE": f"row{number}@example.com", "VALUE_TYPE": "HOME"}],
        "ORIGINATOR_ID": "legacy", "ORIGIN_ID": f"K-{number}", **fields,
    }  # fmt: skip
    return Add(values, {"IMPORT": "Y"}, row=number)


@pytest.mark.parametrize("is_entity_batch", [False, True], ids=["batch", "entity batch"])
@pytest.mark.parametrize("switches", POSITIONS)
async def test_contacts_are_created_and_read_again_whatever_nobody_knows(enter: Enter, switches: dict, is_entity_batch: bool) -> None:
    entrance = await enter(is_entity_batch=is_entity_batch, **switches)
    made = [result.value for result in (await entrance.ask(contact(1), contact(2), contact(3))).results]
    assert len(set(made)) == 3
    [read, newest] = (await entrance.ask(ReadContacts(tuple(made)), NewestId())).results
    assert newest == Done(max(made))
    first = next(stored for stored in read.value if stored.id == made[0])
    assert (first.fields["LAST_NAME"], first.fields["OPENED"], first.fields["ASSIGNED_BY_ID"], first.fields["TYPE_ID"]) == ("Row 1", "N", "1", "PARTNER")
    assert [(entry["VALUE"], entry["VALUE_TYPE"]) for entry in first.fields["PHONE"]] == [("+442079460101", "MOBILE"), ("+442079460201", "OTHER")]
    assert first.created and first.modified
    assert {row["LAST_NAME"] for row in entrance.sandbox.store.contacts()} == {"Row 1", "Row 2", "Row 3"}


@pytest.mark.parametrize("switches", POSITIONS)
async def test_contacts_are_found_by_what_this_portal_keeps(enter: Enter, switches: dict) -> None:
    entrance = await enter(**switches)
    [one, other] = [result.value for result in (await entrance.ask(contact(1), contact(2))).results]
    [by_phone, by_mail, by_none] = (await entrance.ask(
        FindByCommunication("PHONE", ("+442079460101",)), FindByCommunication("EMAIL", ("row2@example.com",)), FindByCommunication("EMAIL", ("no@example.com",))
    )).results  # fmt: skip
    assert (by_phone, by_mail, by_none) == (Done([one]), Done([other]), Done([]))
    keeps = switches.get("origin_fields", "writable") == "writable"
    assert entrance.door.keeps_origin(Add) is keeps
    if keeps:
        [found, index, count] = (await entrance.ask(FindByOrigin("legacy", ("K-1", "K-2", "K-3")), ReadOriginator("legacy"), CountOriginator("legacy"))).results
        assert found == Done([("K-1", one), ("K-2", other)])
        assert [(stored.id, stored.origin_id) for stored in index.value] == [(one, "K-1"), (other, "K-2")]
        assert count == Done(2)


@pytest.mark.parametrize("switches", POSITIONS)
async def test_contacts_and_companies_are_changed_and_deleted(enter: Enter, switches: dict) -> None:
    entrance = await enter(**switches)
    [made, company] = [result.value for result in (await entrance.ask(contact(1), AddCompany({"TITLE": "Fjord AS", "ORIGIN_ID": "x"}))).results]
    new_mail = [{"VALUE": "new@example.com", "VALUE_TYPE": "WORK"}]
    assert (await entrance.ask(Update(made, {"POST": "Cook", "COMPANY_ID": str(company), "EMAIL": new_mail}))).results == [Done(True)]
    [read, links, of_company, companies, titled] = (await entrance.ask(
        ReadContacts((made,)), ReadCompanyLinks(made), FindByCompany(company), ReadCompanies((company,)), FindCompaniesByTitle(("Fjord AS", "No AS"))
    )).results  # fmt: skip
    fields = read.value[0].fields
    assert (fields["POST"], [entry["VALUE"] for entry in fields["EMAIL"]]) == ("Cook", ["row1@example.com", "new@example.com"])
    assert (links, of_company, titled) == (Done([company]), Done([made]), Done([("Fjord AS", company)]))
    assert companies.value[0].fields["TITLE"] == "Fjord AS"
    assert (await entrance.ask(Delete(made), DeleteCompany(company))).results == [Done(True), Done(True)]
    [gone] = (await entrance.ask(Delete(made))).results
    assert isinstance(gone, Refused) and gone.is_gone
    assert (await entrance.ask(ReadContacts((made,)))).results == [Done([])]


@pytest.mark.parametrize("switches", POSITIONS)
async def test_the_portal_is_described(enter: Enter, switches: dict) -> None:
    entrance = await enter(**switches)
    me, scopes, fields, types, users = (await entrance.ask(WhoAmI(), ListScopes(), ListFields(), ListStatuses("CONTACT_TYPE"), ListUsers())).results
    assert (me.value.is_admin, me.value.is_read_only) == (None, False)
    assert "crm" in scopes.value
    assert fields.value["UF_CRM_1720697698689"].items
    assert [item.id for item in types.value][:2] == ["CLIENT", "SUPPLIER"]
    assert users.value and all("@" in user.email for user in users.value if user.email)
    assert (await entrance.ask(ListUsers(len(users.value)))).results == [Done([])]


async def test_a_lone_contact_is_a_request_of_its_own_and_many_are_one_batch(enter: Enter) -> None:
    entrance = await enter()
    await entrance.ready()
    before = len(entrance.sandbox.requests)
    await entrance.door.send([contact(1)])
    await entrance.door.send([contact(2), contact(3)])
    assert [record.method for record in entrance.sandbox.requests[before:]] == ["crm.contact.add", "batch"]


async def test_pages_that_follow_each_other_are_one_list(enter: Enter) -> None:
    entrance = await enter()
    for at in range(0, 120, 40):
        await entrance.ask(*(AddCompany({"TITLE": f"Firm {at + n}"}) for n in range(40)))
    before = len(entrance.sandbox.requests)
    pages = (await entrance.ask(ListCompanies(), *(ListCompanies(AFTER_PREVIOUS) for _ in range(3)))).results
    assert [len(page.value) for page in pages][0] == 50 and len(entrance.sandbox.requests) == before + 1
    titles = [company.title for page in pages for company in page.value]
    assert {f"Firm {n}" for n in range(120)} <= set(titles) and len(titles) == len(set(titles))


async def test_one_refused_contact_costs_its_neighbours_nothing(enter: Enter) -> None:
    entrance = await enter(unknown_user="reject")
    results = (await entrance.ask(contact(1), contact(2, ASSIGNED_BY_ID="999"), contact(3))).results
    assert [type(result) for result in results] == [Done, Refused, Done]
    assert (results[1].verdict, results[1].code) == (Verdict.REJECT, "INVALID_REQUEST")


@pytest.mark.parametrize("error", ["object", "code", "message"])
async def test_the_reason_of_a_refusal_is_read_in_each_form(enter: Enter, error: str) -> None:
    entrance = await enter(unknown_user="reject", batch_error=error, failed_batch_status=422)
    result = (await entrance.ask(contact(1), contact(2, ASSIGNED_BY_ID="999"))).results[1]
    assert result.verdict is Verdict.REJECT and (result.code or result.text)


@pytest.mark.parametrize(
    "operation",
    [
        Add({"NAME": "Mara"}, address=NewAddress({"CITY": "Oslo"}, "1", "Address", "b24-import")),
        Update(1, {"PHONE": [{"ID": "5", "DELETE": "Y"}]}),
        Update(1, {"PHONE": [{"ID": "5", "VALUE": "1", "VALUE_TYPE": "HOME"}]}),
        ListPresets(),
    ],
)
async def test_what_vibecode_has_no_way_for_is_refused_without_a_request(enter: Enter, operation: object) -> None:
    entrance = await enter()
    await entrance.ready()
    before = len(entrance.sandbox.requests)
    [result] = (await entrance.door.send([operation])).results
    assert (result.verdict, result.code) == (Verdict.REJECT, "not_in_vibecode")
    assert len(entrance.sandbox.requests) == before


async def test_a_custom_field_carries_the_identity_where_the_own_fields_cannot(enter: Enter) -> None:
    entrance = await enter(origin_fields="absent")
    entrance.door.marker = await _text_field(entrance)
    [made] = [result.value for result in (await entrance.ask(contact(1))).results]
    [found, index, count, read] = (await entrance.ask(
        FindByOrigin("legacy", ("K-1", "K-2")), ReadOriginator("legacy"), CountOriginator("legacy"), ReadContacts((made,))
    )).results  # fmt: skip
    assert entrance.door.keeps_origin(Add)
    assert (found, count) == (Done([("K-1", made)]), Done(1))
    assert [(stored.id, stored.origin_id) for stored in index.value] == [(made, "K-1")]
    assert (read.value[0].fields["ORIGINATOR_ID"], read.value[0].fields["ORIGIN_ID"]) == ("legacy", "K-1")


async def _text_field(entrance: Entrance) -> str:
    """Some custom field for one text."""
    fields = (await entrance.ask(ListFields())).results[0].value
    return next(name for name, field in fields.items() if name.startswith("UF_") and field.type == "string" and not field.is_multiple)


# -- keys --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "code"),
    [("inactive", "KEY_INACTIVE"), ("expired", "KEY_EXPIRED"), ("tokenless", "TOKEN_MISSING"), ("unknown", "INVALID_API_KEY"), ("nocrm", "SCOPE_DENIED")],
)
async def test_a_key_that_cannot_work_stops_us_with_what_to_do(enter: Enter, word: str, code: str) -> None:
    entrance = await enter(word=word, batch_denial="whole")
    with pytest.raises(Failure) as caught:
        await entrance.ask(NewestId())
    assert (caught.value.verdict, caught.value.code) == (Verdict.STOP, code)
    assert "key" in caught.value.advice and "sandboxsecret" not in str(caught.value) + caught.value.advice


async def test_users_out_of_the_keys_scope_are_refused_and_nothing_else_is(enter: Enter) -> None:
    entrance = await enter(word="nouser", batch_denial="whole")
    users, types = (await entrance.ask(ListUsers(), ListStatuses("SOURCE"))).results
    assert isinstance(users, Refused) and isinstance(types, Done)


@pytest.mark.parametrize("denial", ["call", "whole"])
async def test_a_read_only_key_says_so_and_stops_a_write(enter: Enter, denial: str) -> None:
    entrance = await enter(word="readonly", batch_denial=denial)
    assert (await entrance.ask(WhoAmI())).results[0].value.is_read_only
    try:
        refused = (await entrance.ask(contact(1), contact(2))).results[0]
    except Failure as failure:
        refused = failure
    assert (refused.verdict, refused.code) == (Verdict.STOP, "WRITE_BLOCKED_READONLY_KEY")


async def test_an_applications_key_works_with_its_session(enter: Enter) -> None:
    entrance = await enter(word="application", session="vibe_session_sandboxsecret_valid")
    assert (await entrance.ask(contact(1))).results[0].value
    over = await enter(word="application", session="vibe_session_sandboxsecret_expired")
    with pytest.raises(Failure) as caught:
        await over.ask(NewestId())
    assert (caught.value.verdict, "VIBE_SESSION_TOKEN" in caught.value.advice) == (Verdict.STOP, True)


# -- limits ------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["seconds", "epoch", "epoch_ms"])
async def test_the_keys_minute_is_read_from_every_answer(enter: Enter, unit: str) -> None:
    entrance = await enter(word="slow", reset_unit=unit)
    told = (await entrance.ask(NewestId())).allowance
    assert (told.limit, told.remaining < 60) == (60, True)
    assert told.resets_in_s is None or 0 <= told.resets_in_s <= 60


async def test_past_its_minute_a_request_is_to_be_sent_again_after_the_time_named(enter: Enter) -> None:
    entrance = await enter(word="slow", portal_requests_per_second=1000)
    with pytest.raises(Failure) as caught:
        for _ in range(80):
            await entrance.ask(NewestId())
    assert (caught.value.verdict, caught.value.code) == (Verdict.AGAIN, "RATE_LIMITED")
    assert 0 < caught.value.wait_s <= 61


async def test_whoever_wants_to_be_told_through_it_is_told_why_not(enter: Enter) -> None:
    where = await enter()
    environment = {"VIBE_API_KEY": f"vibe_api_{SandboxSettings().secret}_personal", "VIBE_BASE_URL": where.sandbox.base_url}
    why = await tell_portal(environment, "vibecode", PLANS["standard"], Notice("done", {}))
    assert why is not None and why.startswith("VibeCode has no word for notifications")
