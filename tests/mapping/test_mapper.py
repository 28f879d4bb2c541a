"""A row becomes a contact: the order of a rule's steps, what is sent and what is not, and every problem of a row."""

from __future__ import annotations

import pytest

from importer.mapping.binding import bind
from importer.records import Row, RowProblem

RU = "defaults: {region: RU, timezone: Europe/Moscow}"


def codes(mapped) -> list[str]:
    return [problem.code for problem in mapped.problems]


def test_a_whole_row_becomes_a_contact(mapping):
    built = mapping(
        """
        NAME: {column: First, transform: [title]}
        LAST_NAME: Last
        BIRTHDATE: DOB
        PHONE:
          - {column: Mobile, type: MOBILE}
          - {column: Others, split: "[;,]"}
        EMAIL: E-mail
        TYPE_ID: {column: Segment, map: {VIP: CLIENT}, otherwise: OTHER}
        UF_CRM_TIER: Tier
        """,
        top=RU + "\norigin: {originator: legacy, id: [ID]}",
    )
    row = Row(2, [""] * len(built.header))
    given = {"First": "мария", "Last": "Иванова", "DOB": "03.02.2001", "Mobile": "8 900 000-00-01", "Tier": "gold",
             "Others": "+7 900 000-00-02; 8(900)0000001,", "E-mail": "mailto:Maria@Example.com", "Segment": "vip ", "ID": "K-1"}  # fmt: skip
    row.cells = [given.get(name, "") for name in built.header]
    mapped = built.mapper.map(row)
    assert mapped.problems == []
    assert mapped.contact.origin == ("legacy", "K-1")
    assert mapped.contact.fields == {
        "NAME": "Мария", "LAST_NAME": "Иванова", "BIRTHDATE": "2001-02-03",
        "PHONE": [{"VALUE": "+79000000001", "VALUE_TYPE": "MOBILE"}, {"VALUE": "+79000000002", "VALUE_TYPE": "WORK"}],
        "EMAIL": [{"VALUE": "Maria@example.com", "VALUE_TYPE": "WORK"}],
        "TYPE_ID": "CLIENT", "UF_CRM_TIER": "81", "ORIGINATOR_ID": "legacy", "ORIGIN_ID": "K-1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "cells", "sent"),
    [
        ("A", {"A": " x "}, "x"),
        ("A", {"A": ""}, None),
        ("{columns: [A, B, C], join: ', '}", {"A": "x", "C": "z"}, "x, z"),
        ("{columns: [A, B]}", {"A": "x", "B": "y"}, "x y"),
        ("{columns: [A, B], join: ''}", {"A": "x", "B": "y"}, "xy"),
        ("{columns: [A, B]}", {}, None),
        ("{template: 'From {A}: {B}'}", {"A": "x", "B": "y"}, "From x: y"),
        ("{template: 'From {A}: {B}'}", {"B": "y"}, "From : y"),
        ("{template: 'From {A}: {B}'}", {}, None),
        ("{template: '{{{A}}} {{}}'}", {"A": "x"}, "{x} {}"),
        ("{value: fixed}", {}, "fixed"),
        ("{value: 007}", {}, "007"),
        ("{value: x y, transform: upper}", {}, "X Y"),
        ("{column: A, transform: [digits]}", {"A": "no. 12-34"}, "1234"),
        ("{column: A, transform: [digits], default: none}", {"A": "n/a"}, "none"),
        ("{column: A, transform: [{replace: {pattern: '^(\\d)-(\\d)$', with: '\\2/\\1'}}]}", {"A": "1-2"}, "2/1"),
        ("{column: A, transform: [{replace: {pattern: '-', with: ''}}, upper]}", {"A": "a-b"}, "AB"),
        ("{column: A, map: {x: X}}", {"A": "x"}, "X"),
        ("{column: A, map: {x: X}}", {"A": " X"}, "X"),
        ("{column: A, map: {x: lower, X: upper}}", {"A": "X"}, "upper"),
        ("{column: A, map: {x: X}, otherwise: Z}", {"A": "y"}, "Z"),
        ("{column: A, map: {x: X}, otherwise: Z}", {"A": ""}, None),
        ("{column: A, map: {x: X}, otherwise: Z, default: D}", {"A": ""}, "D"),
        ("{column: A, map: {'-': ''}, default: D}", {"A": "-"}, "D"),
        ("{column: A, map: {'-': }}", {"A": "-"}, None),
        ("{column: A, transform: lower, map: {x: X}}", {"A": "X"}, "X"),
        ("{column: A, default: D}", {"A": " "}, "D"),
        ("{column: A, default: D, required: true}", {"A": ""}, "D"),
    ],
)
def test_a_rule_takes_transforms_maps_and_defaults_in_this_order(mapping, rule, cells, sent):
    mapped = mapping(f"POST: {rule}").row(Name="Ada", **cells)
    assert mapped.problems == []
    assert mapped.contact.fields.get("POST") == sent


