"""Lists and searches: three notations, paging, order, selection, and the meta of their answers."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from tests.sandbox.vibecode.conftest import StartVibe, Vibe


@pytest.fixture
async def people(vibe: Vibe) -> Vibe:
    """Four contacts a minute apart: Ada 1, Bela 2, Cosmo 3, Delia 4."""
    for number, name in enumerate(("Ada", "Bela", "Cosmo", "Delia"), 1):
        await vibe.add(
            name=name, phone=f"+7900000000{number}", opened=number % 2 == 0, typeId="PARTNER" if number > 2 else "CLIENT",
            ufCrmVisits=number * 10,
        )
        vibe.portal.clock.now += 60
    return vibe


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({}, [1, 2, 3, 4]),
        ({"name": "Bela"}, [2]),
        ({"typeId": "PARTNER", "opened": True}, [4]),
        ({"opened": False}, [1, 3]),
        ({"id": {"$gt": 1, "$lte": 3}}, [2, 3]),
        ({">id": 1, "<=id": 3}, [2, 3]),
        ({"id": {">": 1, "<": 4}}, [2, 3]),
        ({"!id": 1}, [2, 3, 4]),
        ({"id": {"$ne": 1}}, [2, 3, 4]),
        ({"id": {"$in": [2, 4, 9]}}, [2, 4]),
        ({"id": [2, 4]}, [2, 4]),
        ({"name": {"$contains": "el"}}, [2, 4]),
        ({"%name": "el"}, [2, 4]),
        ({"id": {"$eq": 3}}, [3]),
        ({"ufCrmVisits": {"$gte": 30}}, [3, 4]),
        ({"createdTime": {"$gte": "2026-02-05T17:20:00+03:00"}}, [3, 4]),
        ({"createdTime": {"$lt": "2026-02-05T17:19:00"}}, [1]),
        ({"phone": "+79000000002"}, [2]),
        ({"post": None}, [1, 2, 3, 4]),
    ],
)
async def test_a_filter_finds(people: Vibe, wanted: dict, ids: list[int]) -> None:
    searched = await people.post("contacts/search", {"filter": wanted, "select": ["id"]})
    listed = await people.get(f"contacts?select=id&filter={quote(json.dumps(wanted))}")
    assert [contact["id"] for contact in searched.data] == [contact["id"] for contact in listed.data] == ids
    assert searched.body["meta"] == {"total": len(ids), "hasMore": False, "truncated": False}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("filter[typeId]=PARTNER", [3, 4]),
        ("filter[opened]=true", [2, 4]),
        ("filter[%3Eid]=2&order[id]=desc", [4, 3]),
        ("filter[id][$in][]=1&filter[id][$in][]=4", [1, 4]),
        ("order[name]=desc&limit=2", [4, 3]),
        ("limit=2&offset=3", [4]),
        ("limit=0", [1, 2, 3, 4]),
        ("limit=90000", [1, 2, 3, 4]),
    ],
)
async def test_a_query_string_lists(people: Vibe, query: str, ids: list[int]) -> None:
    assert [contact["id"] for contact in (await people.get(f"contacts?{query}")).data] == ids


async def test_pages_of_two_say_whether_there_is_more(people: Vibe) -> None:
    metas = [(await people.get(f"contacts?limit=2&offset={offset}")).body["meta"] for offset in (0, 2)]
    assert [meta["hasMore"] for meta in metas] == [True, False] and {meta["total"] for meta in metas} == {4}


async def test_a_selection_is_one_parameter_with_commas(people: Vibe) -> None:
    assert (await people.get("contacts?limit=1&select=name,phoneWork")).data == [{"id": 1, "name": "Ada", "phoneWork": "+79000000001"}]
    assert set((await people.get("contacts?limit=1&select=name&select=post")).data[0]) == {"id", "post"}


async def test_included_companies_come_with_a_list(people: Vibe) -> None:
    found = (await people.post("contacts/search", {"include": ["company"], "limit": 1, "select": ["id"]})).data
    assert found == [{"id": 1, "_included": {"company": None}}]


@pytest.mark.parametrize(
    ("switches", "wanted", "outcome"),
    [
        ({}, {"nmae": 1}, (400, "INVALID_FILTER_FIELD")),
        ({"unknown_filter": "ignore"}, {"nmae": 1}, 1),
        ({}, {"name": {"$like": "x"}}, (400, "INVALID_PARAMS")),
        ({}, {"$or": [{"name": "x"}]}, (400, "INVALID_FILTER_FIELD")),
        ({"multifield_filter": "ignored"}, {"phone": "nobody's"}, 1),
        ({"multifield_filter": "reject"}, {"email": "x"}, (400, "INVALID_FILTER_FIELD")),
        ({}, {"createdAt": "2020-01-01"}, (400, "INVALID_FILTER_FIELD")),
        ({"time_names": "createdAt"}, {">createdAt": "2020-01-01"}, 1),
        ({"filtered_time_names": "other"}, {">createdAt": "2020-01-01"}, 1),
        ({"filtered_time_names": "other"}, {">createdTime": "2020-01-01"}, (400, "INVALID_FILTER_FIELD")),
        ({"filtered_time_names": "both"}, {">createdTime": "2020-01-01", ">createdAt": "2020-01-01"}, 1),
        ({"time_names": "createdAt", "filtered_time_names": "other"}, {">createdTime": "2020-01-01"}, 1),
        ({"odd_limit": "reject"}, None, (400, "INVALID_REQUEST")),
        ({}, "x", (400, "INVALID_REQUEST")),
    ],
)
async def test_what_a_filter_may_name_is_a_switch(start_vibe: StartVibe, switches: dict, wanted: object, outcome: object) -> None:
    vibe = await start_vibe(**switches)
    await vibe.add()
    body = {"limit": 5001} if wanted is None else {"filter": wanted}
    answer = await vibe.post("contacts/search", body)
    assert (len(answer.data) if isinstance(outcome, int) else answer.error) == outcome


async def test_the_total_may_be_absent(start_vibe: StartVibe) -> None:
    vibe = await start_vibe(total="absent")
    assert (await vibe.get("contacts")).body["meta"] == {"hasMore": False, "truncated": False}
    vibe.switch(total="there")
    assert "total" not in (await vibe.get("contacts?withTotal=false")).body["meta"]


async def test_aggregates_count_group_and_sum(people: Vibe) -> None:
    body = {"aggregate": [{"field": "ufCrmVisits", "function": "sum"}, {"field": "id"}], "groupBy": "typeId"}
    data = (await people.post("contacts/aggregate", body)).data
    assert (data["count"], data["aggregates"]) == (4, {"ufCrmVisits": {"sum": 100.0}})
    assert [(group["typeId"], group["count"], group["aggregates"]["ufCrmVisits"]["sum"]) for group in data["groups"]] == [
        ("CLIENT", 2, 30.0),
        ("PARTNER", 2, 70.0),
    ]


@pytest.mark.parametrize(
    "body",
    [{"groupBy": "nmae"}, {"groupBy": ["typeId"] * 6}, {"aggregate": [{"field": "name", "function": "sum"}]}],
)
async def test_an_aggregate_over_nothing_known_is_refused(vibe: Vibe, body: dict) -> None:
    assert (await vibe.post("contacts/aggregate", body)).error == (400, "INVALID_PARAMS")
