"""List texts to ids."""

from __future__ import annotations

import pytest

from importer.mapping.directories import item_conversion, user_conversion
from importer.mapping.findings import Finding
from importer.records import ListItem, PortalUser

ITEMS = [ListItem("1", "One"), ListItem("2", "1"), ListItem("3", "Twin"), ListItem("4", "twin "), ListItem("UC_X", "Жёлтый")]


@pytest.mark.parametrize(
    ("text", "item"), [("1", "1"), ("one", "1"), ("uc_x", "UC_X"), ("желтый", "UC_X"), ("ЖЁЛТЫЙ", "UC_X")]
)
def test_an_exact_id_goes_before_a_text(text, item):
    assert item_conversion(ITEMS, code="unknown_list_item", whose="the list")(text) == item


def test_a_text_that_stands_for_several_is_refused():
    finding = item_conversion(ITEMS, code="unknown_list_item", whose="the list")("TWIN")
    assert isinstance(finding, Finding) and "stands for several entries of the list: 3, 4." in finding.sentence


def test_a_long_list_names_the_nearest_only():
    items = [ListItem(str(number), f"Branch {word}") for number, word in enumerate("North South East West Upper Lower Central".split())]
    finding = item_conversion(items, code="unknown_list_item", whose="the list")("Branch Nort")
    assert isinstance(finding, Finding)
    assert "Nearest: Branch North (0)" in finding.sentence and "Central" not in finding.sentence


def test_the_nearest_entries_come_with_the_likest_first():
    items = [ListItem(str(number), name) for number, name in enumerate("Exhibition Expo Export Website Call Mail Radio Exhibit".split())]
    finding = item_conversion(items, code="unknown_status", whose="the list")("exhibits")
    assert isinstance(finding, Finding) and "Nearest: Exhibit (7), Exhibition (0)" in finding.sentence


def test_a_long_list_with_nothing_near_says_how_it_begins():
    items = [ListItem(str(number), f"Branch {number}") for number in range(40)]
    finding = item_conversion(items, code="unknown_status", whose="the list")("Ж")
    assert isinstance(finding, Finding)
    assert "None of its 40 entries is near; they begin with Branch 0 (0), Branch 1 (1), Branch 2 (2)." in finding.sentence


def test_an_empty_list_says_so():
    finding = item_conversion([], code="unknown_status", whose="the list")("x")
    assert isinstance(finding, Finding) and "The list is empty." in finding.sentence


def test_an_active_user_goes_before_a_dismissed_namesake():
    users = [PortalUser("1", "Ada", "Kern", is_active=False), PortalUser("2", "Ada", "Kern")]
    assert user_conversion(users)("Kern Ada") == "2"


def test_users_without_names_are_found_by_id_and_email():
    convert = user_conversion([PortalUser("1", email="a@example.com")])
    assert (convert("1"), convert("A@example.com")) == ("1", "1")
    assert isinstance(convert(" "), Finding)
