"""Which addresses are webhooks, and that their secret is never told."""

from __future__ import annotations

import pytest

from importer.errors import UsageError
from importer.portals.address import is_loopback
from importer.portals.bitrix24.webhook import Webhook

SECRET = "s3cr3tc0de"


@pytest.mark.parametrize(
    ("address", "base", "user"),
    [
        (f"https://acme.bitrix24.ru/rest/1/{SECRET}/", "https://acme.bitrix24.ru", "1"),
        (f"https://acme.bitrix24.ru/rest/27/{SECRET}", "https://acme.bitrix24.ru", "27"),
        (f"https://acme.bitrix24.ru/rest/1/{SECRET}/profile.json", "https://acme.bitrix24.ru", "1"),
        (f"https://acme.bitrix24.ru/rest/1/{SECRET}/crm.contact.add.json?a=b#c", "https://acme.bitrix24.ru", "1"),
        (f"  https://ACME.Bitrix24.RU/rest/1/{SECRET}/ \n", "https://acme.bitrix24.ru", "1"),
        (f"HTTPS://crm.example.com:8443/rest/1/{SECRET}/", "https://crm.example.com:8443", "1"),
        (f"http://127.0.0.1:8123/rest/1/{SECRET}/", "http://127.0.0.1:8123", "1"),
        (f"http://localhost/rest/1/{SECRET}/", "http://localhost", "1"),
        (f"http://[::1]:80/rest/1/{SECRET}/", "http://[::1]:80", "1"),
    ],
)
def test_an_address_copied_from_the_portal_is_taken(address: str, base: str, user: str) -> None:
    webhook = Webhook.parse(address)
    assert (webhook.base, webhook.user_id, webhook.secret) == (base, user, SECRET)
    assert webhook.url("profile") == f"{base}/rest/{user}/{SECRET}/profile.json"


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("", "not the address of an incoming webhook"),
        (SECRET, "not the address of an incoming webhook"),
        (f"acme.bitrix24.ru/rest/1/{SECRET}/", "not the address of an incoming webhook"),
        (f"ftp://acme.bitrix24.ru/rest/1/{SECRET}/", "not the address of an incoming webhook"),
        ("https://acme.bitrix24.ru/", "not the address of an incoming webhook"),
        ("https://acme.bitrix24.ru/rest/", "not the address of an incoming webhook"),
        (f"https://acme.bitrix24.ru/rest/{SECRET}/", "not the address of an incoming webhook"),
        (f"https://acme.bitrix24.ru/rest/one/{SECRET}/", "not the address of an incoming webhook"),
        (f"https://acme.bitrix24.ru/rest/1/%61{SECRET}/", "not the address of an incoming webhook"),
        (f"https://ann:{SECRET}@acme.bitrix24.ru/rest/1/{SECRET}/", "not the address of an incoming webhook"),
        (f"https://:{SECRET}@acme.bitrix24.ru/rest/1/{SECRET}/", "not the address of an incoming webhook"),
        (f"https:///rest/1/{SECRET}/", "not the address of an incoming webhook"),
        (f"https://acme:port/rest/1/{SECRET}/", "not an address"),
        (f"https://[acme/rest/1/{SECRET}/", "not an address"),
        (f"http://acme.bitrix24.ru/rest/1/{SECRET}/", "Write https"),
        (f"http://127.0.0.1.example.com/rest/1/{SECRET}/", "Write https"),
        (f"http://localhost.example.com/rest/1/{SECRET}/", "Write https"),
        (f"http://192.168.1.5/rest/1/{SECRET}/", "Write https"),
    ],
)
def test_any_other_address_is_refused_without_being_shown(address: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        Webhook.parse(address, named="B24_WEBHOOK_URL")
    assert str(caught.value).startswith("B24_WEBHOOK_URL: ")
    assert SECRET not in str(caught.value) + repr(caught.value)


def test_a_webhook_prints_without_its_secret() -> None:
    webhook = Webhook.parse(f"https://acme.bitrix24.ru/rest/1/{SECRET}/")
    moved = webhook.moved_to("https://new.bitrix24.ru")
    assert str(webhook) == webhook.display == "acme.bitrix24.ru/rest/1/…"
    assert moved.display == "new.bitrix24.ru/rest/1/…"
    for shown in (str(webhook), repr(webhook), f"{webhook}", repr(moved), f"{[webhook]}"):
        assert SECRET not in shown


def test_a_moved_webhook_keeps_user_and_secret() -> None:
    moved = Webhook.parse(f"https://acme.bitrix24.ru/rest/1/{SECRET}/").moved_to("https://new.bitrix24.ru")
    assert moved.url("profile") == f"https://new.bitrix24.ru/rest/1/{SECRET}/profile.json"


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [("localhost", True), ("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("", False), ("0.0.0.0", False), ("10.0.0.1", False),
     ("localhost.", False), ("2130706433", False), ("127.0.0.1.nip.example.org", False)],
)  # fmt: skip
def test_only_loopback_names_are_this_machine(host: str, is_ours: bool) -> None:
    assert is_loopback(host) is is_ours
