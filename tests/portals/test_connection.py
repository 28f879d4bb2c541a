"""Which door the environment opens, and that no message about it shows what is in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from importer.errors import UsageError
from importer.portals.connection import WEBHOOK, connect, host_named, is_named

SECRET = "s3cr3tc0de"
BY_WEBHOOK = {WEBHOOK: f"https://acme.bitrix24.ru/rest/1/{SECRET}/"}


@pytest.fixture
def by_application(tmp_path: Path) -> dict[str, str]:
    """A whole application, with tokens."""
    file = tmp_path / "tokens.json"
    file.write_text(json.dumps({"access_token": f"{SECRET}a", "refresh_token": f"{SECRET}r"}), encoding="utf-8")
    return {
        "B24_PORTAL_URL": "https://Shop.bitrix24.com/", "B24_CLIENT_ID": "local.1", "B24_CLIENT_SECRET": f"{SECRET}c", "B24_TOKEN_FILE": str(file),
    }  # fmt: skip


def test_without_anything_the_variables_to_set_are_named() -> None:
    with pytest.raises(UsageError, match="set B24_WEBHOOK_URL") as caught:
        connect({})
    assert "B24_PORTAL_URL, B24_CLIENT_ID, B24_CLIENT_SECRET, B24_TOKEN_FILE" in str(caught.value)
    assert (host_named({}), is_named({})) == (None, False)


def test_a_way_that_is_asked_for_and_not_set_is_named() -> None:
    with pytest.raises(UsageError, match="^VIBE_API_KEY must be set, in the environment"):
        connect(BY_WEBHOOK, "vibecode")


async def test_a_portal_that_was_renamed_is_asked_at_its_new_address(by_application: dict[str, str]) -> None:
    portal = connect(BY_WEBHOOK, moved_to="https://new.bitrix24.ru")
    assert (portal.host, portal.display) == ("new.bitrix24.ru", "new.bitrix24.ru/rest/1/…")
    assert portal.card_url == "https://new.bitrix24.ru/crm/contact/details/{id}/"
    await portal.close()
    portal = connect(by_application, moved_to="https://new.bitrix24.ru")
    assert (portal.host, portal.display) == ("new.bitrix24.ru", "new.bitrix24.ru (OAuth application)")
    await portal.close()


async def test_what_is_set_is_taken_and_to_decides_between_several(by_application: dict[str, str]) -> None:
    both = BY_WEBHOOK | by_application
    for environment, to, host in [
        (BY_WEBHOOK, None, "acme.bitrix24.ru"), (BY_WEBHOOK, "webhook", "acme.bitrix24.ru"), (by_application, None, "shop.bitrix24.com"),
        (both, "oauth", "shop.bitrix24.com"), (both, "webhook", "acme.bitrix24.ru"),
        # What is only begun is no second door.
        (both | {"B24_CLIENT_SECRET": " "}, None, "acme.bitrix24.ru"),
    ]:  # fmt: skip
        portal = connect(environment, to)
        assert portal.host == host_named(environment, to) == host
        await portal.close()
    with pytest.raises(UsageError, match=r"B24_WEBHOOK_URL \(--to webhook\) and B24_PORTAL_URL \(--to oauth\). Say which with --to"):
        connect(both)
    assert (host_named(both), is_named(both)) == (None, True)


@pytest.mark.parametrize("missing", ["B24_PORTAL_URL", "B24_CLIENT_ID", "B24_CLIENT_SECRET", "B24_TOKEN_FILE"])
def test_what_is_missing_of_an_application_is_named(missing: str, by_application: dict[str, str]) -> None:
    begun = {name: value for name, value in by_application.items() if name != missing}
    for to in (None, "oauth"):
        with pytest.raises(UsageError, match=f"^{missing} must be set beside B24_"):
            connect(begun, to)
    with pytest.raises(UsageError, match=r"^B24_PORTAL_URL, B24_CLIENT_ID, B24_CLIENT_SECRET, B24_TOKEN_FILE must be set, in"):
        connect(BY_WEBHOOK, "oauth")
    with pytest.raises(UsageError, match="^B24_WEBHOOK_URL must be set"):
        connect(by_application, "webhook")


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("B24_PORTAL_URL", f"https://acme.bitrix24.ru/rest/1/{SECRET}/", "not the address that is wanted"),
        ("B24_PORTAL_URL", f"https://acme.bitrix24.ru/?code={SECRET}", "not the address that is wanted"),
        ("B24_PORTAL_URL", f"https://ann:{SECRET}@acme.bitrix24.ru/", "not the address that is wanted"),
        ("B24_PORTAL_URL", "acme.bitrix24.ru", "https://<portal>/"),
        ("B24_PORTAL_URL", "https://[acme/", "not the address that is wanted"),
        ("B24_PORTAL_URL", "http://acme.bitrix24.ru/", "Write https"),
        ("B24_OAUTH_URL", "http://oauth.example.com/", "Write https"),
        ("B24_OAUTH_URL", f"https://oauth.example.com/{SECRET}", "oauth.bitrix.info"),
    ],
)
def test_a_wrong_address_is_told_by_its_variable_and_not_shown(variable: str, value: str, says: str, by_application: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        connect(by_application | {variable: value})
    assert str(caught.value).startswith(f"{variable}: ")
    assert SECRET not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "does not exist. Log in with `b24-import portal login`."),
        (f'{{"access_token": "{SECRET}"}}', "is not a token answer"),
        (f'{{"access_token": "{SECRET}", "refresh_token": ""}}', "is not a token answer"),
        (f'["{SECRET}"]', "is not a token answer"),
        (SECRET, "is not a token answer"),
        ("[" * 100_000, "is not a token answer"),
    ],
)
def test_a_token_file_that_holds_no_tokens_is_told(content: str | None, says: str, by_application: dict[str, str]) -> None:
    file = Path(by_application["B24_TOKEN_FILE"])
    file.unlink()
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        connect(by_application)
    assert str(caught.value).startswith(f"B24_TOKEN_FILE: {file} ")
    assert says in str(caught.value)
    assert SECRET not in str(caught.value) + repr(caught.value)
