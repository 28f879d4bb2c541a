"""Makes clients.xlsx, the client list that `b24-import demo` imports: `python samples/make_clients.py [FOLDER]`.

The list a tea wholesaler would keep: a title above the header, frozen header, dates as dates, numbers as numbers, several
phones in a cell, notes of several lines, a blank row and a total at the end. Everybody in it is invented. The same
cells come out at every run; a test compares them with the file that is kept.

640 rows: 617 good ones, of which a few are odd enough for a warning, and 23 wrong on purpose, each in a way of its own.
What is wrong with which is said in `MISTAKES`; `ODDITIES` are the warnings.
"""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from invented_people import Person, invented_person, mail_address, phone_number
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

ROWS = 640
TITLE = "Клиентская база ООО «Чайная верста», выгрузка на 01.06.2026"
TODAY = date(2026, 6, 1)

#: header, width of the column, number format of its cells
COLUMNS = (
    ("№ клиента", 11, "00000"), ("Фамилия", 16, "@"), ("Имя", 14, "@"), ("Отчество", 18, "@"), ("Обращение", 11, "General"),
    ("Компания", 30, "General"), ("Должность", 24, "General"), ("Телефоны", 38, "General"), ("E-mail", 34, "General"),
    ("Дата рождения", 14, "dd.mm.yyyy"), ("Сегмент", 12, "General"), ("Источник", 18, "General"), ("Менеджер", 28, "General"),
    ("Уровень", 10, "General"), ("Интересы", 22, "General"), ("Метки", 24, "General"), ("Номер карты", 13, "@"),
    ("Бюджет", 16, '#,##0.00\\ "₽"'), ("Скидка, %", 10, "0.0"), ("Визитов", 9, "0"), ("Рассылка", 10, "General"),
    ("Договор от", 12, "dd.mm.yyyy"), ("Последний визит", 17, "dd.mm.yyyy hh:mm"), ("Создан", 12, "dd.mm.yyyy"),
    ("Сайт", 28, "General"), ("Заметки", 60, "General"),
)  # fmt: skip
HEADER_ROW = 3

_POSITIONS = (
    "директор|генеральный директор|закупщик|менеджер по закупкам|управляющий|бариста|шеф-повар|бухгалтер|товаровед|"
    "администратор|заведующий складом"
).split("|")
_WESTERN_POSITIONS = "Buyer|Purchasing manager|Owner|Head of procurement|Store manager|Office manager|Chef".split("|")
_SOURCES = ("Звонок", "Веб-сайт", "По рекомендации", "Выставка", "Интернет-магазин", "Электронная почта", "Реклама", "Холодная база")
_MANAGERS = ("ivan.petrov@example.com", "maria.sokolova@example.com", "anna.petrova@example.com")
_TAGS = "чай|кофе|подарки|оптом|сезонный|самовывоз|отсрочка|образцы|HoReCa".split("|")
_NOTES = (
    "Просит звонить после 11:00.", "Доставка только по вторникам.", "Интересуется габой и пуэром.", "Ждёт новый прайс.",
    "Отправили образцы, ответа пока нет.", "Платит по отсрочке 14 дней.", "Познакомились на выставке.",
    "Самовывоз со склада № 2.", "- нужен договор\n- нужны сертификаты", "Скидка согласована с Марией.",
    "Берёт к Новому году подарочные наборы:\n• 40 «Стандарт»\n• 10 «Премиум»", "Переписка на английском.",
)  # fmt: skip

