"""What the portal's errors mean for us: one table, each line with where that is documented.

Codes are compared without regard to case (`expired_token`, `ACCESS_DENIED` both occur); most errors of
`crm.contact.*` have an empty code and differ by their text alone, with and without a full stop.
Sources: apidocs.bitrix24.com, pages "Error codes", "Limits", "crm.contact.add"; what only public SDKs
have seen is marked (seen).
"""

from __future__ import annotations

from dataclasses import dataclass

from importer.portals.portal import Failure, Refused, Verdict


@dataclass(frozen=True, slots=True)
class Words:
    """How one way of authorising is spoken of to a person."""

    #: `webhook` or `application`
    key: str
    #: the variable with the portal's address
    variable: str
    #: what to do where it is not let in
    wrong: str
    #: what to do where the portal does not know it at all
    missing: str
    #: what to do where it lacks a scope
    scope: str
    #: what to do where the portal has another address now
    moved: str
    #: whether what it signs with can be renewed
    is_renewable: bool = False


_NEW_WEBHOOK = "Make a new incoming webhook in the portal (Applications, Developer resources) and put its address into B24_WEBHOOK_URL."
_WRONG_WEBHOOK = f"The webhook is wrong, expired or removed. {_NEW_WEBHOOK}"

WEBHOOK = Words(
    "webhook", "B24_WEBHOOK_URL", _WRONG_WEBHOOK, _WRONG_WEBHOOK,
    scope="The webhook lacks a scope. Edit it in the portal and tick CRM (crm) and Users (user).",
    moved="Open the portal in a browser and make a new webhook at the address it has now.",
)  # fmt: skip

