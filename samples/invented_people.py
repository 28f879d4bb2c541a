"""People and companies that do not exist: names that agree in gender, addresses and phones nobody has.

E-mails end in example.com or example.org. Phones: London 020 7946 0xxx, +1 AAA 555-01xx and Berlin 030 23125 xxx are
kept free for fiction by Ofcom, NANPA and the Bundesnetzagentur; Russia keeps no such block, so +7 900 000-xx-xx, plainly
made up, stands in. Holds no spreadsheet; every choice is the caller's `random.Random`.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

_FATHERS = {
    "Александр": "Александрович Александровна", "Алексей": "Алексеевич Алексеевна", "Анатолий": "Анатольевич Анатольевна",
    "Андрей": "Андреевич Андреевна", "Борис": "Борисович Борисовна", "Вадим": "Вадимович Вадимовна",
    "Валерий": "Валерьевич Валерьевна", "Василий": "Васильевич Васильевна", "Виктор": "Викторович Викторовна",
    "Владимир": "Владимирович Владимировна", "Вячеслав": "Вячеславович Вячеславовна", "Геннадий": "Геннадьевич Геннадьевна",
    "Григорий": "Григорьевич Григорьевна", "Дмитрий": "Дмитриевич Дмитриевна", "Евгений": "Евгеньевич Евгеньевна",
    "Игорь": "Игоревич Игоревна", "Илья": "Ильич Ильинична", "Константин": "Константинович Константиновна",
    "Лев": "Львович Львовна", "Михаил": "Михайлович Михайловна", "Никита": "Никитич Никитична",
    "Николай": "Николаевич Николаевна", "Олег": "Олегович Олеговна", "Павел": "Павлович Павловна",
    "Пётр": "Петрович Петровна", "Роман": "Романович Романовна", "Семён": "Семёнович Семёновна",
    "Сергей": "Сергеевич Сергеевна", "Станислав": "Станиславович Станиславовна", "Юрий": "Юрьевич Юрьевна",
}  # fmt: skip
_RUSSIAN = (
    "Артём Глеб Денис Егор Захар Кирилл Максим Матвей Тимофей Фёдор Ярослав".split() + list(_FATHERS),
    "Александра Алёна Алина Анастасия Анна Валентина Валерия Варвара Вера Виктория Галина Дарья Евгения Екатерина Елена "
    "Жанна Зоя Инна Ирина Кира Ксения Лариса Лидия Любовь Людмила Маргарита Марина Мария Надежда Наталья Нина Оксана "
    "Ольга Полина Раиса Светлана София Тамара Татьяна Ульяна Юлия Яна".split(),
    "Абрамов Агафонов Алёшин Антипов Астахов Афанасьев Бабушкин Баранов Белозерский Березин Бобров Богатырёв Бондаренко "
    "Быстров Вавилов Ведерников Верещагин Вишневский Волков Воронцов Гаврилов Голубев Гончаренко Горбунов Гришин Данилов "
    "Дёмин Долгих Дроздов Дубровский Ежов Емельянов Ермаков Ефимов Жаров Завьялов Заречный Зайцев Зимин Зуев Игнатьев "
    "Казаков Калинин Карпенко Кириллов Климов Ковалёв Козлов Колесников Короленко Коршунов Крылов Кудрявцев Кузьмин "
    "Лаврентьев Лапин Лебедев Логинов Лукин Лыткин Макаров Мальцев Мартынов Медведев Мельников Миронов Морозов Мухин "
    "Назаров Никольский Носков Овчинников Одинцов Орлов Островский Панфилов Пахомов Перов Пестов Пономарёв Прохоров "
    "Родин Рощин Рябов Савельев Сазонов Седых Селезнёв Симонов Ситников Соболев Соловьёв Сорокин Суханов Тарасов Тихий "
    "Третьяков Тюрин Уваров Федосеев Филатов Фомин Хромых Цветков Черных Чумаков Шаповаленко Шестаков Широков Юдин Яшин".split(),
)
_TATAR = (
    {"Айдар": "Айдарович Айдаровна", "Ильдар": "Ильдарович Ильдаровна", "Марат": "Маратович Маратовна",
     "Рамиль": "Рамилевич Рамилевна", "Ринат": "Ринатович Ринатовна", "Рустам": "Рустамович Рустамовна"},
    "Айгуль Алсу Гульнара Диляра Лейсан Эльмира".split(),
    "Валиев Галимов Гарипов Закиров Каримов Сабиров Хасанов Юсупов".split(),
)  # fmt: skip
_ARMENIAN = (
    {"Арам": "Арамович Арамовна", "Армен": "Арменович Арменовна", "Тигран": "Тигранович Тиграновна"},
    "Ануш Карине Лилит Мариам".split(),
    "Авакян Багдасарян Григорян Мелконян Саркисян".split(),
)
_ENGLISH = (
    "Adam Benjamin Callum Daniel Edward Graham Harvey Jack Liam Marcus Nathan Oliver Peter Samuel Thomas".split(),
    "Abigail Charlotte Diana Eleanor Grace Hannah Isobel Laura Megan Nora Phoebe Rachel Sophie Victoria".split(),
    "Ashdown Barlow Carver Dunmore Ellery Fairbank Garside Hartwell Kerridge Lockwood Marsden Norcross O’Hara Penhale "
    "Quayle Radford Stanbury Thornley Underhill Whitlock".split(),
)
_GERMAN = (
    "Andreas Bernd Jürgen Lukas Matthias Stefan Uwe".split(),
    "Anke Bärbel Heike Katrin Sabine Ute".split(),
    "Brandt Böhmer Dietz Eckhardt Großkopf Krämer Lindner Müllner Schäfer Weißmann".split(),
)
_LATIN = dict(zip(
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя’äöüß",
    "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch . y . e yu ya . ae oe ue ss".split(), strict=True,
))  # fmt: skip
# Signs that leave no letter behind.
_LATIN |= dict.fromkeys("ъь’", "")

_HIS_THINGS = (
    "Лисий Пятый Синий Берестяной Кедровый Оловянный Рыжий Ржаной Медный Полуденный Тёплый Бархатный".split(),
    "мост самовар зонт причал ключ чайник двор фонарь ковш сундук журавль паром".split(),
)
_HER_THINGS = (
    "Тихая Зелёная Лунная Хмельная Верхняя Заячья Сонная Плетёная Ветреная Ольховая".split(),
    "мельница лампа ложка корзина слобода заводь пристань скатерть".split(),
)
_FIRMS = "Торговый дом|Кафе|Гостиница|Пекарня|Ресторан|Агентство|Студия|Фабрика|Магазин".split("|")
_ENGLISH_FIRMS = (
    "Finch & Barrow Ltd|Copperkettle Trading Ltd|Marigold Row Inc.|Tallow Lane LLC|Saltmarsh Foods plc|Quill & Oat Ltd|"
    "Sevenspoon Hotels Ltd|Bramble Post Inc."
).split("|")
_GERMAN_FIRMS = "Teekontor Sandweg GmbH|Feinkost Zwölf GmbH|Lindenhof Handels KG|Kesselhaus AG|Stubenlicht GmbH".split("|")


@dataclass(frozen=True, slots=True)
class Person:
    """Someone invented, with what a client list holds of them."""

    last_name: str
    first_name: str
    #: empty for those whose country has none
    patronymic: str
    is_woman: bool
    #: RU, GB, US or DE
    country: str
    company: str


def feminine(surname: str) -> str:
    """The woman's form of a Russian surname: Перова, Никольская; those that do not change stay."""
    if surname.endswith(("ский", "ный")) or surname == "Тихий":
        return surname[:-2] + "ая"
    return surname + "а" if surname.endswith(("ов", "ев", "ёв", "ин", "ын")) else surname


