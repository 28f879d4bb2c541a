"""What each of the portal's errors means, as a table: the difference between sent again, looked up, and given up."""

from __future__ import annotations

import pytest

from importer.portals.bitrix24 import failures
from importer.portals.portal import Verdict

AGAIN, AFTER_RESET, DOUBT, REJECT, STOP = Verdict.AGAIN, Verdict.AFTER_RESET, Verdict.DOUBT, Verdict.REJECT, Verdict.STOP

KNOWN = [
    ("QUERY_LIMIT_EXCEEDED", "Too many requests", AGAIN),
    ("OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.", AFTER_RESET),
    ("OVERLOAD_LIMIT", "REST API is blocked due to overload", STOP),
    ("NO_AUTH_FOUND", "Wrong authorization data", STOP),
    ("INVALID_CREDENTIALS", "Invalid request credentials", STOP),
    ("AUTHORIZATION_ERROR", "", STOP),
    ("expired_token", "The access token provided has expired.", STOP),
    ("invalid_token", "Unable to get application by token", STOP),
    ("APPLICATION_NOT_FOUND", "", STOP),
    ("ERROR_OAUTH", "", STOP),
    ("insufficient_scope", "The request requires higher privileges", STOP),
    ("user_access_error", "", STOP),
    ("allowed_only_intranet_user", "", STOP),
    ("ACCESS_DENIED", "REST API is available only on commercial plans", STOP),
    ("PAYMENT_REQUIRED", "", STOP),
    ("INVALID_REQUEST", "Https required.", STOP),
    ("PORTAL_DELETED", "Portal was deleted", STOP),
    ("ERROR_MANIFEST_IS_NOT_AVAILABLE", "", STOP),
    ("ERROR_METHOD_NOT_FOUND", "Method not found!", STOP),
    ("METHOD_CONFIRM_WAITING", "", STOP),
    ("METHOD_CONFIRM_DENIED", "", STOP),
    ("ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded", STOP),
    ("ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage", STOP),
    ("INTERNAL_SERVER_ERROR", "Internal server error", DOUBT),
    ("ERROR_UNEXPECTED_ANSWER", "Server returned an unexpected response", DOUBT),
]

BY_TEXT = [
    ("", "Access denied.", STOP),
    ("", "Access denied", STOP),
    ("", "access denied!", STOP),
    ("ERROR_CORE", "Access denied.", STOP),
    # "crm.duplicate.findbycomm" puts its text into `error`.
    ("Access denied", "", STOP),
    ("", "Disk resource exhausted", STOP),
    ("", "Method is blocked due to operation time limit.", AFTER_RESET),
    ("", "Failed to get list. General error.", DOUBT),
    # Codes that a portal wrote where the text belongs.
    ("", "QUERY_LIMIT_EXCEEDED", AGAIN),
]

UNKNOWN = [
    ("", ""),
    ("", "Not found"),
    ("ERROR_CORE", ""),
    ("ERROR_CORE", "The field `Work e-mail` contains an invalid address"),
    ("100", "Could not find value for parameter {fields}"),
    ("SOMETHING_NEW", "A sentence nobody has seen"),
    ("", "Access denied to the field Salary"),
]


@pytest.mark.parametrize(("code", "text", "verdict"), KNOWN + BY_TEXT)
def test_a_known_error_means_the_same_for_a_command_and_for_a_request(code: str, text: str, verdict: Verdict) -> None:
    refused = failures.of_command(code, text)
    assert (refused.verdict, refused.code, refused.text) == (verdict, code, text)
    if code != "" or not text.isupper():
        assert failures.of_request(400, code, text).verdict is verdict


@pytest.mark.parametrize(("code", "text", "verdict"), KNOWN)
def test_codes_are_known_in_any_case(code: str, text: str, verdict: Verdict) -> None:
    assert failures.of_command(code.swapcase(), text).verdict is verdict
    assert failures.of_request(403, code.swapcase(), text).verdict is verdict


@pytest.mark.parametrize(("code", "text"), UNKNOWN)
def test_an_unknown_error_of_a_command_is_about_that_command_alone(code: str, text: str) -> None:
    refused = failures.of_command(code, text)
    assert (refused.verdict, refused.code, refused.text) == (REJECT, code, text)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, DOUBT), (202, DOUBT), (204, DOUBT), (206, DOUBT), (304, DOUBT),
        (400, STOP), (401, STOP), (403, STOP), (404, STOP), (405, STOP), (413, STOP), (414, STOP), (451, STOP),
        (408, DOUBT), (499, DOUBT), (429, AGAIN),
        (500, DOUBT), (502, DOUBT), (503, DOUBT), (504, DOUBT), (520, DOUBT), (599, DOUBT),
    ],
)  # fmt: skip
def test_an_unknown_answer_to_a_request_is_judged_by_its_status(status: int, verdict: Verdict) -> None:
    failure = failures.of_request(status, "", "an answer without the portal's words")
    assert (failure.verdict, failure.code, failure.http_status) == (verdict, f"http_{status}", status)


@pytest.mark.parametrize(("code", "text", "verdict"), [row for row in KNOWN + BY_TEXT if row[2] is STOP])
def test_whatever_stops_a_run_says_what_to_do(code: str, text: str, verdict: Verdict) -> None:
    assert failures.of_command(code, text).advice.endswith(".")
    assert failures.of_request(403, code, text).advice.endswith(".")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413])
def test_an_unknown_refusal_of_a_request_says_what_to_do(status: int) -> None:
    assert failures.of_request(status, "", "Sorry").advice


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_without_words_at_the_door_points_to_the_webhook(status: int) -> None:
    assert "B24_WEBHOOK_URL" in failures.of_request(status, "", "").advice


def test_the_table_holds_every_code_that_is_tested_and_no_other() -> None:
    assert {code.lower() for code, _, _ in KNOWN} == set(failures._BY_CODE)


@pytest.mark.parametrize("status", [200, 400, 500])
def test_an_error_without_a_word_is_said_to_be_one(status: int) -> None:
    assert failures.of_request(status, "", "").text == "an error without a reason"


def test_a_404_that_is_not_the_portals_sends_a_person_to_the_address() -> None:
    assert failures.of_request(404, "", "an answer of something before it", is_foreign=True).advice == "Check the address in B24_WEBHOOK_URL."


def test_no_advice_speaks_of_resuming_for_not_every_command_can() -> None:
    for code in (*failures._BY_CODE, "", "SOMETHING_NEW"):
        for status in (400, 401, 403, 404):
            assert "resume" not in failures.of_request(status, code, "").advice, code
