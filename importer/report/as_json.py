"""summary.json: the summary, indented, in UTF-8."""

from __future__ import annotations

import json
from pathlib import Path

from importer.report.facts import Facts
from importer.report.summary import summary


def write_summary(facts: Facts, path: Path) -> None:
    """Writes summary.json. OSError when the disk will not take it."""
    path.write_text(json.dumps(summary(facts), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
