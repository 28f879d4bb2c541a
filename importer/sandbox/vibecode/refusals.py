"""The errors VibeCode answers with: code → HTTP status, and the one envelope they all have.

Statuses that no source gives are a choice of the sandbox and marked so. Reference, section 15.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from importer.sandbox.refusals import Refusal
from importer.sandbox.vibecode.switches import VibeSwitches

#: code → HTTP status
STATUSES = {
    "MISSING_API_KEY": 401,
    "INVALID_API_KEY": 401,
    "INVALID_APP_KEY": 401,
    "TOKEN_EXPIRED": 401,
    "TOKEN_MISSING": 401,
    "INVALID_SESSION": 401,
    "KEY_INACTIVE": 401,  # a choice, see the switch `dead_key_status`
    "KEY_EXPIRED": 401,  # the same
    "SCOPE_DENIED": 403,
    "ACCESS_DENIED": 403,
    "BITRIX_ACCESS_DENIED": 403,
    "WRITE_BLOCKED_READONLY_KEY": 403,
    "KEY_POLICY_READONLY_REQUIRED": 403,
    "OAUTH_REQUIRED": 403,
    "MANAGEMENT_KEY_NO_ENTITY_ACCESS": 403,
    "MANAGEMENT_SCOPE_REQUIRED": 403,
    "B24_TARIFF_RESTRICTION": 403,  # a choice
    "INVALID_REQUEST": 400,
    "INVALID_MULTIFIELD_SHAPE": 400,
    "VALIDATION_ERROR": 400,
    "MISSING_ENTITY_ID": 400,
    "INVALID_PARAMS": 400,  # a choice, as the three below: no source names their status
    "INVALID_FILTER_FIELD": 400,
    "INVALID_ENTITY_TYPE": 400,
    "BATCH_LIMIT_EXCEEDED": 400,
    "AGGREGATION_LIMIT_EXCEEDED": 400,  # a choice
    "ENTITY_NOT_FOUND": 404,
    "NOT_FOUND": 404,  # a choice: the code for a route that does not exist is not documented
    "BITRIX_ERROR": 422,
    "RATE_LIMITED": 429,
    "QUEUE_OVERFLOW": 503,  # a choice, see the switch `overflow_status`
    "ERROR_LOOP_DETECTED": 429,  # a choice, see the switch `loop_status`
    "INTERNAL_ERROR": 500,
    "BITRIX_UNAVAILABLE": 502,
    "QUEUE_TIMEOUT": 504,
}

#: codes that carry `retryAfter`; the documented sample says 2 s
WAITING = frozenset({"RATE_LIMITED", "QUEUE_TIMEOUT"})
WAIT_S = 2

#: what a fault rule's bare status means
OF_STATUS = {401: "INVALID_API_KEY", 403: "ACCESS_DENIED", 404: "ENTITY_NOT_FOUND", 422: "BITRIX_ERROR", 429: "RATE_LIMITED",
             500: "INTERNAL_ERROR", 502: "BITRIX_UNAVAILABLE", 503: "QUEUE_OVERFLOW", 504: "QUEUE_TIMEOUT"}  # fmt: skip


@dataclass(eq=False)
class VibeRefusal(Exception):
    """An error answer: the code, the sentence, and what else stands beside them."""

    code: str
    message: str
    #: HTTP status; 0 takes the code's own
    status: int = 0
    #: `hint`, `retryAfter`, `details` …
    more: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        Exception.__init__(self, self.code, self.message)
        self.status = self.status or STATUSES[self.code]

    def as_json(self) -> dict[str, object]:
        """The `error` object."""
        return {"code": self.code, "message": self.message, **self.more}

    def envelope(self) -> dict[str, object]:
        """The whole body."""
        return {"success": False, "error": self.as_json()}


def waiting(code: str, message: str, seconds: int = WAIT_S, status: int = 0) -> VibeRefusal:
    """A refusal that says how long to wait."""
    return VibeRefusal(code, message, status, {"retryAfter": seconds})


def wrong_request(message: str) -> VibeRefusal:
    """400 INVALID_REQUEST: fields that cannot be taken."""
    return VibeRefusal("INVALID_REQUEST", message)


def no_such_record() -> VibeRefusal:
    """404, worded as documented."""
    return VibeRefusal("ENTITY_NOT_FOUND", "Item not found")


def of_portal(refusal: Refusal, switches: VibeSwitches) -> VibeRefusal:
    """What VibeCode makes of the portal's own refusal: its text travels in the message."""
    if refusal.code == "OPERATION_TIME_LIMIT":
        if switches.operating_refusal == "RATE_LIMITED":
            return waiting("RATE_LIMITED", refusal.code)
        return VibeRefusal("BITRIX_ERROR", f"{refusal.code}: {refusal.text}")
    if refusal.text == "Access denied." or refusal.code == "ACCESS_DENIED":
        return VibeRefusal("BITRIX_ACCESS_DENIED", refusal.text)
    return VibeRefusal("BITRIX_ERROR", refusal.text or refusal.code)


def on_order(code: str, text: str) -> VibeRefusal:
    """The refusal that a fault rule asks for: VibeCode's if it has the code, else the portal's, told through 422."""
    if code not in STATUSES:
        return VibeRefusal("BITRIX_ERROR", text or code)
    return waiting(code, text) if code in WAITING else VibeRefusal(code, text)
