"""The portal's records in one SQLite file: contacts, companies, their multifields, links and files.

Knows columns, not API rules: any door may stand in front of it. Directories, users and custom fields are in
`directories`. Every public method is one transaction, so that each command of a batch commits on its own.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from importer.sandbox.directories import Directories
from importer.sandbox.multifields import Changes, Multifield, comparable

ENTITIES = ("contact", "company")


@dataclass(frozen=True, slots=True)
class Condition:
    """A WHERE clause over one entity's table and its arguments."""

    sql: str = "1"
    args: tuple = ()


@dataclass(frozen=True, slots=True)
class Window:
    """Which of the rows found: ORDER BY clause, how many, from where."""

    order: str = "id"
    limit: int = -1
    offset: int = 0


class Store:
    """One portal's data; `path` None keeps it in memory. A new file is filled with the default directories."""

    def __init__(self, path: Path | None = None) -> None:
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.executescript(resources.files(__package__).joinpath("schema.sql").read_text("utf-8"))
        #: entity → its columns, lower case
        self.columns = {
            entity: frozenset(row["name"] for row in self._db.execute(f"PRAGMA table_info({entity})"))
            for entity in ENTITIES
        }
        self.directories = Directories(self._db)

    def close(self) -> None:
        """Write everything to the file and let it go."""
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # What tests and pages read

    def contacts(self) -> list[dict[str, object]]:
        """All contacts by id: field → value as stored, multifields as lists of {ID, VALUE, VALUE_TYPE}."""
        return self.with_multifields("contact", self.rows("contact", Condition(), Window()))

    def contacts_by_origin(self, originator_id: str, origin_id: str) -> list[dict[str, object]]:
        """The contacts of one origin, by id: more than one means that somebody doubled it."""
        condition = Condition("originator_id = ? AND origin_id = ?", (originator_id, origin_id))
        return self.with_multifields("contact", self.rows("contact", condition, Window()))

    def count(self, entity: str = "contact", condition: Condition = Condition()) -> int:
        """How many records of `entity` (contact, company) fulfil the condition."""
        return self._db.execute(f"SELECT count(*) FROM {entity} WHERE {condition.sql}", condition.args).fetchone()[0]

    # Records

    def row(self, entity: str, record_id: int) -> dict[str, object] | None:
        """One record, field → value as stored (custom fields among them), or None."""
        found = self.rows(entity, Condition("id = ?", (record_id,)), Window())
        return found[0] if found else None

    def rows(self, entity: str, condition: Condition, window: Window) -> list[dict[str, object]]:
        """The records that fulfil the condition, within the window, without multifields."""
        query = f"SELECT * FROM {entity} WHERE {condition.sql} ORDER BY {window.order} LIMIT ? OFFSET ?"
        found = self._db.execute(query, (*condition.args, window.limit, window.offset))
        names = [column[0].upper() for column in found.description]
        return [_record(dict(zip(names, row, strict=True))) for row in found]

    def insert(self, entity: str, values: dict[str, object], added: Sequence[Multifield]) -> int:
        """Create a record and its multifields; the new id. Names without a column are kept as custom fields."""
        columns, extra = self._split(entity, values)
        columns["extra"] = json.dumps(extra, ensure_ascii=False) if extra else "{}"
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        with self._transaction() as db:
            new_id = db.execute(f"INSERT INTO {entity} ({names}) VALUES ({marks})", tuple(columns.values())).lastrowid
            self._add_multifields(entity, new_id, added)
        return new_id

    def update(self, entity: str, record_id: int, values: dict[str, object], changes: Changes) -> None:
        """Overwrite the named fields of one record and carry out the changes of its multifields."""
        columns, extra = self._split(entity, values)
        with self._transaction() as db:
            if extra:
                kept = json.loads(db.execute(f"SELECT extra FROM {entity} WHERE id = ?", (record_id,)).fetchone()[0])
                columns["extra"] = json.dumps(kept | extra, ensure_ascii=False)
            for item in changes.changed:
                db.execute(
                    "UPDATE multifield SET value = ?, value_type = ?, compared = ? WHERE id = ?",
                    (item.value, item.value_type, comparable(item.kind, item.value), item.id),
                )
            db.executemany("DELETE FROM multifield WHERE id = ?", [(item,) for item in changes.removed])
            self._add_multifields(entity, record_id, changes.added)
            if columns:
                sets = ", ".join(f"{name} = ?" for name in columns)
                db.execute(f"UPDATE {entity} SET {sets} WHERE id = ?", (*columns.values(), record_id))
            self._derive(entity, record_id)

    def delete(self, entity: str, record_id: int) -> None:
        """Remove one record with its multifields, links, requisites and their addresses."""
        type_id = {"contact": 3, "company": 4}[entity]
        owned = "SELECT id FROM requisite WHERE entity_type_id = ? AND entity_id = ?"
        with self._transaction() as db:
            db.execute(f"DELETE FROM {entity} WHERE id = ?", (record_id,))
            db.execute("DELETE FROM multifield WHERE owner_type = ? AND owner_id = ?", (entity, record_id))
            db.execute(f"DELETE FROM contact_company WHERE {entity}_id = ?", (record_id,))
            db.execute(f"DELETE FROM address WHERE entity_type_id = 8 AND entity_id IN ({owned})", (type_id, record_id))
            db.execute("DELETE FROM requisite WHERE entity_type_id = ? AND entity_id = ?", (type_id, record_id))

    def newest_date_create(self) -> str | None:
        """DATE_CREATE of the contact that is youngest by it; None on an empty portal."""
        return self._db.execute("SELECT max(date_create) FROM contact").fetchone()[0]

    def _split(self, entity: str, values: dict[str, object]) -> tuple[dict[str, object], dict[str, object]]:
        columns: dict[str, object] = {}
        extra: dict[str, object] = {}
        for name, value in values.items():
            if name.lower() in self.columns[entity]:
                columns[name.lower()] = value
            else:
                extra[name] = value
        return columns, extra

    # Multifields

    def multifields(self, entity: str, record_ids: Iterable[int]) -> dict[int, list[Multifield]]:
        """The multifields of the named records, by id of the record, in the order they were added."""
        found: dict[int, list[Multifield]] = {record_id: [] for record_id in record_ids}
        query = (
            "SELECT owner_id, id, kind, value, value_type FROM multifield"
            " WHERE owner_type = ? AND owner_id IN (SELECT value FROM json_each(?)) ORDER BY id"
        )
        for row in self._db.execute(query, (entity, json.dumps(list(found)))):
            found[row["owner_id"]].append(Multifield(row["kind"], row["value"], row["value_type"], row["id"]))
        return found

    def with_multifields(self, entity: str, rows: list[dict[str, object]]) -> list[dict[str, object]]:
        """`rows` with their multifields under PHONE, EMAIL … where there are any."""
        values = self.multifields(entity, [row["ID"] for row in rows])
        for row in rows:
            for item in values[row["ID"]]:
                entry = {"ID": item.id, "VALUE": item.value, "VALUE_TYPE": item.value_type}
                row.setdefault(item.kind, []).append(entry)
        return rows

    def owners_of(self, entity: str, kind: str, compared: Iterable[str]) -> list[int]:
        """Ids of the records with one of the values, given as `multifields.comparable` makes them."""
        # The plus signs keep SQLite from walking all owners for the sake of the order.
        query = (
            "SELECT DISTINCT owner_id FROM multifield WHERE +owner_type = ? AND kind = ?"
            " AND compared IN (SELECT value FROM json_each(?)) ORDER BY +owner_id"
        )
        return [row["owner_id"] for row in self._db.execute(query, (entity, kind, json.dumps(list(compared))))]

    def _add_multifields(self, entity: str, record_id: int, added: Sequence[Multifield]) -> None:
        for item in added:
            self._db.execute(
                "INSERT INTO multifield (owner_type, owner_id, kind, value, value_type, compared) VALUES (?, ?, ?, ?, ?, ?)",
                (entity, record_id, item.kind, item.value, item.value_type, comparable(item.kind, item.value)),
            )

    def _derive(self, entity: str, record_id: int) -> None:
        kinds = {item.kind for item in self.multifields(entity, [record_id])[record_id]}
        flags = ["Y" if kind in kinds else "N" for kind in ("PHONE", "EMAIL")]
        self._db.execute(f"UPDATE {entity} SET has_phone = ?, has_email = ? WHERE id = ?", (*flags, record_id))

    # Links between contacts and companies

    def company_links(self, contact_id: int) -> list[dict[str, object]]:
        """The companies of a contact by SORT, as `crm.contact.company.items.get` shows them."""
        query = "SELECT * FROM contact_company WHERE contact_id = ? ORDER BY sort, company_id"
        return [
            {
                "COMPANY_ID": row["company_id"],
                "SORT": row["sort"],
                "ROLE_ID": 0,
                "IS_PRIMARY": "Y" if row["is_primary"] else "N",
            }
            for row in self._db.execute(query, (contact_id,))
        ]

    def set_company_links(self, contact_id: int, links: Sequence[tuple[int, int]], primary: int | None) -> None:
        """Replace the companies of a contact by (company id, SORT) pairs; `primary` also becomes COMPANY_ID."""
        with self._transaction() as db:
            db.execute("DELETE FROM contact_company WHERE contact_id = ?", (contact_id,))
            db.executemany(
                "INSERT OR REPLACE INTO contact_company VALUES (?, ?, ?, ?)",
                [(contact_id, company, sort, int(company == primary)) for company, sort in links],
            )
            db.execute("UPDATE contact SET company_id = ? WHERE id = ?", (primary, contact_id))

    # Files

    def add_file(self, name: str, content: bytes) -> int:
        """Keep a file; its id."""
        with self._transaction() as db:
            return db.execute("INSERT INTO file (name, content) VALUES (?, ?)", (name, content)).lastrowid

    def file(self, file_id: int) -> tuple[str, bytes] | None:
        """Name and content of a file, or None."""
        row = self._db.execute("SELECT name, content FROM file WHERE id = ?", (file_id,)).fetchone()
        return (row["name"], row["content"]) if row else None


def _record(record: dict[str, object]) -> dict[str, object]:
    extra = record.pop("EXTRA")
    if extra != "{}":
        record.update(json.loads(extra))
    return record
