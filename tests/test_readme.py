"""The README's commands, example and promises are what the project does."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from importer.cli.main import cli
from importer.mapping.mapping_file import load_mapping

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)


def _block(number: int) -> str:
    return BLOCKS[number][1].strip()


def test_the_first_block_is_one_command_line_that_ends_in_the_demo() -> None:
    assert "\n" not in _block(0)
    assert _block(0).endswith("b24-import demo")
    assert "sudo" not in _block(0) + _block(1)


def test_ci_runs_the_second_block() -> None:
    assert "\n" not in _block(1)
    assert _block(1) in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_mapping_shown_is_a_mapping_without_a_fault(tmp_path: Path) -> None:
    shown = next(text for language, text in BLOCKS if language == "yaml")
    (tmp_path / "shown.yaml").write_text(shown, encoding="utf-8")
    assert load_mapping(tmp_path / "shown.yaml").name == "legacy-crm"


def test_every_command_shown_is_a_command() -> None:
    shown = set(re.findall(r"b24-import (?!-)([a-z]\w*)", README))
    assert shown <= set(cli.list_commands(None))


def test_every_command_and_exit_code_is_shown() -> None:
    for name in cli.list_commands(None):
        assert f"b24-import {name}" in README, name
    for code in range(6):
        assert re.search(rf"^\| {code} \|", README, re.MULTILINE)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:tests|samples|mappings|importer)/[\w./-]+)`", README))))
def test_every_file_named_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_demo_imports_its_sample_and_writes_the_report(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "importer", "demo", "--json", "--quiet", "--report-dir", str(tmp_path / "report")],
        capture_output=True, text=True, timeout=90, cwd=tmp_path, env={"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(tmp_path)},
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    summary = json.loads(ended.stdout)
    assert summary["counts"]["created"] >= 500
    assert summary["counts"]["rejected"] > 0
    assert summary["requests"]["limited"] == summary["requests"]["failed"] == 0
    assert (tmp_path / "report" / "report.html").is_file()
