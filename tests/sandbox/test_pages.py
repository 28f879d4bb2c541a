"""The pages people open: the list of contacts and one contact's card."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import Portal


async def _page(portal: Portal, path: str) -> tuple[int, str]:
    async with portal.session.get(portal.sandbox.base_url + path) as response:
        assert response.content_type == "text/html"
        return response.status, await response.text()


@pytest.mark.parametrize("path", ["/crm/contact/details/1/", "/crm/contact/details/1"])
async def test_a_card_shows_fields_and_values_as_people_read_them(portal: Portal, path: str) -> None:
    await portal.add(
        LAST_NAME="Окафор", TYPE_ID="PARTNER", ASSIGNED_BY_ID=6, UF_CRM_1720697698689=81, UF_CRM_INTERESTS=[91, 93], BIRTHDATE="2001-11-12",
        PHONE=[{"VALUE": "+442079460011", "VALUE_TYPE": "MOBILE"}], PHOTO={"fileData": ["me.jpg", "cGljdHVyZQ=="]},
    )  # fmt: skip
    status, text = await _page(portal, path)
    assert status == 200
    for shown in ("Mara Окафор", "PHONE MOBILE", "+442079460011", "Партнёры", "Иван Петров", "Уровень", "Gold", "Опт, Розница", "2001-11-12<", "me.jpg (7 bytes)"):
        assert shown in text


async def test_markup_in_values_is_shown_not_run(portal: Portal) -> None:
    await portal.add(NAME="<script>alert(1)</script>", POST='"><img src=x>', PHONE=[{"VALUE": "<b>1</b>"}], ORIGIN_ID="<i>")
    for path in ("/", "/crm/contact/details/1/"):
        text = (await _page(portal, path))[1]
        assert "<script" not in text and "<img" not in text and "<b>" not in text and "<i>" not in text
        assert "&lt;script&gt;" in text


async def test_the_list_shows_the_newest_first_and_leads_to_older_ones(portal: Portal) -> None:
    await portal.batch([f"crm.contact.add?fields[NAME]=Person{number:02}" for number in range(1, 51)])
    await portal.add(NAME="Newest")
    text = (await _page(portal, "/"))[1]
    assert "51 contacts, newest first" in text and "Newest" in text and "Person02" in text and "Person01" not in text
    assert 'href="/?before=2"' in text
    assert "Person01" in (await _page(portal, "/?before=2"))[1]


@pytest.mark.parametrize("query", ["?before=", "?before=x", "?before=-1", "?before=" + "9" * 40])
async def test_a_strange_page_address_shows_the_first_page(portal: Portal, query: str) -> None:
    assert (await _page(portal, "/" + query))[0] == 200


async def test_a_card_that_is_not_there_says_so(portal: Portal) -> None:
    status, text = await _page(portal, "/crm/contact/details/7/")
    assert (status, "There is no contact 7" in text) == (404, True)
