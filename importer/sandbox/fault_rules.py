"""One fault rule: what it waits for and what it does, read from plain data with messages for people.

The grammar is described in `faults`, which applies the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from importer.sandbox.commands import Command

#: deeds that befall a single command; all others befall a request
COMMAND_DEEDS = frozenset({"command_error", "operating_refusal"})

# Deed → how many commands run first when `after` is not given; None is all of them.
_RUN_FIRST: dict[str, int | None] = {
    "status": 0,
    "redirect": 0,
    "reset_before": 0,
    "reset_after": None,
    "cut_body": None,
    "not_json": None,
    "empty": None,
    "missing_keys": None,
    "garbage": None,
    "delay_s": None,
    "keep_writing_s": 0,
    "refuse_connections": 0,
    "command_error": None,
    "operating_refusal": None,
}
_BARE = {"reset_before", "cut_body", "not_json", "empty", "operating_refusal"}
_BODIES = ("json", "html", "empty")
_GARBAGE = ("string", "number", "null", "list", "entries")
_BESIDE = ("after", "delay_s", "body", "code", "text")
_WHEN = ("request", "command", "method", "row", "probability", "seed", "times")


class FaultError(ValueError):
    """A fault rule that cannot be meant: where, what, and what is known instead."""


@dataclass(frozen=True, slots=True)
class When:
    """What a rule waits for; None fits everything."""

    requests: tuple[range, ...] | None = None
    positions: tuple[range, ...] | None = None
    methods: frozenset[str] | None = None
    rows: frozenset[str] | None = None
    probability: float = 1.0
    seed: int = 0
    times: int | None = None

    def fits_request(self, ordinal: int) -> bool:
        """Whether the request with this ordinal is meant."""
        return _is_in(self.requests, ordinal)

    def fits_command(self, command: Command) -> bool:
        """Whether this command is meant."""
        return (
            _is_in(self.positions, command.position)
            and (self.methods is None or command.method.lower() in self.methods)
            and (self.rows is None or command.origin_id in self.rows)
        )

    def fits_any(self, method: str, commands: Sequence[Command]) -> bool:
        """Whether a request for `method` with these commands is meant: one fitting command is enough."""
        is_named = self.methods is None or method.lower() in self.methods
        if is_named and (self.positions, self.rows) == (None, None):
            return True
        return any(map(self.fits_command, commands))


@dataclass(frozen=True, slots=True)
class Deed:
    """What a rule does."""

    name: str
    #: the deed's own value: a status, seconds, an address, positions, a kind of garbage
    value: object = None
    #: commands that run first; None is all
    after: int | None = None
    delay_s: float = 0.0
    body: str = "json"
    code: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A deed and its occasion."""

    when: When
    deed: Deed


def read_rule(raw: object, where: str) -> Rule:
    """A rule from plain data. Raises FaultError that begins with `where`."""
    if not isinstance(raw, dict) or "do" not in raw:
        raise FaultError(f"{where}: a rule is a mapping with `do` and perhaps `when`, found {raw!r}.")
    _check_keys(raw, ("when", "do"), where)
    return Rule(_read_when(raw.get("when") or {}, where), _read_deed(raw["do"], where))


def _read_when(raw: object, where: str) -> When:
    if not isinstance(raw, dict):
        raise FaultError(f"{where}, when: a mapping is needed, found {raw!r}.")
    _check_keys(raw, _WHEN, f"{where}, when")
    times = raw.get("times")
    return When(
        requests=_ranges(raw.get("request"), f"{where}, when, request"),
        positions=_ranges(raw.get("command"), f"{where}, when, command"),
        methods=_words(raw.get("method"), lower=True),
        rows=_words(raw.get("row"), lower=False),
        probability=_number(raw.get("probability", 1), f"{where}, when, probability", most=1),
        seed=int(_number(raw.get("seed", 0), f"{where}, when, seed")),
        times=None if times is None else int(_number(times, f"{where}, when, times")),
    )


