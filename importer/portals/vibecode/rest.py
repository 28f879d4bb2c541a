"""One HTTP request to VibeCode and its envelope read. Knows no entities.

Source: vibecode.bitrix24.tech, /docs/errors, /docs/entity-api, /docs/optimization.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

from importer.portals.exchange import Exchange, Raw, garbled
from importer.portals.portal import Failure, Verdict
from importer.portals.traits import Allowance
from importer.portals.vibecode import failures
from importer.portals.vibecode.key import BASE_URL, VibeKey

# The native portal cuts a request after 60 s, and VibeCode queues and repeats in front of it (ai-tools/vibecode): its
# own 502 or 504 should still reach us.
ANSWER_TIMEOUT_S = 90.0

# A figure in X-RateLimit-Reset past this is a moment, below it seconds to wait: the unit is not documented.
_MOMENT_S = 1e8

_MINUTE_S = 60.0


@dataclass(slots=True)
class VibeAnswer:
    """A readable answer: what stands under `data` and `meta`, or for a refusal under `error`."""

    status: int
    data: object = None
    meta: dict[str, object] | None = None
    #: (code, sentence) where the answer says that it failed
    error: tuple[str, str] | None = None
    #: seconds that the answer asks us to wait
    wait_s: float | None = None
    allowance: Allowance | None = None


class Rest:
    """VibeCode behind one key."""

    def __init__(self, key: VibeKey, *, answer_timeout_s: float = ANSWER_TIMEOUT_S) -> None:
        self.key = key
        self._exchange = Exchange(BASE_URL, is_local=key.is_local, answer_timeout_s=answer_timeout_s)

    async def close(self) -> None:
        """Closes the connections."""
        await self._exchange.close()

    async def call(self, verb: str, path: str, body: object = None) -> VibeAnswer:
        """The answer to one request below /v1, whatever its status; Failure when there is none to read."""
        headers = dict(self.key.headers)
        content = None
        if body is not None:
            content = json.dumps(body, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json"
        raw = await self._exchange.send(verb, f"{self.key.base}/v1/{path}", content, headers, self.key.host)
        if raw.location is not None:
            raise Failure(Verdict.STOP, "moved", f"{self.key.host} sends us to another address, which the key is not shown to", advice=f"Check {BASE_URL}.")
        return _readable(raw)


def _readable(raw: Raw) -> VibeAnswer:
    told = allowance(raw.headers)
    if 200 <= raw.status < 300 and not raw.body.strip():
        # 204, and a success without a word: what was asked for is done, as far as anybody says.
        return VibeAnswer(raw.status, allowance=told)
    try:
        body = json.loads(raw.body)
    except (ValueError, RecursionError):
        body = None
    header_s = _seconds(raw.headers.get("retry-after"))
    if not isinstance(body, dict) or not {"success", "data", "error"} & body.keys():
        if 200 <= raw.status < 300:
            raise garbled(raw.body, raw.status, "VibeCode")
        failure = failures.of_request(raw.status, "", "an answer without VibeCode's words, from something before it", header_s)
        failure.advice = f"Check the address in {BASE_URL}." if raw.status in (404, 405) else failure.advice
        raise failure
    meta = body.get("meta")
    answer = VibeAnswer(raw.status, body.get("data"), meta if isinstance(meta, dict) else None, allowance=told)
    found = body.get("error")
    waits = [s for s in (header_s, _seconds(found.get("retryAfter")) if isinstance(found, dict) else None) if s is not None]
    answer.wait_s = max(waits, default=None)
    if body.get("success") is not True and "error" in body:
        answer.error = error_of(found)
    elif body.get("success") is not True or raw.status >= 400:
        answer.error = ("", "an answer that does not say whether it succeeded")
    return answer


def error_of(value: object) -> tuple[str, str]:
    """(code, sentence) of an error: an object, or a text that is either of the two (both occur inside batches)."""
    if isinstance(value, dict):
        code, text = value.get("code"), value.get("message") or value.get("userMessage")
        return ("" if code in (None, 0) else str(code)), ("" if text is None else str(text))
    text = "" if value is None else str(value)
    is_code = bool(text) and text.replace("_", "").isalnum() and text == text.upper() and "_" in text
    return (text, "") if is_code else ("", text)


def _seconds(value: object) -> float | None:
    try:
        seconds = float(str(value))
    except ValueError:
        return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


def allowance(headers: Mapping[str, str]) -> Allowance | None:
    """What X-RateLimit-* say of the key's window; None where they do not say it."""
    limit, remaining = (_seconds(headers.get(f"x-ratelimit-{word}")) for word in ("limit", "remaining"))
    if limit is None or limit < 1:
        return None
    reset = _seconds(headers.get("x-ratelimit-reset"))
    # A moment on their clock says nothing certain on ours; what is left of the minute then is not known.
    resets_in_s = min(reset, _MINUTE_S) if reset is not None and reset < _MOMENT_S else None
    return Allowance(int(limit), None if remaining is None else int(remaining), resets_in_s)
