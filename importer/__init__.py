"""Bulk import of contacts into Bitrix24: a file and a mapping in, contacts and a report out.

The path of one row, room by room: `reader` (a file on disk becomes rows) → `mapping` (a row becomes a
contact, or problems) → `journal` (remembers it before anything is sent) → `batcher` (contacts become
outcomes) → `portals` (where contacts go). `pacing` says when a call may leave; `report` tells what
happened, from the journal alone. The verbs `check`, `run`, `undo` join the rooms; `cli` is the command
line over the verbs; `sandbox` is a portal of our own to try it all on. `tests/test_import_direction.py`
holds which room may import which.
"""
