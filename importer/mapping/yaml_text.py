"""A YAML file as plain texts with line numbers: nothing is constructed, every scalar stays as written.

So `no` and `on` are words, 007 keeps its zeros and 2001-02-03 is a text; only an empty value, `~` and `null` are
nothing. Keys that come twice, tags, tabs and broken syntax are faults; size, depth and aliases are bounded.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from importer.errors import MappingError

# A mapping of every field of a large portal has some 60 KB; past these bounds a file is something else.
MOST_BYTES = 512 * 1024
MOST_NODES = 20_000
MOST_DEPTH = 30

#: the keys and indexes that lead to a value
KeyPath = tuple[str | int, ...]

_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in "str int float bool null timestamp map seq merge value".split())


@dataclass(slots=True)
class YamlText:
    """The content of a YAML file, and where each part of it stands."""

    content: Any
    #: path of keys → line, from 1
    lines: dict[KeyPath, int] = field(default_factory=dict)
    #: paths of scalars that stand in quotes
    quoted: set[KeyPath] = field(default_factory=set)
    #: sentences with their lines, for what YAML allows and a mapping does not
    faults: list[tuple[int, str]] = field(default_factory=list)

    def line_of(self, path: KeyPath) -> int:
        """The line of `path`, or of the nearest thing around it. Steps that are not in the file are passed over."""
        known: KeyPath = ()
        for step in path:
            if known + (step,) in self.lines:
                known += (step,)
        return self.lines.get(known, 1)


def read_bytes(path: Path) -> bytes:
    """The file's bytes. Raises `MappingError` when it is missing, no file, too large or closed to us."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise MappingError([f"{path}: there is no such mapping file. Check the name, or make one with `b24-import suggest`."]) from error
    except IsADirectoryError as error:
        raise MappingError([f"{path} is a folder. Name the mapping file in it."]) from error
    except OSError as error:
        raise MappingError([f"{path} cannot be read: {error.strerror}. Check its permissions."]) from error
    if len(data) > MOST_BYTES:
        raise MappingError([f"{path.name} is larger than {MOST_BYTES // 1024} KB, which no mapping is. Was the source file meant?"])
    return data


def parse_yaml(data: bytes, file: str) -> YamlText:
    """The YAML document in `data`. Raises `MappingError` when it cannot be understood as one mapping of keys."""
    text = _decoded(data, file)
    try:
        _bound(text, file)
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        line = _line_of(error, text)
        raise MappingError([f"{file}, line {line}: {_syntax_sentence(error, text, line)}"]) from error
    except YAMLError as error:
        raise MappingError([f"{file}: {_unmarked_sentence(error, text)}"]) from error
    if node is None:
        raise MappingError([f"{file} is empty. `b24-import suggest FILE` proposes a mapping."])
    if not isinstance(node, MappingNode):
        raise MappingError([f"{file}, line 1: a mapping begins with keys such as `version: 1` and `fields:`; this is {_what(node)}."])
    document = YamlText(None)
    document.content = _Walker(document, file).plain(node, (), 0)
    return document


def _line_of(error: MarkedYAMLError, text: str) -> int:
    """Where the parser stopped; at the file's end, where that began which has no end."""
    mark = error.problem_mark or error.context_mark
    if mark is not None and error.context_mark is not None and not text[mark.index :].strip():
        mark = error.context_mark
    return mark.line + 1 if mark else 1


def _bound(text: str, file: str) -> None:
    """Stops at the first part that is deeper or longer than any mapping: composing such a file takes minutes."""
    depth = 0
    for count, event in enumerate(YAML(typ="safe", pure=True).parse(text)):
        if isinstance(event, CollectionStartEvent):
            depth += 1
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
        if depth > MOST_DEPTH or count > 2 * MOST_NODES:
            line = event.start_mark.line + 1
            raise MappingError([f"{file}, line {line}: the file is nested deeper or longer than any mapping. Compare it with an example."])


