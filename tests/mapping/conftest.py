"""What the tests of the mapping share: a mapping file from text, and a live portal's catalogue."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from importer.errors import MappingError
from importer.mapping.binding import bind
from importer.mapping.contact_fields import offline_catalogue
from importer.mapping.mapper import Mapper
from importer.mapping.mapping_file import LoadedMapping, load_mapping
from importer.records import Catalogue, ListItem, Mapped, PortalCompany, PortalField, PortalUser, Row

CUSTOM = {
    "UF_CRM_TEXT": PortalField("UF_CRM_TEXT", "string", label="Text"),
    "UF_CRM_TAGS": PortalField("UF_CRM_TAGS", "string", label="Tags", is_multiple=True),
    "UF_CRM_COUNT": PortalField("UF_CRM_COUNT", "integer", label="Count"),
    "UF_CRM_WEIGHT": PortalField("UF_CRM_WEIGHT", "double", label="Weight"),
    "UF_CRM_AGREED": PortalField("UF_CRM_AGREED", "boolean", label="Agreed"),
    "UF_CRM_TIER": PortalField(
        "UF_CRM_TIER", "enumeration", label="Tier",
        items=(ListItem("81", "Gold"), ListItem("82", "Silver"), ListItem("83", "Bronze")),
    ),
    "UF_CRM_HOBBIES": PortalField(
        "UF_CRM_HOBBIES", "enumeration", label="Hobbies", is_multiple=True,
        items=(ListItem("91", "Chess"), ListItem("92", "Go")),
    ),
    "UF_CRM_DAY": PortalField("UF_CRM_DAY", "date", label="Day"),
    "UF_CRM_VISIT": PortalField("UF_CRM_VISIT", "datetime", label="Last visit"),
    "UF_CRM_SUM": PortalField("UF_CRM_SUM", "money", label="Turnover"),
    "UF_CRM_LINK": PortalField("UF_CRM_LINK", "url", label="Profile"),
    "UF_CRM_PLACE": PortalField("UF_CRM_PLACE", "address", label="Place"),
    "UF_CRM_CHIEF": PortalField("UF_CRM_CHIEF", "employee", label="Chief"),
    "UF_CRM_FIRM": PortalField("UF_CRM_FIRM", "crm", label="Firm", settings={"COMPANY": "Y", "LEAD": "N"}),
    "UF_CRM_TIES": PortalField("UF_CRM_TIES", "crm", label="Ties", settings={"COMPANY": "Y", "CONTACT": "Y"}, is_multiple=True),
    "UF_CRM_CHANNEL": PortalField("UF_CRM_CHANNEL", "crm_status", label="Channel", settings={"ENTITY_TYPE": "SOURCE"}),
    "UF_CRM_BRANCH": PortalField("UF_CRM_BRANCH", "iblock_element", label="Branch"),
    "UF_CRM_SCAN": PortalField("UF_CRM_SCAN", "file", label="Scan"),
    "UF_CRM_SCANS": PortalField("UF_CRM_SCANS", "file", label="Scans", is_multiple=True),
}  # fmt: skip

USERS = (
    PortalUser("1", "Ada", "Kern", email="ada@example.com"),
    PortalUser("7", "Иван", "Петров", "Сергеевич", "ivan@example.com"),
    PortalUser("8", "Olga", "Old", email="olga@example.com", is_active=False),
    PortalUser("9", "Max", "Twin", email="max1@example.com"),
    PortalUser("10", "Max", "Twin", email="max2@example.com"),
)


COMPANIES = (
    PortalCompany("3", 'ООО "Ромашка"', "legacy", "K-3"),
    PortalCompany("4", "АО Север", "legacy", "77"),
    PortalCompany("5", "Acme Ltd"),
    PortalCompany("6", "ACME  LTD", "erp", "X-1"),
    PortalCompany("7", "O’Neill & Sons", "erp", "X-2"),
    PortalCompany("77", "Зелёный Лист", "erp", "X-2"),
    PortalCompany("78", ""),
)


@pytest.fixture
def portal() -> Catalogue:
    """A portal with custom fields of every type, three directories, five users and seven companies."""
    fields = offline_catalogue().fields | CUSTOM
    statuses = {
        "CONTACT_TYPE": (ListItem("CLIENT", "Клиенты"), ListItem("PARTNER", "Партнёры"), ListItem("OTHER", "Другое")),
        "SOURCE": (ListItem("WEB", "Веб-сайт"), ListItem("CALL", "Звонок")),
        "HONORIFIC": (ListItem("HNR_RU_1", "г-н"), ListItem("HNR_RU_2", "г-жа")),
    }
    return Catalogue(fields, statuses, USERS, COMPANIES)


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], LoadedMapping]:
    """Loads a mapping from its text, as `contacts.yaml`."""

    def load_text(text: str) -> LoadedMapping:
        path = tmp_path / "contacts.yaml"
        path.write_text(text, encoding="utf-8")
        return load_mapping(path)

    return load_text


@pytest.fixture
def faults_of(load: Callable[[str], LoadedMapping]) -> Callable[[str], list[str]]:
    """The faults of a mapping's text."""

    def faults(text: str) -> list[str]:
        with pytest.raises(MappingError) as raised:
            load(text)
        return raised.value.faults

    return faults


class Mapping:
    """A mapping bound to the columns it names, ready to map one row given as column → cell."""

    def __init__(self, mapper: Mapper, header: list[str]) -> None:
        self.mapper = mapper
        self.header = header

    def row(self, **cells: str) -> Mapped:
        named = {name.replace("_", " "): cell for name, cell in cells.items()}
        return self.mapper.map(Row(2, [named.get(name, "") for name in self.header]))


@pytest.fixture
def mapping(load: Callable[[str], LoadedMapping], portal: Catalogue) -> Callable[..., Mapping]:
    """Binds fields (YAML under `fields:`) to the portal; NAME is taken from the column `Name` unless given."""

    def build(fields: str, top: str = "", catalogue: Catalogue | None = None, base: Path | None = None) -> Mapping:
        lines = fields.strip("\n").splitlines()
        indent = len(lines[0]) - len(lines[0].lstrip()) if lines else 0
        body = "\n".join("  " + line[indent:] for line in lines)
        name = "" if "NAME:" in fields else "  NAME: Name\n"
        loaded = load(f"version: 1\n{top}\nfields:\n{name}{body}\n")
        header = list(dict.fromkeys(["Name", *loaded.columns()]))
        return Mapping(bind(loaded, header, catalogue or portal, source_name="clients.csv", base=base), header)

    return build
