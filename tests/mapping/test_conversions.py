"""What each type of portal field makes of a text."""

from __future__ import annotations

import pytest

from importer.mapping.conversions import REMEMBERED_CHARS, remembered
from importer.records import ListItem, PortalField

TOP = "defaults: {region: RU, timezone: Europe/Moscow, currency: RUB}"


@pytest.mark.parametrize(
    ("field", "cell", "sent"),
    [
        ("UF_CRM_TEXT", "007", "007"),
        ("UF_CRM_COUNT", "1 234", "1234"),
        ("UF_CRM_WEIGHT", "1 234,5", "1234.5"),
        ("UF_CRM_AGREED", "да", "1"),
        ("UF_CRM_AGREED", "FALSE", "0"),
        ("OPENED", "Нет", "N"),
        ("EXPORT", "1", "Y"),
        ("EXPORT", "✓", "Y"),
        ("UF_CRM_TIER", "82", "82"),
        ("UF_CRM_TIER", " SILVER", "82"),
        ("UF_CRM_DAY", "03.02.2001", "2001-02-03"),
        ("UF_CRM_VISIT", "03.02.2001 4:05", "2001-02-03T04:05:00+03:00"),
        ("UF_CRM_SUM", "1 200,50", "1200.50|RUB"),
        ("UF_CRM_SUM", "$5", "5|USD"),
        ("UF_CRM_LINK", "https://example.com/a?b=c", "https://example.com/a?b=c"),
        ("UF_CRM_PLACE", "London, 1 Main St", "London, 1 Main St|;|"),
        ("UF_CRM_PLACE", "London|51.5;0.1|575", "London|51.5;0.1|575"),
        ("UF_CRM_CHIEF", "ivan@example.com", "7"),
        ("UF_CRM_FIRM", "12", "CO_12"),
        ("UF_CRM_FIRM", "CO_12", "CO_12"),
        ("UF_CRM_TIES", "C_12", ["C_12"]),
        ("UF_CRM_CHANNEL", "веб-сайт", "WEB"),
        ("UF_CRM_BRANCH", "15", "15"),
        ("COMPANY_ID", "15", "15"),
        ("HONORIFIC", "Г-Н", "HNR_RU_1"),
        ("HONORIFIC", "hnr_ru_2", "HNR_RU_2"),
        ("TYPE_ID", "Партнеры", "PARTNER"),
        ("SOURCE_ID", "CALL", "CALL"),
        ("ASSIGNED_BY_ID", "1", "1"),
        ("ASSIGNED_BY_ID", "ADA@example.com", "1"),
        ("ASSIGNED_BY_ID", "Иван Петров", "7"),
        ("ASSIGNED_BY_ID", "петров  иван", "7"),
        ("ASSIGNED_BY_ID", "Петров Иван Сергеевич", "7"),
        ("ASSIGNED_BY_ID", "Петров, Иван", "7"),
    ],
)
def test_a_text_becomes_what_the_fields_type_asks_for(mapping, field, cell, sent):
    mapped = mapping(f"{field}: A", top=TOP).row(Name="Ada", A=cell)
    assert mapped.problems == []
    assert mapped.contact.fields[field] == sent