@pytest.mark.parametrize(
    ("field", "cell", "sent"),
    [
        ("UF_CRM_TAGS: {column: A, split: ','}", "a, b,, a ,c", ["a", "b", "c"]),
        ("UF_CRM_TAGS: [A, {column: B}]", "x", ["x"]),
        ("UF_CRM_TAGS: {column: A, split: '[,;]', transform: upper}", "a;b", ["A", "B"]),
        ("UF_CRM_TAGS: {column: A, split: '(,)'}", "a,b", ["a", ",", "b"]),
        ("UF_CRM_TAGS: {column: A, split: ',', default: z}", " , ", ["z"]),
        ("UF_CRM_HOBBIES: {column: A, split: ','}", "chess, Go", ["91", "92"]),
        ("UF_CRM_TIES: {column: A, split: ','}", "C_1,CO_2", ["C_1", "CO_2"]),
        ("COMPANY_IDS: {column: A, split: ','}", "3,4,3", ["3", "4"]),
    ],
)
def test_a_multiple_field_gets_a_list_without_repeats(mapping, field, cell, sent):
    mapped = mapping(field).row(Name="Ada", A=cell)
    assert mapped.problems == []
    assert mapped.contact.fields[field.partition(":")[0]] == sent


@pytest.mark.parametrize(
    ("field", "cells", "sent"),
    [
        ("EMAIL: [{column: A}, {column: B, type: HOME}]", {"A": "a@example.com", "B": "A@example.com"}, [("a@example.com", "WORK")]),
        ("IM: {column: A}", {"A": "ada"}, [("ada", "OTHER")]),
        ("IM: [{column: A, type: telegram}, {column: A, type: SKYPE}]", {"A": "ada"}, [("ada", "TELEGRAM"), ("ada", "SKYPE")]),
        ("WEB: {column: A, split: ' '}", {"A": "example.com example.org"}, [("example.com", "WORK"), ("example.org", "WORK")]),
        ("PHONE: {column: A, default: '+79000000009'}", {"A": ""}, [("+79000000009", "WORK")]),
        ("PHONE: {value: '8 900 000-00-01'}", {}, [("+79000000001", "WORK")]),
    ],
)
def test_a_multifield_gets_values_with_their_kind_each_once(mapping, field, cells, sent):
    mapped = mapping(field, top=RU).row(Name="Ada", **cells)
    assert mapped.problems == []
    assert [(entry["VALUE"], entry["VALUE_TYPE"]) for entry in mapped.contact.fields[field.partition(":")[0]]] == sent


def test_a_service_link_has_no_kind_unless_one_is_named(mapping):
    assert mapping("LINK: A").row(Name="Ada", A="x").contact.fields["LINK"] == [{"VALUE": "x"}]


