"""What each of VibeCode's errors means, for a whole request and for one call of it."""

from __future__ import annotations

import pytest

from importer.portals.portal import Verdict
from importer.portals.vibecode.failures import of_command, of_request


@pytest.mark.parametrize(
    ("status", "code", "text", "verdict"),
    [
        (429, "RATE_LIMITED", "QUERY_LIMIT_EXCEEDED", Verdict.AGAIN),
        (429, "", "", Verdict.AGAIN),
        (429, "ERROR_LOOP_DETECTED", "", Verdict.AGAIN),
        (429, "QUEUE_OVERFLOW", "", Verdict.AGAIN),
        (503, "QUEUE_OVERFLOW", "", Verdict.DOUBT),
        (502, "BITRIX_UNAVAILABLE", "", Verdict.DOUBT),
        (504, "QUEUE_TIMEOUT", "", Verdict.DOUBT),
        (500, "INTERNAL_ERROR", "", Verdict.DOUBT),
        (500, "INVALID_REQUEST", "", Verdict.DOUBT),
        (502, "", "", Verdict.DOUBT),
        (200, "", "", Verdict.DOUBT),
        (408, "", "", Verdict.DOUBT),
        (401, "INVALID_API_KEY", "", Verdict.STOP),
        (401, "NEW_CODE", "", Verdict.STOP),
        (403, "SCOPE_DENIED", "", Verdict.STOP),
        (403, "KEY_EXPIRED", "", Verdict.STOP),
        (402, "", "", Verdict.STOP),
        (404, "", "", Verdict.STOP),
        (400, "VALIDATION_ERROR", "", Verdict.APART),
        (400, "BATCH_LIMIT_EXCEEDED", "", Verdict.APART),
        (400, "NEW_CODE", "", Verdict.APART),
        # The portal's own refusal: some calls may have run before it.
        (422, "BITRIX_ERROR", "No.", Verdict.DOUBT),
        (422, "BITRIX_ERROR", "Too many requests", Verdict.AGAIN),
        (422, "BITRIX_ERROR", "Access denied.", Verdict.STOP),
    ],
)
def test_a_refused_request_means_what_its_code_says_else_its_status(status: int, code: str, text: str, verdict: Verdict) -> None:
    failure = of_request(status, code, text)
    assert failure.verdict is verdict
    assert bool(failure.advice) is (verdict is Verdict.STOP)


@pytest.mark.parametrize(
    ("code", "text", "verdict"),
    [
        ("INVALID_REQUEST", "", Verdict.REJECT),
        ("ENTITY_NOT_FOUND", "", Verdict.REJECT),
        ("BITRIX_ERROR", "No.", Verdict.REJECT),
        ("BITRIX_ERROR", "Internal server error", Verdict.DOUBT),
        ("BITRIX_ERROR", "Method is blocked due to operation time limit.", Verdict.AGAIN),
        ("", "Too many requests", Verdict.AGAIN),
        ("NEW_CODE", "", Verdict.REJECT),
        ("UPSTREAM_TIMEOUT", "", Verdict.DOUBT),
        ("BITRIX_UNAVAILABLE", "", Verdict.DOUBT),
        ("RATE_LIMITED", "", Verdict.AGAIN),
        ("SCOPE_DENIED", "", Verdict.STOP),
    ],
)
def test_a_refused_call_means_what_its_code_or_the_portals_words_say(code: str, text: str, verdict: Verdict) -> None:
    assert of_command(code, text).verdict is verdict


@pytest.mark.parametrize(("has_written", "verdict"), [(False, Verdict.STOP), (True, Verdict.REJECT)])
def test_a_missing_right_stops_the_run_unless_other_rows_have_it(has_written: bool, verdict: Verdict) -> None:
    assert of_command("BITRIX_ACCESS_DENIED", "", has_written=has_written).verdict is verdict


@pytest.mark.parametrize(
    ("code", "told", "wait_s"),
    [("RATE_LIMITED", 7.0, 7.0), ("RATE_LIMITED", None, None), ("QUEUE_OVERFLOW", 1.0, 5.0), ("QUEUE_OVERFLOW", 30.0, 30.0), ("ERROR_LOOP_DETECTED", None, 60.0)],
)
def test_the_longer_of_what_is_told_and_what_is_decent_is_waited(code: str, told: float | None, wait_s: float | None) -> None:
    assert of_request(429, code, "", told).wait_s == wait_s
