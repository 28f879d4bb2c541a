"""How operations become one request, and how each shape of answer becomes one result for each operation."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from importer.portals.bitrix24.batch import BATCH_CAPACITY
from importer.portals.bitrix24.door import Bitrix24Door
from importer.portals.operations import (
    AFTER_PREVIOUS,
    Add,
    AddCompany,
    FindByOrigin,
    ListFields,
    ListScopes,
    ListStatuses,
    ListUsers,
    NewAddress,
    NewestId,
    Operation,
    ReadContacts,
    ReadOriginator,
    WhoAmI,
)
from importer.portals.portal import (
    Done,
    Failure,
    Identity,
    NotRun,
    Placed,
    Refused,
    Result,
    Stored,
    Unanswered,
    Usage,
    Verdict,
)
from importer.records import ListItem, PortalField, PortalUser
from tests.portals.conftest import Serve, http, json_answer

ADD = Add({"NAME": "Mara"}, {"IMPORT": "Y"})
LOST = Unanswered()


def _batch(result: object = (), error: object = (), time: object = (), **more: object) -> bytes:
    """A batch answer; what is not given is PHP's empty list."""
    maps = {"result": result or [], "result_error": error or [], "result_total": [], "result_next": [], "result_time": time or []}
    return json_answer({"result": maps | more, "time": {}})


@pytest.mark.parametrize(
    ("said", "results"),
    [
        pytest.param(_batch({"r0000": 7, "r0001": 8}), [Done(7), Done(8)], id="both created"),
        pytest.param(_batch({"r0000": "7", "r0001": "8"}), [Done(7), Done(8)], id="ids as texts"),
        pytest.param(_batch({"r0001": 8, "r0000": 7}), [Done(7), Done(8)], id="another order"),
        pytest.param(_batch({"r0000": 7}, {"r0001": {"error": "ERROR_CORE", "error_description": "No."}}),
                     [Done(7), Refused(Verdict.REJECT, "ERROR_CORE", "No.")], id="one refused"),
        pytest.param(_batch({"r0000": 7}, {"r0001": {"error": "", "error_description": "No."}}),
                     [Done(7), Refused(Verdict.REJECT, "", "No.")], id="an empty code"),
        pytest.param(_batch({"r0000": 7}, {"r0001": {"error": 0, "error_description": "No."}}),
                     [Done(7), Refused(Verdict.REJECT, "", "No.")], id="a code of nought"),
        pytest.param(_batch({"r0000": 7}, {"r0001": {"error": 100, "error_description": None}}),
                     [Done(7), Refused(Verdict.REJECT, "100", "")], id="a number for a code, no text"),
        pytest.param(_batch({"r0000": 7}, {"r0001": {}}), [Done(7), Refused(Verdict.REJECT, "", "")], id="a refusal without a word"),
        pytest.param(_batch({"r0000": 7, "r0001": 8}, {"r0001": {"error": "X", "error_description": "No."}}),
                     [Done(7), Refused(Verdict.REJECT, "X", "No.")], id="result and error: the error counts"),
        pytest.param(_batch({"r0000": 7}), [Done(7), LOST], id="a missing entry"),
        pytest.param(_batch(), [LOST, LOST], id="nothing but empty lists"),
        pytest.param(_batch([7, 8]), [LOST, LOST], id="a list where keys are needed"),
        pytest.param(_batch({"r0000": None, "r0001": False}), [LOST, LOST], id="no ids"),
        pytest.param(_batch({"r0000": 0, "r0001": -1}), [LOST, LOST], id="impossible ids"),
        pytest.param(_batch({"r0000": True, "r0001": "seven"}), [LOST, LOST], id="not numbers"),
        pytest.param(_batch({"r0000": 7.5, "r0001": "²"}), [LOST, LOST], id="not whole numbers"),
        pytest.param(_batch({"r0000": [7], "r0001": {"ID": 8}}), [LOST, LOST], id="nested ids"),
        pytest.param(_batch({"r0000": 7, "r0001": 8}, {"r0001": "No."}), [Done(7), LOST], id="an error that is a text"),
        pytest.param(_batch({"r0000": 7, "r0001": 8}, {"r0001": None}), [Done(7), Done(8)], id="an error that is null"),
        pytest.param(_batch({"R0000": 7, "0": 8}), [LOST, LOST], id="keys that are not ours"),
        pytest.param(_batch(None, {"r0000": {"error": "X", "error_description": "a"}, "r0001": {"error": "Y", "error_description": "b"}}),
                     [Refused(Verdict.REJECT, "X", "a"), Refused(Verdict.REJECT, "Y", "b")], id="all refused"),
        pytest.param(json_answer({"result": {"result": {"r0000": 7}}}), [Done(7), LOST], id="the other maps are missing"),
        pytest.param(json_answer({"result": {"result": None, "result_error": None}}), [LOST, LOST], id="maps of null"),
        pytest.param(json_answer({"result": {}}), [LOST, LOST], id="no maps at all"),
        pytest.param(_batch({"r0000": 7, "r0001": 8}, time={"r0000": 3, "r0001": []}), [Done(7), Done(8)], id="times that are none"),
        pytest.param(_batch({"r0000": 7, "r0001": 8}, result_time="x"), [Done(7), Done(8)], id="no map of times"),
    ],
)  # fmt: skip
async def test_each_operation_gets_its_own_result(serve: Serve, door_to, said: bytes, results: list[Result]) -> None:
    answer = await door_to(await serve(said)).send([ADD, ADD])
    assert answer.results == results


