"""What a portal is set up with: directories, users, custom fields, requisites, notifications.

Tables and plain reads and writes; the rules of the API stand in the `*_methods` modules. A new file is filled from
`seed`. Directories and custom fields are read for every contact, so they are kept in memory until they change.
"""

from __future__ import annotations

import json
import sqlite3

from importer.sandbox import seed
from importer.sandbox.fields import FieldSpec


class Directories:
    """The set-up tables of one portal, over the store's connection."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        if not db.execute("SELECT 1 FROM person").fetchone():
            self._fill()
        self._codes: dict[str, list[str]] = {}
        self._specs: tuple[FieldSpec, ...] | None = None

    def _fill(self) -> None:
        db = self._db
        db.execute("BEGIN")
        for entity, entries in seed.STATUSES.items():
            for position, (code, name) in enumerate(entries, 1):
                system = "N" if code.startswith("UC_") else "Y"
                names = {"name": name, "name_init": name}
                _insert(db, "status", entity_id=entity, status_id=code, sort=position * 10, system=system, **names)
        for person in seed.PEOPLE:
            self.add_person(person)
        for position, custom in enumerate(seed.CUSTOM_FIELDS, 1):
            self._insert_userfield(custom, position * 100)
        for preset_id, name, xml_id in seed.REQUISITE_PRESETS:
            _insert(db, "requisite_preset", id=preset_id, entity_type_id=8, name=name, xml_id=xml_id)
        db.execute("COMMIT")

    # Directories

    def codes(self, directory: str) -> list[str]:
        """The STATUS_IDs of a directory by SORT; empty for an unknown one."""
        if directory not in self._codes:
            self._codes[directory] = [row["STATUS_ID"] for row in self.statuses() if row["ENTITY_ID"] == directory]
        return self._codes[directory]

    def statuses(self) -> list[dict[str, object]]:
        """All entries of all directories, numbers as text, by SORT then ID."""
        query = "SELECT id, entity_id, status_id, name, name_init, sort, system, color FROM status ORDER BY sort, id"
        return [
            {name.upper(): str(row[name]) if isinstance(row[name], int) else row[name] for name in row.keys()}
            for row in self._db.execute(query)
        ]

    def add_status(self, entity_id: str, status_id: str, name: str, sort: int) -> int:
        """A new entry of a directory; its id."""
        self._codes.clear()
        return _insert(
            self._db, "status", entity_id=entity_id, status_id=status_id, name=name, name_init="", sort=sort, system="N"
        )

    def delete_status(self, record_id: int) -> None:
        """Remove an entry of a directory."""
        self._codes.clear()
        self._db.execute("DELETE FROM status WHERE id = ?", (record_id,))

    # Users

    def people(self) -> list[dict[str, object]]:
        """All users by id, as `user.get` shows them to a caller of scope `user`."""
        return [
            {
                "ID": str(row["id"]),
                "ACTIVE": bool(row["active"]),
                "NAME": row["name"],
                "LAST_NAME": row["last_name"],
                "SECOND_NAME": row["second_name"],
                "EMAIL": row["email"],
                "WORK_POSITION": row["work_position"],
                "PERSONAL_BIRTHDAY": "",
                "UF_DEPARTMENT": [1],
                "USER_TYPE": "employee",
            }
            for row in self._db.execute("SELECT * FROM person ORDER BY id")
        ]

    def add_person(self, person: seed.Person) -> None:
        """A further user of the portal."""
        _insert(
            self._db, "person", id=person.id, active=int(person.is_active), email=person.email, name=person.name,
            last_name=person.last_name, second_name=person.second_name, work_position=person.position,
        )

    # Custom fields of contacts

    def custom_fields(self) -> tuple[FieldSpec, ...]:
        """The custom fields of contacts by SORT."""
        if self._specs is None:
            self._specs = tuple(map(_spec, self.userfields()))
        return self._specs

    def userfields(self) -> list[dict[str, object]]:
        """The custom fields of contacts by SORT, as stored; `settings` and `items` decoded."""
        rows = self._db.execute("SELECT * FROM userfield ORDER BY sort, id")
        return [_decoded(row, "settings", "items") for row in rows]

    def add_userfield(self, custom: seed.CustomField) -> int:
        """A further custom field of contacts; its id."""
        self._specs = None
        return self._insert_userfield(custom, 100)

    def change_userfield(self, record_id: int, **columns: object) -> None:
        """Give a custom field other values in some of its columns; `items` and `settings` as plain data."""
        self._specs = None
        values = {name: _json(value) if name in ("items", "settings") else value for name, value in columns.items()}
        marks = ", ".join(f"{name} = ?" for name in values)
        self._db.execute(f"UPDATE userfield SET {marks} WHERE id = ?", (*values.values(), record_id))

    def next_item_id(self) -> int:
        """The id of the next item of any list: the portal numbers the items of all fields together."""
        return max((int(item["ID"]) for row in self.userfields() for item in row["items"]), default=0) + 1

    def _insert_userfield(self, custom: seed.CustomField, sort: int) -> int:
        items = [
            {"ID": str(item), "SORT": str(position * 10), "VALUE": text, "DEF": "N", "XML_ID": f"item{item}"}
            for position, (item, text) in enumerate(custom.items.items(), 1)
        ]
        return _insert(
            self._db, "userfield", field_name=custom.name, user_type_id=custom.type, label=custom.label, sort=sort,
            multiple="Y" if custom.is_multiple else "N", mandatory="Y" if custom.is_required else "N",
            settings=_json(custom.settings), items=_json(items),
        )

    # Requisites, addresses, notifications

    def requisite_presets(self) -> list[dict[str, object]]:
        """The requisite templates, numbers as text."""
        rows = self._db.execute("SELECT id, entity_type_id, name, xml_id FROM requisite_preset ORDER BY id")
        return [
            {"ID": str(row["id"]), "ENTITY_TYPE_ID": str(row["entity_type_id"]), "NAME": row["name"], "XML_ID": row["xml_id"]}
            for row in rows
        ]

    def add_requisite(self, owner: tuple[int, int], preset_id: int, name: str, fields: dict[str, object]) -> int:
        """A requisite of (entity type, entity id); its id."""
        return _insert(
            self._db, "requisite", entity_type_id=owner[0], entity_id=owner[1], preset_id=preset_id, name=name,
            fields=json.dumps(fields, ensure_ascii=False),
        )

    def requisite(self, requisite_id: int) -> dict[str, object] | None:
        """One requisite, `fields` decoded, or None."""
        row = self._db.execute("SELECT * FROM requisite WHERE id = ?", (requisite_id,)).fetchone()
        return _decoded(row, "fields") if row else None

    def requisites(self) -> list[dict[str, object]]:
        """All requisites by id, `fields` decoded."""
        return [_decoded(row, "fields") for row in self._db.execute("SELECT * FROM requisite ORDER BY id")]

    def change_requisite(self, requisite_id: int, fields: dict[str, object]) -> None:
        """Other fields of a requisite are set, as a person would."""
        held = self.requisite(requisite_id)
        if held is not None:
            text = json.dumps({**held["fields"], **fields}, ensure_ascii=False)
            self._db.execute("UPDATE requisite SET fields = ? WHERE id = ?", (text, requisite_id))

    def delete_requisite(self, requisite_id: int) -> None:
        """Remove a requisite and its addresses."""
        self._db.execute("DELETE FROM address WHERE entity_type_id = 8 AND entity_id = ?", (requisite_id,))
        self._db.execute("DELETE FROM requisite WHERE id = ?", (requisite_id,))

    def add_address(self, key: tuple[int, int, int], fields: dict[str, object]) -> bool:
        """An address under (type, entity type, entity id); False when there is one already."""
        sql = "INSERT OR IGNORE INTO address VALUES (?, ?, ?, ?)"
        return self._db.execute(sql, (*key, json.dumps(fields, ensure_ascii=False))).rowcount == 1

    def addresses(self) -> list[dict[str, object]]:
        """All addresses, `fields` decoded."""
        return [_decoded(row, "fields") for row in self._db.execute("SELECT * FROM address")]

    def add_notification(self, user_id: int, message: str) -> int:
        """A notification for a user; its id."""
        return _insert(self._db, "notification", user_id=user_id, message=message)

    def notifications(self) -> list[tuple[int, str]]:
        """All notifications as (user id, message), oldest first."""
        return [tuple(row) for row in self._db.execute("SELECT user_id, message FROM notification ORDER BY id")]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _insert(db: sqlite3.Connection, table: str, **values: object) -> int:
    marks = ", ".join("?" * len(values))
    return db.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", tuple(values.values())).lastrowid


def _decoded(row: sqlite3.Row, *columns: str) -> dict[str, object]:
    return dict(row) | {column: json.loads(row[column]) for column in columns}


def _spec(row: dict[str, object]) -> FieldSpec:
    return FieldSpec(
        row["field_name"],
        row["user_type_id"],
        is_multiple=row["multiple"] == "Y",
        is_required=row["mandatory"] == "Y",
        is_custom=True,
        status_type=row["settings"].get("ENTITY_TYPE", "") if row["user_type_id"] == "crm_status" else "",
        settings=row["settings"],
        items={int(item["ID"]): item["VALUE"] for item in row["items"]},
        label=row["label"],
    )