@pytest.mark.parametrize(
    ("fields", "cells", "code", "column"),
    [
        ("POST: {column: A, map: {VIP: X}}", {"A": "VPI"}, "not_in_map", "A"),
        ("POST: {column: A, required: true}", {"A": ""}, "required", "A"),
        ("POST: {columns: [A, B], required: true}", {}, "required", None),
        ("BIRTHDATE: A", {"A": "31.02.2001"}, "bad_date", "A"),
        ("PHONE: A", {"A": "7,92E+10"}, "number_as_exponent", "A"),
        ("PHONE: A", {"A": "нет"}, "bad_phone", "A"),
        ("EMAIL: A", {"A": "ada@"}, "bad_email", "A"),
        ("TYPE_ID: A", {"A": "Клинеты"}, "unknown_status", "A"),
        ("UF_CRM_TIER: A", {"A": "Platinum"}, "unknown_list_item", "A"),
        ("ASSIGNED_BY_ID: A", {"A": "Nobody"}, "unknown_user", "A"),
        ("OPENED: A", {"A": "perhaps"}, "bad_yes_no", "A"),
        ("UF_CRM_COUNT: A", {"A": "1.5"}, "bad_number", "A"),
        ("UF_CRM_TAGS: {column: A, split: ','}", {"A": "x" * 6000}, "cell_too_long", "A"),
        ("POST: {column: A, transform: {replace: {pattern: a, with: b}}}", {"A": "x" * 6000}, "cell_too_long", "A"),
    ],
)
def test_a_value_that_cannot_be_sent_rejects_its_row(mapping, fields, cells, code, column):
    mapped = mapping(fields, top=RU).row(Name="Ada", **cells)
    assert mapped.contact is None
    assert [(problem.code, problem.column, problem.is_warning) for problem in mapped.problems] == [(code, column, False)]


def test_all_problems_of_a_row_come_with_the_rejecting_ones_first(mapping):
    built = mapping("PHONE: A\nBIRTHDATE: B\nEMAIL: C", top=RU)
    mapped = built.row(Name="Ada", A="12", B="99.99.2001", C="x")
    assert codes(mapped) == ["bad_date", "bad_email", "odd_phone"]
    assert mapped.contact is None


def test_a_warning_does_not_keep_the_row(mapping):
    mapped = mapping("PHONE: A", top=RU).row(Name="Ada", A=" 8 900 12-34 ")
    assert codes(mapped) == ["odd_phone"]
    assert mapped.contact.fields["PHONE"] == [{"VALUE": "8 900 12-34", "VALUE_TYPE": "WORK"}]


def test_one_wrong_part_of_a_split_cell_rejects_the_row_even_with_a_default(mapping):
    mapped = mapping("EMAIL: {column: A, split: ';', default: x@example.com}").row(Name="Ada", A="bad;a@example.com")
    assert codes(mapped) == ["bad_email"]


@pytest.mark.parametrize(("first", "last", "problems"), [("", "", ["no_name"]), ("A", "", []), ("", "B", [])])
def test_a_contact_needs_a_first_or_a_last_name(mapping, first, last, problems):
    mapped = mapping("NAME: First\nLAST_NAME: Last").row(First=first, Last=last)
    assert codes(mapped) == problems
    assert (mapped.contact is None) == bool(problems)


def test_an_empty_required_name_is_told_once(mapping):
    assert codes(mapping("LAST_NAME: {column: Last, required: true}").row()) == ["required"]


@pytest.mark.parametrize(
    ("ids", "origin"),
    [(("7", "M"), ("crm", "7|M")), (("7", ""), ("crm", "7|")), (("", ""), None)],
)
def test_several_id_columns_make_one_origin(mapping, ids, origin):
    mapped = mapping("POST: P", top="origin: {originator: crm, id: [A, B]}").row(Name="Ada", A=ids[0], B=ids[1])
    if origin is None:
        assert codes(mapped) == ["no_origin"]
    else:
        assert mapped.contact.origin == origin
        assert mapped.contact.fields["ORIGIN_ID"] == origin[1]


