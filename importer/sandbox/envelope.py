"""The shape of every answer: the `time` block, list totals, PHP's `[]` for an empty map, and the bytes sent.

What goes inside comes from the methods; status codes from `refusals`.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from importer.sandbox.settings import SandboxSettings


@dataclass(slots=True)
class Answer:
    """What a method gave: its result, and for lists the total and the next start."""

    result: object
    total: int | None = None
    next: int | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """When a command or request ran (Unix seconds) and what its method has used of its budget."""

    start: float
    finish: float
    operating: float
    operating_reset_at: float


def php_map(array: dict) -> dict | list:
    """An array as PHP writes it to JSON: `[]` when empty, a list when its keys are 0..n-1 in order, else an object."""
    if all(index == key for index, key in enumerate(array)):
        return list(array.values())
    return array


def iso(moment: float, offset_h: int) -> str:
    """Unix seconds as `2026-02-05T17:18:42+03:00` in the portal's zone."""
    zone = timezone(timedelta(hours=offset_h))
    return datetime.fromtimestamp(math.floor(moment), zone).isoformat()


def time_block(spent: Spent, settings: SandboxSettings) -> dict[str, object]:
    """The `time` object of a successful answer, in the variant the settings ask for."""
    duration = spent.finish - spent.start
    block: dict[str, object] = {
        "start": math.floor(spent.start) if settings.is_time_whole else spent.start,
        "finish": math.floor(spent.finish) if settings.is_time_whole else spent.finish,
        "duration": duration,
        "processing": round(duration) if settings.is_time_whole else duration,
        "date_start": iso(spent.start, settings.utc_offset_h),
        "date_finish": iso(spent.finish, settings.utc_offset_h),
    }
    if settings.time_keys == "eight":
        block["operating_reset_at"] = math.ceil(spent.operating_reset_at)
        block["operating"] = spent.operating
    return block


def success(answer: Answer, spent: Spent, settings: SandboxSettings) -> dict[str, object]:
    """The body of a single call that went well."""
    body: dict[str, object] = {"result": answer.result}
    if answer.next is not None:
        body["next"] = answer.next
    if answer.total is not None:
        body["total"] = answer.total
    body["time"] = time_block(spent, settings)
    return body


def encode(body: object) -> bytes:
    """JSON with escaped slashes and non-ASCII letters, as PHP writes it."""
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode("ascii")