@pytest.mark.parametrize(
    ("field", "cell", "code", "says"),
    [
        ("UF_CRM_COUNT", "many", "bad_number", '"many" is not a number.'),
        ("UF_CRM_TIER", "Gould", "unknown_list_item", 'the list of UF_CRM_TIER ("Tier"). It has Gold (81), Silver (82), Bronze (83).'),
        ("TYPE_ID", "Клинт", "unknown_status", "is not in the portal's directory CONTACT_TYPE. It has Клиенты (CLIENT)"),
        ("UF_CRM_CHANNEL", "TV", "unknown_status", "directory SOURCE"),
        ("ASSIGNED_BY_ID", "Иван Петроф", "unknown_user", "Nearest: Иван Петров (id 7, ivan@example.com)."),
        ("ASSIGNED_BY_ID", "99", "unknown_user", '"99" is no user of the portal.'),
        ("ASSIGNED_BY_ID", "Olga Old", "inactive_user", "is a dismissed user (Olga Old (id 8"),
        ("ASSIGNED_BY_ID", "8", "inactive_user", "dismissed"),
        ("ASSIGNED_BY_ID", "max twin", "ambiguous_user", "(id 9, max1@example.com), Max Twin (id 10"),
        ("UF_CRM_FIRM", "Acme", "bad_crm_link", "CO_12 a company"),
        ("UF_CRM_FIRM", "C_2", "bad_crm_link", 'is of a kind that UF_CRM_FIRM ("Firm") does not allow; it takes CO_12.'),
        ("UF_CRM_FIRM", "T80_6", "bad_crm_link", "does not allow"),
        ("UF_CRM_FIRM", "012", "bad_crm_link", "is no link"),
        ("UF_CRM_FIRM", "CO_1٣", "bad_crm_link", "is no link"),
        ("UF_CRM_TIES", "D_5", "bad_crm_link", "it takes CO_12, C_12."),
        ("UF_CRM_TIES", "12", "bad_crm_link", "is no link to a CRM record"),
        ("UF_CRM_BRANCH", "99999999999999999999", "bad_id", "is no id"),
        ("UF_CRM_BRANCH", "4294967296", "bad_id", "is no id"),
        ("UF_CRM_BRANCH", "015", "bad_id", "is no id"),
        ("UF_CRM_COUNT", "99999999999999999999", "bad_number", "larger than any"),
        ("UF_CRM_SUM", "5 mln", "bad_money", 'the currency "mln" is not known'),
        ("UF_CRM_BRANCH", "Main", "bad_id", "is no id of the portal"),
        ("COMPANY_ID", "0", "bad_id", "is no id"),
        ("COMPANY_ID", "ООО Ромашка", "bad_id", "is no id"),
        ("UF_CRM_PLACE", "a|b", "bad_address", "has a bar"),
        ("UF_CRM_PLACE", "Москва|кв. 5; эт. 3", "bad_address", "has a bar"),
        ("UF_CRM_PLACE", "a|91;20", "bad_address", "has a bar"),
        ("UF_CRM_PLACE", "a|55.7;", "bad_address", "has a bar"),
        ("UF_CRM_AGREED", "perhaps", "bad_yes_no", "is neither yes nor no"),
    ],
)
def test_what_the_portal_would_drop_is_refused_with_the_nearest(mapping, field, cell, code, says):
    mapped = mapping(f"{field}: A", top=TOP).row(Name="Ada", A=cell)
    assert mapped.contact is None
    (problem,) = mapped.problems
    assert problem.code == code and says in problem.problem


# A custom field of every type (apidocs.bitrix24.com, crm.item.add): what two cells become. A boolean field is never multiple.
EVERY_TYPE = [
    ("string", {}, ("007", "x"), ("007", "x")),
    ("integer", {}, ("1 234", "-5"), ("1234", "-5")),
    ("double", {}, ("1 234,5", "0.25"), ("1234.5", "0.25")),
    ("boolean", {}, ("да", "нет"), ("1", "0")),
    ("enumeration", {"items": (ListItem("81", "Gold"), ListItem("82", "Silver"))}, ("gold", "82"), ("81", "82")),
    ("date", {}, ("03.02.2001", "2001-02-03"), ("2001-02-03", "2001-02-03")),
    ("datetime", {}, ("03.02.2001 4:05", "2001-02-03T04:05:00Z"), ("2001-02-03T04:05:00+03:00", "2001-02-03T04:05:00+00:00")),
    ("money", {}, ("1 200,50", "$5"), ("1200.50|RUB", "5|USD")),
    ("url", {}, ("https://example.com/a", "example.com"), ("https://example.com/a", "example.com")),
    ("address", {}, ("London, 1 Main St", "London|51.5;0.1|575"), ("London, 1 Main St|;|", "London|51.5;0.1|575")),
    ("employee", {}, ("ivan@example.com", "Ada Kern"), ("7", "1")),
    ("crm_status", {"settings": {"ENTITY_TYPE": "SOURCE"}}, ("веб-сайт", "CALL"), ("WEB", "CALL")),
    ("crm", {"settings": {"COMPANY": "Y", "CONTACT": "Y"}}, ("CO_3", "C_12"), ("CO_3", "C_12")),
    ("iblock_section", {}, ("15", "16"), ("15", "16")),
    ("iblock_element", {}, ("15", "16"), ("15", "16")),
    ("rest_42_rating", {}, ("five stars", "x"), ("five stars", "x")),
]