def _read_deed(raw: object, where: str) -> Deed:
    if isinstance(raw, str):
        raw = {raw: None}
    if not isinstance(raw, dict) or not raw:
        raise FaultError(f"{where}, do: a deed is needed, found {raw!r}. Known: {', '.join(_RUN_FIRST)}.")
    _check_keys(raw, (*_RUN_FIRST, *_BESIDE), f"{where}, do")
    named = [key for key in raw if key in _RUN_FIRST and key not in _BESIDE] or [key for key in raw if key == "delay_s"]
    if len(named) != 1:
        raise FaultError(f"{where}, do: exactly one deed is needed, found {', '.join(named) or 'none'}.")
    name = named[0]
    value = _deed_value(name, raw[name], f"{where}, do, {name}")
    return Deed(
        name,
        value,
        after=_after(name, raw, f"{where}, do"),
        delay_s=_number(raw.get("delay_s", 0), f"{where}, do, delay_s"),
        body=_choice(raw.get("body", "json"), _BODIES, f"{where}, do, body"),
        code=str(raw.get("code", "INTERNAL_SERVER_ERROR")),
        text=str(raw.get("text", "Internal server error")),
    )


def _deed_value(name: str, value: object, where: str) -> object:
    if name in _BARE:
        return None
    if name == "status":
        return int(_number(value, where, least=100, most=599))
    if name == "redirect":
        if not isinstance(value, str) or "://" not in value:
            raise FaultError(f"{where}: the address of another portal is needed, found {value!r}.")
        return value
    if name == "missing_keys":
        return "result" if value == "result" else (_ranges(value, where) or ())
    if name == "reset_after" and value == "all":
        return None
    if name == "garbage":
        return _choice(value, _GARBAGE, where)
    if name == "command_error":
        if not isinstance(value, dict) or set(value) - {"code", "text"}:
            raise FaultError(f"{where}: code and text are needed, found {value!r}.")
        return (str(value.get("code", "")), str(value.get("text", "")))
    return _number(value, where)


def _after(name: str, raw: dict, where: str) -> int | None:
    after = raw.get("after", raw[name] if name in ("reset_after", "cut_body", "not_json", "empty") else None)
    if after is None:
        return _RUN_FIRST[name]
    return None if after == "all" else int(_number(after, f"{where}, after"))


def _ranges(value: object, where: str) -> tuple[range, ...] | None:
    if value is None:
        return None
    listed = value if isinstance(value, list) else [value]
    ranges = []
    for item in listed:
        first, dash, last = str(item).partition("-")
        if not first.strip().isdecimal() or (dash and not (last.strip().isdecimal() and int(first) <= int(last))):
            raise FaultError(f'{where}: a number, a list of numbers or a range such as "3-7" is needed, found {item!r}.')
        ranges.append(range(int(first), int(last or first) + 1))
    return tuple(ranges)


def _is_in(ranges: tuple[range, ...] | None, number: int) -> bool:
    return ranges is None or any(number in piece for piece in ranges)


def _words(value: object, *, lower: bool) -> frozenset[str] | None:
    if value is None:
        return None
    words = map(str, value if isinstance(value, list) else [value])
    return frozenset(word.lower() if lower else word for word in words)


def _number(value: object, where: str, *, least: float = 0, most: float = float("inf")) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
        bounds = f"from {least:g}" + ("" if most == float("inf") else f" to {most:g}")
        raise FaultError(f"{where}: a number {bounds} is needed, found {value!r}.")
    return value


def _choice(value: object, choices: Sequence[str], where: str) -> str:
    word = "null" if value is None else value
    if word not in choices:
        raise FaultError(f"{where}: {value!r} is unknown. Known: {', '.join(choices)}.")
    return str(word)


def _check_keys(raw: dict, known: Sequence[str], where: str) -> None:
    for key in raw:
        if key not in known:
            near = get_close_matches(str(key), known, n=1, cutoff=0.5)
            hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known)}."
            raise FaultError(f"{where}: {key!r} is unknown. {hint}")
