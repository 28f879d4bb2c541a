"""Exports met where Bitrix24 is at home: its own files, amoCRM, 1C.

Column names are facts and stand verbatim; each layout is one that two independent sources agree on.
"""

from __future__ import annotations

from importer.mapping.suggestion.export import Export

_TITLES_RU = {
    "ORIGIN_ID": "ID", "HONORIFIC": "Обращение", "NAME": "Имя", "LAST_NAME": "Фамилия", "SECOND_NAME": "Отчество", "FULL_NAME": "Имя, Фамилия",
    "BIRTHDATE": "Дата рождения", "COMPANY": "Компания", "ASSIGNED_BY": "Ответственный", "POST": "Должность", "COMMENTS": "Комментарий",
    "TYPE_ID": "Тип контакта", "SOURCE_ID": "Источник", "SOURCE_DESCRIPTION": "Дополнительно об источнике", "EXPORT": "Экспорт", "OPENED": "Доступен для всех",
    "ADDRESS": "Улица|Улица, дом, корпус, строение|Адрес", "ADDRESS_2": "Квартира|Квартира / офис", "ADDRESS_CITY": "Город", "ADDRESS_REGION": "Район",
    "ADDRESS_PROVINCE": "Область", "ADDRESS_POSTAL_CODE": "Индекс|Почтовый индекс", "ADDRESS_COUNTRY": "Страна",
    "PHONE.WORK": "Рабочий телефон", "PHONE.MOBILE": "Мобильный телефон", "PHONE.FAX": "Номер факса", "PHONE.HOME": "Домашний телефон", "PHONE.PAGER": "Номер пейджера",
    "PHONE.MAILING": "Телефон для рассылок", "PHONE.OTHER": "Другой телефон",
    "WEB.WORK": "Корпоративный сайт", "WEB.HOME": "Личная страница", "WEB.FACEBOOK": "Страница Facebook", "WEB.VK": "Страница ВКонтакте",
    "WEB.LIVEJOURNAL": "Страница LiveJournal", "WEB.TWITTER": "Микроблог Twitter", "WEB.OTHER": "Другой сайт",
    "EMAIL.WORK": "Рабочий e-mail", "EMAIL.HOME": "Частный e-mail", "EMAIL.MAILING": "E-mail для рассылок", "EMAIL.OTHER": "Другой e-mail",
    "IM.FACEBOOK": "Контакт Facebook", "IM.TELEGRAM": "Контакт Telegram", "IM.VK": "Контакт ВКонтакте", "IM.SKYPE": "Контакт Skype", "IM.VIBER": "Контакт Viber",
    "IM.INSTAGRAM": "Комментарии Instagram", "IM.ICQ": "Контакт ICQ", "IM.MSN": "Контакт MSN/Live!", "IM.JABBER": "Контакт Jabber", "IM.OTHER": "Другой контакт",
    "UTM_SOURCE": "UTM Source", "UTM_MEDIUM": "UTM Medium", "UTM_CAMPAIGN": "UTM Campaign", "UTM_CONTENT": "UTM Content", "UTM_TERM": "UTM Term",
    "CREATED": "Дата создания",
    "SKIP.collected": "Контакт|Телефон|E-mail|Сайт|Мессенджер",
    "SKIP.work": "Дела|Кем создан|Кем изменен|Дата изменения|Создан CRM-формой|Дополн. сведения",
    "SKIP.picture": "Фотография", "SKIP.constant": "Контакт Битрикс24.Network|Онлайн-чат|Контакт Открытая линия",
}  # fmt: skip
_TITLES_EN = {
    "ORIGIN_ID": "ID", "HONORIFIC": "Salutation", "NAME": "First Name", "LAST_NAME": "Last Name", "SECOND_NAME": "Middle Name", "FULL_NAME": "First and Last Names",
    "BIRTHDATE": "Date of birth", "COMPANY": "Company", "ASSIGNED_BY": "Responsible person", "POST": "Position", "COMMENTS": "Comment",
    "TYPE_ID": "Contact Type", "SOURCE_ID": "Source", "SOURCE_DESCRIPTION": "Source information", "EXPORT": "Included in export", "OPENED": "Available to everyone",
    "ADDRESS": "Street|Street, building|Address", "ADDRESS_2": "Apartment / Suite|Suite / Apartment", "ADDRESS_CITY": "City", "ADDRESS_REGION": "Region",
    "ADDRESS_PROVINCE": "State / Province", "ADDRESS_POSTAL_CODE": "Zip", "ADDRESS_COUNTRY": "Country",
    "PHONE.WORK": "Work Phone", "PHONE.MOBILE": "Mobile", "PHONE.FAX": "Fax", "PHONE.HOME": "Home Phone", "PHONE.PAGER": "Pager Number",
    "PHONE.MAILING": "SMS marketing phone", "PHONE.OTHER": "Other Phone Number",
    "WEB.WORK": "Corporate Website", "WEB.HOME": "Personal Page", "WEB.FACEBOOK": "Facebook Page", "WEB.VK": "VK Page", "WEB.LIVEJOURNAL": "LiveJournal",
    "WEB.TWITTER": "Twitter", "WEB.OTHER": "Other Website",
    "EMAIL.WORK": "Work E-mail", "EMAIL.HOME": "Home E-mail", "EMAIL.MAILING": "Newsletters email", "EMAIL.OTHER": "Other E-mail",
    "IM.FACEBOOK": "Facebook account", "IM.TELEGRAM": "Telegram account", "IM.VK": "VK account", "IM.SKYPE": "Skype ID", "IM.VIBER": "Viber contact",
    "IM.INSTAGRAM": "Instagram comments", "IM.ICQ": "ICQ Number", "IM.MSN": "MSN/Live!", "IM.JABBER": "Jabber", "IM.OTHER": "Other Contact",
    "UTM_SOURCE": "UTM Source", "UTM_MEDIUM": "UTM Medium", "UTM_CAMPAIGN": "UTM Campaign", "UTM_CONTENT": "UTM Content", "UTM_TERM": "UTM Term",
    "CREATED": "Created on",
    "SKIP.collected": "Contact|Phone|E-mail|Website|Messenger", "SKIP.work": "Activities|Modified on", "SKIP.picture": "Photo",
    "SKIP.constant": "Bitrix24.Network account|Live Chat|Open Channel account",
}  # fmt: skip
_CODES = (
    "NAME LAST_NAME SECOND_NAME HONORIFIC POST COMMENTS TYPE_ID SOURCE_ID SOURCE_DESCRIPTION BIRTHDATE OPENED EXPORT ADDRESS ADDRESS_2 ADDRESS_CITY ADDRESS_REGION "
    "ADDRESS_PROVINCE ADDRESS_POSTAL_CODE ADDRESS_COUNTRY UTM_SOURCE UTM_MEDIUM UTM_CAMPAIGN UTM_CONTENT UTM_TERM PHONE_WORK PHONE_MOBILE PHONE_FAX PHONE_HOME "
    "PHONE_PAGER PHONE_MAILING PHONE_OTHER WEB_WORK WEB_HOME WEB_FACEBOOK WEB_VK WEB_LIVEJOURNAL WEB_TWITTER WEB_OTHER EMAIL_WORK EMAIL_HOME EMAIL_MAILING "
    "EMAIL_OTHER IM_FACEBOOK IM_TELEGRAM IM_VK IM_SKYPE IM_VIBER IM_INSTAGRAM IM_ICQ IM_MSN IM_JABBER IM_OTHER"
).split()
_BITRIX_SPLITS = dict.fromkeys(("PHONE", "EMAIL", "WEB", "IM"), "[;,] ?")
_BITRIX_VARYING = (
    r"^(?:ID$|FULL_NAME|Имя, Фамилия|First and Last|Улица|Адрес|Квартира|Город|Район|Область|Индекс|Почтовый|Страна|Street|Address|Apartment|Suite|City|Region|"
    r"State|Zip|Country|UTM|Контакт$|Дела|Дополн|Телефон$|E-mail$|Сайт$|Мессенджер$|Кем|Дата (?:созд|изм)|Создан|Contact$|Activities|Phone$|Website$|Messenger$|"
    r"Created|Modified|Доступен|Available)"
)
_BITRIX_ABOUT = (
    "Types, sources and salutations are found by their text in the portal the contacts go to, responsible people by name.",
    "Rows of further requisites have no name and are rejected as such.",
)

