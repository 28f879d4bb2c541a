"""A typical export of twelve columns, in as many rows as asked, and its mapping: what all benches work on.

Values differ from row to row as they do in life, so that remembering lately seen ones helps as much as it would there
and no more. About one row in a hundred has a fault. The same rows come out at every run.
"""

from __future__ import annotations

import csv
import itertools
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

HEADER = (
    "ID", "Фамилия", "Имя", "Отчество", "Мобильный", "Рабочий телефон", "E-mail", "Дата рождения", "Статус", "Компания",
    "Должность", "Комментарий",
)  # fmt: skip
#: positions of cells that a spreadsheet keeps as number and as date
ID, BIRTHDATE = 0, 7

MAPPING = """\
version: 1
defaults: {region: RU, timezone: Europe/Moscow, date_formats: ["%d.%m.%Y"]}
origin: {originator: bench, id: ID}
fields:
  LAST_NAME: {column: Фамилия, transform: title}
  NAME: {column: Имя, required: true}
  SECOND_NAME: Отчество
  PHONE:
    - {column: Мобильный, type: MOBILE}
    - {column: Рабочий телефон, type: WORK, split: "[;,]"}
  EMAIL: E-mail
  BIRTHDATE: Дата рождения
  TYPE_ID: {column: Статус, map: {Клиент: CLIENT, Партнёр: PARTNER, Поставщик: SUPPLIER}, otherwise: OTHER}
  SOURCE_ID: {value: OTHER}
  POST: {columns: [Должность, Компания], join: ", "}
  COMMENTS: Комментарий
"""

_LAST = "Абрамов Белов Воронцов Громов Дроздов Ершов Жаров Зимин Ильин Климов Лапин Мухин Носков Орлов Панов Родин Седых".split()
_FIRST = "Антон Борис Вадим Глеб Денис Егор Захар Игорь Кирилл Лев Марат Никита Олег Павел Роман Семён Тимур Фёдор".split()
_SECOND = "Андреевич Борисович Викторович Григорьевич Денисович Ильич Львович Олегович Павлович Юрьевич".split()
_WORDS = "перезвонить утром договор прайс склад образцы доставка вторник оплата скидка срочно новый магазин чай кофе".split()
_STATUSES = ("Клиент", "Партнёр", "Поставщик", "Новый", "")
_POSITIONS = ("директор", "закупщик", "бухгалтер", "управляющий", "")

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Sheets count days from here.
_DAY_ZERO = date(1899, 12, 30).toordinal()
# What a workbook needs besides its sheet and its texts: the second cell style shows dates (format 14).
_PARTS = {
    "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_KIND}.sharedStrings+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>',
    "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="Контакты" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    f'<Relationship Id="r3" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/styles.xml": f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts><font/></fonts><fills><fill/></fills><borders><border/></borders>'
    '<cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
}


def typical_rows(count: int) -> Iterator[list[str]]:
    """So many rows of text, one cell a column."""
    random = Random(7)
    pick, below = random.choice, random.randrange
    born = date(1950, 1, 1)
    for number in range(1, count + 1):
        phone, other = below(10**7), below(10**7)
        faulty = number % 100 == 0
        yield [
            str(number),
            pick(_LAST),
            pick(_FIRST),
            pick(_SECOND),
            f"+7 (916) {phone // 10**4:03}-{phone // 100 % 100:02}-{phone % 100:02}",
            f"8 495 {other:07}" if number % 3 else "",
            f"client{number}{'.' if faulty else '@'}example.com" if number % 10 else "",
            f"{born + timedelta(days=below(20_000)):%d.%m.%Y}" if number % 4 else "",
            pick(_STATUSES),
            f"ООО «Ромашка-{below(5000)}»",
            pick(_POSITIONS),
            " ".join(random.choices(_WORDS, k=below(12))),
        ]


def write_csv(path: Path, count: int) -> Path:
    """The rows as UTF-8 with semicolons; gives the path back."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        writer.writerows(typical_rows(count))
    return path


def write_xlsx(path: Path, count: int) -> Path:
    """The same rows as a sheet, with ids as numbers and dates as dates; gives the path back.

    Written here because openpyxl puts every text into its cell, while Excel keeps texts once in a table of their own
    and says how large the sheet is: other work for a reader.
    """
    strings: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in _PARTS.items():
            book.writestr(name, text)
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'{_XML}<worksheet xmlns="{_MAIN}"><dimension ref="A1:L{count + 1}"/><sheetData>'.encode())
            for number, row in enumerate(itertools.chain((HEADER,), typical_rows(count)), 1):
                sheet.write(_sheet_row(number, row, strings).encode())
            sheet.write(b"</sheetData></worksheet>")
        items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
        book.writestr("xl/sharedStrings.xml", f'{_XML}<sst xmlns="{_MAIN}" uniqueCount="{len(strings)}">{items}</sst>')
    return path


def _sheet_row(number: int, row: Sequence[str], strings: dict[str, int]) -> str:
    cells = []
    for index, text in enumerate(row):
        place = f'r="{chr(65 + index)}{number}"'
        if not text:
            continue
        if index == ID and number > 1:
            cells.append(f"<c {place}><v>{text}</v></c>")
        elif index == BIRTHDATE and number > 1:
            day, month, year = map(int, text.split("."))
            cells.append(f'<c {place} s="1"><v>{date(year, month, day).toordinal() - _DAY_ZERO}</v></c>')
        else:
            cells.append(f'<c {place} t="s"><v>{strings.setdefault(text, len(strings))}</v></c>')
    return f'<row r="{number}">{"".join(cells)}</row>'


def write_mapping(folder: Path) -> Path:
    """The mapping as a file of this folder."""
    path = folder / "typical.yaml"
    path.write_text(MAPPING, encoding="utf-8")
    return path
