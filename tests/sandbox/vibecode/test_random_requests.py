"""Whatever is sent, and however the switches stand, the answer is VibeCode's envelope and no failure of the sandbox's own."""

from __future__ import annotations

import random

import pytest

from importer.sandbox.vibecode.switches import alternatives
from tests.sandbox.vibecode.conftest import StartVibe

_NAMES = (
    "name lastName phone email typeId assignedById opened birthdate companyId companyIds photo leadId ufCrmTags ufCrmVisits ufCrmScan"
    " ufCrm_1720697698689 value VALUE filter order limit offset select include calls id entity action entityId params items ids type"
    " values entityType groupBy aggregate field function $gt $in >id %name createdTime fieldName userTypeId presetId entityTypeId"
).split()
_VALUES = (
    None, "", [], {}, 0, -1, 1, True, "x", "\ud800", "Y", 1e300, 10**30, "2026-01-01", "contacts", "create", "PHONE", "id", "desc",
    "string", ["a", "YQ=="], "sum", "+7", 2.5,
)  # fmt: skip
_ADDRESSES = (
    ("POST", "contacts"), ("PATCH", "contacts/1"), ("POST", "contacts/search"), ("POST", "batch"), ("POST", "contacts/batch"),
    ("POST", "duplicates/find"), ("POST", "contacts/aggregate"), ("POST", "companies"), ("POST", "requisites"), ("POST", "addresses"),
    ("POST", "userfields/contacts"), ("POST", "statuses/search"),
)  # fmt: skip


def _value(dice: random.Random, depth: int = 0) -> object:
    if depth > 2 or dice.random() < 0.5:
        return dice.choice(_VALUES)
    if dice.random() < 0.4:
        return [_value(dice, depth + 1) for _ in range(dice.randrange(4))]
    return _fields(dice, depth + 1)


def _fields(dice: random.Random, depth: int = 0) -> dict[str, object]:
    return {dice.choice(_NAMES): _value(dice, depth) for _ in range(dice.randrange(6))}


def _body(dice: random.Random, path: str) -> object:
    if path == "batch":
        entities, actions = ("contacts", "companies", "users", "statuses"), ("create", "list", "update", "get", "search", "fields", "delete")
        return {
            "calls": [
                {"entity": dice.choice(entities), "action": dice.choice(actions), "entityId": dice.choice((1, "2", 10**30)), "params": _fields(dice)}
                for _ in range(dice.randrange(1, 4))
            ]
        }
    if path.endswith("/batch"):
        return {"action": dice.choice(("create", "update", "delete", "list", "get")), "items": [_fields(dice) | {"id": 1}]}
    return _fields(dice) | ({"name": "Mara"} if dice.random() < 0.7 else {})


@pytest.mark.parametrize("seed", range(4))
async def test_every_answer_is_an_envelope(start_vibe: StartVibe, seed: int) -> None:
    dice = random.Random(seed)
    vibe = await start_vibe(loop_after=0)
    chosen = vibe.portal.sandbox.vibe.switches
    positions = [pair for pair in alternatives() if pair[0] not in ("portal_requests_per_second", "loop_after")]
    for _ in range(100):
        vibe.portal.sandbox.vibe.switches = chosen.changed(dict(dice.sample(positions, 3)))
        verb, path = dice.choice(_ADDRESSES)
        body = _body(dice, path)
        answer = await vibe.send(verb, path, body)
        assert answer.body is None or answer.body["success"] is (answer.status < 300 or answer.status in (207, 422) and "data" in answer.body), body
        vibe.portal.clock.now += 1
