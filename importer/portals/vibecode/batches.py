"""What the two batch routes answer, told apart call by call; whatever cannot be told apart is no answer.

`POST /v1/batch` answers by id (/docs/batch); of a value in its `errors` only that it is there is documented. The answer of
`POST /v1/{entity}/batch` is not documented at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from importer.portals.vibecode.rest import error_of


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer says of one call: a value, or an error (code, sentence), or neither."""

    value: object = None
    error: tuple[str, str] | None = None
    #: of a list: how many there are in all
    total: object = None
    is_there: bool = True


_UNTOLD = Told(is_there=False)


def keyed(data: object, keys: Sequence[str]) -> list[Told] | None:
    """Each call's part of a `/v1/batch` answer, in the order of the keys; None when it has no such parts."""
    if not isinstance(data, dict) or not ("results" in data or "errors" in data):
        return None
    results, errors, totals = (_map(data.get(part)) for part in ("results", "errors", "totals"))
    if results is None or errors is None:
        return None
    return [
        Told(error=error_of(errors[key])) if errors.get(key) is not None
        else Told(results[key], total=(totals or {}).get(key)) if key in results
        else _UNTOLD
        for key in keys
    ]  # fmt: skip


def in_order(data: object, count: int) -> list[Told] | None:
    """Each created item's part of a `/v1/{entity}/batch` answer, in input order, a record or its id as one; None when items and parts cannot be matched."""
    for name in ("items", "results"):
        if isinstance(data, dict) and isinstance(data.get(name), list) and not data.get("errors"):
            data = data[name]
    if isinstance(data, list):
        return [_item(one) for one in data] if len(data) == count else None
    told = keyed(data, [str(place) for place in range(count)])
    if told is None or not any(one.is_there for one in told):
        return None
    return [_item(one.value) if one.error is None and one.is_there else one for one in told]


def _item(one: object) -> Told:
    if not isinstance(one, dict):
        return Told({"id": one})
    if one.get("error") is not None or one.get("success") is False:
        return Told(error=error_of(one.get("error")))
    made = one["data"] if "data" in one and "success" in one else one
    return Told(made if isinstance(made, dict) else {"id": made})


def _map(value: object) -> dict[str, object] | None:
    """A map of an answer; an empty one may arrive as a list."""
    if isinstance(value, dict):
        return value
    return {} if value in (None, []) else None