@pytest.mark.parametrize("result", ["ok", 42, None, [[1], ["a"]], [], True, {"result": "ok"}, {"result": {}, "result_error": 0}])
async def test_a_batch_answer_without_its_maps_leaves_everything_in_doubt(serve: Serve, door_to, result: object) -> None:
    with pytest.raises(Failure) as caught:
        await door_to(await serve(json_answer({"result": result}))).send([ADD])
    assert caught.value.verdict is Verdict.DOUBT


@pytest.mark.parametrize(
    ("status", "body", "verdict", "code"),
    [
        (503, {"error": "QUERY_LIMIT_EXCEEDED", "error_description": "Too many requests"}, Verdict.AGAIN, "QUERY_LIMIT_EXCEEDED"),
        (429, {"error": "OPERATION_TIME_LIMIT", "error_description": ""}, Verdict.AFTER_RESET, "OPERATION_TIME_LIMIT"),
        (500, {"error": "INTERNAL_SERVER_ERROR", "error_description": "x"}, Verdict.DOUBT, "INTERNAL_SERVER_ERROR"),
        (401, {"error": "expired_token"}, Verdict.STOP, "expired_token"),
        (400, {"error": "", "error_description": "Something else."}, Verdict.STOP, "http_400"),
        (200, {"error": "NEW_ONE", "error_description": "Something else."}, Verdict.DOUBT, "NEW_ONE"),
        (200, {"error": None, "result": {"result": {"r0000": 7}}}, Verdict.DOUBT, "http_200"),
    ],
)
async def test_an_error_of_a_whole_batch_is_a_failure(serve: Serve, door_to, status: int, body: dict, verdict: Verdict, code: str) -> None:
    with pytest.raises(Failure) as caught:
        await door_to(await serve(json_answer(body, status))).send([ADD])
    assert (caught.value.verdict, caught.value.code, caught.value.http_status) == (verdict, code, status)


# -- what is sent ------------------------------------------------------------------------------


async def test_commands_are_keyed_so_that_their_answers_stay_maps(serve: Serve, door_to) -> None:
    server = await serve(_batch({"r0000": 7, "r0001": 8}))
    await door_to(server).send([ADD, Add({"NAME": "Ünal & Söhne"})])
    assert server.asked[0].target.endswith("/batch.json")
    assert server.asked[0].body == {
        "halt": 0,
        "cmd": {
            "r0000": "crm.contact.add?fields%5BNAME%5D=Mara&params%5BIMPORT%5D=Y",
            "r0001": "crm.contact.add?fields%5BNAME%5D=%C3%9Cnal+%26+S%C3%B6hne",
        },
    }


async def test_more_operations_than_a_batch_takes_are_refused_before_sending(serve: Serve, door_to) -> None:
    server = await serve(_batch())
    with pytest.raises(ValueError, match="51 commands"):
        await door_to(server).send([ADD] * (BATCH_CAPACITY + 1))
    assert server.asked == []


