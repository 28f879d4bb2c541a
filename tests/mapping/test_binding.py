"""A mapping meets a header and a portal: what does not fit is told at once, with its line."""

from __future__ import annotations

import pytest

from importer.errors import MappingError
from importer.mapping.binding import bind
from importer.mapping.contact_fields import offline_catalogue
from importer.mapping.mapping_file import read_mapping
from importer.records import Catalogue, PortalField, Row
from importer.sandbox.fields import CONTACT_FIELDS, UNDESCRIBED

HEADER = ("ID", "First  Name", "Last name", "Phone", "Segment", "phone ")


@pytest.fixture
def bind_faults(load, portal):
    def faults(fields: str, top: str = "", catalogue=None, header=HEADER) -> list[str]:
        with pytest.raises(MappingError) as raised:
            bind(load(f"{top}\nfields:\n{fields}"), header, catalogue or portal, source_name="clients.csv")
        return raised.value.faults

    return faults


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ("  NAME: Frist Name", 'contacts.yaml, line 3: column "Frist Name": clients.csv has no such column. Did you mean "First  Name"?'),
        ("  NAME: xyz", "has no such column. It has ID, First  Name, Last name, Phone, Segment"),
        ("  NAME: PHONE", 'has several columns like it: "Phone", "phone ".'),
        ("  NAME: ID\n  POST:\n    columns: [ID, Titel]", 'line 5: column "Titel": clients.csv has no such column.'),
        ("  NAME: ID\n  POST:\n    template: 'x {Sgment}'", 'line 5: column "Sgment": clients.csv has no such column. Did you mean "Segment"?'),
        ("  LAST_NMAE: ID", 'the portal has no contact field "LAST_NMAE". Did you mean LAST_NAME? `b24-import portal` lists'),
        ("  name: ID", 'no contact field "name". Did you mean NAME?'),
        ("  NAME: ID\n  last visit: ID", "Did you mean UF_CRM_VISIT?"),
        ("  NAME: ID\n  UF_CRM_NONE: ID", 'the portal has no contact field "UF_CRM_NONE".'),
        ("  NAME: ID\n  ID: ID", "line 4: the portal fills ID itself and drops what is sent."),
        ("  NAME: ID\n  HAS_PHONE: ID", "line 4: the portal fills HAS_PHONE itself"),
        ("  NAME: ID\n  PHOTO: ID", "line 4: PHOTO takes a file. Say in which folder beside the source it lies: `files: photos`"),
        ("  NAME: ID\n  UF_CRM_SCAN: ID", "line 4: UF_CRM_SCAN takes a file"),
        ("  NAME: [ID, Segment]", "line 3: NAME has 2 rules, but the field takes one value."),
        ("  NAME: {column: ID, split: ','}", "line 3: NAME is split, but the field takes one value."),
        ("  NAME: {column: ID, type: WORK}", "`type` is for PHONE, EMAIL, WEB and IM"),
        ("  NAME: ID\n  PHONE: {column: Segment, type: MOBIL}", 'PHONE has no kind "MOBIL". Did you mean MOBILE?'),
        ("  NAME: ID\n  EMAIL: {column: Segment, type: FAX}", 'EMAIL has no kind "FAX".'),
        ("  NAME: {column: ID, date_formats: '%d.%m.%Y'}", "`date_formats` means nothing for NAME"),
        ("  NAME: {column: ID, currency: RUB}", "`currency` means nothing for NAME"),
        ("  NAME: ID\n  SOURCE_ID: {value: WEBB}", 'line 4: SOURCE_ID: "WEBB" is not in the portal\'s directory SOURCE.'),
        ("  NAME: ID\n  TYPE_ID:\n    column: Segment\n    map:\n      VIP: KLIENT", 'line 7: TYPE_ID: "KLIENT" is not in'),
        ("  NAME: ID\n  TYPE_ID: {column: Segment, map: {VIP: CLIENT}, otherwise: REST}", 'TYPE_ID: "REST" is not in'),
        ("  NAME: ID\n  TYPE_ID: {column: Segment, default: REST}", 'TYPE_ID: "REST" is not in'),
        ("  NAME: ID\n  ASSIGNED_BY_ID: {column: Segment, default: 77}", 'ASSIGNED_BY_ID: "77" is no user of the portal.'),
        ("  NAME: ID\n  BIRTHDATE: {value: 31.02.2001}", 'BIRTHDATE: "31.02.2001" is a day or time that does not exist.'),
        ("  NAME: ID\n  EMAIL: {value: nobody}", 'EMAIL: "nobody" is not an e-mail address'),
        ("  POST: ID", "neither NAME nor LAST_NAME is mapped"),
    ],
)
def test_what_does_not_fit_is_told_with_its_line(bind_faults, fields, fault):
    faults = bind_faults(fields)
    assert any(fault in one for one in faults), faults


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("SOURCE_ID: {value: WEBB}", "is not in the portal's directory SOURCE. It has Веб-сайт (WEB), Звонок (CALL). Correct it here."),
        ("ASSIGNED_BY_ID: {value: ada@exmaple.com}", "is no user of the portal. Nearest: Ada Kern (id 1, ada@example.com)"),
        ("SOURCE_ID: {column: Segment, default: WEBB}", "is not in the portal's directory SOURCE."),
        ("SOURCE_ID: {column: Segment, map: {a: WEBB}}", "is not in the portal's directory SOURCE."),
        ("UF_CRM_TIER: {value: Goldd}", 'is not in the list of UF_CRM_TIER ("Tier"). It has Gold (81), Silver (82), Bronze (83).'),
        ("EMAIL: {value: 'ann@example.com,nobody', split: ','}", '"nobody" is not an e-mail address'),
    ],
)
def test_a_fixed_value_the_portal_does_not_know_is_corrected_in_the_mapping(bind_faults, rule, fault):
    (told,) = bind_faults(f"  NAME: ID\n  {rule}")
    assert told.startswith("contacts.yaml, line 4: ") and fault in told
    assert "cell" not in told


