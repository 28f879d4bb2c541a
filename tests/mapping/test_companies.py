"""Companies by id, title and origin; what fits none or several; new ones, once each."""

from __future__ import annotations

import pytest

from importer.errors import MappingError
from importer.mapping import companies
from importer.mapping.companies import Companies, title_key
from importer.mapping.contact_fields import offline_catalogue
from importer.mapping.findings import Finding
from importer.mapping.rules import FieldRule
from importer.records import PortalCompany


def looked_up(field: str, cell: str, mapping, **more: str):
    extra = "".join(f", {key}: {value}" for key, value in more.items())
    return mapping(f"{field}: {{column: A, lookup: company{extra}}}").row(Name="Ada", A=cell)


@pytest.mark.parametrize(
    ("field", "cell", "sent"),
    [
        ("COMPANY_ID", "3", "3"),
        ("COMPANY_ID", 'ООО "Ромашка"', "3"),
        ("COMPANY_ID", "ооо  «РОМАШКА»", "3"),
        ("COMPANY_ID", "ООО“Ромашка”", "3"),
        ("COMPANY_ID", "ООО Ромашка\u00a0", "3"),
        ("COMPANY_ID", "зеленый лист", "77"),
        ("COMPANY_ID", "O'Neill & sons", "7"),
        ("COMPANY_ID", "K-3", "3"),
        ("COMPANY_IDS", "АО Север", ["4"]),
        ("UF_CRM_FIRM", "ао „север“", "CO_4"),
        ("UF_CRM_FIRM", "CO_4", "CO_4"),
        ("UF_CRM_TIES", "K-3", ["CO_3"]),
    ],
)
def test_a_company_is_found_by_id_title_or_origin(mapping, field, cell, sent):
    mapped = looked_up(field, cell, mapping)
    assert mapped.problems == []
    assert mapped.contact.fields[field] == sent


@pytest.mark.parametrize(
    ("cell", "code", "says"),
    [
        ("Acme ltd", "ambiguous_company", "is the title of 2 companies of the portal: ids 5, 6."),
        ("X-2", "ambiguous_company", "is the origin of 2 companies of the portal: ids 7, 77."),
        ("ООО Ромашкка", "unknown_company", 'Nearest: ООО "Ромашка" (id 3).'),
        ("Ромашка", "unknown_company", 'Nearest: ООО "Ромашка" (id 3).'),
        ("АО Ромашка", "unknown_company", 'ООО "Ромашка" (id 3)'),
        ("999", "unknown_company", '"999" is no company of the portal by id, title or origin.'),
        ("k-3", "unknown_company", "is no company"),
        ("CO_999", "unknown_company", "is no company"),
        ('""', "unknown_company", "is no company"),
    ],
)
def test_what_fits_no_company_or_several_rejects_the_row(mapping, cell, code, says):
    mapped = looked_up("COMPANY_ID", cell, mapping)
    assert mapped.contact is None
    (problem,) = mapped.problems
    assert (problem.code, problem.column) == (code, "A") and says in problem.problem


def test_an_id_that_is_an_origin_too_is_taken_as_id_and_warned_of(mapping):
    mapped = looked_up("COMPANY_ID", "77", mapping)
    assert mapped.contact.fields["COMPANY_ID"] == "77"
    (problem,) = mapped.problems
    assert problem.is_warning and problem.code == "id_or_origin"
    assert "the id of Зелёный Лист (id 77) and the origin of АО Север (id 4)" in problem.problem


@pytest.mark.parametrize(("by", "sent"), [("origin", "4"), ("id", "77"), ("[origin, id]", "4")])
def test_the_rule_may_say_what_companies_go_by(mapping, by, sent):
    mapped = looked_up("COMPANY_ID", "77", mapping, by=by)
    assert mapped.problems == [] and mapped.contact.fields["COMPANY_ID"] == sent


def test_map_and_default_are_looked_up_too(mapping):
    built = mapping("COMPANY_ID: {column: A, map: {R: ООО Ромашка}, otherwise: K-3, lookup: company, default: АО Север}")
    assert [built.row(Name="Ada", A=cell).contact.fields["COMPANY_ID"] for cell in ("r", "other", "")] == ["3", "3", "4"]


@pytest.mark.parametrize("rule", ["{value: Nemo, lookup: company}", "{column: A, map: {x: Nemo}, lookup: company}"])
def test_a_company_the_mapping_names_wrongly_is_a_fault(mapping, rule):
    with pytest.raises(MappingError, match='COMPANY_ID: "Nemo" is no company of the portal'):
        mapping(f"COMPANY_ID: {rule}")


def test_companies_of_several_columns_become_one_list(mapping):
    built = mapping(
        "COMPANY_IDS:\n  - {column: A, lookup: company}\n  - {column: B, lookup: company, split: ';'}\n  - C"
    )
    mapped = built.row(Name="Ada", A="K-3", B="АО Север; ООО Ромашка", C="5")
    assert mapped.contact.fields["COMPANY_IDS"] == ["3", "4", "5"]