@pytest.mark.parametrize(
    ("operation", "is_alone"),
    [
        (Add({"COMMENTS": "$result[x]"}), True),
        (Add({"PHONE": [{"VALUE": "$next[0]", "VALUE_TYPE": "WORK"}]}), True),
        (Add({"COMMENTS": "$5"}, {"IMPORT": "Y"}), False),
        # A search whose identity is replaced finds nothing: the row would be sent a second time.
        (FindByOrigin("legacy", ("K-1", "$total[1]")), True),
        (FindByOrigin("$time[x]", ("K-1",)), True),
        (FindByOrigin("legacy", ("K-1",)), False),
        (ReadOriginator("legacy", AFTER_PREVIOUS), False),
        (NewestId(), False),
    ],
)
async def test_what_a_batch_would_replace_travels_alone(serve: Serve, door_to, operation: Operation, is_alone: bool) -> None:
    door = door_to(await serve(_batch()))
    assert door.travels_alone(operation) is is_alone
    if is_alone:
        with pytest.raises(ValueError, match="alone"):
            await door.send([operation, ADD])


async def test_a_contact_that_travels_alone_is_sent_as_it_stands(serve: Serve, door_to) -> None:
    server = await serve(json_answer({"result": 7, "time": {"duration": 0.2, "operating": 0.5, "finish": 100.0, "operating_reset_at": 160}}))
    answer = await door_to(server).send([Add({"NAME": "$result[x]"}, {"IMPORT": "Y"})])
    assert server.asked[0].target.endswith("/crm.contact.add.json")
    assert server.asked[0].body == {"fields": {"NAME": "$result[x]"}, "params": {"IMPORT": "Y"}}
    assert answer.results == [Done(7)]
    assert (answer.command_s, answer.usage) == ([0.2], {"crm.contact.add": Usage(0.5, 60.0, 100.0)})


async def test_a_search_that_travels_alone_asks_for_the_identity_as_it_stands(serve: Serve, door_to) -> None:
    server = await serve(json_answer({"result": [{"ID": "9", "ORIGIN_ID": "$result[x]"}]}))
    answer = await door_to(server).send([FindByOrigin("legacy", ("$result[x]",), 5)])
    assert server.asked[0].body["filter"] == {"ORIGINATOR_ID": "legacy", "@ORIGIN_ID": ["$result[x]"], ">ID": 5}
    assert answer.results == [Done([("$result[x]", 9)])]


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [
        (400, {"error": "ERROR_CORE", "error_description": "No."}, Verdict.REJECT),
        (400, {"error": "", "error_description": "Access denied."}, Verdict.STOP),
        (503, {"error": "QUERY_LIMIT_EXCEEDED"}, Verdict.AGAIN),
        (429, {"error": "OPERATION_TIME_LIMIT"}, Verdict.AFTER_RESET),
        (500, {"error": "ERROR_CORE", "error_description": "No."}, Verdict.DOUBT),
        (403, {"error": "SOMETHING", "error_description": "No."}, Verdict.STOP),
        (200, {"result": None}, None),
    ],
)
async def test_a_contact_alone_is_rejected_only_by_the_portals_own_word(
    serve: Serve, door_to, status: int, body: dict, verdict: Verdict | None
) -> None:
    door: Bitrix24Door = door_to(await serve(json_answer(body, status)))
    alone = [Add({"NAME": "$result[x]"})]
    if verdict in (Verdict.REJECT, None):
        [result] = (await door.send(alone)).results
        assert result == (Refused(Verdict.REJECT, "ERROR_CORE", "No.") if verdict else LOST)
    else:
        with pytest.raises(Failure) as caught:
            await door.send(alone)
        assert caught.value.verdict is verdict


async def test_pages_chain_by_a_reference_to_the_last_id_of_the_page_before(serve: Serve, door_to) -> None:
    server = await serve(_batch({"r0000": [], "r0001": []}))
    await door_to(server).send([ReadOriginator("legacy", 12), ReadOriginator("legacy", AFTER_PREVIOUS)])
    first, second = server.asked[0].body["cmd"].values()
    assert "filter[>ID]=12&" in unquote(first)
    assert "filter[>ID]=$result[r0000][49][ID]&" in unquote(second)


