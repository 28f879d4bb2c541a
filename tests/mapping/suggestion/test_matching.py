"""Columns by name and values: eight languages, typos, and words that mean one thing here and another there."""

from __future__ import annotations

import pytest

from importer.mapping.suggestion.column_facts import facts_of
from importer.mapping.suggestion.matching import certain_languages, languages_of
from importer.mapping.suggestion.recognition import claims_of, recognise

NO_VALUES: tuple[str, ...] = ()


def targets(header: str, *rows: str) -> dict[str, str]:
    """Column → what it is taken for, of a table written with bars."""
    names = header.split("|")
    facts = facts_of(names, [row.split("|") for row in rows])
    return {names[claim.index]: claim.target for claim in claims_of(facts, recognise(names))}


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("Фамилия", "LAST_NAME"), ("По-батькові", "SECOND_NAME"), ("Әкесінің аты", "SECOND_NAME"), ("Nachname", "LAST_NAME"), ("Sobrenome", "LAST_NAME"),
        ("E-MAIL", "EMAIL.WORK"), ("e_mail", "EMAIL.WORK"), ("Эл. почта", "EMAIL.WORK"), ("Correo electrónico", "EMAIL.WORK"), ("email address:", "EMAIL.WORK"),
        ("Моб. тел.", "PHONE.MOBILE"), ("Handy", "PHONE.MOBILE"), ("Ұялы телефон", "PHONE.MOBILE"), ("phoneNumber", "PHONE.WORK"), ("_$!<Mobile>!$_", "PHONE.MOBILE"),
        ("Д.Р.", "BIRTHDATE"), ("Дата народження", "BIRTHDATE"), ("PLZ", "ADDRESS_POSTAL_CODE"), ("Город", "ADDRESS_CITY"), ("Владелец", ""),
        ("Phone 2", "PHONE.WORK"), ("Телефон (контакт)", "PHONE.WORK"), ("Телефоны:", "PHONE.WORK"), ("utm_source", "UTM_SOURCE"), ("ИД", "ORIGIN_ID"),
    ],
)  # fmt: skip
def test_a_name_is_known_in_many_spellings(header: str, target: str) -> None:
    assert targets(header).get(header, "") == target


@pytest.mark.parametrize(("header", "target"), [("Teleфon number", ""), ("Telephne", "PHONE.WORK"), ("Фамлия", "LAST_NAME"), ("Organisaton", "COMPANY"), ("Comapny name", "COMPANY")])
def test_a_slip_of_the_pen_is_forgiven(header: str, target: str) -> None:
    assert targets(header).get(header, "") == target


@pytest.mark.parametrize("header", ["mall", "male", "Имя файла", "User name", "Номенклатура", "Баланс", "Rating"])
def test_a_word_of_its_own_is_no_slip(header: str) -> None:
    assert targets(header).get(header, "SKIP") == "SKIP"


@pytest.mark.parametrize(
    ("header", "row", "column", "target"),
    [
        ("First name|Last name|Title|Job title", "Megan|Ellery|Mrs.|Buyer", "Title", "HONORIFIC"),
        ("First name|Last name|Title", "Megan|Ellery|Buyer", "Title", "POST"),
        ("First name|Last name|Title", "Megan|Ellery|Dr.", "Title", "HONORIFIC"),
        ("Name|Vorname", "Lindner|Ute", "Name", "LAST_NAME"), ("Name|Surname", "Ute|Lindner", "Name", "NAME"), ("Name|Phone", "Ute Lindner|+49 30 23125123", "Name", "FULL_NAME"),
        ("First name|Second name", "Ute|Lindner", "Second name", "LAST_NAME"), ("First name|Second name|Last name", "Ute|Eva|Lindner", "Second name", "SECOND_NAME"),
        ("Имя|Телефон", "Жаров Лев|+7 900 000-11-22", "Имя", "FULL_NAME"), ("Имя|Фамилия", "Лев|Жаров", "Имя", "NAME"),
        ("Имя|Фамилия", "Жаров Лев Борисович|", "Имя", "FULL_NAME"),
        ("Наименование|Телефон", "ООО «Ковш»|+7 900 000-11-22", "Наименование", "COMPANY"), ("Наименование|Телефон", "Жаров Лев|+7 900 000-11-22", "Наименование", "FULL_NAME"),
        ("Адрес|Имя", "lev@example.com|Лев", "Адрес", "EMAIL.WORK"), ("WhatsApp|Имя", "+7 900 000-11-22|Лев", "WhatsApp", "PHONE.MOBILE"),
        ("Номер для связи|Имя", "+7 (900) 000-11-22|Лев", "Номер для связи", "PHONE.WORK"), ("Профиль|Имя", "https://example.com/lev|Лев", "Профиль", "WEB.OTHER"),
        ("Ciudad|Estado|Nombre", "Madrid|Madrid|Ana", "Estado", "ADDRESS_PROVINCE"), ("Nombre|Estado", "Ana|Nuevo", "Estado", "TYPE_ID"),
        ("Телефон покупателя|Имя", "8 900 000-11-22|Лев", "Телефон покупателя", "PHONE.WORK"), ("Телефон покупателя|Имя", "есть|Лев", "Телефон покупателя", ""),
        ("Customer Full Name|Job", "Hartwell, Isobel|Buyer", "Customer Full Name", "FULL_NAME"), ("Tel. (mob)|Name", "030 23125-123|Ute", "Tel. (mob)", "PHONE.WORK"),
        ("Сот. связь|Имя", "8 (900) 000-11-22|Лев", "Сот. связь", "PHONE.MOBILE"), ("Ваше полное имя|Тип", "Жаров Лев|x", "Ваше полное имя", "FULL_NAME"),
        ("ID|Имя", "01.02.2024|Лев", "ID", "SKIP"),
    ],
)  # fmt: skip
def test_one_word_means_what_its_neighbours_and_values_say(header: str, row: str, column: str, target: str) -> None:
    assert targets(header, row).get(column, "") == target


@pytest.mark.parametrize("header", ["Assistant's Phone", "Телефон помощника", "Email Opt Out", "Do Not Call", "E-mail 2 Type", "Account Name.id", "OwnerId", "Кем создан", "Сделки"])
def test_other_peoples_phones_consent_flags_and_bookkeeping_are_never_taken(header: str) -> None:
    assert targets(f"Name|{header}").get(header) == "SKIP"


@pytest.mark.parametrize(
    ("header", "languages"),
    [
        ("Vorname|Telefon", ["de"]), ("Nombre|Teléfono", ["es"]), ("Prénom|Nom|Téléphone", ["fr"]), ("Nome|Sobrenome|Telefone", ["pt"]), ("Фамилия|Телефон", ["ru"]),
        ("Imię|Nazwisko|Firma|Telefon", []), ("Jméno|Příjmení|Firma|Telefon", []), ("Fornavn|Firma|Adresse|Telefon|Mobil", []), ("Förnamn|Telefon|Land", []),
        ("Nome|Cognome|Telefono|Provincia", []), ("Prenume|Nume|Telefon|Website", []), ("Vorname", []),
    ],
)  # fmt: skip
def test_words_that_several_languages_share_do_not_tell_the_country(header: str, languages: list[str]) -> None:
    assert certain_languages(header.split("|")) == languages


@pytest.mark.parametrize(("header", "language"), [("Имя|Фамилия|Телефон", "ru"), ("Vorname|Nachname|Handy", "de"), ("First name|Last name|Phone", "en"), ("Прізвище|Посада|Країна", "uk")])
def test_the_headers_language_is_told(header: str, language: str) -> None:
    assert languages_of(header.split("|"))[0] == language
