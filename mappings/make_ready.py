"""Makes `schema.json` and the ready mappings of known exports: `python mappings/make_ready.py [FOLDER]`.

A ready mapping is what `b24-import suggest` says of the columns that every file of an export has; the sample exports give
the header. Mappings of our own samples (clients, event visitors, created dates) are written by hand.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from importer.mapping.json_schema import json_schema
from importer.mapping.suggestion.suggestion import ready_mapping
from importer.reader.source import open_source

ROOT = Path(__file__).resolve().parent.parent


def main(folder: Path) -> None:
    """Writes the schema, and one mapping for each sample export."""
    (folder / "schema.json").write_text(json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    for sample in sorted((ROOT / "samples" / "exports").iterdir()):
        text = ready_mapping(open_source(sample).header)
        if text is None:
            raise SystemExit(f"{sample.name}: no known export has these columns.")
        (folder / f"{sample.stem}.yaml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