def test_an_origin_mapped_by_hand_is_the_rows_identity(mapping):
    built = mapping("ORIGINATOR_ID: {value: erp}\nORIGIN_ID: A")
    assert built.row(Name="Ada", A="5").contact.origin == ("erp", "5")
    assert codes(built.row(Name="Ada")) == ["no_origin"]


def test_html_in_comments_is_warned_of_once_and_sent(mapping):
    mapped = mapping("COMMENTS: A").row(Name="Ada", A="<b>x</b><br>y")
    assert codes(mapped) == ["html_in_text"]
    assert mapped.contact.fields["COMMENTS"] == "<b>x</b><br>y"


@pytest.mark.parametrize("text", ["a < b and b > c", "[b]x[/b]", "<3", "x <- y"])
def test_text_that_only_looks_a_little_like_html_is_no_html(mapping, text):
    assert mapping("COMMENTS: A").row(Name="Ada", A=text).problems == []


def test_html_made_to_bb_codes_is_not_warned_of(mapping):
    mapped = mapping("COMMENTS: {column: A, transform: [html_to_bb]}").row(Name="Ada", A="<b>x</b><br>y")
    assert mapped.problems == [] and mapped.contact.fields["COMMENTS"] == "[b]x[/b]\ny"


def test_a_broken_record_is_never_mapped(mapping):
    broken = RowProblem("ragged_row", "12 cells instead of 3")
    mapped = mapping("POST: P").mapper.map(Row(5, ["Ada", "x"], problem=broken))
    assert mapped.contact is None and mapped.problems == [broken]


def test_the_readers_warnings_go_on_with_the_row(mapping):
    seen = RowProblem("formula_error", "#N/A was left out", "P", is_warning=True)
    mapped = mapping("POST: P").mapper.map(Row(5, ["Ada", ""], warnings=(seen,)))
    assert mapped.contact is not None and mapped.problems == [seen]


def test_a_row_with_fewer_cells_than_the_header_has_empty_ones(mapping):
    assert mapping("POST: P").mapper.map(Row(5, ["Ada"])).contact.fields == {"NAME": "Ada"}


def test_every_value_leaves_as_text(mapping):
    built = mapping("UF_CRM_COUNT: A\nOPENED: B\nUF_CRM_AGREED: C\nUF_CRM_TAGS: {column: D, split: ','}\nPHONE: E", top=RU)
    fields = built.row(Name="Ada", A="5", B="да", C="нет", D="1,2", E="89000000001").contact.fields
    assert fields["UF_CRM_COUNT"] == "5" and fields["OPENED"] == "Y" and fields["UF_CRM_AGREED"] == "0"
    leaves = [leaf for value in fields.values() for leaf in (value if isinstance(value, list) else [value])]
    texts = [text for leaf in leaves for text in (leaf.values() if isinstance(leaf, dict) else [leaf])]
    assert all(type(text) is str for text in texts)


def test_only_date_create_asks_for_sorted_sending(mapping):
    assert mapping("DATE_CREATE: A", top=RU).mapper.sorts_by_date_create
    assert not mapping("BIRTHDATE: A").mapper.sorts_by_date_create


@pytest.mark.parametrize(
    ("is_in_place", "cells", "origin"),
    [
        (True, ["7", "Ann"], ("x", "7")),
        (True, ["7", "\ufffdnn", "more"], ("x", "7")),
        (True, ["\ufffd7", "Ann"], None),
        (True, ["", "Ann"], None),
        (True, [], None),
        (False, ["7", "Ann"], None),
    ],
)
def test_a_broken_row_has_its_identity_only_where_its_cells_are_in_place(load, portal, is_in_place, cells, origin):
    mapper = bind(load("origin: {originator: x, id: [Id]}\nfields: {NAME: Name}"), ["Id", "Name"], portal, source_name="x.csv")
    mapped = mapper.map(Row(3, cells, RowProblem("ragged_row", "…"), is_in_place=is_in_place))
    assert (mapped.contact, mapped.origin) == (None, origin)
