"""Every position of every switch leaves a door through which a contact can go and come back."""

from __future__ import annotations

import pytest

from importer.sandbox.vibecode.switches import VibeSwitches, alternatives
from tests.sandbox.vibecode.conftest import StartVibe

_POSITIONS = list(alternatives())


def test_no_alternative_is_the_default() -> None:
    defaults = VibeSwitches()
    assert all(getattr(defaults, name) != position for name, position in _POSITIONS)
    assert len(_POSITIONS) > 60


@pytest.mark.parametrize(("name", "position"), _POSITIONS)
async def test_a_contact_is_created_found_changed_and_deleted(start_vibe: StartVibe, name: str, position: object) -> None:
    vibe = await start_vibe(**{name: position})
    vibe.switch(portal_requests_per_second=10_000)
    fields = {"name": "Mara", "lastName": "Brackenbury", "phone": ["+79000000001"], "typeId": "PARTNER", "opened": False}
    batch = await vibe.post("batch", {"calls": [{"id": "r1", "entity": "contacts", "action": "create", "params": fields}]})
    assert batch.status in (200, 201) and int(batch.data["results"]["r1"]["id"]) == 1
    shown = (await vibe.get("contacts/1")).data
    assert (shown["lastName"], shown["phone"], shown["typeId"], shown["opened"]) == ("Brackenbury", "+79000000001", "PARTNER", False)
    found = (await vibe.post("contacts/search", {"filter": {"lastName": "Brackenbury"}, "limit": 1})).data
    assert [int(contact["id"]) for contact in found] == [1]
    duplicates = (await vibe.post("duplicates/find", {"type": "PHONE", "values": ["+79000000001"], "entityType": "CONTACT"})).data
    assert list(duplicates.values()) == [[1]]
    assert (await vibe.patch("contacts/1", {"post": "Lead"})).status in (200, 204)
    assert vibe.store.row("contact", 1)["POST"] == "Lead"
    assert (await vibe.send("DELETE", "contacts/1")).status in (200, 204)
    assert vibe.store.count() == 0


async def test_where_the_field_list_stands_is_a_switch(start_vibe: StartVibe) -> None:
    vibe = await start_vibe(fields_answer="nested", field_types="native")
    fields = (await vibe.get("contacts/fields")).data["fields"]
    assert (fields["phone"]["type"], fields["typeId"]["type"], fields["opened"]["type"]) == ("crm_multifield", "crm_status", "char")
