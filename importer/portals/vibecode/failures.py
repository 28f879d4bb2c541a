"""What VibeCode's errors mean for us: one table of its codes, each line with where that is documented.

Sources: vibecode.bitrix24.tech, /docs/errors, /docs/keys-auth, /docs/scopes, /docs/entities/contacts/create; codes that
only public clients have met are marked (seen). A code that is not here goes by its HTTP status, as the page asks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from importer.portals.portal import Failure, Refused, Verdict

_NEW_KEY = "Make a new key for the portal in VibeCode, with the scopes crm and user, and put it into VIBE_API_KEY."
_ASK = "Ask the portal's administrator."

# A queue that overflows, and a key that repeats one failing request, are told without how long to wait.
_QUEUE_WAIT_S, _LOOP_WAIT_S = 5.0, 60.0


@dataclass(frozen=True, slots=True)
class _Meaning:
    verdict: Verdict
    #: for a STOP, what a person should do
    advice: str = ""
    is_gone: bool = False
    #: seconds to wait at the least
    wait_s: float | None = None


_STOP_KEY = _Meaning(Verdict.STOP, f"The key is wrong, expired, switched off or not allowed from this address. {_NEW_KEY}")
_STOP_SESSION = _Meaning(Verdict.STOP, "The session of the application's key is over: log in again, put the new token into VIBE_SESSION_TOKEN.")
_STOP_READ_ONLY = _Meaning(Verdict.STOP, "The key may only read. Make one with access READWRITE, put it into VIBE_API_KEY.")
_STOP_MANAGEMENT = _Meaning(Verdict.STOP, f"A management key has no access to contacts. {_NEW_KEY}")

_BY_CODE: dict[str, _Meaning] = {
    # Limits; the refused call was not executed. /docs/errors, 429 with retryAfter.
    "RATE_LIMITED": _Meaning(Verdict.AGAIN),
    "RATE_LIMIT": _Meaning(Verdict.AGAIN),
    "QUEUE_OVERFLOW": _Meaning(Verdict.AGAIN, wait_s=_QUEUE_WAIT_S),  # (seen)
    "ERROR_LOOP_DETECTED": _Meaning(Verdict.AGAIN, wait_s=_LOOP_WAIT_S),  # (seen)
    # Credentials. /docs/keys-auth, /docs/errors; KEY_… and INVALID_SESSION (seen).
    "MISSING_API_KEY": _STOP_KEY,
    "INVALID_API_KEY": _STOP_KEY,
    "KEY_INACTIVE": _STOP_KEY,
    "KEY_EXPIRED": _STOP_KEY,
    "KEY_REVOKED": _STOP_KEY,
    "AUTH_REQUIRED": _STOP_KEY,
    "INVALID_APP_KEY": _STOP_SESSION,
    "TOKEN_EXPIRED": _STOP_SESSION,
    "INVALID_SESSION": _STOP_SESSION,
    "OAUTH_REQUIRED": _STOP_SESSION,
    "TOKEN_MISSING": _Meaning(Verdict.STOP, f"The key is not connected to the portal. {_NEW_KEY}"),
    # Rights. /docs/scopes, /docs/management-keys, ai-tools/vibecode.
    "SCOPE_DENIED": _Meaning(Verdict.STOP, f"The key lacks a scope, and scopes are fixed when a key is made. {_NEW_KEY}"),
    "BITRIX_ACCESS_DENIED": _Meaning(Verdict.STOP, "The key's user may not do this in the portal, or a scope was added after the key was made. Give the role the right, or make a new key."),
    "WRITE_BLOCKED_READONLY_KEY": _STOP_READ_ONLY,
    "KEY_POLICY_READONLY_REQUIRED": _Meaning(Verdict.STOP, f"A policy of the portal makes its keys read-only. {_ASK}"),  # (seen)
    "MANAGEMENT_KEY_NO_ENTITY_ACCESS": _STOP_MANAGEMENT,
    "MANAGEMENT_SCOPE_REQUIRED": _STOP_MANAGEMENT,
    "B24_TARIFF_RESTRICTION": _Meaning(Verdict.STOP, f"The portal's plan does not include this. {_ASK}"),  # (seen)
    # One record. /docs/entities/contacts/get; /docs/entities/contacts/create.
    "ENTITY_NOT_FOUND": _Meaning(Verdict.REJECT, is_gone=True),
    "NOT_FOUND": _Meaning(Verdict.REJECT, is_gone=True),
    "ACCESS_DENIED": _Meaning(Verdict.REJECT),
    "INVALID_REQUEST": _Meaning(Verdict.REJECT),
    "INVALID_MULTIFIELD_SHAPE": _Meaning(Verdict.REJECT),
    "VALIDATION_ERROR": _Meaning(Verdict.REJECT),  # (seen)
    "BITRIX_ERROR": _Meaning(Verdict.REJECT),  # (seen) 422, with the portal's own text
    "BATCH_LIMIT_EXCEEDED": _Meaning(Verdict.APART),  # (seen)
    # The server's own faults, and the portal's behind it: a write may have been executed. /docs/errors, 502 and 504.
    "INTERNAL_ERROR": _Meaning(Verdict.DOUBT),
    "BITRIX_UNAVAILABLE": _Meaning(Verdict.DOUBT),
    "QUEUE_TIMEOUT": _Meaning(Verdict.DOUBT),
    "OPERATION_TIME_LIMIT": _Meaning(Verdict.AGAIN, wait_s=_LOOP_WAIT_S),  # (seen) the native budget, refused before it ran
}  # fmt: skip

#: Codes under which the portal's own words arrive, and what those mean: VibeCode passes the native text on. Sources:
#: apidocs.bitrix24.com, "Limits", "Error codes", crm.contact.add.
_NATIVE_CODES = frozenset(("", "BITRIX_ERROR"))
_BY_TEXT: tuple[tuple[re.Pattern[str], _Meaning], ...] = (
    (re.compile(r"query_limit_exceeded|too many requests", re.IGNORECASE), _Meaning(Verdict.AGAIN)),
    (re.compile(r"operation[ _]time[ _]limit", re.IGNORECASE), _Meaning(Verdict.AGAIN, wait_s=_LOOP_WAIT_S)),
    (re.compile(r"internal[ _]server[ _]error|general error|timed? ?-?out|unavailable|unexpected[ _]answer", re.IGNORECASE), _Meaning(Verdict.DOUBT)),
    (re.compile(r"^access denied", re.IGNORECASE), _Meaning(Verdict.STOP, "The key's user may not do this in the portal. Give the role the right.")),
    (re.compile(r"disk resource exhausted", re.IGNORECASE), _Meaning(Verdict.STOP, "The portal's disk is full. Free space in the portal.")),
)

# A code that is new to us and speaks of a fault on the way, not of the row.
_LOOKS_LOST = re.compile(r"TIMEOUT|TIMED_OUT|UNAVAILABLE|INTERNAL|GATEWAY|CONNECTION|NETWORK")

#: Refusals of a whole request that are about what is in it, each 400; the portal has seen nothing of it.
_OF_CONTENT = (Verdict.REJECT, Verdict.APART)


def of_command(code: str, text: str, *, has_written: bool = False) -> Refused:
    """What the error of one call means. With `has_written` a missing right is this row's alone: others went before it."""
    meaning = _native(code, text) or _BY_CODE.get(code.upper())
    if meaning is None:
        meaning = _Meaning(Verdict.DOUBT if _LOOKS_LOST.search(code.upper()) else Verdict.REJECT)
    if code.upper() == "BITRIX_ACCESS_DENIED" and has_written:
        meaning = _Meaning(Verdict.REJECT)
    if meaning.verdict is Verdict.APART:
        meaning = _Meaning(Verdict.AGAIN)
    return Refused(meaning.verdict, code, text, meaning.advice, is_gone=meaning.is_gone)


