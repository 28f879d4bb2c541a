"""When two addresses name one server."""

from __future__ import annotations

import pytest

from importer.portals.address import is_same_server


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("https://acme.bitrix24.ru", "https://acme.bitrix24.ru/rest/", True),
        ("https://acme.bitrix24.ru", "https://ACME.bitrix24.ru:443/rest/", True),
        ("http://127.0.0.1:80", "http://127.0.0.1/rest/", True),
        ("https://acme.bitrix24.ru", "https://shop.bitrix24.ru/rest/", False),
        ("https://acme.bitrix24.ru", "https://acme.bitrix24.ru:8443/rest/", False),
        ("https://acme.bitrix24.ru", "acme.bitrix24.ru", False),
        ("https://acme.bitrix24.ru", "https://[broken/", False),
    ],
)
def test_hosts_and_ports_are_compared_and_the_usual_port_need_not_be_written(one: str, other: str, is_same: bool) -> None:
    assert is_same_server(one, other) is is_same_server(other, one) is is_same