def invented_person(random: Random) -> Person:
    """One person, four in five with a Russian passport."""
    is_woman = random.random() < 0.48
    country = random.choices(("RU", "GB", "US", "DE"), (81, 8, 6, 5))[0]
    if country != "RU":
        men, women, surnames = _GERMAN if country == "DE" else _ENGLISH
        company = random.choice(_GERMAN_FIRMS if country == "DE" else _ENGLISH_FIRMS)
        return Person(random.choice(surnames), random.choice(women if is_woman else men), "", is_woman, country, company)
    men, women, surnames = random.choices((_RUSSIAN, _TATAR, _ARMENIAN), (90, 6, 4))[0]
    fathers = men if isinstance(men, dict) else _FATHERS
    surname = random.choice(surnames)
    first_name = random.choice(women if is_woman else list(men))
    patronymic = random.choice(list(fathers.values())).split()[is_woman]
    last_name = feminine(surname) if is_woman else surname
    return Person(last_name, first_name, patronymic, is_woman, country, _company(random, last_name, first_name, patronymic))


def _company(random: Random, last_name: str, first_name: str, patronymic: str) -> str:
    kind = random.random()
    if kind < 0.12:
        return ""
    if kind < 0.3:
        return f"ИП {last_name} {first_name[0]}. {patronymic[0]}."
    adjectives, nouns = random.choice((_HIS_THINGS, _HER_THINGS))
    thing = f"{random.choice(adjectives)} {random.choice(nouns)}"
    return f"ООО «{thing}»" if kind < 0.75 else f"{random.choice(_FIRMS)} «{thing}»"


def latin(name: str) -> str:
    """A name in the letters of e-mail addresses: Щёголев → shchegolev."""
    return "".join(_LATIN.get(letter, letter) for letter in name.lower())


def mail_address(random: Random, person: Person, number: int) -> str:
    """An address under example.com or example.org; the number keeps namesakes apart."""
    first, last = latin(person.first_name), latin(person.last_name)
    local = random.choice((f"{first}.{last}", f"{first[0]}.{last}", f"{last}{number % 100:02}", f"{first}_{last}"))
    return f"{local}@{random.choice(('example.com', 'example.org'))}"


def phone_number(random: Random, country: str) -> str:
    """One number of the country, written in one of the ways people write it there."""
    last = f"{random.randrange(10_000):04}"
    if country == "GB":
        return random.choice(("+44 20 7946 0{}", "+44 (0)20 7946 0{}")).format(last[1:])
    if country == "US":
        area = random.choice(("202", "212", "312", "415", "617"))
        return random.choice(("+1 {} 555-01{}", "+1 ({}) 555-01{}")).format(area, last[2:])
    if country == "DE":
        return random.choice(("+49 30 23125{}", "+49 (30) 23125-{}")).format(last[1:])
    ways = ("+7 900 000-{}-{}", "8 (900) 000-{}-{}", "8-900-000-{}-{}", "+7(900)000{}{}", "8 900 000 {} {}")
    return random.choices(ways, (5, 3, 2, 2, 1))[0].format(last[:2], last[2:])
