import ast
import re
from collections.abc import Iterator
from pathlib import Path

import importer
from importer.report.titles import _TITLES, title_of

ROOT = Path(importer.__file__).parent


def test_a_known_code_has_a_sentence_and_an_unknown_one_its_own_words():
    assert title_of("bad_date") == "The date cannot be read"
    assert title_of("odd_new_code") == "Odd new code"
    assert title_of("") == "Without a code"


def test_what_the_portal_requires_and_lacks_is_said_in_words():
    assert title_of("required_by_portal") == "The portal requires a field that the row does not fill"
    assert title_of("unknown_company") == "The portal has no such company"
    assert title_of("not_through_door") == "It cannot be deleted the way we are connected"


_CODE = re.compile(r"[a-z]+(_[a-z]+)+")


def _codes_in(tree: ast.AST) -> Iterator[str]:
    """Codes of problems as the source writes them: an argument of what makes a problem, or rejects or settles a row."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            place = {"RowProblem": 0, "refused": 0, "doubted": 0, "_rejected": 1, "_settled": 2}.get(name)
            if place is not None and len(call.args) > place and isinstance(code := call.args[place], ast.Constant):
                yield str(code.value)


def _words_in(tree: ast.AST) -> Iterator[str]:
    return (str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant))


def test_every_code_that_the_source_writes_has_a_sentence() -> None:
    found = {code for room in ("mapping", "batcher", ".") for path in (ROOT / room).glob("*.py") for code in _codes_in(ast.parse(path.read_text("utf-8")))}
    # The reader hands its codes on in many ways; but for these every such word in it is one.
    found |= {word for path in (ROOT / "reader").glob("*.py") for word in _words_in(ast.parse(path.read_text("utf-8")))} - {"header_row"}
    codes = sorted(filter(_CODE.fullmatch, found))
    assert len(codes) > 60
    assert [code for code in codes if code not in _TITLES] == []
