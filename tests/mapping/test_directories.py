"""List texts to ids."""

from __future__ import annotations

import pytest

from importer.mapping.directories import item_conversion, user_conversion
from importer.mapping.findings import Finding
from importer.records import ListItem, PortalField, PortalUser

ITEMS = [ListItem("1", "One"), ListItem("2", "1"), ListItem("3", "Twin"), ListItem("4", "twin "), ListItem("UC_X", "Жёлтый")]


@pytest.mark.parametrize(
    ("text", "item"), [("3", "3"), ("one", "1"), ("uc_x", "UC_X"), ("желтый", "UC_X"), ("ЖЁЛТЫЙ", "UC_X")]
)
def test_an_exact_id_goes_before_a_text(text, item):
    assert item_conversion(ITEMS, code="unknown_list_item", whose="the list")(text) == item


def test_an_id_that_is_another_entrys_text_is_taken_with_a_warning():
    finding = item_conversion(ITEMS, code="unknown_list_item", whose="the list")("1")
    assert isinstance(finding, Finding) and (finding.code, finding.value, finding.is_warning) == ("id_or_text", "1", True)
    assert '"1" is the id of One (1) and the text of 1 (2) in the list.' in finding.sentence


@pytest.mark.parametrize(("text", "is_doubted"), [("3", True), ("UC_X", False), ("Twin 2", False)])
def test_where_entries_are_created_a_number_that_is_an_id_is_told(text, is_doubted):
    found = item_conversion(ITEMS, code="unknown_list_item", whose="the list", new=lambda text: text)(text)
    assert (found.code, found.value, found.is_warning) == ("id_or_text", text, True) if is_doubted else found == text


def test_a_map_says_which_of_two_entries_is_meant(mapping, portal):
    tier = PortalField("UF_CRM_TIER", "enumeration", items=(ListItem("106", "107"), ListItem("107", "106")))
    portal.fields["UF_CRM_TIER"] = tier
    built = mapping("UF_CRM_TIER: {column: A, map: {'107': '106', '106': '107'}}")
    mapped = [built.row(Name="Ada", A=cell) for cell in ("107", "106")]
    assert [(one.problems, one.contact.fields["UF_CRM_TIER"]) for one in mapped] == [([], "106"), ([], "107")]
    assert any('"106" is the id of 107 (106)' in note for note in built.mapper.notes)


def test_an_entry_whose_text_is_its_own_id_is_no_doubt():
    items = [ListItem("106", "106"), ListItem("107", "Gold")]
    assert item_conversion(items, code="unknown_list_item", whose="the list", new=lambda text: text)("106") == "106"


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