def test_all_faults_come_at_once_in_the_order_of_the_lines(bind_faults):
    faults = bind_faults("  NAME: nix\n  UF_X: nada\n  TYPE_ID: {value: REST}", top="origin: {originator: x, id: [kein]}")
    assert [one.split(":")[0] for one in faults] == [
        "contacts.yaml, line 1", "contacts.yaml, line 3", "contacts.yaml, line 4", "contacts.yaml, line 4", "contacts.yaml, line 5",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["DATE_CREATE", "DATE_MODIFY", "CREATED_BY_ID", "MODIFY_BY_ID"])
def test_system_fields_need_import_mode(bind_faults, name):
    assert f"{name} can be set in import mode only." in bind_faults(f"  NAME: ID\n  {name}: Segment", top="params: {IMPORT: N}")[0]


def test_system_fields_the_portal_calls_read_only_can_be_set_in_import_mode(load, portal):
    portal.fields["DATE_CREATE"] = PortalField("DATE_CREATE", "datetime", is_read_only=True)
    mapper = bind(load("fields: {NAME: ID, DATE_CREATE: Segment}"), HEADER, portal, source_name="clients.csv")
    assert mapper.sorts_by_date_create


def test_a_column_is_found_whatever_its_case_and_blanks(load, portal):
    mapper = bind(load("fields: {NAME: first name}"), HEADER, portal, source_name="clients.csv")
    assert mapper.map(Row(2, ["", "Ada", "", "", "", ""])).contact.fields == {"NAME": "Ada"}