# -- what is read ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "said", "value"),
    [
        (WhoAmI(), {"ID": "1", "NAME": "Ada", "LAST_NAME": "Kern", "ADMIN": True}, Identity("1", "Ada Kern", True)),
        (WhoAmI(), {"ID": 5, "NAME": None}, Identity("5", "", False)),
        (WhoAmI(), [], None),
        (ListScopes(), ["crm", "user"], ["crm", "user"]),
        (ListScopes(), {"0": "crm"}, None),
        (NewestId(), [{"ID": "90"}], 90),
        (NewestId(), [], 0),
        (NewestId(), [{"ID": None}], None),
        (FindByOrigin("a", ("1",)), [{"ID": "4", "ORIGIN_ID": 1}, {"ID": "5", "ORIGIN_ID": None}], [("1", 4), ("", 5)]),
        (FindByOrigin("a", ("1",)), {"3": {"ID": "4", "ORIGIN_ID": "1"}}, [("1", 4)]),
        (FindByOrigin("a", ("1",)), [], []),
        (FindByOrigin("a", ("1",)), False, None),
        (FindByOrigin("a", ("1",)), [{"ORIGIN_ID": "1"}], None),
        (FindByOrigin("a", ("1",)), [4], None),
        (ReadOriginator("a"), [{"ID": 4, "ORIGIN_ID": "1", "DATE_MODIFY": "m", "DATE_CREATE": "c"}],
         [Stored(4, "1", "m", "c", {"ID": 4, "ORIGIN_ID": "1", "DATE_MODIFY": "m", "DATE_CREATE": "c"})]),
        (ReadContacts((4,)), [{"ID": "4", "NAME": "Mara"}], [Stored(4, "", fields={"ID": "4", "NAME": "Mara"})]),
        (ListStatuses("SOURCE"), [{"STATUS_ID": "WEB", "NAME": "Site"}], [ListItem("WEB", "Site")]),
        (ListUsers(), [{"ID": "1", "NAME": "Ada", "ACTIVE": False}], [PortalUser("1", "Ada", is_active=False)]),
        (ListUsers(), [{"ID": "1", "ACTIVE": "Y", "EMAIL": "ada@example.com"}], [PortalUser("1", email="ada@example.com")]),
        (ListFields(), {"NAME": {"type": "string", "title": "First name", "isRequired": True}},
         {"NAME": PortalField("NAME", "string", "First name", is_required=True)}),
        (ListFields(), {"UF_CRM_1": {"type": "enumeration", "title": "UF_CRM_1", "formLabel": "Tier", "items": [{"ID": "8", "VALUE": "Gold"}]}},
         {"UF_CRM_1": PortalField("UF_CRM_1", "enumeration", "Tier", items=(ListItem("8", "Gold"),))}),
        (ListFields(), [], None),
    ],
)  # fmt: skip
async def test_an_answer_is_read_as_its_method_answers_or_not_at_all(
    serve: Serve, door_to, operation: Operation, said: object, value: object
) -> None:
    # Not through _batch: an empty answer is an answer, too.
    maps = {"result": {"r0000": said}, "result_error": [], "result_time": []}
    door = door_to(await serve(json_answer({"result": maps})))
    [read] = (await door.send([operation])).results
    assert read == (LOST if value is None else Done(value))


_TIME = {"duration": 0.1, "operating": 12.5, "finish": 1000.0, "operating_reset_at": 1400}


@pytest.mark.parametrize(
    ("time", "seconds", "usage"),
    [
        ({"r0000": _TIME}, [0.1], Usage(12.5, 400.0, 1000.0)),
        # The last command of a method counts.
        ({"r0000": _TIME, "r0001": _TIME | {"operating": 13, "finish": 1001, "duration": 1}}, [0.1, 1.0], Usage(13.0, 399.0, 1001.0)),
        ({"r0000": _TIME | {"operating_reset_at": 900}}, [0.1], Usage(12.5, 0.0, 1000.0)),
        # Portals of some ages leave these two out.
        ({"r0000": {"duration": 0.1, "finish": 1000.0}}, [0.1], None),
        ({"r0000": {"duration": "0.1", "operating": "12", "finish": "1", "operating_reset_at": "2"}}, [], None),
        ({"r0000": {"duration": True, "operating": None}}, [], None),
        ({"r0000": {"duration": -5, "operating": -5, "finish": 1, "operating_reset_at": 2}}, [0.0], Usage(0.0, 1.0, 1.0)),
        ({"r0000": {"duration": float("nan"), "operating": float("inf"), "finish": 1, "operating_reset_at": 2}}, [], None),
        ([], [], None),
        (None, [], None),
        (5, [], None),
    ],
)
async def test_the_budget_is_read_on_the_portals_own_clock(serve: Serve, door_to, time: object, seconds: list, usage: Usage | None) -> None:
    answer = await door_to(await serve(_batch({"r0000": 7, "r0001": 8}, result_time=time))).send([ADD, ADD])
    assert answer.results == [Done(7), Done(8)]
    assert answer.command_s == seconds
    assert answer.usage == ({"crm.contact.add": usage} if usage else {})