def of_request(http_status: int, code: str, text: str, wait_s: float | None = None) -> Failure:
    """What an error answer to a whole request means, by its code where that is known, else by its HTTP status.

    A refusal of what is in it (400, 413, 422 of a known code) says that nothing of it ran, not which part is wrong: APART.
    An unknown 5xx is a doubt, and so is a success that cannot be read.
    """
    meaning = _native(code, text) or _BY_CODE.get(code.upper())
    if http_status >= 500 and meaning is not None and meaning.verdict is not Verdict.STOP:
        # A full queue among them (QUEUE_OVERFLOW): its status is not documented, and who answers 5xx may have begun.
        meaning = _Meaning(Verdict.DOUBT, wait_s=meaning.wait_s)
    if meaning is None:
        meaning = _by_status(http_status, code)
    if meaning.verdict in _OF_CONTENT:
        # 422 is the portal's own refusal, seen past VibeCode's checks: of several calls some may have run before it.
        meaning = _Meaning(Verdict.DOUBT if http_status == 422 else Verdict.APART)
    waits = [seconds for seconds in (wait_s, meaning.wait_s) if seconds is not None]
    advice = meaning.advice or (_ASK if meaning.verdict is Verdict.STOP else "")
    return Failure(meaning.verdict, code or f"http_{http_status}", text or "an error without a reason", http_status=http_status, wait_s=max(waits, default=None), advice=advice)


def _native(code: str, text: str) -> _Meaning | None:
    if code.upper() not in _NATIVE_CODES:
        return None
    return next((meaning for pattern, meaning in _BY_TEXT if pattern.search(text)), None)


def _by_status(http_status: int, code: str) -> _Meaning:
    if http_status == 429:
        return _Meaning(Verdict.AGAIN)
    if http_status in (401, 403):
        return _STOP_KEY
    if http_status in (400, 413, 422) and code:
        return _Meaning(Verdict.APART)
    is_told_apart = 400 <= http_status < 500 and http_status not in (408, 499)
    return _Meaning(Verdict.STOP if is_told_apart else Verdict.DOUBT)


def faulty(failure: Failure) -> Failure:
    """The failure of a request that we must have put wrongly: nobody can mend it but us."""
    advice = "This is a fault of b24-import; please report it."
    return Failure(Verdict.STOP, failure.code, failure.text, http_status=failure.http_status, advice=advice)