def test_the_exact_column_goes_before_one_that_is_alike(load, portal):
    mapper = bind(load("fields: {NAME: Phone}"), HEADER, portal, source_name="clients.csv")
    assert mapper.map(Row(2, ["", "", "", "exact", "", "alike"])).contact.fields == {"NAME": "exact"}


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ("UF_CRM_X: Segment", "UF_CRM_X is taken as text: its type is known only to the portal."),
        ("PARENT_ID_128: Segment", "PARENT_ID_128 is taken as text"),
        ("TYPE_ID: Segment", "TYPE_ID is not checked: its directory CONTACT_TYPE is known only to the portal."),
        ("ASSIGNED_BY_ID: Segment", "ASSIGNED_BY_ID is not checked: users are known only to the portal."),
        ("PHONE: Segment", "`defaults.region` is not set"),
        ("DATE_CREATE: Segment", "times are taken as UTC"),
    ],
)
def test_what_only_a_portal_knows_is_noted_offline_and_passes(load, fields, note):
    loaded = load(f"fields: {{NAME: ID, {fields}}}")
    mapper = bind(loaded, HEADER, offline_catalogue(), source_name="clients.csv")
    assert any(note in one for one in mapper.notes), mapper.notes
    if "PHONE" not in fields and "DATE" not in fields:
        mapped = mapper.map(Row(2, ["Ada", "", "", "", "anything", ""]))
        assert mapped.contact.fields[fields.split(":")[0]] == "anything"


@pytest.mark.parametrize("name", offline_catalogue().fields)
def test_every_documented_field_is_known_offline(load, name):
    field = offline_catalogue().fields[name]
    loaded = load(f"origin: false\nfields: {{NAME: ID, LAST_NAME: ID, {name}: Segment}}") if name not in ("NAME", "LAST_NAME") else load("fields: {NAME: ID}")
    if field.is_read_only or field.type == "file":
        with pytest.raises(MappingError):
            bind(loaded, HEADER, offline_catalogue(), source_name="clients.csv")
    else:
        bind(loaded, HEADER, offline_catalogue(), source_name="clients.csv")


def test_a_required_custom_field_that_is_not_mapped_is_noted(load, portal):
    portal.fields["UF_CRM_MUST"] = PortalField("UF_CRM_MUST", "string", label="Contract", is_required=True)
    mapper = bind(load("fields: {NAME: ID}"), HEADER, portal, source_name="clients.csv")
    assert mapper.notes == ['The portal requires UF_CRM_MUST ("Contract"), and the mapping does not fill it.']
    (lack,) = bind(load("fields: {NAME: A}"), ["A"], portal, source_name="x.csv").lacks
    assert (lack.code, lack.is_warning) == ("required_by_portal", True) and 'UF_CRM_MUST ("Contract")' in lack.problem


@pytest.mark.parametrize(
    ("rule", "cells", "codes"),
    [
        ("{column: A}", {"A": "x"}, []),
        ("{column: A}", {}, ["required_by_portal"]),
        ("{column: A, default: x}", {}, []),
        ("{column: A, required: true}", {}, ["required"]),
        ("{column: A, map: {x: y}}", {"A": "z"}, ["not_in_map"]),
        ("{value: x}", {}, []),
    ],
)
def test_a_row_without_a_value_the_portal_requires_is_warned_of_once(mapping, portal, rule, cells, codes):
    portal.fields["UF_CRM_MUST"] = PortalField("UF_CRM_MUST", "string", label="Contract", is_required=True)
    mapped = mapping(f"UF_CRM_MUST: {rule}").row(Name="Ada", **cells)
    assert [problem.code for problem in mapped.problems] == codes
    if codes == ["required_by_portal"]:
        assert mapped.contact is not None and mapped.problems[0].column == "A"
        assert 'The portal requires UF_CRM_MUST ("Contract")' in mapped.problems[0].problem


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ("POST: {column: Segment, lookup: user}", "`lookup: user` is for fields of users such as ASSIGNED_BY_ID; POST is of type string."),
        ("POST: {column: Segment, lookup: company}", "`lookup: company` is for COMPANY_ID, COMPANY_IDS and links to companies"),
        ("ASSIGNED_BY_ID: {column: Segment, lookup: company}", "ASSIGNED_BY_ID is of type user"),
        ("COMPANY_ID: {column: Segment, lookup: user}", "COMPANY_ID is of type crm_company"),
        ("ASSIGNED_BY_ID: {column: Segment, lookup: user, by: id}", "`by` is for `lookup: company`."),
        ("UF_CRM_DEALS: {column: Segment, lookup: company}", "UF_CRM_DEALS does not link to companies"),
    ],
)
def test_a_lookup_that_does_not_fit_its_field_is_a_fault(bind_faults, portal, fields, fault):
    portal.fields["UF_CRM_DEALS"] = PortalField("UF_CRM_DEALS", "crm", settings={"DEAL": "Y", "COMPANY": "N"})
    faults = bind_faults(f"  NAME: ID\n  {fields}")
    assert any(fault in one and "line 4" in one for one in faults), faults