#: client number → column → what stands there instead; each keeps its row from being imported
MISTAKES: dict[int, dict[str, object]] = {
    19: {"Дата рождения": "31.02.1985"},
    47: {"E-mail": "marketing.example.com"},
    71: {"Телефоны": "7,92E+10"},
    96: {"Уровень": "Platinum"},
    118: {"Источник": "Тикток"},
    141: {"Фамилия": None, "Имя": None, "Отчество": None, "Компания": "ООО «Безымянный берег»"},
    167: {"№ клиента": 166},
    189: {"Менеджер": "petr.ivanov@example.com"},
    214: {"Менеджер": "oleg.danilov@example.com"},
    238: {"Номер карты": "#N/A"},
    263: {"Номер карты": None},
    287: {"Дата рождения": 31245},
    309: {"Рассылка": "не знаю"},
    334: {"Бюджет": "по договорённости"},
    356: {"Визитов": "5–6"},
    381: {"E-mail": "zakaz@example.com buh@example.com"},
    402: {"№ клиента": None},
    428: {"Договор от": "05/13/2024"},
    451: {"Телефоны": "нет"},
    477: {"Интересы": "Опт, Сервсис"},
    503: {"E-mail": "olga@example"},
    529: {"Скидка, %": "10 или 15"},
    588: {"№ клиента": 512},
}

#: client number → column → what stands there instead; the row is imported, most of these with a warning
ODDITIES: dict[int, dict[str, object]] = {
    33: {"Телефоны": "45-12"},
    104: {"Бюджет": "#DIV/0!"},
    156: {"Дата рождения": date(1970, 1, 1)},
    201: {"Телефоны": "8 900 000-11-2"},
    246: {"Заметки": "<b>Важно:</b> звонить<br>только утром"},
    273: {"Заметки": "В старой системе вместо имени филиала стояло $result[r0001]; уточнить при звонке."},
    322: {"Заметки": "Èâàíîâ ïðîñèë ïåðåçâîíèòü"},
    367: {"Дата рождения": date(2091, 3, 14)},
    415: {"Телефоны": "0044 20 7946 0415"},
    442: {"Бюджет": "12 500 EUR"},
    561: {"Сайт": "нет сайта"},
}


def client(random: Random, number: int) -> dict[str, object]:
    """One good row of the list, by column."""
    person = invented_person(random)
    is_foreign = person.country != "RU"
    created = date(2016, 1, 11) + timedelta(days=number * 5 + random.randrange(5))
    visits = random.choice((0, 0, 1, 1, 2, 3, 4, 6, 9, 14))
    return {
        "№ клиента": number,
        "Фамилия": person.last_name,
        "Имя": person.first_name,
        "Отчество": person.patronymic,
        "Обращение": ("г-жа" if person.is_woman else "г-н") if random.random() < 0.7 else None,
        "Компания": person.company,
        "Должность": _position(random, person),
        "Телефоны": _phones(random, person.country),
        "E-mail": _mails(random, person, number),
        "Дата рождения": _birthday(random),
        "Сегмент": random.choices(("Розница", "Опт", "VIP", "Дилер", "Поставщик", None), (40, 30, 8, 10, 5, 7))[0],
        "Источник": random.choice(_SOURCES),
        "Менеджер": "marco.bellini@example.com" if is_foreign else random.choice((*_MANAGERS, None)),
        "Уровень": random.choices(("Gold", "Silver", "Bronze", None), (8, 25, 40, 27))[0],
        "Интересы": ", ".join(random.sample(("Опт", "Розница", "Сервис", "Обучение"), random.choice((0, 1, 1, 2, 3)))),
        "Метки": "; ".join(random.sample(_TAGS, random.choice((0, 0, 1, 2, 3)))),
        "Номер карты": f"{number * 7919 % 10**8:08}",
        "Бюджет": random.randrange(20, 4000) * 500 + random.choice((0, 0, 0, 0.5)) if random.random() < 0.6 else None,
        "Скидка, %": random.choice((None, None, 3, 5, 7.5, 10)),
        "Визитов": visits,
        "Рассылка": random.choice(("да", "да", "нет", None)),
        "Договор от": created + timedelta(days=random.randrange(10, 200)) if random.random() < 0.5 else None,
        "Последний визит": _last_visit(random, created) if visits else None,
        "Создан": created,
        "Сайт": f"https://www.example.{random.choice(('com', 'org'))}/shop{number}" if random.random() < 0.2 else None,
        "Заметки": "\n".join(random.sample(_NOTES, random.choice((0, 0, 1, 1, 2)))),
    }


