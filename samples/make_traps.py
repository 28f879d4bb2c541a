"""Makes the small samples that show one trap of a file format each: `python samples/make_traps.py [FOLDER]`.

- semicolon_cp1251.csv: what Russian Excel writes as "CSV": cp1251, semicolons, decimal commas, quoted line breaks.
- excel_unicode_text.txt: what Excel writes as "Unicode text": UTF-16 with tabs, for names cp1251 has no letters for.
- with_created_dates.csv: contacts that keep the day they were first met, in no order, which the portal does not take.

Written byte by byte rather than by a spreadsheet, so that they are the same everywhere. Everybody is invented.
"""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

VISITORS_HEADER = ("ФИО", "Компания", "Должность", "Телефон", "E-mail", "Дата визита", "Сумма заказа", "Комментарий")
NBSP = "\u00a0"

#: a stand's visitors, as a Russian Excel shows them; the rows that cannot be imported say why
VISITORS = (
    ("Ковалёв Пётр Ильич", "ООО «Тёплый ковш»", "закупщик", "+7 900 000-14-16", "petr.kovalev@example.com", "12.03.2026", f"1{NBSP}250,50", ""),
    ("Никольская Алёна Олеговна", "ИП Никольская А. О.", "", "8 (900) 000-27-43", "nikolskaya@example.org", "12.03.2026", "", "Просит прайс; образцы уже взяла"),
    ("Седых Андрей Петрович", "Кафе «Рыжий журавль»", "шеф-повар", "8 900 000 03 52, 8 900 000 03 53", "", "12.03.2026", f"48{NBSP}000,00", "Звонить:\nпосле 16:00,\nкроме среды"),
    ("Валиева Гульнара Маратовна", "Гостиница «Сонная пристань»", "администратор", "+7 900 000-88-18", "g.valieva@example.com", "13.03.2026", "9500", "Сказала: «Берём \"Стандарт\"»"),
    ("Мелконян Тигран Арамович", "", "", "8-900-000-69-15", "melkonyan@example.org", "13.03.2026", f"3{NBSP}100,00", "№ договора 14-К"),
    # No such day.
    ("Жаров Лев Борисович", "ООО «Синий паром»", "директор", "+7 900 000-33-20", "zharov@example.com", "31.02.2026", "", ""),
    # No e-mail address.
    ("Лаптева Инна Юрьевна", "Пекарня «Ржаной сундук»", "управляющая", "+7 900 000-71-08", "lapteva(at)example.org", "13.03.2026", f"15{NBSP}700,00", ""),
    # No name at all.
    ("", "ООО «Верхняя слобода»", "", "8 900 000 90 10", "info@example.org", "13.03.2026", "", "визитка без имени"),
)  # fmt: skip

#: visitors from further away: Kazakh, Polish, French and Turkish letters
GUESTS = (
    ("Әсел Нұрланова", "ЖШС «Күміс қасық»", "сатып алушы", "+44 20 7946 0111", "asel@example.com", "12.03.2026", f"7{NBSP}400,00", "Қазақша сөйлейді"),
    ("Żaneta Łukasiewicz", "Herbaciarnia Łąka sp. z o.o.", "właścicielka", "+44 20 7946 0122", "zaneta@example.org", "12.03.2026", "", "prosi o cennik"),
    ("Zoë Lefèvre", "Maison Œillet SARL", "acheteuse", "+49 30 23125133", "zoe.lefevre@example.com", "13.03.2026", "12000", "Parle français\net anglais"),
    ("Şule Güneş", "İnce Belli Çay A.Ş.", "müdür", "+1 202 555-0144", "sule@example.org", "13.03.2026", f"2{NBSP}050,75", 'dedi ki: "olur"'),
    # Not a day's way of writing that the mapping knows.
    ("Bjørn Ødegård", "Fjellte AS", "innkjøper", "+1 312 555-0155", "bjorn@example.com", "2026/03/13", "", ""),
)  # fmt: skip

#: contacts of years, in no order; one without a day, one whose day never was
MET = (
    ("ID", "First name", "Last name", "E-mail", "Phone", "Created", "Notes"),
    ("C-1007", "Isobel", "Hartwell", "i.hartwell@example.com", "+44 20 7946 0201", "2021-11-30 09:15", "Met at the tea fair"),
    ("C-1002", "Harvey", "Norcross", "norcross@example.org", "+44 20 7946 0202", "2018-03-05 14:00", ""),
    ("C-1005", "Ольга", "Рощина", "o.roshchina@example.com", "8 900 000-12-55", "2020-02-29 10:30", "високосный день"),
    ("C-1001", "Marcus", "Whitlock", "marcus@example.com", "+1 202 555 0101", "2017-06-19 08:45", "The very first client"),
    ("C-1009", "Jürgen", "Krämer", "j.kraemer@example.org", "+49 30 23125201", "", "card without a date"),
    ("C-1003", "Megan", "Ellery", "ellery@example.com", "+1 (617) 555-0102", "2018-03-05 14:00", "same minute as C-1002"),
    ("C-1008", "Nora", "Quayle", "nora.quayle@example.org", "+1 415 555-0103", "2021-02-29 12:00", "wrong: no such day"),
    ("C-1006", "Антон", "Зимин", "zimin@example.org", "+7 900 000-45-00", "2020-07-01 23:59", ""),
)  # fmt: skip


def as_text(rows: tuple[tuple[str, ...], ...], delimiter: str) -> str:
    """The rows as Excel writes them: CRLF, quotes where a cell needs them; line breaks inside a cell stay LF."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def main(folder: Path) -> None:
    """Writes the three files into the folder."""
    visitors, guests = (VISITORS_HEADER, *VISITORS), (VISITORS_HEADER, *GUESTS)
    (folder / "semicolon_cp1251.csv").write_bytes(as_text(visitors, ";").encode("cp1251"))
    (folder / "excel_unicode_text.txt").write_bytes(b"\xff\xfe" + as_text(guests, "\t").encode("utf-16-le"))
    (folder / "with_created_dates.csv").write_bytes(as_text(MET, ",").encode("utf-8-sig"))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