@pytest.mark.parametrize("name", ["ASSIGNED_BY_ID", "UF_CRM_CHIEF"])
@pytest.mark.parametrize(
    ("cell", "outcome"),
    [("ivan@example.com", "7"), ("Петров Иван", "7"), ("7", "7"), ("Olga Old", "inactive_user"), ("Max Twin", "ambiguous_user")],
)
def test_a_user_is_looked_up_by_email_full_name_or_id(mapping, name, cell, outcome):
    mapped = mapping(f"{name}: {{column: A, lookup: user}}").row(Name="Ada", A=cell)
    assert outcome in (mapped.problems[0].code if mapped.problems else mapped.contact.fields[name],)


def test_users_hidden_by_the_scope_leave_ids_only(load, portal):
    portal.users = ()
    mapper = bind(load("fields: {NAME: ID, ASSIGNED_BY_ID: Segment}"), HEADER, portal, source_name="clients.csv")
    assert "scope user_basic" in mapper.notes[0]
    assert mapper.map(Row(2, ["Ada", "", "", "", "12", ""])).contact.fields["ASSIGNED_BY_ID"] == "12"
    assert mapper.map(Row(2, ["Ada", "", "", "", "Ada Kern", ""])).problems[0].code == "unknown_user"


def test_faults_of_form_and_of_meaning_come_in_one_round(tmp_path, portal):
    (tmp_path / "m.yaml").write_text(
        """version: 1
source: {sheeet: 2, delimiter: ";"}
origin: {originator: x, id: [kein]}
fields:
  NAME: {column: ID, transform: [titel]}
  LAST_NMAE: {columm: ID}
  PHONE: [{column: Fone, typ: WORK}]
  POST: Titel
  TYPE_ID: {value: REST}
  SOURCE_ID: {column: Segment, create: true}
""",
        encoding="utf-8",
    )
    loaded = read_mapping(tmp_path / "m.yaml")
    with pytest.raises(MappingError) as raised:
        bind(loaded, HEADER, portal, source_name="clients.csv")
    expected = [
        (2, 'the mapping has no key "sheeet" in `source`'),
        (3, 'column "kein": clients.csv has no such column'),
        (5, 'there is no transform "titel"'),
        (6, 'the mapping has no key "columm" in the rule of LAST_NMAE'),
        (6, 'the portal has no contact field "LAST_NMAE"'),
        (7, 'the mapping has no key "typ" in the rule of PHONE'),
        (7, 'column "Fone": clients.csv has no such column'),
        (8, 'column "Titel": clients.csv has no such column'),
        (9, 'TYPE_ID: "REST" is not in the portal\'s directory CONTACT_TYPE'),
    ]
    for line, says in expected:
        assert any(fault.startswith(f"m.yaml, line {line}: {says}") for fault in raised.value.faults), (line, says)
    assert not any("neither NAME nor LAST_NAME" in fault for fault in raised.value.faults)


def test_a_mapping_with_faults_of_form_alone_never_becomes_a_mapper(tmp_path, portal):
    (tmp_path / "m.yaml").write_text("fields:\n  NAME: ID\n  POST: {columm: ID}\n", encoding="utf-8")
    with pytest.raises(MappingError, match='line 3: the mapping has no key "columm"'):
        bind(read_mapping(tmp_path / "m.yaml"), HEADER, portal, source_name="clients.csv")