_AMO_CONTACT = {
    "NAME": "Имя", "LAST_NAME": "Фамилия", "FULL_NAME": "Полное имя контакта", "POST": "Должность",
    "PHONE.WORK": "Рабочий телефон|Рабочий прямой телефон", "PHONE.MOBILE": "Мобильный телефон", "PHONE.HOME": "Домашний телефон", "PHONE.FAX": "Факс",
    "PHONE.OTHER": "Другой телефон", "EMAIL.WORK": "Рабочий email", "EMAIL.HOME": "Личный email", "EMAIL.OTHER": "Другой email", "WEB.WORK": "Web",
    "ADDRESS": "Адрес", "ADDRESS_CITY": "Город", "IM.SKYPE": "Skype", "IM.ICQ": "ICQ", "IM.JABBER": "Jabber", "IM.MSN": "MSN", "IM.OTHER": "Другой IM|Google Talk",
    "TAGS": "Теги", "SOURCE_ID": "Источник", "BIRTHDATE": "День рождения", "UTM_SOURCE": "utm_source", "UTM_MEDIUM": "utm_medium",
    "UTM_CAMPAIGN": "utm_campaign", "UTM_CONTENT": "utm_content", "UTM_TERM": "utm_term",
}  # fmt: skip
_AMO_NOTES = "Примечание 1|Примечание 2|Примечание 3|Примечание 4|Примечание 5"
_AMO_SPLITS = dict.fromkeys(("PHONE", "EMAIL", "TAGS"), ", ?")

