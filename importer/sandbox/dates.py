"""Dates as the portal understands them: the common forms of PHP's `strtotime`, traps included.

`11.11.2001` and `11-11-2001` are day first, `02/03/2001` is month first, `11.11.01` is a time of day, and the 31st of
a short month rolls over into the next one. Reference, section 14. Rarer forms of `strtotime` (weekdays, relative
phrases beyond today/now, week numbers) are not imitated and count as unreadable.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<word>[A-Za-z]{3,9})"

_DAYS = [
    re.compile(pattern)
    for pattern in (
        r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})",
        r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
        r"(?P<d>\d{1,2})[.\-](?P<m>\d{1,2})[.\-](?P<y>\d{4})",
        r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})",
        r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<yy>\d{2})",
        rf"(?P<d>\d{{1,2}})[ .\-]{_MONTH}[ .\-](?P<y>\d{{4}})",
        rf"{_MONTH}[ .\-](?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})",
    )
]
_TWO_DIGIT_YEAR = re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<yy>\d{2})")
_TIME = re.compile(
    r"[T ]?(?P<h>\d{1,2})[:.](?P<i>\d{2})(?:[:.](?P<s>\d{2})(?:[.,]\d+)?)?"
    r" ?(?P<half>[AaPp]\.?[Mm]\.?)?"
    r" ?(?P<zone>Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{1,2})?"
)
_WORDS = {"now": None, "today": 0, "midnight": 0, "tomorrow": 1, "yesterday": -1}


def parse(text: str, now: datetime) -> datetime | None:
    """The moment `text` names, or None where PHP would give up.

    `now` carries the portal's zone, which counts where the text has none.
    """
    text = " ".join(text.split())
    word = text.lower()
    if word in _WORDS:
        days = _WORDS[word]
        return now if days is None else _midnight(now) + timedelta(days=days)
    if re.fullmatch(r"@-?\d{1,11}", text):
        return datetime.fromtimestamp(0, now.tzinfo) + timedelta(seconds=int(text[1:]))
    clock = _TIME.fullmatch(text)
    if clock:
        return _at(_midnight(now), clock) or _short_year(text, now)
    return _dated(text, now)


def _dated(text: str, now: datetime) -> datetime | None:
    for pattern in (*_DAYS, _TWO_DIGIT_YEAR):
        found = pattern.match(text)
        if not found:
            continue
        rest = text[found.end() :]
        day = _day(found.groupdict(), now)
        if day is None:
            continue
        if not rest:
            return day
        clock = _TIME.fullmatch(rest)
        if clock and rest[0] in "T ":
            return _at(day, clock)
    return None


def _short_year(text: str, now: datetime) -> datetime | None:
    found = _TWO_DIGIT_YEAR.fullmatch(text)
    return _day(found.groupdict(), now) if found else None


def _day(parts: dict[str, str | None], now: datetime) -> datetime | None:
    if parts.get("y"):
        year = int(parts["y"])
    else:
        short = int(parts["yy"])
        year = short + (2000 if short < 70 else 1900)
    word = (parts.get("word") or "").lower()
    month = _MONTHS.index(word[:3]) + 1 if word[:3] in _MONTHS else int(parts.get("m") or 0)
    day = int(parts["d"])
    if not (1 <= month <= 12 and 1 <= day <= 31 and 1 <= year <= 9998):
        return None
    return datetime(year, month, 1, tzinfo=now.tzinfo) + timedelta(days=day - 1)


def _at(day: datetime, clock: re.Match[str]) -> datetime | None:
    hour, minute, second = int(clock["h"]), int(clock["i"]), int(clock["s"] or 0)
    half = (clock["half"] or "")[:1].lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 24 or minute > 59 or second > 59:
        return None
    if clock["zone"]:
        zone = _zone(clock["zone"])
        if zone is None:
            return None
        day = day.replace(tzinfo=zone)
    return day + timedelta(hours=hour, minutes=minute, seconds=second)


def _zone(text: str) -> timezone | None:
    if text.upper() in ("Z", "UTC", "GMT"):
        return timezone.utc
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    if hours > 14 or minutes > 59:
        return None
    shift = timedelta(hours=hours, minutes=minutes)
    return timezone(-shift if text[0] == "-" else shift)


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
