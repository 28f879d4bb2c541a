"""What the journal keeps for later runs: what contacts held before we changed them, and which rows are in a portal as they are.

Writing goes with the run's own moves: before-images before an update leaves, knowledge is dropped before a run sends
anything and gained when it ends.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from importer.journal.database import Database

#: name, among the fields of a before-image, that stands for the requisite of an address: there was none of ours
REQUISITES = "REQUISITES"


@dataclass(frozen=True, slots=True)
class BeforeImage:
    """What one contact held before a run changed it."""

    row: int
    contact_id: int
    #: field → value as the portal gave it
    held: dict[str, object]
    #: field → what was sent for it
    sent: dict[str, object]


@dataclass(frozen=True, slots=True)
class Known:
    """A row that an earlier run brought into the portal."""

    digest: str
    contact_id: int
    #: field → digest of its files
    files: dict[str, str] = field(default_factory=dict)


def keep_images(database: Database, run_id: int, images: Iterable[BeforeImage]) -> None:
    """Keeps what contacts hold, before they are changed. Of a row that is sent again, what it held first stays."""
    with database.transaction() as connection:
        for image in images:
            values = (run_id, image.row)
            before = connection.execute("SELECT held, sent FROM before_images WHERE run_id = ? AND row = ?", values).fetchone()
            held, sent = (json.loads(before["held"]), json.loads(before["sent"])) if before else ({}, {})
            connection.execute(
                "INSERT OR REPLACE INTO before_images VALUES (?,?,?,?,?)",
                (*values, image.contact_id, _text({**image.held, **held}), _text({**sent, **image.sent})),
            )


def images(database: Database, run_id: int) -> Iterator[BeforeImage]:
    """What the contacts of a run held before, by row. Streams."""
    with database.reporting():
        for row in database.connection.execute("SELECT * FROM before_images WHERE run_id = ? ORDER BY row", (run_id,)):
            yield BeforeImage(row["row"], row["contact_id"], json.loads(row["held"]), json.loads(row["sent"]))


def known_rows(database: Database, portal_host: str, mapping_sha256: str, identities: Sequence[str]) -> dict[str, Known]:
    """Identity → what is known of the row, of those that the same mapping brought into the portal and nobody of us changed since."""
    sql = (
        "SELECT identity, digest, contact_id, files FROM known WHERE portal_host = ? AND mapping_sha256 = ? "
        "AND identity IN (SELECT value FROM json_each(?))"
    )
    with database.reporting():
        found = database.connection.execute(sql, (portal_host, mapping_sha256, json.dumps(identities))).fetchall()
    return {row["identity"]: Known(row["digest"], row["contact_id"], json.loads(row["files"] or "{}")) for row in found}


def forget_what_is_sent(database: Database, run_id: int) -> None:
    """Nothing is known any more of the rows and contacts a run is about to send: a death would leave us with the old word."""
    with database.transaction() as connection:
        connection.execute(
            "DELETE FROM known WHERE portal_host = (SELECT portal_host FROM runs WHERE id = :run) AND (identity IN (SELECT identity "
            "FROM contents JOIN rows USING (run_id, entity, row) WHERE run_id = :run AND entity = 0 AND state = 'new' AND identity IS NOT NULL) "
            "OR contact_id IN (SELECT contact_id FROM rows WHERE run_id = :run AND entity = 0 AND state = 'new' AND contact_id IS NOT NULL))",
            {"run": run_id},
        )


def remember_what_is_there(database: Database, run_id: int) -> None:
    """Rows of a run that are in the portal now are known from now on; of two identities of one contact the newer counts."""
    with database.transaction() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO known SELECT portal_host, identity, mapping_sha256, digest, files, contact_id FROM rows "
            "JOIN contents USING (run_id, entity, row) JOIN runs ON runs.id = run_id WHERE run_id = ? AND entity = 0 "
            "AND (rows.state IN ('created','updated') OR (rows.state = 'skipped' AND code IN ('unchanged','exists'))) "
            "AND contact_id IS NOT NULL AND identity IS NOT NULL AND digest IS NOT NULL",
            (run_id,),
        )


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