async def test_a_door_says_where_it_leads_without_the_secret(serve: Serve, door_to) -> None:
    server = await serve(http(200))
    door = door_to(server)
    assert door.host == f"127.0.0.1:{server.port}"
    assert door.display == f"127.0.0.1:{server.port}/rest/1/…"
    assert door.card_url == f"{server.base}/crm/contact/details/{{id}}/"
    assert door.moved_to is None
    assert door.method_of(ADD) == "crm.contact.add"


HOME = NewAddress({"CITY": "Riga"}, "5", "Okafor Mara", "b24-import")
HOUSED = Add({"NAME": "Mara"}, {"IMPORT": "Y"}, HOME)
NO = {"error": "", "error_description": "No."}
REFUSED = Refused(Verdict.REJECT, "", "No.")


@pytest.mark.parametrize(
    ("said", "results"),
    [
        pytest.param(_batch({"r0000": 7, "r0000q": 3, "r0000a": True, "r0001": 8}), [Done(Placed(7, Done(True))), Done(8)], id="whole"),
        pytest.param(_batch([], {"r0000": NO}), [REFUSED, NotRun()], id="the contact is refused, what follows has not run"),
        pytest.param(_batch({"r0000": 7}, {"r0000q": NO}), [Done(Placed(7, REFUSED)), NotRun()], id="its requisite is refused"),
        pytest.param(_batch({"r0000": 7, "r0000q": 3}, {"r0000a": NO}), [Done(Placed(7, REFUSED)), NotRun()], id="its address is refused"),
        pytest.param(_batch({"r0000": 7, "r0001": 8}), [Done(Placed(7, LOST)), Done(8)], id="nothing said of its address"),
        pytest.param(_batch({"r0000": 7, "r0000q": 3, "r0000a": True}), [Done(Placed(7, Done(True))), LOST], id="no failure: missing is a doubt"),
        pytest.param(_batch({"r0001": 8}, {"r0000": NO}), [REFUSED, Done(8)], id="a portal that did not halt"),
    ],
)  # fmt: skip
async def test_a_batch_with_an_address_halts_and_says_what_has_not_run(serve: Serve, door_to, said: bytes, results: list[Result]) -> None:
    answer = await door_to(await serve(said)).send([HOUSED, ADD])
    assert answer.results == results


@pytest.mark.parametrize("params", [{"IMPORT": "Y", "REGISTER_SONET_EVENT": "N"}, {}])
async def test_what_was_made_ready_ahead_is_sent_as_the_operation_itself_would_be(serve: Serve, door_to, params: dict[str, str]) -> None:
    many = [{"NAME": "Jürgen & Söhne"}, {"NAME": "Mara", "PHONE": [{"VALUE": "+44 1", "VALUE_TYPE": "WORK"}]}]
    door = door_to(server := await serve(_batch({"r0000": 7, "r0001": 8})))
    for kind in (Add, AddCompany):
        ready = door.ahead(kind, many, params)
        plain = [kind(fields, params) for fields in many]
        assert [door.methods_of(one) for one in ready] == [door.methods_of(one) for one in plain]
        assert not any(map(door.travels_alone, ready))
        assert (await door.send(ready)).results == (await door.send(plain)).results == [Done(7), Done(8)]
        assert server.asked[-1].body == server.asked[-2].body


@pytest.mark.parametrize(("fields", "params"), [({"NAME": "$result[x]"}, {}), ({"NAME": "$5"}, {}), ({"NAME": "Mara"}, {"IMPORT": "$next[x]"})])
async def test_what_has_a_dollar_sign_is_not_made_ready_but_looked_at_when_it_leaves(serve: Serve, door_to, fields: dict[str, str], params: dict[str, str]) -> None:
    door = door_to(await serve(_batch()))
    assert door.ahead(Add, [fields], params) == [None]
