"""Query strings as PHP reads them: `fields[PHONE][0][VALUE]=x` to nested arrays, and a batch command's two halves.

Only the reading; what the names mean is the methods' business. Arrays are dicts, see `php_casts`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote_plus

from importer.sandbox.php_casts import PhpArray, array_key

# PHP's max_input_nesting_level: a deeper name is dropped whole.
_DEEPEST = 64


def parse_query(query: str) -> PhpArray:
    """The nested array PHP makes of `a[b][]=1&a[b][]=2`; `+` and `%20` are spaces, a name without `=` is empty."""
    array: PhpArray = {}
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        path = _encoded_path(name)
        if path:
            _put(array, path, unquote_plus(value) if "%" in value or "+" in value else value)
    return array


def parse_pairs(pairs: Iterable[tuple[str, object]]) -> PhpArray:
    """The nested array PHP makes of decoded names and values, later ones winning."""
    array: PhpArray = {}
    for name, value in pairs:
        path = _path(name)
        if path:
            _put(array, path, value)
    return array


def split_command(command: str) -> tuple[str, str]:
    """Method and query of one batch command.

    The portal splits it by URL rules, so everything after a raw `#` is lost (reference, section 14).
    """
    method, _, query = command.partition("#")[0].partition("?")
    return method, query


# The names of one portal's fields come again in every command; a cache halves the cost of reading a batch.
@lru_cache(maxsize=4096)
def _encoded_path(name: str) -> tuple[int | str | None, ...]:
    return _path(unquote_plus(name))


def _path(name: str) -> tuple[int | str | None, ...]:
    """The keys of one name, outermost first; None stands for `[]`. Empty where PHP drops the name."""
    top, bracket, rest = name.lstrip(" ").partition("[")
    if not top:
        return ()
    if bracket and "]" not in rest:
        top, rest = f"{top}_{rest}", ""
    path: list[int | str | None] = [array_key(top.replace(".", "_").replace(" ", "_"))]
    while rest:
        key, closing, rest = rest.partition("]")
        if not closing:
            break
        path.append(None if key in ("", " ") else array_key(key))
        if not rest.startswith("["):
            break
        rest = rest[1:]
    return tuple(path) if len(path) <= _DEEPEST else ()


def _put(array: PhpArray, path: tuple[int | str | None, ...], value: object) -> None:
    for key in path[:-1]:
        index = _next_index(array) if key is None else key
        inner = array.get(index)
        if not isinstance(inner, dict):
            inner = array[index] = {}
        array = inner
    last = path[-1]
    array[_next_index(array) if last is None else last] = value


def _next_index(array: PhpArray) -> int:
    return max((index for index in array if isinstance(index, int) and index >= 0), default=-1) + 1
