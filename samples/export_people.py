"""The people of the sample exports: invented, with what a contact list of another system holds of them.

E-mails end in example.com or example.org; phones come from blocks kept free for fiction, or are plainly made up (+7 900 000-…).
Managers are users of the sandbox portal, so that an import finds them.
"""

from __future__ import annotations

from datetime import date

_NAMES = "id first middle last sir post company mobile work home email email2 street city state zip country owner source note born".split()


def _person(text: str, born: date | None) -> dict[str, str]:
    person = dict(zip(_NAMES, [part.strip() for part in text.split("|")] + [""], strict=True))
    person["full"] = " ".join(filter(None, (person["first"], person["middle"], person["last"])))
    for key, way in (("iso", "%Y-%m-%d"), ("us", "%m/%d/%Y"), ("ru", "%d.%m.%Y"), ("md", "%m/%d")):
        person[f"born_{key}"] = born.strftime(way) if born else ""
    return person


#: id, first, middle, last, form of address, post, company, mobile, work, home, e-mail, second e-mail, street, city, state, zip, country,
#: owner, source, note; the birthday apart
ABROAD = (
    _person("1001|Harriet|Jane|Pemberton|Ms.|Head of Purchasing|Finch & Barrow Ltd|+44 20 7946 0301|+44 20 7946 0302||harriet.pemberton@example.com||14 Quay Lane|London||EC1A 9ZZ|United Kingdom|Ada Kern|Web|Prefers e-mail, not calls", date(1984, 3, 17)),
    _person("1002|Desmond||Ashworth|Mr.|Owner|Copperkettle Trading|+44 20 7946 0311|||desmond@example.org|d.ashworth@example.com|3 Mill Court, Unit 2|Bristol|Somerset|BS1 9ZZ|United Kingdom|Marco Bellini|Trade Show|Met at the tea fair;\nasked for samples", None),
    _person("1003|Lucía||Ferrer Soto|Sra.|Directora|Almendra Azul S.L.|+44 20 7946 0501||+44 20 7946 0502|lucia.ferrer@example.com||Calle del Pozo 8|Madrid|Madrid|28099|Spain|Ada Kern|Referral|", date(1990, 11, 5)),
    _person("1004|Marcus|Elroy|Whitfield|Mr.|IT Manager|Quill & Oat Inc.|+1 202 555 0171|+1 202 555 0172||m.whitfield@example.com||77 Cedar Street|Washington|DC|20099|United States|Marco Bellini|Phone|\"VIP\" since 2019", date(1978, 7, 29)),
    _person("1005|Jürgen||Krämer|Dr.|Geschäftsführer|Teekontor Sandweg GmbH|+49 30 23125301|+49 30 23125302||kraemer@example.org||Sandweg 12|Berlin||10999|Germany|Ada Kern|Web|", date(1969, 12, 1)),
    _person("1006|Noor||van der Linden|Ms.|Buyer|Saltmarsh Foods|+1 415 555 0163|||noor@example.com||5 Harbour Row|San Francisco|CA|94199|United States|Marco Bellini|Other|Call after 4 pm", None),
    _person("1007|Owen|Rhys|Tredegar|Mr.||Bramble Post|+44 20 7946 0344||+44 20 7946 0345|owen.tredegar@example.org|||||||Ada Kern||", date(1995, 2, 28)),
    _person("1008|Chloé||Beaumont|Ms.|Œnologue|Maison Œillet SARL|+1 312 555 0188|+1 312 555 0189||chloe@example.com||9 Rue Feinte|Chicago|IL|60699|United States|Marco Bellini|Web|Parle français", date(1988, 6, 14)),
)  # fmt: skip

AT_HOME = (
    _person("501|Пётр|Ильич|Ковалёв|г-н|закупщик|ООО «Тёплый ковш»|+7 900 000-14-16|+7 900 000-14-17||p.kovalev@example.com||ул. Ржаная, 4|Тула|Тульская область|300999|Россия|Иван Петров|Выставка|Звонить после 16:00", date(1981, 4, 9)),
    _person("502|Алёна|Олеговна|Никольская|г-жа|директор|Кафе «Рыжий журавль»|+7 900 000-27-43|||nikolskaya@example.org|alena@example.com|наб. Тихая, 18|Казань||420999|Россия|Мария Соколова|Веб-сайт|Просит прайс;\nобразцы уже взяла", None),
    _person("503|Андрей|Петрович|Седых|г-н|шеф-повар|ООО «Синий паром»|8 900 000-03-52|+7 900 000-03-53||sedyh@example.com||||||Россия|Иван Петров|Звонок|", date(1975, 10, 30)),
    _person("504|Гульнара|Маратовна|Валиева|г-жа|администратор|Гостиница «Сонная пристань»|+7 900 000-88-18||+7 900 000-88-19|g.valieva@example.com||пер. Лунный, 2|Уфа|Башкортостан|450999|Россия|Мария Соколова|По рекомендации|Сказала: «Берём \"Стандарт\"»", date(1992, 8, 21)),
    _person("505|Тигран|Арамович|Мелконян|г-н|||+7 900 000-69-15|||melkonyan@example.org|||Москва||125999|Россия|Анна Петрова|Веб-сайт|№ договора 14-К", date(1987, 1, 12)),
    _person("506|Инна|Юрьевна|Лаптева|г-жа|управляющая|Пекарня «Ржаной сундук»|+7 900 000-71-08|+7 900 000-71-09||lapteva@example.com||ул. Полуденная, 31|Самара|Самарская область|443999|Россия|Иван Петров|Реклама|", None),
    _person("507|Лев|Борисович|Жаров|г-н|бухгалтер|ООО «Пятый зонт»|8 (900) 000-33-20|||zharov@example.com|||Пермь||614999|Россия|Анна Петрова|Звонок|Любит, когда пишут", date(1966, 5, 3)),
)  # fmt: skip
