"""The portal's names and VibeCode's, from whatever its field list looks like."""

from __future__ import annotations

import pytest

from importer.portals.vibecode.names import portal_name, vocabulary

LISTED = {
    "name": {"type": "string"}, "lastName": {"type": "string"}, "phone": {"type": "multifield"}, "phoneWork": {"type": "string", "readonly": True},
    "assignedById": {"type": "number"}, "opened": {"type": "boolean"}, "createdTime": {"type": "datetime", "readonly": True},
    "originatorId": {"type": "string"}, "originId": {"type": "string", "readonly": True}, "ufCrm_17": {"type": "enumeration",
    "items": [{"ID": 5, "VALUE": "Gold"}], "formLabel": "Tier"}, "ufCrmWgCity": {"type": "string", "upperName": "UF_CRM_WG_CITY"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("their", "ours"),
    [
        ("ufCrm_1747309879", "UF_CRM_1747309879"),
        ("ufCrm_5A268AD7C9C17", "UF_CRM_5A268AD7C9C17"),
        ("ufCrmWgCity", "UF_CRM_WG_CITY"),
        ("ufCrm79_1787525651154", "UF_CRM_79_1787525651154"),
        ("UF_CRM_OTHER", "UF_CRM_OTHER"),
        ("parentId147", "PARENT_ID_147"),
        ("lastCommunicationTime", "LAST_COMMUNICATION_TIME"),
    ],
)
def test_a_custom_field_has_the_name_under_which_the_portal_stores_it(their: str, ours: str) -> None:
    assert portal_name(their) == ours


@pytest.mark.parametrize("described", [LISTED, {"fields": LISTED}, [{"name": name, **entry} for name, entry in LISTED.items()]])
def test_the_field_list_is_read_however_deep_it_stands(described: object) -> None:
    words = vocabulary(described)
    assert words.theirs["UF_CRM_17"] == "ufCrm_17"
    assert (words.fields["UF_CRM_17"].label, [item.id for item in words.fields["UF_CRM_17"].items]) == ("Tier", ["5"])
    assert (words.fields["ASSIGNED_BY_ID"].type, words.fields["OPENED"].type, words.fields["PHONE"].type) == ("user", "char", "crm_multifield")


def test_copies_of_phones_are_no_fields() -> None:
    assert not [name for name in vocabulary(LISTED).fields if "WORK" in name]


def test_an_identity_is_kept_only_where_both_of_its_fields_are_writable() -> None:
    assert not vocabulary(LISTED).keeps_origin
    assert vocabulary(LISTED | {"originId": {"type": "string"}}).keeps_origin


def test_what_the_portal_fills_itself_is_not_writable_whatever_the_list_says() -> None:
    words = vocabulary(LISTED | {"createdTime": {"type": "datetime", "isReadOnly": False}, "id": {}})
    assert not words.writes("DATE_CREATE") and not words.writes("ID")


@pytest.mark.parametrize("described", [[], {}, "fields", None, {"fields": {}}, {"title": {"type": "string"}}])
def test_what_is_no_field_list_of_contacts_is_not_taken_for_one(described: object) -> None:
    with pytest.raises(ValueError, match="not a description"):
        vocabulary(described)
