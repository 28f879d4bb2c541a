"""Which keys are taken, where they may go, and that they are never shown."""

from __future__ import annotations

import pytest

from importer.errors import UsageError
from importer.portals.vibecode.key import VibeKey, is_set

SECRET = "vibe_api_s3cr3t-code"


def test_a_key_goes_to_vibecodes_own_address_unless_another_is_named() -> None:
    assert VibeKey.parse(SECRET).base == "https://vibecode.bitrix24.tech"
    assert VibeKey.parse(f" {SECRET}\n", base="https://vibecode.bitrix24.com/v1/").base == "https://vibecode.bitrix24.com"
    assert VibeKey.parse(SECRET, base="http://127.0.0.1:8000").is_local


def test_neither_key_nor_session_is_shown() -> None:
    key = VibeKey.parse("vibe_app_s3cr3t", "vibe_session_s3cr3t")
    assert "s3cr3t" not in str(key) + repr(key) + key.mark
    assert key.headers == {"X-Api-Key": "vibe_app_s3cr3t", "Authorization": "Bearer vibe_session_s3cr3t"}


@pytest.mark.parametrize(
    ("secret", "session", "base", "named"),
    [
        ("s3cr3t", "", "", "VIBE_API_KEY"),
        ("vibe_live_s3cr3t", "", "", "management key"),
        ("vibe_app_s3cr3t", "", "", "VIBE_SESSION_TOKEN"),
        ("vibe_api_s3cr3t\nX-Evil: 1", "", "", "VIBE_API_KEY"),
        ("vibe_app_s3cr3t", "two s3cr3t", "", "VIBE_SESSION_TOKEN"),
        (SECRET, "", "http://vibecode.bitrix24.tech", "VIBE_BASE_URL: plain http"),
        (SECRET, "", "https://vibecode.bitrix24.tech/rest/1/s3cr3t/", "VIBE_BASE_URL"),
        (SECRET, "", "https://user:s3cr3t@vibecode.bitrix24.tech", "VIBE_BASE_URL"),
    ],
)
def test_what_cannot_work_is_named_and_not_shown(secret: str, session: str, base: str, named: str) -> None:
    with pytest.raises(UsageError, match=named) as caught:
        VibeKey.parse(secret, session, base)
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize(("word", "is_on"), [("", False), ("no", False), ("0", False), ("yes", True), ("1", True), (" On ", True)])
def test_a_switch_of_the_environment_is_a_word_for_yes_or_no(word: str, is_on: bool) -> None:
    assert is_set({"X": word}, "X") is is_on


def test_any_other_word_is_refused() -> None:
    with pytest.raises(UsageError, match="neither yes nor no"):
        is_set({"X": "maybe"}, "X")