@pytest.mark.parametrize(("kind", "more", "cells", "sent"), EVERY_TYPE, ids=[row[0] for row in EVERY_TYPE])
def test_every_type_of_custom_field_takes_one_value(mapping, portal, kind, more, cells, sent):
    portal.fields["UF_CRM_ONE"] = PortalField("UF_CRM_ONE", kind, label="One", **more)
    built = mapping("UF_CRM_ONE: A", top=TOP)
    found = [built.row(Name="Ada", A=cell) for cell in cells]
    assert [mapped.problems for mapped in found] == [[], []]
    assert tuple(mapped.contact.fields["UF_CRM_ONE"] for mapped in found) == sent


MULTIPLE = [row for row in EVERY_TYPE if row[0] != "boolean"]


@pytest.mark.parametrize(("kind", "more", "cells", "sent"), MULTIPLE, ids=[row[0] for row in MULTIPLE])
def test_every_type_of_custom_field_takes_several_values(mapping, portal, kind, more, cells, sent):
    portal.fields["UF_CRM_SOME"] = PortalField("UF_CRM_SOME", kind, label="Some", is_multiple=True, **more)
    mapped = mapping("UF_CRM_SOME: {column: A, split: §}", top=TOP).row(Name="Ada", A="§".join(cells))
    assert mapped.problems == []
    assert mapped.contact.fields["UF_CRM_SOME"] == list(dict.fromkeys(sent))


@pytest.mark.parametrize(
    ("settings", "cell", "sent"),
    [
        ({"DYNAMIC_128": "Y"}, "T80_6", "T80_6"),
        ({"DYNAMIC_128": "Y"}, "6", "T80_6"),
        ({"SMART_INVOICE": "Y", "DEAL": "Y"}, "SI_7", "SI_7"),
        ({}, "D_5", "D_5"),
        ({"COMPANY": "Y", "SOMETHING_NEW": "Y"}, "D_5", "D_5"),
    ],
)
def test_a_link_is_of_a_kind_the_field_allows(mapping, portal, settings, cell, sent):
    portal.fields["UF_CRM_ONE"] = PortalField("UF_CRM_ONE", "crm", label="One", settings=settings)
    mapped = mapping("UF_CRM_ONE: A", top=TOP).row(Name="Ada", A=cell)
    assert (mapped.problems, mapped.contact.fields["UF_CRM_ONE"]) == ([], sent)


def test_a_number_is_rounded_to_the_decimals_of_its_field_with_a_warning(mapping, portal):
    portal.fields["UF_CRM_ONE"] = PortalField("UF_CRM_ONE", "double", label="One", settings={"PRECISION": 2})
    mapped = mapping("UF_CRM_ONE: A", top=TOP).row(Name="Ada", A="12,34567")
    assert [problem.code for problem in mapped.problems] == ["rounded_number"]
    assert mapped.contact.fields["UF_CRM_ONE"] == "12.35"


def test_a_link_with_blanks_is_sent_with_a_warning(mapping):
    mapped = mapping("UF_CRM_LINK: A").row(Name="Ada", A="example.com/a b")
    assert [problem.code for problem in mapped.problems] == ["odd_url"]
    assert mapped.contact.fields["UF_CRM_LINK"] == "example.com/a b"


def test_a_rules_own_settings_go_before_the_defaults(mapping):
    built = mapping(
        "UF_CRM_SUM: {column: A, currency: eur, decimal: '.'}\nUF_CRM_DAY: {column: B, date_formats: '%m/%d/%Y'}", top=TOP
    )
    fields = built.row(Name="Ada", A="1,234", B="02/03/2001").contact.fields
    assert (fields["UF_CRM_SUM"], fields["UF_CRM_DAY"]) == ("1234|EUR", "2001-02-03")


def test_conversions_remember_short_texts_and_never_keep_long_ones():
    asked: list[str] = []

    def convert(text: str) -> str:
        asked.append(text)
        return text

    quick = remembered(convert)
    long_text = "x" * (REMEMBERED_CHARS + 1)
    for text in ("a", "a", long_text, long_text):
        quick(text)
    assert asked == ["a", long_text, long_text]