RUSSIAN = (
    Export(
        "bitrix24-ru", "Bitrix24 contacts, template and export, Russian", "bitrix24",
        must=("Номер пейджера", "Частный e-mail"), extras=("Телефон для рассылок", "Контакт Telegram", "Дополнительно об источнике"),
        columns=_TITLES_RU, splits=_BITRIX_SPLITS, dates=("%d.%m.%Y",), has_portal_texts=True, varying=_BITRIX_VARYING, about=_BITRIX_ABOUT,
    ),
    Export(
        "bitrix24-en", "Bitrix24 contacts, template and export, English", "bitrix24",
        must=("Pager Number", "Home E-mail", "Work E-mail"), extras=("SMS marketing phone", "Newsletters email", "Contact Type"),
        columns=_TITLES_EN, splits=_BITRIX_SPLITS, has_portal_texts=True, varying=_BITRIX_VARYING, about=_BITRIX_ABOUT,
    ),
    Export(
        "bitrix24-codes", "Bitrix24 contacts under field codes", "bitrix24", is_cased=True,
        must=("PHONE_WORK", "EMAIL_WORK", "LAST_NAME"), extras=("IM_SKYPE", "SOURCE_DESCRIPTION"),
        columns={
            **{code.replace("_", ".", 1) if code.startswith(("PHONE_", "WEB_", "EMAIL_", "IM_")) else code: code for code in _CODES},
            "ORIGIN_ID": "ID", "COMPANY": "COMPANY_TITLE", "ASSIGNED_BY": "ASSIGNED_BY_ID", "FULL_NAME": "FULL_NAME", "SKIP.picture": "PHOTO",
            "SKIP.constant": "IM_BITRIX24|IM_OPENLINE|IM_IMOL", "SKIP.collected": "FULL_ADDRESS",
        },
        splits=_BITRIX_SPLITS, dates=("%d.%m.%Y",), has_portal_texts=True, varying=r"^(?:ID|FULL_NAME|UTM_.*|ADDRESS_.*|COMPANY_TITLE|ASSIGNED_BY_ID)$",
        about=_BITRIX_ABOUT,
    ),
    Export(
        "amocrm-contacts-ru", "amoCRM contact list, Russian", "amocrm",
        must=("Полное имя контакта", "Рабочий прямой телефон", "Дата создания контакта"), must_not=("Название сделки",), extras=("Тип", "Кем создан контакт"),
        columns={
            "ORIGIN_ID": "ID", "KEPT": "Тип", "COMPANY": "Название компании", "ASSIGNED_BY": "Ответственный", "CREATED": "Дата создания контакта",
            "COMMENTS": _AMO_NOTES, **_AMO_CONTACT, "SKIP.work": "Кем создан контакт|Дата редактирования|Кем редактирован|Ближайшая задача",
            "SKIP.deals": "Сделки", "SKIP.consent": "Пользовательское соглашение",
        },
        splits=_AMO_SPLITS, dates=("%d.%m.%Y",), prefers_full_name=True, varying=r"^(?:Город|Источник|Skype|ICQ|Jabber|Google Talk|MSN|Другой IM|День рождения|utm_|Товар)",
        about=(
            "The list mixes contacts with companies; a company is rejected with the code not_in_map, for it is not in the `map` of EXPORT.",
            "First and last name are often empty there, so the full name is split instead.",
        ),
    ),
    Export(
        "amocrm-deals-ru", "amoCRM deal list with contacts, Russian", "amocrm",
        must=("Название сделки", "Этап сделки", "Полное имя контакта"), extras=("Воронка",),
        columns={
            "COMPANY": "Компания контакта|Компания", "ASSIGNED_BY": "Ответственный за контакт",
            **{target: names for target, names in _AMO_CONTACT.items() if target not in ("NAME", "LAST_NAME")},
            "COMMENTS": f"Примечание|{_AMO_NOTES}",
            "SKIP.deals": "ID|Название сделки|Бюджет|Бюджет ₽|Бюджет ₸|Ответственный|Дата создания сделки|Дата закрытия|Этап сделки|Воронка|Товар|Имя|Фамилия",
            "SKIP.work": "Кем создана сделка|Дата редактирования|Кем редактирована",
            "SKIP.numbers": "utm_referrer|_ym_uid|_ym_counter|roistat|referrer|openstat_service|openstat_campaign|openstat_ad|openstat_source|from|gclientid|gclid|yclid|fbclid",
        },
        splits=_AMO_SPLITS, dates=("%d.%m.%Y",), prefers_full_name=True, varying=r"^(?:Город|Источник|Должность|Web|Адрес|Skype|ICQ|Jabber|Google Talk|MSN|Другой IM|День рождения|utm_|Примечание 5)",
        about=(
            "One row is one deal, so a person with two deals comes twice; export the contact list instead where you can.",
            "The ID is the deal's and identifies no contact, so there is no `origin` here.",
        ),
    ),
    Export(
        "1c-counterparties", "1C counterparties", "1c",
        must=("Наименование в программе", "ИНН"), extras=("Это группа", "Код", "Полное наименование"),
        columns={
            "ORIGIN_ID": "Код", "KEPT": "Это группа", "FULL_NAME": "Контактное лицо", "COMPANY": "Наименование в программе", "PHONE.WORK": "Телефон",
            "EMAIL.WORK": "Email|Электронная почта", "ADDRESS@фактический": "Фактический адрес", "ADDRESS@юридический": "Юридический адрес",
            "COMMENTS": "Комментарий", "ASSIGNED_BY": "Менеджер", "ADDRESS_COUNTRY": "Страна регистрации",
            "SKIP.collected": "Полное наименование|Наименование для документов|Наименование для печати",
            "SKIP.deals": "КПП|ОГРН|Вид контрагента|Входит в группу|В группе|Банк|Расчетный счет|ЭДО|Холдинг|Сектор|Тип цен",
        },
        splits={"PHONE": "[;,] ?(?!доб)"}, dates=("%d.%m.%Y",), prefers_full_name=True, varying=r"^(?:Менеджер|ЭДО|Холдинг|Сектор|Тип цен|Страна регистрации|Электронная почта)",
        about=(
            "A counterparty is a company; the contact is the person in Контактное лицо. Rows without one are rejected: they are companies, not contacts.",
            "Groups are rejected with the code not_in_map: Да is not in the `map` of EXPORT.",
        ),
    ),
)  # fmt: skip