@pytest.mark.parametrize(("primary", "others", "sent"), [("5", "3", ["5", "3"]), ("3", "4;3", ["3", "4"]), ("", "4", ["4"])])
def test_the_primary_company_is_the_first_of_all(mapping, primary, others, sent):
    built = mapping("COMPANY_ID: A\nCOMPANY_IDS: {column: B, split: ';'}")
    fields = built.row(Name="Ada", A=primary, B=others).contact.fields
    assert fields["COMPANY_IDS"] == sent and fields.get("COMPANY_ID", "") == primary


def test_offline_companies_are_not_checked_and_that_is_noted(mapping):
    built = mapping("COMPANY_ID: {column: A, lookup: company}", catalogue=offline_catalogue())
    assert "COMPANY_ID is not checked: companies are known only to the portal." in built.mapper.notes
    assert built.row(Name="Ada", A="Nemo").contact.fields["COMPANY_ID"] == "Nemo"


def test_a_portal_without_companies_says_so(mapping, portal):
    portal.companies = ()
    assert "The portal has no companies." in looked_up("COMPANY_ID", "Nemo", mapping).problems[0].problem


def test_the_nearest_titles_are_looked_for_within_a_bound(monkeypatch):
    monkeypatch.setattr(companies, "MOST_COMPARISONS", 5)
    few = Companies([PortalCompany("1", "Alpha"), PortalCompany("2", "Beta")])
    convert = few.conversion(FieldRule(column="A", lookup="company"), "")
    said = [finding.sentence for word in ("Alfa", "Bata", "Betta", "Alfa") if isinstance(finding := convert(word), Finding)]
    assert [("Nearest: " in one, "first of such cases only" in one) for one in said] == [
        (True, False), (True, False), (False, True), (True, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("«Ромашка»", "'ромашка'", True),
        ('ООО"Ромашка"', "ООО Ромашка", True),
        ("Ёлка", "елка", True),
        ("Ёлка".replace("Ё", "Е\u0308"), "ёлка", True),
        ("McDonald’s", "McDonald's", True),
        ("ООО Север", "АО Север", False),
        ("Север-1", "Север 1", False),
    ],
)
def test_titles_are_compared_without_case_marks_and_blanks_but_with_the_legal_form(one, other, is_same):
    assert (title_key(one) == title_key(other)) is is_same


def test_an_unknown_title_becomes_a_placeholder_the_same_in_every_spelling(mapping):
    built = mapping("COMPANY_ID: {column: A, lookup: company, create: true}")
    cells = (" ООО  «Новая» ", "ооо новая", 'ООО "НОВАЯ"', "АО Новая", "ООО Ромашка")
    sent = [built.row(Name="Ada", A=cell).contact.fields["COMPANY_ID"] for cell in cells]
    assert sent == ["company:ООО «Новая»"] * 3 + ["company:АО Новая", "3"]


def test_placeholders_keep_their_place_among_the_companies_and_are_the_same_in_all_rules(mapping):
    built = mapping(
        "COMPANY_IDS: {column: A, split: ';', lookup: company, create: true}\n"
        "UF_CRM_FIRM: {column: B, lookup: company, create: true}"
    )
    fields = built.row(Name="Ada", A="АО Север; Nova; ООО Ромашка; NOVA", B="nova").contact.fields
    assert fields["COMPANY_IDS"] == ["4", "company:Nova", "3"]
    assert fields["UF_CRM_FIRM"] == "company:Nova"
    assert built.mapper.company_prefixes == {"COMPANY_IDS": "", "UF_CRM_FIRM": "CO_"}


def test_without_create_no_company_is_created(mapping):
    mapper = mapping("COMPANY_ID: {column: A, lookup: company}").mapper
    assert mapper.company_prefixes == {}


@pytest.mark.parametrize(
    ("cell", "more", "code"),
    [
        ("Acme Ltd", {}, "ambiguous_company"),
        ("999", {}, "unknown_company"),
        ("CO_999", {}, "unknown_company"),
        ("«»", {}, "unknown_company"),
        *((filler, {}, "unknown_company") for filler in ("-", " — ", "...", "???", "Нет", "N/A", "none")),
        ("Нет-Тревог", {}, None),
        ("x" * 256, {}, "long_title"),
        ("999", {"by": "title"}, None),
        ("x" * 255, {}, None),
    ],
)
def test_only_what_can_be_a_title_is_created(mapping, cell, more, code):
    mapped = looked_up("COMPANY_ID", cell, mapping, create="true", **more)
    assert [problem.code for problem in mapped.problems] == ([code] if code else [])
    if code is None:
        assert mapped.contact.fields["COMPANY_ID"] == f"company:{cell}"


def test_the_advice_for_what_people_write_for_no_company_empties_it(mapping):
    advice = looked_up("COMPANY_ID", "-", mapping, create="true").problems[0].problem
    transform = advice.split("`")[1]
    built = mapping(f"COMPANY_ID: {{column: A, lookup: company, create: true, {transform}}}")
    assert [built.row(Name="Ada", A=cell).contact.fields.get("COMPANY_ID") for cell in ("-", "Nova")] == [None, "company:Nova"]


def test_create_is_advised_for_a_company_that_is_not_there(mapping):
    assert "add `create: true`" in looked_up("COMPANY_ID", "Nemo", mapping).problems[0].problem
