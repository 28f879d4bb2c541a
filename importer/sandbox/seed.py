"""What a fresh sandbox portal holds: directories, users, custom fields, requisite presets. All invented.

The codes are those seen in the vendor's examples (reference, section 8.1); names read as a Russian portal's do.
"""

from __future__ import annotations

from dataclasses import dataclass, field

#: directory → (STATUS_ID, NAME), in the portal's order
STATUSES: dict[str, tuple[tuple[str, str], ...]] = {
    "CONTACT_TYPE": (("CLIENT", "Клиенты"), ("SUPPLIER", "Поставщики"), ("PARTNER", "Партнёры"), ("OTHER", "Другое")),
    "SOURCE": (
        ("CALL", "Звонок"),
        ("EMAIL", "Электронная почта"),
        ("WEB", "Веб-сайт"),
        ("ADVERTISING", "Реклама"),
        ("PARTNER", "Существующий клиент"),
        ("RECOMMENDATION", "По рекомендации"),
        ("TRADE_SHOW", "Выставка"),
        ("WEBFORM", "CRM-форма"),
        ("CALLBACK", "Обратный звонок"),
        ("RC_GENERATOR", "Генератор продаж"),
        ("STORE", "Интернет-магазин"),
        ("UC_4F1T0B", "Холодная база"),
        ("OTHER", "Другое"),
    ),
    "HONORIFIC": (("HNR_RU_1", "г-н"), ("HNR_RU_2", "г-жа")),
    "COMPANY_TYPE": (("CUSTOMER", "Клиент"), ("SUPPLIER", "Поставщик"), ("PARTNER", "Партнёр"), ("OTHER", "Другое")),
    "INDUSTRY": (("IT", "Информационные технологии"), ("TRADE", "Торговля"), ("MANUFACTURING", "Производство"), ("OTHER", "Другое")),
    "EMPLOYEES": (("EMPLOYEES_1", "менее 50"), ("EMPLOYEES_2", "50–250"), ("EMPLOYEES_3", "250–500"), ("EMPLOYEES_4", "более 500")),
}


@dataclass(frozen=True, slots=True)
class Person:
    """A user of the portal."""

    id: int
    name: str
    last_name: str
    email: str
    second_name: str = ""
    position: str = ""
    is_active: bool = True


PEOPLE = (
    Person(1, "Ada", "Kern", "ada.kern@example.com", position="Administrator"),
    Person(6, "Иван", "Петров", "ivan.petrov@example.com", "Сергеевич", "Менеджер по продажам"),
    Person(7, "Мария", "Соколова", "maria.sokolova@example.com", "Андреевна", "Руководитель отдела"),
    Person(8, "Marco", "Bellini", "marco.bellini@example.com", position="Account manager"),
    Person(9, "Анна", "Петрова", "anna.petrova@example.com", "Игоревна", "Менеджер по продажам"),
    Person(12, "Oleg", "Danilov", "oleg.danilov@example.com", position="Sales", is_active=False),
)


@dataclass(frozen=True, slots=True)
class CustomField:
    """A custom field of contacts. `items` are the choices of an enumeration, id → text."""

    name: str
    type: str
    label: str
    is_multiple: bool = False
    is_required: bool = False
    settings: dict[str, object] = field(default_factory=dict, hash=False)
    items: dict[int, str] = field(default_factory=dict, hash=False)


_LIST = {"DISPLAY": "LIST", "LIST_HEIGHT": 1}
_NO_DEFAULT = {"DEFAULT_VALUE": {"TYPE": "NONE", "VALUE": ""}}

CUSTOM_FIELDS = (
    CustomField("UF_CRM_1720697698689", "enumeration", "Уровень", settings=_LIST, items={81: "Gold", 83: "Silver", 85: "Bronze"}),
    CustomField(
        "UF_CRM_INTERESTS", "enumeration", "Интересы", is_multiple=True, settings=_LIST,
        items={91: "Опт", 93: "Розница", 95: "Сервис", 97: "Обучение"},
    ),
    CustomField("UF_CRM_LOYALTY", "string", "Номер карты", is_required=True, settings={"ROWS": 1, "DEFAULT_VALUE": ""}),
    CustomField("UF_CRM_TAGS", "string", "Метки", is_multiple=True, settings={"ROWS": 1, "DEFAULT_VALUE": ""}),
    CustomField("UF_CRM_VISITS", "integer", "Число визитов", settings={"DEFAULT_VALUE": None}),
    CustomField("UF_CRM_DISCOUNT", "double", "Скидка, %", settings={"PRECISION": 2, "DEFAULT_VALUE": None}),
    CustomField("UF_CRM_SUBSCRIBED", "boolean", "Подписан на рассылку", settings={"DEFAULT_VALUE": 0, "DISPLAY": "CHECKBOX"}),
    CustomField("UF_CRM_CONTRACT_DATE", "date", "Дата договора", settings=_NO_DEFAULT),
    CustomField("UF_CRM_HOLIDAYS", "date", "Памятные даты", is_multiple=True, settings=_NO_DEFAULT),
    CustomField("UF_CRM_LAST_VISIT", "datetime", "Последний визит", settings=_NO_DEFAULT),
    CustomField("UF_CRM_BUDGET", "money", "Бюджет", settings={"DEFAULT_VALUE": ""}),
    CustomField("UF_CRM_SITE", "url", "Личный сайт", settings={"DEFAULT_VALUE": ""}),
    CustomField("UF_CRM_HOME", "address", "Домашний адрес", settings={"SHOW_MAP": "Y"}),
    CustomField("UF_CRM_CURATOR", "employee", "Куратор"),
    CustomField("UF_CRM_RELATED", "crm", "Связанные", is_multiple=True, settings={"CONTACT": "Y", "COMPANY": "Y", "LEAD": "N", "DEAL": "N"}),
    CustomField("UF_CRM_INDUSTRY", "crm_status", "Отрасль", settings={"ENTITY_TYPE": "INDUSTRY"}),
    CustomField("UF_CRM_SCAN", "file", "Скан договора"),
    CustomField("UF_CRM_DOCUMENTS", "file", "Документы", is_multiple=True),
    CustomField("UF_CRM_BRANCH", "iblock_element", "Филиал", settings={"IBLOCK_TYPE_ID": "lists", "IBLOCK_ID": 17, "DEFAULT_VALUE": ""}),
    CustomField("UF_CRM_REGION", "iblock_section", "Регион", settings={"IBLOCK_TYPE_ID": "lists", "IBLOCK_ID": 18, "DEFAULT_VALUE": ""}),
)

#: (id, NAME, XML_ID)
REQUISITE_PRESETS = (
    (1, "Организация", "#CRM_REQUISITE_PRESET_DEF_RU_COMPANY#"),
    (3, "ИП", "#CRM_REQUISITE_PRESET_DEF_RU_INDIVIDUAL#"),
    (5, "Физ. лицо", "#CRM_REQUISITE_PRESET_DEF_RU_PERSON#"),
)
