"""A contact's values on their way to VibeCode and back."""

from __future__ import annotations

import pytest

from importer.portals.vibecode.names import documented
from importer.portals.vibecode.translation import from_vibecode, to_vibecode
from importer.records import PortalField

WORDS = documented()
for _type, _name, _their in [
    ("double", "UF_CRM_1", "ufCrm_1"), ("boolean", "UF_CRM_2", "ufCrm_2"), ("enumeration", "UF_CRM_3", "ufCrm_3"),
    ("string", "UF_CRM_4", "ufCrm_4"), ("money", "UF_CRM_5", "ufCrm_5"), ("file", "UF_CRM_6", "ufCrm_6"),
]:  # fmt: skip
    WORDS.fields[_name], WORDS.theirs[_name] = PortalField(_name, _type), _their


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ({"NAME": "Mara", "LAST_NAME": "Lind"}, {"name": "Mara", "lastName": "Lind"}),
        ({"ASSIGNED_BY_ID": "7", "COMPANY_ID": "12"}, {"assignedById": 7, "companyId": 12}),
        ({"COMPANY_IDS": ["3", "4"]}, {"companyIds": [3, 4]}),
        ({"OPENED": "Y", "EXPORT": "N"}, {"opened": True, "export": False}),
        ({"BIRTHDATE": "1990-05-01"}, {"birthdate": "1990-05-01"}),
        ({"PHONE": [{"VALUE": "+442079460111", "VALUE_TYPE": "MOBILE"}]}, {"phone": [{"value": "+442079460111", "typeId": "MOBILE"}]}),
        ({"PHONE": [{"VALUE": "1", "VALUE_TYPE": "FAX"}, {"VALUE": "2", "VALUE_TYPE": "PAGER"}]},
         {"phone": [{"value": "1", "typeId": "OTHER"}, {"value": "2", "typeId": "OTHER"}]}),
        ({"PHONE": [{"VALUE": "1", "VALUE_TYPE": "MAILING"}], "EMAIL": [{"VALUE": "a@example.com", "VALUE_TYPE": "MAILING"}]},
         {"phone": [{"value": "1", "typeId": "OTHER"}], "email": [{"value": "a@example.com", "typeId": "MAILING"}]}),
        ({"PHOTO": {"fileData": ["a.jpg", "QUJD"]}}, {"photo": ["a.jpg", "QUJD"]}),
        ({"UF_CRM_6": [{"fileData": ["a", "QQ=="]}, {"fileData": ["b", "Qg=="]}]}, {"ufCrm_6": [["a", "QQ=="], ["b", "Qg=="]]}),
        ({"UF_CRM_1": "12.50", "UF_CRM_2": "1", "UF_CRM_3": "1042", "UF_CRM_4": "007", "UF_CRM_5": "1200|RUB"},
         {"ufCrm_1": 12.5, "ufCrm_2": True, "ufCrm_3": 1042, "ufCrm_4": "007", "ufCrm_5": "1200|RUB"}),
        # A JSON number would round it.
        ({"UF_CRM_1": "123456789012345.678"}, {"ufCrm_1": "123456789012345.678"}),
        ({"DATE_CREATE": "2020-01-01T10:00:00+03:00", "ADDRESS_CITY": "Oslo", "NAME": "Mara"}, {"name": "Mara"}),
    ],
)  # fmt: skip
def test_a_contact_leaves_in_vibecodes_own_forms(fields: dict, body: dict) -> None:
    assert to_vibecode(fields, WORDS) == body


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        ({"id": 7, "lastName": "Lind", "secondName": None}, {"ID": "7", "LAST_NAME": "Lind", "SECOND_NAME": None}),
        ({"opened": True, "ufCrm_2": True, "export": False}, {"OPENED": "Y", "UF_CRM_2": "1", "EXPORT": "N"}),
        ({"createdAt": "2026-01-01T10:00:00+03:00"}, {"DATE_CREATE": "2026-01-01T10:00:00+03:00"}),
        ({"ufCrm_1": 12.0, "ufCrm_3": [1, 2]}, {"UF_CRM_1": "12", "UF_CRM_3": ["1", "2"]}),
        ({"ufCrmUnheardOf": "x", "_included": {}}, {}),
        ({"fm": [{"id": 9, "typeId": "PHONE", "valueType": "HOME", "value": "1"}, {"id": 8, "typeId": "EMAIL", "valueType": "WORK", "value": "b"}],
          "phone": "1", "phoneHome": "1"},
         {"PHONE": [{"ID": "9", "VALUE": "1", "VALUE_TYPE": "HOME"}], "EMAIL": [{"ID": "8", "VALUE": "b", "VALUE_TYPE": "WORK"}],
          "WEB": [], "IM": []}),
        ({"fm": [{"ID": 9, "TYPE_ID": "PHONE", "VALUE_TYPE": "HOME", "VALUE": "1"}]},
         {"PHONE": [{"ID": "9", "VALUE": "1", "VALUE_TYPE": "HOME"}], "EMAIL": [], "WEB": [], "IM": []}),
        ({"phone": [{"VALUE": "1"}]}, {"PHONE": [{"ID": "", "VALUE": "1", "VALUE_TYPE": ""}]}),
        ({"phone": ["1", "2"]}, {"PHONE": [{"ID": "", "VALUE": "1", "VALUE_TYPE": ""}, {"ID": "", "VALUE": "2", "VALUE_TYPE": ""}]}),
        ({"email": "a", "emailWork": "a", "emailHome": "b", "emailMailing": ""},
         {"EMAIL": [{"ID": "", "VALUE": "a", "VALUE_TYPE": "WORK"}, {"ID": "", "VALUE": "b", "VALUE_TYPE": "HOME"}]}),
        ({"phone": ""}, {"PHONE": []}),
    ],
)  # fmt: skip
def test_a_record_is_read_in_every_layout_that_was_met(record: dict, fields: dict) -> None:
    assert from_vibecode(record, WORDS) == fields
