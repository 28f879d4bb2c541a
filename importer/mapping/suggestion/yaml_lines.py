"""The draft as YAML with a comment on every line."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from importer.mapping.suggestion.draft import Draft, Line
from importer.mapping.suggestion.sureness import Sureness

# A comment begins here where the line before it is shorter.
_COMMENT_AT = 58
# A mapping has bounds (yaml_text); a sheet of thousands of columns must stay within them.
_MOST_LEFT = 400
_LONGEST_COMMENT, _WIDEST = 300, 130

# Letters, digits and what YAML never takes for its own, also inside {}; no word that YAML reads as nothing.
_PLAIN = re.compile(r"[^\W_](?:[\w ./()%&+№-]*[\w./()%+])?")
_NOTHING = frozenset(("null", "~", ""))


class _Sample(Protocol):
    """The file the draft was made for."""

    file: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


def scalar(value: object) -> str:
    """A value as YAML that reads back as the same text, inside braces, too."""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    if _PLAIN.fullmatch(text) and text.casefold() not in _NOTHING and text.isprintable():
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(char if char.isprintable() else _escaped(char) for char in quoted)


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def flow(value: object) -> str:
    """Any value of a rule in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key)}: {flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)


def commented(text: str) -> str:
    """A text fit for a comment: one line, printable, not without end."""
    line = "".join(char if char.isprintable() else " " for char in " ".join(text.split()))
    return line if len(line) <= _LONGEST_COMMENT else line[: _LONGEST_COMMENT - 1] + "…"


def _with_comment(text: str, comment: str) -> str:
    return f"{text:<{_COMMENT_AT}} # {commented(comment)}" if comment else text


def mapping_text(draft: Draft, sample: _Sample, *, schema: str | None, source: Mapping[str, object]) -> str:
    """The whole mapping."""
    lines: list[str] = []
    if schema is not None:
        lines.append(f"# yaml-language-server: $schema={schema}")
    lines += [f"# {line}" for line in _opening(draft, sample)]
    lines += ["version: 1", f"name: {scalar(draft.name)}"]
    if source:
        lines.append(f"source: {flow(dict(source))}")
    lines += _defaults(draft)
    if draft.origin is not None:
        originator, columns, comment = draft.origin
        comment = comment if sample.file or not draft.is_origin_live else "the record's identity: by it a second import knows who is who"
        text = f"origin: {flow({'originator': originator, 'id': columns[0] if len(columns) == 1 else columns})}"
        lines.append(_with_comment(text if draft.is_origin_live else f"# {text}", comment))
    lines.append(_with_comment("params: {IMPORT: Y, REGISTER_SONET_EVENT: N}", "no automation is started, nothing is put into the activity stream"))
    lines += ["fields:", *_fields(draft.lines, has_reasons=bool(sample.file))]
    lines += _ending(draft)
    return "\n".join(lines) + "\n"


def _opening(draft: Draft, sample: _Sample) -> Iterator[str]:
    if draft.export and not sample.file:
        yield f"{draft.export.title}: what every such file has. `b24-import suggest FILE` proposes more for one file:"
        yield "its further columns, several values in a cell, the country of its phones, its dates."
        yield from draft.export.about
        return
    what = f"{draft.export.title}: recognised by its columns" if draft.export else "No known export: the columns were matched one by one"
    rows = f"{len(sample.rows)} row{'s' if len(sample.rows) != 1 else ''} of {commented(sample.file)} looked at"
    yield f"{what}, {rows}."
    yield "Each line says why it is there: sure, likely, or a guess to look at. Then: b24-import check."
    if draft.export:
        yield from draft.export.about


def _defaults(draft: Draft) -> Iterator[str]:
    live = [entry for entry in draft.defaults if entry[1]]
    if not live:
        yield from (f"# defaults: {{{key}: …}}  # {commented(comment)}" for key, _value, comment in draft.defaults)
        return
    yield "defaults:"
    for key, value, comment in draft.defaults:
        yield _with_comment(f"  {key}: {flow(value)}" if value else f"  # {key}: …", comment)


def _fields(lines: Iterable[Line], *, has_reasons: bool) -> Iterator[str]:
    def told(line: Line) -> str:
        return f"{line.sureness.word}: {line.reason}" if has_reasons else line.reason if line.sureness < Sureness.SURE else ""

    by_field: dict[str, list[Line]] = {}
    for line in lines:
        by_field.setdefault(line.field, []).append(line)
    for field, own in by_field.items():
        live = [line for line in own if not line.why_not]
        if len(live) == 1:
            yield _with_comment(f"  {field}: {_rule(live[0])}", told(live[0]))
        elif live:
            yield f"  {field}:"
            yield from (_with_comment(f"    - {_rule(line)}", told(line)) for line in live)
        for line in own:
            if line.why_not:
                yield _with_comment(f"  # {field}: {_rule(line)}", line.why_not)


def _rule(line: Line) -> str:
    return scalar(line.rule["column"]) if set(line.rule) == {"column"} else flow(line.rule)


def _by_reason(left: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Names under the reason they share, in lines of a length to read."""
    names: dict[str, list[str]] = {}
    for name, why in left:
        names.setdefault(commented(why), []).append(commented(name))
    for why, those in names.items():
        yield from textwrap.wrap(
            f"{', '.join(those)}: {why}", _WIDEST, initial_indent="#   ", subsequent_indent="#     ", break_long_words=False, break_on_hyphens=False
        )


def _ending(draft: Draft) -> Iterator[str]:
    if draft.left:
        yield ""
        yield "# Columns that are not taken, and why:"
        yield from _by_reason(draft.left[:_MOST_LEFT])
        if len(draft.left) > _MOST_LEFT:
            yield f"#   … and {len(draft.left) - _MOST_LEFT} more"
    if draft.remarks:
        yield ""
        yield from (f"# {commented(remark)}" for remark in draft.remarks)
