"""PHP's ideas of truth, text and number, and of arrays, which the portal applies to whatever it is sent.

An array of PHP is a dict here: keys are int where PHP would make them so, and the order is kept. A JSON list
becomes a dict with the keys 0..n-1. Nothing here knows the portal's fields.
"""

from __future__ import annotations

import math
import re

_WHOLE_KEY = re.compile(r"(?:0|-?[1-9][0-9]{0,17})\Z")
_LEADING_INT = re.compile(r"[ \t\n\r\v\f]*([+-]?[0-9]+)")
_LEADING_NUMBER = re.compile(r"[ \t\n\r\v\f]*([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)")

PhpArray = dict

# PHP's largest integer; casts stop there.
_MOST = 2**63 - 1


def array_key(text: str) -> int | str:
    """The key PHP makes of `text`: `"12"` is the number 12, `"012"` stays text."""
    return int(text) if _WHOLE_KEY.match(text) else text


def from_json(value: object) -> object:
    """A decoded JSON value with every list and object as a PHP array."""
    if isinstance(value, dict):
        return {array_key(key) if isinstance(key, str) else key: from_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return {index: from_json(item) for index, item in enumerate(value)}
    return value


def is_true(value: object) -> bool:
    """PHP's truth: absent, `""`, `"0"`, 0, 0.0, false and an empty array are false; `"N"` and `"false"` are true."""
    if isinstance(value, str):
        return value not in ("", "0")
    return bool(value)


def as_text(value: object) -> str:
    """PHP's string cast: an array is the word `Array`, true is `1`, false and null are empty."""
    if isinstance(value, str):
        return value
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, (dict, list)):
        return "Array"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def as_int(value: object) -> int:
    """PHP's integer cast: leading digits count, the rest is ignored; an array is 1 unless it is empty."""
    if isinstance(value, str):
        number = _LEADING_NUMBER.match(value)
        if number and any(mark in number[1] for mark in ".eE"):
            return _whole(float(number[1]))
        whole = _LEADING_INT.match(value)
        return _bounded(int(whole[1][:21])) if whole else 0
    if isinstance(value, float):
        return _whole(value)
    if isinstance(value, (dict, list)):
        return 1 if value else 0
    return _bounded(int(value)) if value else 0


def as_float(value: object) -> float:
    """PHP's float cast, by the rules of `as_int`; a number too large for one is 0, since JSON has no infinity."""
    if isinstance(value, str):
        number = _LEADING_NUMBER.match(value)
        found = float(number[1]) if number else 0.0
        return found if math.isfinite(found) else 0.0
    if isinstance(value, (dict, list)):
        return 1.0 if value else 0.0
    return float(value) if value else 0.0


def _whole(number: float) -> int:
    return _bounded(int(number)) if math.isfinite(number) else 0


def _bounded(number: int) -> int:
    return max(-_MOST, min(_MOST, number))