def _position(random: Random, person: Person) -> str | None:
    if random.random() < 0.2:
        return None
    if person.company.startswith("ИП "):
        return "индивидуальный предприниматель"
    position = random.choice(_POSITIONS if person.country == "RU" else _WESTERN_POSITIONS)
    if person.is_woman:
        return position.replace("заведующий", "заведующая").replace("управляющий", "управляющая")
    return position


def _phones(random: Random, country: str) -> str | int | None:
    """Text with one or more numbers; now and then a number as a number, as Excel keeps what is typed without a plus."""
    kind = random.random()
    if kind < 0.05:
        return None
    if kind < 0.12 and country == "RU":
        return random.choice((79000000000, 89000000000)) + random.randrange(10_000)
    numbers = [phone_number(random, country) for _ in range(random.choices((1, 2, 3), (62, 31, 7))[0])]
    return random.choice(("; ", "; ", ", ", "\n")).join(numbers)


def _mails(random: Random, person: Person, number: int) -> str | None:
    if random.random() < 0.12:
        return None
    address = mail_address(random, person, number)
    return f"{address}; zakaz{number}@example.org" if random.random() < 0.06 else address


def _birthday(random: Random) -> date | str | None:
    if random.random() < 0.35:
        return None
    day = date(1952, 1, 1) + timedelta(days=random.randrange(19_000))
    return f"{day:%d.%m.%Y}" if random.random() < 0.1 else day


def _last_visit(random: Random, created: date) -> datetime:
    days_ago = random.randrange(1, min(900, (TODAY - created).days))
    day = datetime.combine(TODAY, datetime.min.time()) - timedelta(days=days_ago)
    return day.replace(hour=random.randrange(9, 19), minute=random.choice((0, 10, 15, 30, 45)))


def workbook() -> Workbook:
    """The whole list, with its second sheet of words that the columns may hold."""
    random = Random(20260601)
    book = Workbook()
    sheet = book.active
    sheet.title = "Клиенты"
    _head(sheet)
    for number in range(1, ROWS + 1):
        cells = client(random, number) | MISTAKES.get(number, {}) | ODDITIES.get(number, {})
        # One blank row in the middle, as lists that have grown have.
        _write(sheet, HEADER_ROW + number + (number > 320), cells)
    end = HEADER_ROW + ROWS + 3
    sheet.cell(end, 1, "Итого клиентов:").font = Font(bold=True)
    sheet.cell(end, 2, ROWS)
    words = book.create_sheet("Справочник")
    for row in (("Сегмент", "Что значит"), ("VIP", "личный менеджер"), ("Опт", "от 50 000 ₽ в месяц"), ("Розница", "свой магазин"),
                ("Дилер", "продаёт дальше"), ("Поставщик", "мы покупаем у него")):  # fmt: skip
        words.append(row)
    return book


def _head(sheet: Worksheet) -> None:
    sheet["A1"] = TITLE
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=9)
    for index, (name, width, _) in enumerate(COLUMNS, 1):
        cell = sheet.cell(HEADER_ROW, index, name)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE8F0")
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, 4)
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(len(COLUMNS))}{HEADER_ROW + ROWS + 1}"


def _write(sheet: Worksheet, row: int, cells: dict[str, object]) -> None:
    for index, (name, _, form) in enumerate(COLUMNS, 1):
        value = cells[name]
        if value in (None, ""):
            continue
        cell = sheet.cell(row, index, value)
        if isinstance(value, str):
            cell.alignment = Alignment(vertical="top", wrap_text="\n" in value)
        # A date that has lost its format shows as a count of days: that is one of the mistakes.
        elif not (name == "Дата рождения" and isinstance(value, int)):
            cell.number_format = form


def main(folder: Path) -> None:
    """Writes clients.xlsx into the folder."""
    workbook().save(folder / "clients.xlsx")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