def _decoded(data: bytes, file: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif b"\0" in data:
        raise MappingError([f"{file} is no text file. A mapping is YAML; was the source file meant?"])
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise MappingError([f"{file}, line {line}: the file is not saved as UTF-8. Save it with that encoding."]) from error


def _what(node: Node) -> str:
    if isinstance(node, SequenceNode):
        return "a list"
    words = " ".join(str(node.value).split())
    return f'the text "{words[:40]}{"…" if len(words) > 40 else ""}"'


def _syntax_sentence(error: MarkedYAMLError, text: str, line: int) -> str:
    problem = str(error.problem or "")
    written = (text.splitlines() or [""])[min(line, len(text.splitlines())) - 1] if text else ""
    if "'\\t'" in problem or re.match(r" *\t", written):
        return "a tab is used to indent. YAML takes blanks only."
    if "cannot start any token" in problem:
        return f"{problem.removeprefix('found ').split(' that')[0]} cannot begin a value. Put the value in quotes."
    for part, sentence in _SYNTAX:
        if part in problem:
            return sentence
    return f"this is not YAML: {problem}. Look at the line and the one above it."


# What the parser says, and what a person has usually done; the first that fits is told.
_SYNTAX = (
    ("mapping values are not allowed", 'a colon with a blank behind it stands where none can. Indent the line like its neighbours, or put the value in "quotes".'),
    ("could not find expected ':'", "a key has no colon behind it. Write `KEY: value`."),
    ("unexpected end of stream", "a quote is opened and never closed."),
    ("unexpected document separator", "a quote is opened and never closed."),
    ("expected ',' or ']'", "a [ is opened and not closed, or a comma is missing in the list."),
    ("expected ',' or '}'", "a { is opened and not closed, or a comma is missing in it."),
    ("expected <block end>", "this line is indented unlike its neighbours."),
    ("undefined alias", "a value begins with *, which is YAML's sign for an alias. Put the value in quotes."),
    ("found another document", "a second document begins (`---`). Keep one mapping a file."),
    ("expected alphabetic or numeric character", "a value begins with * or &, which are signs of YAML. Put the value in quotes."),
)  # fmt: skip


def _unmarked_sentence(error: YAMLError, text: str) -> str:
    control = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        return f"line {line} has a control character (code {ord(control[0])}). Save the file as plain text."
    return f"this is not YAML: {' '.join(str(error).split())[:200]}."


class _Walker:
    """Turns nodes into dictionaries, lists, texts and None, noting lines and faults on the way."""

    def __init__(self, document: YamlText, file: str) -> None:
        self._document = document
        self._file = file
        self._nodes = 0

    def plain(self, node: Node, path: KeyPath, depth: int) -> Any:
        self._nodes += 1
        if self._nodes > MOST_NODES or depth > MOST_DEPTH:
            line = node.start_mark.line + 1
            raise MappingError([f"{self._file}, line {line}: aliases or nesting make this larger than any mapping. Write it out plainly."])
        self._document.lines.setdefault(path, node.start_mark.line + 1)
        if str(node.tag) not in _PLAIN_TAGS:
            self._fault(node, f'the tag "{node.tag}" is not understood. Write the value without it.')
        if isinstance(node, ScalarNode):
            return self._scalar(node, path)
        if isinstance(node, SequenceNode):
            return [self.plain(item, (*path, index), depth + 1) for index, item in enumerate(node.value)]
        return self._mapping(node, path, depth)

    def _scalar(self, node: ScalarNode, path: KeyPath) -> str | None:
        if node.style in ("'", '"', "|", ">"):
            self._document.quoted.add(path)
            return node.value
        return None if node.value in ("", "~", "null") else node.value

    def _mapping(self, node: MappingNode, path: KeyPath, depth: int) -> dict[str, Any]:
        content: dict[str, Any] = {}
        merged: list[tuple[Node, Node]] = []
        first_lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self._fault(key_node, "a key must be a plain word. Put a name with braces or brackets in quotes.")
                continue
            key, line = key_node.value, key_node.start_mark.line + 1
            if key == "<<" and key_node.style is None:
                merged += [(key_node, node) for node in (value_node.value if isinstance(value_node, SequenceNode) else [value_node])]
                continue
            if key in first_lines:
                self._fault(key_node, f'the key "{key}" was already given in line {first_lines[key]}. Keep one of them.')
                continue
            first_lines[key] = line
            self._document.lines[(*path, key)] = line
            content[key] = self.plain(value_node, (*path, key), depth + 1)
        for key_node, source in merged:
            more = self.plain(source, path, depth + 1)
            if isinstance(more, dict):
                content = {**more, **content}
            else:
                self._fault(key_node, "`<<` takes the keys of another part over, and this has none. Name such a part: `<<: *its_anchor`.")
        return content

    def _fault(self, node: Node, sentence: str) -> None:
        self._document.faults.append((node.start_mark.line + 1, sentence))