def told(tmp_path, text: str, portal, header=HEADER) -> list[str]:
    (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(MappingError) as raised:
        bind(read_mapping(tmp_path / "m.yaml"), header, portal, source_name="clients.csv")
    return raised.value.faults


@pytest.mark.parametrize(
    ("fields", "parts"),
    [
        ("PHONE: {column: Phon, type: MOBLE, split: '['}", ['"[" is no regular', 'column "Phon"', 'no kind "MOBLE"']),
        ("POST: {columns: [Nix, ID], join: [x], currency: RUB}", ["`join` is a text", 'column "Nix"', "`currency` means nothing for POST"]),
        ("POST: {template: '{ID} {Nix}', required: perhaps}", ["`required` is true or false", 'column "Nix"']),
        ("ADDRESS: {street: {column: Nix, split: '['}, city: Nada, region: {column: ID, clear: Y}}",
         ['"[" is no regular', 'column "Nix"', 'column "Nada"', "`clear` means nothing"]),
        ("UF_NONE: {column: Nix, colum: a}", ['no key "colum"', 'no contact field "UF_NONE"', 'column "Nix"']),
        ("COMPANY_ID: {column: ID, lookup: compny, create: true}", ["`lookup` is one of"]),
        ("PHOTO: {column: ID, files: [a]}", ["`files` is a text"]),
    ],
)  # fmt: skip
def test_a_fault_in_a_rule_hides_no_other_of_it_and_makes_none_up(tmp_path, portal, fields, parts):
    faults = told(tmp_path, f"fields:\n  NAME: ID\n  {fields}\n", portal)
    assert len(faults) == len(parts) and all(any(part in fault for fault in faults) for part in parts), faults


def test_a_mapping_whose_every_rule_has_a_fault_is_looked_at_all_the_same(tmp_path, portal):
    faults = told(tmp_path, "fields:\n  NAME: {column: Nix, split: '['}\n", portal)
    assert ["is no regular" in faults[0], 'column "Nix"' in faults[1]] == [True, True] and len(faults) == 2


def test_a_slip_in_the_origin_does_not_hide_its_columns(tmp_path, portal):
    faults = told(tmp_path, "origin: {originatr: x, id: [Nix]}\nmatch: {by: [origin], on_match: skip}\nfields:\n  NAME: ID\n  ORIGIN_ID: ID\n", portal)
    assert sum('column "Nix"' in fault for fault in faults) == 1
    assert all("line 1:" in fault for fault in faults) and len(faults) == 3


_DOCUMENTED = (
    "HONORIFIC NAME SECOND_NAME LAST_NAME BIRTHDATE TYPE_ID SOURCE_ID SOURCE_DESCRIPTION POST COMMENTS OPENED EXPORT ASSIGNED_BY_ID COMPANY_ID "
    "COMPANY_IDS UTM_SOURCE UTM_MEDIUM UTM_CAMPAIGN UTM_CONTENT UTM_TERM TRACE PHONE EMAIL WEB IM LINK ORIGINATOR_ID ORIGIN_ID ORIGIN_VERSION "
    "DATE_CREATE DATE_MODIFY CREATED_BY_ID MODIFY_BY_ID ADDRESS ADDRESS_2 ADDRESS_CITY ADDRESS_POSTAL_CODE ADDRESS_REGION ADDRESS_PROVINCE "
    "ADDRESS_COUNTRY ADDRESS_COUNTRY_CODE"
)


@pytest.mark.parametrize("is_live", [True, False])
def test_every_documented_field_is_known_with_a_portal_and_without(load, is_live):
    # What the sandbox lists, as crm.contact.fields does; TRACE is not in it.
    listed = {spec.name: PortalField(spec.name, spec.type, is_multiple=spec.is_multiple) for spec in CONTACT_FIELDS if spec.name not in UNDESCRIBED}
    catalogue = Catalogue(listed) if is_live else offline_catalogue()
    fields = "\n".join(f"  {name}: ID" for name in _DOCUMENTED.split())
    assert bind(load(f"fields:\n{fields}"), HEADER, catalogue, source_name="clients.csv").params
