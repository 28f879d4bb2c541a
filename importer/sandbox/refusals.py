"""The errors the portal answers with: status, code and text, worded as the reference's table of exact answers.

Each function gives a fresh `Refusal` to raise. Inside a batch only code and text are shown, the status is nominal.
"""

from __future__ import annotations


class Refusal(Exception):
    """An error answer: HTTP status, `error` and `error_description`."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(f"{status} {code} {text}")
        self.status = status
        self.code = code
        self.text = text

    def as_json(self) -> dict[str, str]:
        """The error body, which carries no `time` (seen in fast_bitrix24 and b24jssdk)."""
        return {"error": self.code, "error_description": self.text}


def bad_call(text: str) -> Refusal:
    """400 with an empty code, as most classic CRM errors are."""
    return Refusal(400, "", text)


def core(text: str) -> Refusal:
    """400 `ERROR_CORE`: a business rule of the CRM."""
    return Refusal(400, "ERROR_CORE", text)


def must_be_array(name: str) -> Refusal:
    """400: a parameter that is no array where one is needed."""
    return bad_call(f"Parameter '{name}' must be array.")


def access_denied() -> Refusal:
    """400: the user lacks the right."""
    return bad_call("Access denied.")


def bad_id() -> Refusal:
    """400: an id that is missing, 0 or no number."""
    return bad_call("ID is not defined or invalid.")


def portal_closed() -> Refusal:
    """500: the public part is closed."""
    return Refusal(500, "PORTAL_DELETED", "Portal was deleted")


def overloaded() -> Refusal:
    """503: blocked by the vendor, which only its support lifts."""
    return Refusal(503, "OVERLOAD_LIMIT", "REST API is blocked due to overload")


def too_many_requests() -> Refusal:
    """503: the bucket is full; nothing of the request ran."""
    return Refusal(503, "QUERY_LIMIT_EXCEEDED", "Too many requests")


def no_credentials() -> Refusal:
    """401: neither webhook nor token."""
    return Refusal(401, "NO_AUTH_FOUND", "Wrong authorization data")


def wrong_credentials() -> Refusal:
    """401: wrong secret or user, or a webhook that is no more.

    The docs also name 403 for this code; a live test of an SDK saw 401.
    """
    return Refusal(401, "INVALID_CREDENTIALS", "Invalid request credentials")


def no_rest_on_tariff() -> Refusal:
    """403: the tariff has no REST."""
    return Refusal(403, "ACCESS_DENIED", "REST API is available only on commercial plans")


def unknown_method() -> Refusal:
    """404; the text is a choice of the sandbox."""
    return Refusal(404, "ERROR_METHOD_NOT_FOUND", "Method not found!")


def insufficient_scope(status: int, is_application: bool) -> Refusal:
    """403 by the docs, 401 by SDK tests: the credential lacks the method's scope."""
    text = f"The request requires higher privileges than provided by the {'access' if is_application else 'webhook'} token"
    return Refusal(status, "insufficient_scope", text)


def application_only() -> Refusal:
    """400: the method needs an application, a webhook is none."""
    return Refusal(400, "ACCESS_DENIED", "Access denied! Application context required")


def operating_time() -> Refusal:
    """429: the method has used its seconds of the last ten minutes."""
    return Refusal(429, "OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.")


def batch_too_long() -> Refusal:
    """400, or an entry for each command past the 50th."""
    return Refusal(400, "ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded")


def not_in_batch() -> Refusal:
    """405, in practice an entry: a batch inside a batch."""
    return Refusal(405, "ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage")
