"""What a portal gives back for what was sent: the same, or a difference worth an update."""

from __future__ import annotations

import pytest

from importer.mapping.stored_values import is_empty, is_same


@pytest.mark.parametrize(
    ("kind", "wanted", "stored"),
    [
        ("string", "Nurse", "Nurse"),
        ("string", "Nurse", " Nurse "),
        ("string", "R&D", "R&amp;D"),
        ("string", "one\ntwo", "one\r\ntwo"),
        ("string", "", None),
        ("date", "2001-11-11", "2001-11-11T02:00:00+02:00"),
        ("datetime", "2026-02-05T17:18:42+03:00", "2026-02-05T14:18:42+00:00"),
        ("char", "Y", "Y"),
        ("boolean", "Y", "1"),
        ("boolean", "N", "0"),
        ("boolean", "N", None),
        ("integer", "7", "007"),
        ("user", "6", 6),
        ("double", "1.50", "1.5"),
        ("money", "1200|RUB", "1200.00|RUB"),
        ("enumeration", "81", 81),
        ("enumeration", ["81", "82"], [82, 81]),
        ("enumeration", [], False),
        ("crm", "CO_3", "3"),
        ("address", "Main Street 1", "Main Street 1|;|575"),
        ("crm_status", "CLIENT", "CLIENT"),
        ("string", ["a", "b"], {"1": "a", "3": "b"}),
    ],
)
def test_it_is_the_same(kind: str, wanted: object, stored: object) -> None:
    assert is_same(kind, wanted, stored)


@pytest.mark.parametrize(
    ("kind", "wanted", "stored"),
    [
        ("string", "Nurse", "nurse"),
        ("string", "Nurse", None),
        ("string", "", "Nurse"),
        ("date", "2001-11-11", "2001-11-10T23:00:00+02:00"),
        ("datetime", "2026-02-05T17:18:42+03:00", "2026-02-05T17:18:42+00:00"),
        ("boolean", "Y", None),
        ("money", "1200|RUB", "1200|EUR"),
        ("integer", "0", None),
        ("enumeration", ["81"], [81, 82]),
        ("enumeration", ["81"], False),
        ("crm", "CO_3", "CO_33"),
        ("file", {"file": "a.jpg"}, "17"),
    ],
)
def test_it_differs(kind: str, wanted: object, stored: object) -> None:
    assert not is_same(kind, wanted, stored)


@pytest.mark.parametrize("stored", [None, "", False, [], {}])
def test_it_is_empty(stored: object) -> None:
    assert is_empty(stored)


@pytest.mark.parametrize("stored", [0, "0", "N", [0], " "])
def test_it_is_not_empty(stored: object) -> None:
    assert not is_empty(stored)
