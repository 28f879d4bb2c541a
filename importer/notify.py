"""Telling somebody who is not at the keyboard how a run ended: in the portal's own notifications, or as JSON to an address.

Neither ever raises or changes how the run ended: what goes wrong is a sentence for whoever reads the terminal or the log.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from importer.access import Access, open_access
from importer.batcher.progress import Progress
from importer.errors import ImporterError, UsageError
from importer.pacing.plans import Plan
from importer.portals.address import is_loopback
from importer.portals.operations import Notify, WhoAmI
from importer.portals.portal import Done, Failure, Verdict

#: `--notify` with this word, instead of an address.
PORTAL = "portal"

# A run has ended and somebody may wait for the exit code: three attempts, a minute at the most.
_ATTEMPTS = 3
_ANSWER_S = 10.0
_WHOLE_S = 60.0

# What the portal says to a call whose scope was not granted; some hide the method then.
# Source: apidocs.bitrix24.com, "Error codes", im.notify.personal.add; the second seen in b24jssdk.
_SCOPE_CODES = ("insufficient_scope", "error_method_not_found")
_LACKS_SCOPE = "the key or webhook lacks the scope Chat and notifications (im); tick it in the portal"


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom to tell. Its text never shows more of an address than the host: the rest may be a secret."""

    #: None for the portal's own notifications
    url: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, text: str) -> Addressee:
        """The addressee in `portal` or an https address; plain http for loopback only. Raises UsageError, never showing the address."""
        if text.strip().lower() == PORTAL:
            return cls()
        try:
            parts = urlsplit(text.strip())
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            host, parts = "", urlsplit("")
        if not host or parts.scheme not in ("https", "http"):
            raise UsageError('--notify: this is neither "portal" nor an https address.')
        if parts.scheme == "http" and not is_loopback(host):
            raise UsageError(f"--notify: plain http would show the summary, and the address, to everybody between here and {host}. Write https.")
        return cls(text.strip())

    def __str__(self) -> str:
        return PORTAL if self.url is None else urlsplit(self.url).hostname or ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told: a few lines for people, and the same for programs."""

    text: str
    summary: Mapping[str, object]


Sleep = Callable[[float], Awaitable[None]]


async def tell_portal(environment: Mapping[str, str], to: str | None, plan: Plan, notice: Notice) -> str | None:
    """Puts the text among the notifications of the user whose key or webhook we use; None when it is there, else why not."""
    try:
        access = open_access(environment, to, plan, Progress())
    except ImporterError as error:
        return str(error)
    try:
        async with asyncio.timeout(_WHOLE_S):
            return await _in_portal(access, notice.text)
    except TimeoutError:
        return f"the portal did not answer within {_WHOLE_S:.0f} s"
    except Failure as failure:
        return _why(failure.code, failure.text)
    finally:
        await access.portal.close()


async def _in_portal(access: Access, text: str) -> str | None:
    [identity] = (await access.enquiry.send([WhoAmI()])).results
    if not isinstance(identity, Done):
        return "the portal does not tell who we are"
    for attempt in range(1, _ATTEMPTS + 1):
        await access.pace.request()
        try:
            [result] = (await access.portal.send([Notify(identity.value.user_id, text)])).results
        except Failure as failure:
            # Only what certainly did not arrive is sent again: nobody needs the same message twice.
            if failure.verdict is not Verdict.AGAIN or attempt == _ATTEMPTS:
                raise
            await access.clock.sleep(failure.wait_s or attempt)
            continue
        if isinstance(result, Done):
            return None
        return _why(str(getattr(result, "code", "")), getattr(result, "text", ""))
    raise AssertionError("the last attempt returns or raises")


def _why(code: str, text: str) -> str:
    return _LACKS_SCOPE if code.lower() in _SCOPE_CODES else text or code or "the portal took no notification"


async def tell_address(addressee: Addressee, notice: Notice, sleep: Sleep = asyncio.sleep) -> str | None:
    """Posts the summary as JSON; None when the address took it, else why not, without the address."""
    import aiohttp

    body = json.dumps(notice.summary, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "b24-import"}
    why = ""
    # Proxies of the environment, as for the portal; never for an address on this machine.
    is_elsewhere = not is_loopback(urlsplit(addressee.url or "").hostname or "")
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_ANSWER_S), trust_env=is_elsewhere) as session:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                # Not followed: where a redirect leads, nobody has named.
                async with session.post(addressee.url, data=body, headers=headers, allow_redirects=False) as answer:
                    status = answer.status
                if 200 <= status < 300:
                    return None
                why = f"it answered {status}"
                if status < 500 and status not in (408, 429):
                    return why
            except TimeoutError:
                why = f"it did not answer within {_ANSWER_S:.0f} s"
            except (aiohttp.ClientError, OSError, ValueError) as error:
                # The error's own text may hold the address.
                why = f"it cannot be reached ({type(error).__name__})"
            if attempt < _ATTEMPTS:
                await sleep(attempt)
    return f"{why}, {_ATTEMPTS} times"