APPLICATION = Words(
    "application", "B24_PORTAL_URL",
    wrong="The portal does not take the application's token. Log in again with `b24-import portal login`.",
    missing="The application is not installed in the portal. Install it there (Applications, Developer resources), log in again with "
            "`b24-import portal login`.",
    scope="The application lacks a scope. Tick CRM (crm) and Users (user) in its settings, log in again with `b24-import portal login`.",
    moved="Open the portal in a browser, put the address it has now into B24_PORTAL_URL and log in again with `b24-import portal login`.",
    is_renewable=True,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Meaning:
    verdict: Verdict
    #: for a STOP, what a person should do; in braces what `Words` holds
    advice: str = ""


_STOP_KEY = _Meaning(Verdict.STOP, "{wrong}")
_STOP_MISSING = _Meaning(Verdict.STOP, "{missing}")

#: Codes, in lower case, wherever they appear: as the answer to a request or to one command of a batch.
_BY_CODE: dict[str, _Meaning] = {
    # Limits: the refused call was not executed. "Limits", 503 and 429.
    "query_limit_exceeded": _Meaning(Verdict.AGAIN),
    "operation_time_limit": _Meaning(Verdict.AFTER_RESET),
    # The vendor blocked the portal's REST by hand. "Error codes", 503.
    "overload_limit": _Meaning(Verdict.STOP, "Bitrix24 has blocked this portal's REST API because of overload. Ask its support."),
    # Credentials. "Error codes", 401 and 403; INVALID_CREDENTIALS for a wrong secret (seen in b24pysdk).
    "no_auth_found": _STOP_KEY,
    "invalid_credentials": _STOP_KEY,
    "authorization_error": _STOP_KEY,
    "expired_token": _STOP_KEY,
    "invalid_token": _STOP_KEY,
    "application_not_found": _STOP_MISSING,
    "error_oauth": _STOP_MISSING,
    "insufficient_scope": _Meaning(Verdict.STOP, "{scope}"),
    "user_access_error": _Meaning(Verdict.STOP, "The {key}'s user may not use it. Ask the portal's administrator."),
    "allowed_only_intranet_user": _Meaning(Verdict.STOP, "The {key}'s user is not an employee of the portal. Use the {key} of one who is."),
    "access_denied": _Meaning(Verdict.STOP, "The portal's plan does not include REST, or the {key}'s user may not do this. Ask the portal's administrator."),
    "payment_required": _Meaning(Verdict.STOP, "The subscription of the portal, or of the application, has ended. Renew it."),
    "invalid_request": _Meaning(Verdict.STOP, "The portal wants https. Correct the address in {variable}."),
    "portal_deleted": _Meaning(Verdict.STOP, "The portal is closed or deleted. Check its address with the portal's owner."),
    "error_manifest_is_not_available": _Meaning(Verdict.STOP, "Ask the portal's administrator."),
    "error_method_not_found": _Meaning(Verdict.STOP, "The portal does not know a method we need, or the {key}'s scopes hide it. Tick CRM (crm) in the {key}."),
    "method_confirm_waiting": _Meaning(Verdict.STOP, "The portal waits for its administrator to confirm the call."),
    "method_confirm_denied": _Meaning(Verdict.STOP, "The portal's administrator denied the call."),
    # Faults of ours: sending the same again would fail again.
    "error_batch_length_exceeded": _Meaning(Verdict.STOP, "This is a fault of b24-import; please report it."),
    "error_batch_method_not_allowed": _Meaning(Verdict.STOP, "This is a fault of b24-import; please report it."),
    # The server's own faults: an add may have been executed. "Error codes", 500.
    "internal_server_error": _Meaning(Verdict.DOUBT),
    "error_unexpected_answer": _Meaning(Verdict.DOUBT),
}  # fmt: skip

#: Texts, in lower case and without a full stop at the end, of errors whose code is empty or ERROR_CORE.
_BY_TEXT: dict[str, _Meaning] = {
    # "crm.contact.add": no right to add or import. Every further row would be refused alike.
    "access denied": _Meaning(Verdict.STOP, "The {key}'s user may not import contacts, may not read, change or delete those that are there, or may not add the companies or list entries they need. Give the role these rights (CRM, Access permissions)."),
    "disk resource exhausted": _Meaning(Verdict.STOP, "The portal's disk is full. Free space in the portal."),
    "method is blocked due to operation time limit": _Meaning(Verdict.AFTER_RESET),
    "failed to get list. general error": _Meaning(Verdict.DOUBT),
}  # fmt: skip

#: Texts, normalised alike, for what is not there. "crm.contact.update", ".get", ".delete", "crm.company.*", "crm.status.delete".
_GONE = ("contact is not found", "company is not found", "not found", "element not found", "status is not found")


def _normal(text: str) -> str:
    return text.strip().rstrip(".!").lower()


def _advice(meaning: _Meaning, words: Words) -> str:
    return meaning.advice.format(
        key=words.key, variable=words.variable, wrong=words.wrong, missing=words.missing, scope=words.scope
    )


def of_command(code: str, text: str, words: Words = WEBHOOK) -> Refused:
    """What an error of one command means: a known code or text, else this command is wrong."""
    if words.is_renewable and code.lower() == "expired_token":
        # It grew too old in the middle of a batch: this command did not run, and the next request is told so as a whole.
        return Refused(Verdict.AGAIN, code, text)
    meaning = _BY_CODE.get(code.lower()) if code else None
    # Some methods put their text into `error` and leave `error_description` empty.
    meaning = meaning or _BY_TEXT.get(_normal(text or code)) or _BY_CODE.get(_normal(text))
    if meaning is None:
        return Refused(Verdict.REJECT, code, text, is_gone=_normal(text) in _GONE)
    return Refused(meaning.verdict, code, text, _advice(meaning, words))


def of_request(http_status: int, code: str, text: str, words: Words = WEBHOOK, *, is_foreign: bool = False) -> Failure:
    """What an error answer to a whole request means, by its code where it is known, else by its HTTP status.

    An unknown 5xx is a doubt: a proxy may have cut off a portal that goes on working (502, 504), and the
    portal's own 500 does not say how far it came. So is an answer that calls itself a success (2xx) and is not
    one. An unknown 4xx will be answered the same way again. `is_foreign`: it is not in the portal's words at all.
    """
    meaning = _BY_CODE.get(code.lower()) or _BY_TEXT.get(_normal(text or code))
    if meaning is None:
        is_told_apart = 400 <= http_status < 500 and http_status not in (408, 499)
        meaning = _Meaning(Verdict.STOP if is_told_apart else Verdict.DOUBT)
        if http_status == 429:
            meaning = _Meaning(Verdict.AGAIN)
        if http_status in (401, 403) and meaning.verdict is Verdict.STOP:
            meaning = _STOP_KEY
    advice = _advice(meaning, words)
    if meaning.verdict is Verdict.STOP and not advice:
        advice = f"Check the address in {words.variable}." if is_foreign else "Ask the portal's administrator what it means."
    return Failure(meaning.verdict, code or f"http_{http_status}", text or "an error without a reason", http_status=http_status, advice=advice)
