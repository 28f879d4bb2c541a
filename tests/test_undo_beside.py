"""What a run made beside its contacts goes with them: companies, list entries, requisites with addresses; where nothing uses them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from importer.sandbox.multifields import Changes
from importer.sandbox.store import Condition, Window
from tests.nights import HEADER, MAPPING, Nights, nights
from tests.test_undo import ANN, BEN, LOST, _edited, _entered

TIER = "UF_CRM_1720697698689"
COMPANIES = MAPPING + "  COMPANY_ID: {column: Firm, lookup: company, create: true}\n"
ENTRIES = MAPPING + f"  SOURCE_ID: {{column: Firm, create: true}}\n  {TIER}: {{column: Job, create: true}}\n"
ADDRESSES = MAPPING + "  ADDRESS: {city: {column: Firm}}\n"
WITH_FIRM = (*HEADER, "Firm")


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Nights]:
    async with nights(tmp_path) as made:
        yield made


def _companies(night: Nights) -> list[str]:
    return [str(company["TITLE"]) for company in night.sandbox.store.rows("company", Condition(), Window())]


def _entries(night: Nights) -> set[str]:
    directories = night.sandbox.store.directories
    items = {item["VALUE"] for field in directories.userfields() if field["field_name"] == TIER for item in field["items"]}
    return items | {status["NAME"] for status in directories.statuses() if status["ENTITY_ID"] == "SOURCE"}


async def test_companies_that_the_run_created_go_and_others_stay(night: Nights) -> None:
    night.sandbox.store.insert("company", {"TITLE": "Birch", "DATE_CREATE": "2026-01-01T10:00:00+03:00"}, [])
    await night.run((*ANN, "Acme"), (*BEN, "Birch"), mapping=COMPANIES, header=WITH_FIRM)
    assert sorted(_companies(night)) == ["Acme", "Birch"]
    ended = await night.undo()
    assert (_companies(night), night.contacts(), night.planned.companies) == (["Birch"], [], 1)
    assert (ended.facts.companies, ended.facts.stays) == ({"deleted": 1}, [])


async def test_a_company_that_another_contact_uses_stays_and_is_told(night: Nights) -> None:
    await night.run((*ANN, "Acme"), mapping=COMPANIES, header=WITH_FIRM)
    other = _entered(night, ORIGIN_ID="77")
    night.sandbox.store.set_company_links(other, [(1, 10)], 1)
    ended = await night.undo(is_forced=True)
    assert (_companies(night), [contact["ID"] for contact in night.contacts()]) == (["Acme"], [other])
    assert ended.exit_code == 0
    assert "contact 2 uses it" in ended.facts.stays[0]
    assert "contact 2 uses it" in (night.folder / "report" / "report.html").read_text("utf-8")


@pytest.mark.parametrize("edit", [{"TITLE": "Acme Ltd"}, {"COMMENTS": "x"}], ids=["its title", "something else"])
async def test_a_company_that_people_changed_stays_unless_forced(night: Nights, edit: dict) -> None:
    await night.run((*ANN, "Acme"), mapping=COMPANIES, header=WITH_FIRM)
    _edited(night, 1, entity="company", **edit)
    ended = await night.undo()
    assert (len(_companies(night)), "changed it since" in ended.facts.stays[0]) == (1, True)
    await night.undo(is_forced=True)
    assert _companies(night) == []


async def test_a_contact_that_was_there_loses_the_company_that_the_run_gave_it(night: Nights) -> None:
    _entered(night)
    await night.run((*ANN, "Acme"), mapping=COMPANIES, header=WITH_FIRM)
    assert night.contacts()[0]["COMPANY_ID"] == 1
    await night.undo()
    assert (_companies(night), night.contacts()[0]["COMPANY_ID"], night.sandbox.store.company_links(1)) == ([], None, [])


async def test_list_entries_that_the_run_created_go(night: Nights) -> None:
    before = _entries(night)
    await night.run((*ANN, "Fair"), (*BEN, "Fair"), mapping=ENTRIES, header=WITH_FIRM)
    assert _entries(night) - before == {"Fair", "Nurse", "Clerk"}
    ended = await night.undo()
    assert (_entries(night), ended.facts.entries) == (before, {"deleted": 3})


async def test_list_entries_in_use_or_renamed_stay_and_are_told(night: Nights) -> None:
    before = _entries(night)
    await night.run((*ANN, "Fair"), mapping=ENTRIES, header=WITH_FIRM)
    code = night.contacts()[0]["SOURCE_ID"]
    _entered(night, ORIGIN_ID="77", SOURCE_ID=code)
    [field] = [field for field in night.sandbox.store.directories.userfields() if field["field_name"] == TIER]
    items = [item | {"VALUE": "Nurses"} if item["VALUE"] == "Nurse" else item for item in field["items"]]
    night.sandbox.store.directories.change_userfield(field["id"], items=items)
    ended = await night.undo()
    assert _entries(night) - before == {"Fair", "Nurses"}
    assert len(ended.facts.stays) == 2


async def test_a_requisite_with_an_address_that_the_run_added_goes_and_an_older_one_stays(night: Nights) -> None:
    _entered(night)
    await night.run((*ANN, "Leeds"), mapping=ADDRESSES, header=WITH_FIRM)
    assert len(night.sandbox.store.directories.requisites()) == 1
    await night.run((*ANN, "York"), mapping=ADDRESSES.replace("POST: Job", "POST: Firm"), header=WITH_FIRM)
    await night.undo()
    assert len(night.sandbox.store.directories.requisites()) == 1
    runs = [run.run for run in night.history().runs() if run.undoes is None]
    await night.undo(runs[0])
    assert (night.sandbox.store.directories.requisites(), night.contacts()[0]["POST"]) == ([], None)


@pytest.mark.parametrize(("later_s", "is_forced", "stays"), [(0, False, False), (4, False, False), (60, False, True), (60, True, False)])
async def test_a_requisite_that_people_have_changed_since_stays_and_is_told(night: Nights, later_s: int, is_forced: bool, stays: bool) -> None:
    _entered(night)
    await night.run((*ANN, "Leeds"), mapping=ADDRESSES, header=WITH_FIRM)
    [requisite] = night.sandbox.store.directories.requisites()
    modified = datetime.fromisoformat(str(requisite["fields"]["DATE_MODIFY"])) + timedelta(seconds=later_s)
    night.sandbox.store.directories.change_requisite(int(requisite["id"]), {"DATE_MODIFY": modified.isoformat()})
    await night.undo(is_forced=is_forced)
    assert len(night.sandbox.store.directories.requisites()) == int(stays)
    said = (night.folder / "report" / "report.html").read_text("utf-8")
    assert ("its requisite" in said and "was changed since, and stays" in said) is stays


async def test_a_run_that_added_nothing_but_an_address_is_taken_back(night: Nights) -> None:
    _entered(night, POST="Nurse")
    night.sandbox.store.update("contact", 1, {"ORIGINATOR_ID": "erp"}, Changes())
    mapping = "version: 1\ndefaults: {region: GB}\norigin: {originator: erp, id: [Id]}\nmatch: {by: [origin], on_match: update}\nfields:\n  POST: Job\n  LAST_NAME: Last\n  ADDRESS: {city: {column: Firm}}\n"
    await night.run((*ANN, "Leeds"), mapping=mapping, header=WITH_FIRM)
    assert len(night.sandbox.store.directories.requisites()) == 1
    await night.undo()
    assert (night.sandbox.store.directories.requisites(), night.counts()) == ([], {"restored": 1})


@pytest.mark.parametrize("deed", LOST, ids=str)
@pytest.mark.parametrize("method", ["crm.company.delete", "crm.status.delete", "crm.contact.userfield.update", "crm.requisite.delete"])
async def test_lost_answers_cost_nothing_beside_contacts_either(night: Nights, deed: object, method: str) -> None:
    before = _entries(night)
    _entered(night)
    mapping = COMPANIES + f"  SOURCE_ID: {{column: Firm, create: true}}\n  {TIER}: {{column: Job, create: true}}\n  ADDRESS: {{city: {{column: Firm}}}}\n"
    await night.run((*ANN, "Acme"), (*BEN, "Birch"), mapping=mapping, header=WITH_FIRM)
    night.sandbox.control.add_fault({"when": {"method": method, "times": 1}, "do": deed})
    ended = await night.undo()
    assert (ended.exit_code, night.counts()) == (0, {"deleted": 1, "restored": 1})
    assert (_companies(night), _entries(night), night.sandbox.store.directories.requisites()) == ([], before, [])
    assert ended.facts.stays == []
