"""Ids of companies that are in no portal: told before sending, and asked for no oftener than needed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from importer.company_links import CompanyLinks
from importer.journal.entries import PlannedRow
from importer.portals.existing import ReadCompanies
from importer.portals.portal import Failure, Stored, Verdict
from importer.sandbox.store import Store
from tests.nights import Nights, nights

HEADER = ("Id", "First", "Firm", "Related")
MAPPING = """\
version: 1
origin: {originator: erp, id: [Id]}
match: {by: [origin], on_match: update}
fields:
  NAME: First
  COMPANY_ID: Firm
  UF_CRM_RELATED: {column: Related, split: ","}
"""


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Nights]:
    async with nights(tmp_path) as made:
        yield made


def _company(night: Nights) -> str:
    store: Store = night.sandbox.store
    stamped = {"DATE_CREATE": "2026-01-01T10:00:00+03:00", "DATE_MODIFY": "2026-01-01T10:00:00+03:00"}
    return str(store.insert("company", {"TITLE": "Acme", **stamped}, []))


async def test_a_link_to_no_company_rejects_its_row_with_its_column(night: Nights) -> None:
    there = _company(night)
    rows = [("1", "Ann", there, ""), ("2", "Ben", "987654", ""), ("3", "Cid", "", f"CO_{there}"), ("4", "Dan", there, "C_1,CO_555")]
    await night.run(*rows, mapping=MAPPING, header=HEADER)
    assert night.results() == {2: ("created", ""), 3: ("rejected", "unknown_company"), 4: ("created", ""), 5: ("rejected", "unknown_company")}
    told = (night.folder / "report" / "rejects.csv").read_text("utf-8-sig")
    assert 'COMPANY_ID: ""987654"" is no company of the portal.' in told and 'UF_CRM_RELATED: ""CO_555""' in told
    assert night.called["crm.company.list"] == 1


async def test_all_that_is_wrong_with_a_row_is_told_at_once(night: Nights) -> None:
    await night.run(("1", "", "987654", ""), ("2", "Ben", _company(night), ""), mapping=MAPPING, header=HEADER)
    assert night.results() == {2: ("rejected", "no_name"), 3: ("created", "")}
    told = (night.folder / "report" / "rejects.csv").read_text("utf-8-sig")
    assert "Fill one of them." in told and 'Column ""Firm"": COMPANY_ID: ""987654"" is no company of the portal.' in told


async def test_a_fixed_value_is_looked_up_too(night: Nights) -> None:
    mapping = MAPPING.replace("COMPANY_ID: Firm", "COMPANY_ID: {value: 999999}")
    await night.run(("1", "Ann", "", ""), mapping=mapping, header=HEADER)
    assert night.results() == {2: ("rejected", "unknown_company")}


async def test_no_company_is_asked_for_where_no_row_links_one_or_nothing_has_changed(night: Nights) -> None:
    row = ("1", "Ann", _company(night), "")
    await night.run(("9", "Zoe", "", ""), mapping=MAPPING, header=HEADER)
    assert night.called["crm.company.list"] == 0
    await night.run(row, mapping=MAPPING, header=HEADER)
    await night.run(row, mapping=MAPPING, header=HEADER)
    assert (night.results(), night.called["crm.company.list"]) == ({2: ("skipped", "unchanged")}, 0)


async def test_each_company_is_asked_for_once(night: Nights) -> None:
    there = _company(night)
    rows = [(str(n), f"Ann {n}", there, f"CO_{there}") for n in range(2600)]
    await night.run(*rows, mapping=MAPPING, header=HEADER, limit=2600)
    assert night.called["crm.company.list"] == 1


class _Answering:
    """A portal that shows one company, or refuses to show any."""

    def __init__(self, failure: Failure | None = None) -> None:
        self.failure, self.asked = failure, 0

    async def values(self, operations: list[ReadCompanies]) -> list[object]:
        self.asked += 1
        if self.failure is not None:
            raise self.failure
        return [[Stored(7, "", {})] for _ in operations]


ROWS = [PlannedRow(2, "new", [], {"COMPANY_ID": "7"}), PlannedRow(3, "new", [], {"COMPANY_ID": "8"}), PlannedRow(4, "new", [], {"COMPANY_ID": "company:Acme"})]


async def test_where_our_user_may_not_see_every_company_the_row_goes_with_a_warning() -> None:
    noted: list[int] = []
    links = CompanyLinks(_Answering(), {"COMPANY_ID": "Firm"}, lambda row, problem: noted.append(row), sees_all=False)
    first, second, third = await links.checked(ROWS)
    assert (first, third, noted) == (ROWS[0], ROWS[2], [3])
    [warning] = second.warnings
    assert (second.state, warning.code, warning.column, warning.is_warning) == ("new", "unknown_company", "Firm", True)


async def test_a_portal_that_shows_no_companies_is_asked_once_and_that_is_told() -> None:
    reading = _Answering(Failure(Verdict.STOP, "ACCESS_DENIED", ""))
    links = CompanyLinks(reading, {"COMPANY_ID": "Firm"}, lambda row, problem: None)
    assert [await links.checked(ROWS), await links.checked(ROWS)] == [ROWS, ROWS]
    assert reading.asked == 1 and "are not checked" in links.notes[0]


async def test_a_failure_for_the_moment_is_not_taken_for_a_refusal() -> None:
    links = CompanyLinks(_Answering(Failure(Verdict.AGAIN, "x", "")), {"COMPANY_ID": "Firm"}, lambda row, problem: None)
    with pytest.raises(Failure):
        await links.checked(ROWS)
