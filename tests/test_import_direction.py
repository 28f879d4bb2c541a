"""Which room may import which; read from the source, so that an import inside a function counts, too."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "importer"

PLAIN = {"records", "errors"}
ROOMS = {"reader", "mapping", "portals", "pacing", "journal"}
VERBS = {
    "access", "check", "company_links", "ending", "findings", "job", "matching", "mending", "needed", "notify", "planning", "preparing", "resuming", "run", "sending",
    "taking_back", "undo", "verify",
}  # fmt: skip

#: place → places it may import besides itself
ALLOWED = {
    "records": set(),
    "errors": set(),
    "events": set(),
    "inbox": PLAIN,
    **{room: PLAIN for room in ROOMS},
    "batcher": PLAIN | {"portals", "pacing", "journal"},
    "report": PLAIN | {"journal"},
    **{verb: PLAIN | ROOMS | VERBS | {"batcher", "report", "events"} for verb in VERBS},
    "cli": PLAIN | ROOMS | VERBS | {"batcher", "report", "events", "inbox", "sandbox"},
    "sandbox": set(),
    "__main__": {"cli"},
    "__init__": set(),
}


def _place(parts: tuple[str, ...]) -> str:
    return parts[0].removesuffix(".py")


def _imports() -> list[tuple[str, str, str]]:
    """(file, its place, imported module below `importer.`) of every import of ours."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        relative = path.relative_to(PACKAGE)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{relative}: relative import"
                names = [f"{node.module}.{alias.name}" if node.module == "importer" else node.module for alias in node.names]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                continue
            found += [(str(relative), _place(relative.parts), name.removeprefix("importer.")) for name in names if name and name.startswith("importer.")]
    return found


IMPORTS = _imports()


def test_every_place_has_its_rule() -> None:
    places = {_place(path.relative_to(PACKAGE).parts) for path in PACKAGE.rglob("*.py")}
    assert places <= set(ALLOWED)


@pytest.mark.parametrize("place", sorted(ALLOWED))
def test_a_room_imports_only_what_the_house_allows(place: str) -> None:
    wrong = [
        f"{file} imports {module}"
        for file, own, module in IMPORTS
        if own == place and module.split(".")[0] not in ALLOWED[place] | {place}
    ]
    assert wrong == []


def test_the_batcher_knows_the_doors_only_by_their_protocol() -> None:
    protocol = {"portals.operations", "portals.portal", "portals.existing", "portals.list_entries", "portals.paging"}
    wrong = [f"{file} imports {module}" for file, own, module in IMPORTS if own == "batcher" and module.startswith("portals.") and module not in protocol]
    assert wrong == []


def test_no_two_files_import_each_other() -> None:
    graph: dict[str, set[str]] = {}
    for file, _, module in IMPORTS:
        graph.setdefault(file.removesuffix(".py").replace("/", ".").removesuffix(".__init__"), set()).add(module)
    done: set[str] = set()

    def walk(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, f"a ring: {' → '.join((*path[path.index(name):], name))}"
        if name in done:
            return
        for target in graph.get(name, ()):
            walk(target, (*path, name))
        done.add(name)

    for name in list(graph):
        walk(name, ())
