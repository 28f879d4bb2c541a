"""Known exports by their headers: which, which not, and what their columns are taken for."""

from __future__ import annotations

import re

import pytest

from importer.mapping.contact_fields import VALUE_TYPES, offline_catalogue
from importer.mapping.suggestion.column_facts import facts_of
from importer.mapping.suggestion.export import SKIP_REASONS
from importer.mapping.suggestion.recognition import EXPORTS, claims_of, recognise

PSEUDO = {"FULL_NAME", "COMPANY", "ASSIGNED_BY", "TAGS", "DEPARTMENT", "CREATED", "ORIGIN_ID", "KEPT"}


@pytest.mark.parametrize(
    ("header", "export"),
    [
        ("Record ID|First Name|Last Name|Email|Contact owner", "hubspot"), ("Record Id|Contact Owner.id|Contact Owner|Last Name", "zoho"),
        ("record id|First Name|contact owner", None), ("Record ID|Deal Name|Create Date", None),
        ("Person - Name|Person - Phone", "pipedrive"), ("Deal - Title|Person - Name", None),
        ("id|lastname|accountid|ownerid|ISDELETED", "salesforce-api"), ("Last Name|Account Name|Mailing Zip/Postal Code", "salesforce-report"),
        ("\ufeffПолное имя контакта|Рабочий прямой телефон|Дата создания контакта", "amocrm-contacts-ru"),
        ("Название сделки|Этап сделки|Полное имя контакта|Рабочий прямой телефон", "amocrm-deals-ru"),
        ("Улица  2 (другой адрес)|Адрес эл. почты|Телефон  переносной", "outlook-ru"), ("First Name|Last Name|Position|Connected On", "linkedin"),
        ("NAME|LAST_NAME|PHONE_WORK|EMAIL_WORK", "bitrix24-codes"), ("name|last_name|phone_work|email_work", None), ("Имя|Фамилия|Телефон", None),
        ("Email Address|LEID|EUID", "mailchimp"), ("Name|Item ID (auto generated)", "monday"), ("Наименование в программе|ИНН|Код", "1c-counterparties"),
    ],
)  # fmt: skip
def test_an_export_is_recognised_by_what_it_must_and_must_not_have(header: str, export: str | None) -> None:
    found = recognise(header.split("|"))
    assert (found.id if found else None) == export


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.id)
def test_every_target_of_every_export_is_a_field_a_kind_or_a_word_of_ours(export) -> None:
    fields = offline_catalogue().fields
    for target in export.columns:
        name = target.partition("@")[0]
        field, _, kind = name.partition(".")
        if field == "SKIP":
            assert kind in SKIP_REASONS
        elif kind:
            assert kind in VALUE_TYPES[field]
        else:
            assert field in fields or field in PSEUDO


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.id)
def test_patterns_of_every_export_are_patterns(export) -> None:
    for pattern in (*export.splits.values(), export.varying, *(name for name in export.extras if name.startswith("^"))):
        re.compile(pattern)


def test_no_two_exports_have_one_id() -> None:
    assert len({export.id for export in EXPORTS}) == len(EXPORTS)


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        (("* Mobile", "Mobile", "Work"), "MOBILE"), (("Work Fax",), "FAX"), (("Main",), "WORK"), (("Trabajo",), "WORK"), (("Skat",), "OTHER"), (("Mobile ::: Work",), "MOBILE"),
        (("", ""), ""),
    ],
)  # fmt: skip
def test_a_numbered_phone_has_the_kind_most_of_its_labels_name(labels: tuple[str, ...], kind: str) -> None:
    header = ["First Name", "Phonetic First Name", "Organization Name", "Labels", "Phone 1 - Label", "Phone 1 - Value"]
    rows = [["Ute", "", "", "", label, "+49 30 23125123"] for label in labels]
    (claim,) = [claim for claim in claims_of(facts_of(header, rows), recognise(header)) if claim.index == 5]
    assert (claim.field, claim.kind, claim.split) == ("PHONE", kind, " ::: ")


def test_collected_columns_are_taken_only_where_the_typed_ones_are_missing() -> None:
    typed = ["ID", "Имя", "Телефон", "Мобильный телефон", "Номер пейджера", "Частный e-mail"]
    claims = claims_of(facts_of(typed, []), recognise(typed))
    assert [claim.target for claim in claims if claim.index == 2] == ["SKIP"]
    name_only = ["Id", "LastName", "AccountId", "OwnerId", "Name", "Email"]
    assert [claim.target for claim in claims_of(facts_of(name_only, []), recognise(name_only)) if claim.index == 4] == ["SKIP"]
    formatted = ["First Name", "Phonetic First Name", "Organization Name", "Labels", "Address 1 - Formatted"]
    for more, field in (([], "ADDRESS"), (["Address 1 - Street"], "SKIP")):
        header = [*formatted, *more]
        assert [claim.field for claim in claims_of(facts_of(header, []), recognise(header)) if claim.index == 4] == [field]


def test_a_linkedin_address_is_a_page_and_an_identity() -> None:
    header = ["First Name", "Last Name", "URL", "Company", "Position", "Connected On"]
    claims = claims_of(facts_of(header, []), recognise(header))
    assert {claim.target for claim in claims if claim.index == 2} == {"ORIGIN_ID", "WEB.OTHER"}
