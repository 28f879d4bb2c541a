"""Any table becomes a mapping without a fault; what is proposed, what is left out, and the reasons for both."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.mapping.binding import bind
from importer.mapping.contact_fields import offline_catalogue
from importer.mapping.mapping_file import LoadedMapping, load_mapping
from importer.mapping.suggestion.draft import Draft
from importer.mapping.suggestion.header_words import key
from importer.mapping.suggestion.recognition import EXPORTS
from importer.mapping.suggestion.suggestion import Sample, Suggestion, drafted, suggest
from importer.mapping.suggestion.synonyms import SYNONYMS
from importer.records import Catalogue, ListItem, Mapped, PortalField, PortalUser, Row

WORDS = [name for languages in SYNONYMS.values() for names in languages.values() for name in names.split("|")]
COLUMNS = [name for export in EXPORTS for names in export.columns.values() for name in names.split("|")]
CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["+7 900 000-11-22", "a@example.com; b@example.org", "03/04/2001", "12 Mar 2024", "Иванов Иван", "да", "1 200,50 ₽", "7,92E+10", "<b>x</b>", "ООО «Ковш»"]),
)
NAMES = st.one_of(st.text(min_size=1, max_size=20).filter(str.strip), st.sampled_from(WORDS), st.sampled_from(COLUMNS))


def portal() -> Catalogue:
    """A live portal with directories, users and custom fields of several types."""
    custom = (
        PortalField("UF_CRM_TIER", "enumeration", "Tier", items=(ListItem("81", "Gold"), ListItem("83", "Silver"))),
        PortalField("UF_CRM_TAGS", "string", "Теги", is_multiple=True), PortalField("UF_CRM_VISIT", "date", "Last visit"),
        PortalField("UF_CRM_CARD", "string", "Card number", is_required=True), PortalField("UF_CRM_SCAN", "file", "Scan"),
    )  # fmt: skip
    statuses = {
        "CONTACT_TYPE": (ListItem("CLIENT", "Clients"), ListItem("OTHER", "Other")),
        "SOURCE": (ListItem("WEB", "Website"), ListItem("UC_FAIR", "Tea fair"), ListItem("OTHER", "Other")),
        "HONORIFIC": (ListItem("HNR_EN_1", "Mr."), ListItem("HNR_EN_2", "Ms.")),
    }
    fields = offline_catalogue().fields | {field.name: field for field in custom}
    return Catalogue(fields, statuses, (PortalUser("1", "Ada", "Kern"),))


def loaded(suggestion: Suggestion, folder: Path) -> LoadedMapping:
    """The proposed mapping, loaded as `check` does."""
    path = folder / "proposed.yaml"
    path.write_text(suggestion.text, encoding="utf-8")
    return load_mapping(path)


def mapped(folder: Path, header: list[str], rows: list[list[str]], catalogue: Catalogue | None = None) -> list[Mapped]:
    """The rows as the proposed mapping makes contacts of them."""
    rules = loaded(suggest(Sample("list.csv", header, rows), catalogue), folder)
    mapper = bind(rules, header, catalogue or offline_catalogue(), source_name="list.csv")
    return [mapper.map(Row(number, row)) for number, row in enumerate(rows, 2)]


def draft_of(header: str, *rows: str, catalogue: Catalogue | None = None) -> Draft:
    """The draft of a table written with bars."""
    return drafted(Sample("list.csv", header.split("|"), [row.split("|") for row in rows]), catalogue)


def rules_of(draft: Draft) -> dict[str, object]:
    """Field → its rule, or its rules, of the lines that count."""
    found: dict[str, list[dict[str, object]]] = {}
    for line in draft.live_lines():
        found.setdefault(line.field, []).append(line.rule)
    return {field: rules[0] if len(rules) == 1 else rules for field, rules in found.items()}


@settings(max_examples=80, deadline=None)
@given(header=st.lists(NAMES, min_size=1, max_size=12, unique_by=lambda name: " ".join(name.split()).casefold()), data=st.data())
def test_any_table_becomes_a_mapping_that_loads_and_binds(header: list[str], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    rows = data.draw(st.lists(st.lists(CELLS, max_size=len(header)), max_size=8))
    suggestion = suggest(Sample("list.csv", header, rows))
    rules = loaded(suggestion, tmp_path_factory.mktemp("any"))
    bind(rules, header, offline_catalogue(), source_name="list.csv")


@settings(max_examples=30, deadline=None)
@given(header=st.lists(NAMES, min_size=1, max_size=10, unique_by=lambda name: " ".join(name.split()).casefold()), data=st.data())
def test_with_a_portal_it_binds_to_that_portal(header: list[str], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    rows = data.draw(st.lists(st.lists(CELLS, max_size=len(header)), max_size=8))
    rules = loaded(suggest(Sample("list.csv", header, rows), portal()), tmp_path_factory.mktemp("any"))
    bind(rules, header, portal(), source_name="list.csv")


def test_every_column_is_either_taken_or_listed_with_a_reason() -> None:
    header = ["ФИО", "Телефон", "Теги", "Что-то", "Дата создания", "Подписан на рассылку"]
    text = suggest(Sample("list.csv", header, [["Жаров Лев Борисович", "+7 900 000-11-22", "a;b", "x", "01.02.2024", "да"]])).text
    for name in header:
        assert name in text
    left = text.partition("# Columns that are not taken")[2]
    assert "Что-то" in left and "consent" in left and "DATE_CREATE" in left


def test_a_full_name_is_split_by_three_transforms(tmp_path: Path) -> None:
    (contact,) = mapped(tmp_path, ["ФИО"], [["Жаров Лев Борисович"]])
    assert contact.contact is not None
    assert contact.contact.fields == {"NAME": "Лев", "SECOND_NAME": "Борисович", "LAST_NAME": "Жаров"}


def test_parts_of_a_name_go_before_the_full_name_unless_they_are_empty_where_it_is_not() -> None:
    parts = draft_of("Name|First name|Last name", "Megan Ellery|Megan|Ellery")
    assert rules_of(parts)["NAME"] == {"column": "First name"}
    whole = draft_of("Name|First name|Last name", "Megan Ellery|Megan|Ellery", "Nora Quayle||")
    assert rules_of(whole)["LAST_NAME"] == {"column": "Name", "transform": "last_name"}


def test_without_any_column_of_names_something_stands_in_and_is_called_a_guess() -> None:
    draft = draft_of("E-mail|Amount", "a@example.com|12")
    (name,) = [line for line in draft.lines if line.field == "NAME"]
    assert (name.rule, name.sureness.word) == ({"column": "E-mail"}, "guess")


def test_a_company_is_found_by_its_title_or_made() -> None:
    rules = rules_of(draft_of("Name|Company|Notes", "Megan Ellery|Finch Ltd|calls back"))
    assert rules["COMPANY_ID"] == {"column": "Company", "lookup": "company", "create": True}
    assert rules["COMMENTS"] == {"column": "Notes"}


def test_a_column_of_ids_is_the_origin_only_when_rows_have_their_own() -> None:
    assert draft_of("ID|Name", "1|Megan Ellery", "2|Nora Quayle").is_origin_live
    shared = draft_of("ID|Name", "1|Megan Ellery", "1|Nora Quayle")
    assert shared.origin is not None and not shared.is_origin_live


def test_a_rule_whose_values_are_mostly_refused_becomes_a_comment_that_says_so() -> None:
    draft = draft_of("Name|E-mail", "Megan Ellery|no", "Nora Quayle|none", "Liam Carver|liam@example.com")
    (line,) = [line for line in draft.lines if line.field == "EMAIL"]
    assert line.why_not.startswith("2 of 3 values are refused")


def test_dates_that_could_be_either_way_round_are_not_taken_on_a_guess() -> None:
    draft = draft_of("Name|Birthday", "Megan Ellery|03/04/1990")
    assert "BIRTHDATE" not in rules_of(draft)
    assert rules_of(draft_of("Name|Birthday", "Megan Ellery|03/14/1990"))["BIRTHDATE"] == {"column": "Birthday"}


def test_html_in_notes_is_turned_to_bb_codes() -> None:
    assert rules_of(draft_of("Name|Notes", "Megan Ellery|<b>hi</b>"))["COMMENTS"] == {"column": "Notes", "transform": "html_to_bb"}


def test_of_several_addresses_the_one_filled_most_often_is_taken() -> None:
    draft = draft_of("Name|Business City|Home City", "Megan Ellery||Bristol", "Nora Quayle||Bath")
    assert rules_of(draft)["ADDRESS"] == {"city": {"column": "Home City"}}


def test_custom_fields_are_matched_by_label_only_with_a_portal() -> None:
    table = ("Name|Tier|last-visit|Scan|Теги", "Megan Ellery|Gold|2024-01-02|a.pdf|vip, tea")
    assert not [line for line in draft_of(*table).lines if line.field.startswith("UF_")]
    draft = draft_of(*table, catalogue=portal())
    rules = rules_of(draft)
    assert rules["UF_CRM_TIER"] == {"column": "Tier"}
    assert rules["UF_CRM_VISIT"] == {"column": "last-visit"}
    assert rules["UF_CRM_TAGS"] == {"column": "Теги", "split": ","}
    assert [line.why_not for line in draft.lines if line.field == "UF_CRM_SCAN"] == ["say in which folder beside the source its files lie, for one `files: photos`"]


def test_a_list_field_that_knows_none_of_the_values_is_not_filled() -> None:
    assert "UF_CRM_TIER" not in rules_of(draft_of("Name|Tier", "Megan Ellery|Bronze", catalogue=portal()))


def test_a_required_custom_field_that_nothing_fills_is_told() -> None:
    assert any("UF_CRM_CARD" in remark for remark in draft_of("Name", "Megan Ellery", catalogue=portal()).remarks)
    assert not draft_of("Name|Card number", "Megan Ellery|12", catalogue=portal()).remarks


def test_sources_are_mapped_to_the_portals_own_and_kept_in_words() -> None:
    rules = rules_of(draft_of("Name|Source", "Megan Ellery|Tea fair", "Nora Quayle|Web", "Liam Carver|Dream", catalogue=portal()))
    assert rules["SOURCE_ID"] == {"column": "Source", "map": {"Tea fair": "UC_FAIR", "Web": "WEB"}, "otherwise": "OTHER"}
    assert rules["SOURCE_DESCRIPTION"] == {"column": "Source"}


def test_forms_of_address_take_the_portals_codes_which_only_it_knows() -> None:
    table = ("Salutation|Last name", "Mr|Carver", "Frau|Lindner")
    assert "HONORIFIC" not in rules_of(draft_of(*table))
    assert rules_of(draft_of(*table, catalogue=portal()))["HONORIFIC"]["map"] == {"Mr": "HNR_EN_1", "Frau": "HNR_EN_2"}


@pytest.mark.parametrize("name", ["clients_2024-05-01.csv", "clients.xlsx", "clients 2.csv.gz"])
def test_the_originator_does_not_change_with_the_day_of_the_export(name: str) -> None:
    assert drafted(Sample(name, ["Name"], [])).name == "clients"


def test_a_very_wide_table_stays_within_the_bounds_of_a_mapping(tmp_path: Path) -> None:
    header = ["Name", *(f"Column number {number} with a long name of its own" for number in range(2_500))]
    assert loaded(suggest(Sample("wide.csv", header, [])), tmp_path).rules.fields.keys() == {"NAME", "SECOND_NAME", "LAST_NAME"}


def test_what_the_person_said_of_the_file_goes_into_the_mapping(tmp_path: Path) -> None:
    said = {"sheet": "Base: new, 2", "header_row": 3, "delimiter": "tab", "encoding": "cp1251"}
    source = loaded(suggest(Sample("a.csv", ["Name"], []), source=said), tmp_path).source
    assert (source.sheet, source.header_row, source.delimiter, source.encoding) == ("Base: new, 2", 3, "\t", "cp1251")


def test_synonyms_have_no_word_twice_in_one_target() -> None:
    for target, languages in SYNONYMS.items():
        for language, names in languages.items():
            keys = [key(name) for name in names.split("|")]
            assert len(keys) == len(set(keys)), (target, language, sorted(name for name in keys if keys.count(name) > 1))


def test_companies_and_addresses_are_live_lines(tmp_path: Path) -> None:
    header, row = ["Name", "Company", "Notes", "Street", "City"], ["Megan Ellery", "Finch Ltd", "calls back", "Quay Lane 1", "Bristol"]
    rules = rules_of(drafted(Sample("list.csv", header, [row])))
    assert rules["COMPANY_ID"] == {"column": "Company", "lookup": "company", "create": True}
    assert rules["COMMENTS"] == {"column": "Notes"}
    assert rules["ADDRESS"] == {"street": {"column": "Street"}, "city": {"column": "City"}}
    assert mapped(tmp_path, header, [row])[0].contact is not None


def _labelled(*labels: str) -> Catalogue:
    """A portal whose custom fields UF_CRM_1 … have these labels, and whose own fields have Russian ones."""
    own = {"BIRTHDATE": PortalField("BIRTHDATE", "date", "Дата рождения")}
    custom = {f"UF_CRM_{n}": PortalField(f"UF_CRM_{n}", "string", label) for n, label in enumerate(labels, 1)}
    return Catalogue(offline_catalogue().fields | own | custom, {}, (PortalUser("1", "Ada", "Kern"),))


def test_the_label_of_a_custom_field_beats_a_usual_name() -> None:
    table = ("Имя|Куратор|Домашний адрес", "Иван|Мария Соколова|Тверь")
    assert rules_of(draft_of(*table, catalogue=_labelled("Куратор", "домашний адрес"))).keys() == {"NAME", "UF_CRM_1", "UF_CRM_2"}
    assert rules_of(draft_of(*table)).keys() == {"NAME", "ASSIGNED_BY_ID", "ADDRESS"}


def test_it_does_not_where_a_field_of_the_portals_own_has_that_label_or_a_contact_is_called_by_it() -> None:
    table = ("Имя|Телефон|Дата рождения", "Иван|8 900 000-11-22|17.03.1984")
    assert rules_of(draft_of(*table, catalogue=_labelled("Имя", "Телефон", "Дата рождения"))).keys() == {"NAME", "PHONE", "BIRTHDATE"}


def test_a_lone_word_fixes_no_country() -> None:
    defaults = {key: (value, why) for key, value, why in draft_of("Voornaam|Achternaam|Adresse|Nummer", "Anne|Smit|Dam 1|06 12 34 56 78").defaults}
    assert defaults["region"][0] == "" and "would be valid in" in defaults["region"][1]
    text = suggest(Sample("l.csv", ["Adresse", "x"], [["Dam 1", "06 12 34 56 78"]])).text
    assert "\n# defaults: {region: …}" in text


def test_french_columns_are_known_and_their_phones_are_french() -> None:
    header = "Civilité|Prénom|Nom|Société|Tél.|Portable|Courriel|Date de naissance|Adresse|Code postal|Ville|Pays"
    draft = draft_of(header, "Mme|Anne|Durand|Durand SARL|01 23 45 67 80|06 12 34 56 79|anne@example.org|25/12/1980|1 rue X|01000|Bourg|France")
    assert ("region", "FR") in [(key, value) for key, value, _ in draft.defaults]
    rules = rules_of(draft)
    assert (rules["NAME"]["column"], rules["LAST_NAME"]["column"], rules["COMPANY_ID"]["column"]) == ("Prénom", "Nom", "Société")
    assert [name for name, _ in draft.left] == []
    assert rules_of(draft_of("Nom|Courriel", "Anne Durand|anne@example.org"))["LAST_NAME"] == {"column": "Nom", "transform": "last_name"}
