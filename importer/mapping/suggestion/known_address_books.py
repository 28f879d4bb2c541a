"""Exports of address books: Google Contacts, Outlook in its languages, LinkedIn, Mailchimp.

Column names are facts and stand verbatim; each layout is one that two independent sources agree on.
"""

from __future__ import annotations

from importer.mapping.suggestion.export import Export

_GOOGLE_ABOUT = (
    "Numbered groups (E-mail 1 - Value, Phone 1 - Value …) are as many as the fullest contact needs.",
    "`b24-import suggest FILE` writes as many as a file has, each with the kind its label column names.",
    "A contact with neither a first nor a last name is rejected: the portal takes none.",
)
_GOOGLE_ADDRESS = {
    "ADDRESS@{n}": "Address {n} - Street", "ADDRESS_2@{n}": "Address {n} - Extended Address", "ADDRESS_CITY@{n}": "Address {n} - City",
    "ADDRESS_PROVINCE@{n}": "Address {n} - Region", "ADDRESS_POSTAL_CODE@{n}": "Address {n} - Postal Code",
    "ADDRESS_COUNTRY@{n}": "Address {n} - Country", "SKIP.collected@{n}": "Address {n} - Formatted", "SKIP.names@{n}": "Address {n} - PO Box",
}  # fmt: skip
# Addresses past the third are rare enough to be left to the person.
_GOOGLE_ADDRESSES = {target.format(n=n): name.format(n=n) for n in (1, 2, 3) for target, name in _GOOGLE_ADDRESS.items()}
_GOOGLE_SPLITS = dict.fromkeys(("PHONE", "EMAIL", "WEB", "TAGS"), " ::: ")
_GOOGLE_VARYING = r"^(?:(?:E-mail|Phone|Address|Website|Custom Field|Relation|Event|IM|Organization) (?:[2-9]|\d\d)|(?:Address|Website|Custom Field|Event) 1) - "

_OUTLOOK_ADDRESSES = {
    f"{target}@{group.casefold()}": name.format(group)
    for group in ("Business", "Home", "Other")
    for target, name in {
        "ADDRESS": "{0} Street|{0} Street 2|{0} Street 3", "ADDRESS_CITY": "{0} City", "ADDRESS_PROVINCE": "{0} State",
        "ADDRESS_POSTAL_CODE": "{0} Postal Code", "ADDRESS_COUNTRY": "{0} Country/Region|{0} Country", "SKIP.collected": "{0} Address",
        "SKIP.names": "{0} Address PO Box",
    }.items()
}  # fmt: skip
_OUTLOOK = {
    "HONORIFIC": "Title", "NAME": "First Name", "SECOND_NAME": "Middle Name", "LAST_NAME": "Last Name", "COMPANY": "Company", "POST": "Job Title",
    "DEPARTMENT": "Department", "COMMENTS": "Notes", "BIRTHDATE": "Birthday", "TAGS": "Categories",
    "PHONE.MOBILE": "Mobile Phone", "PHONE.WORK": "Business Phone|Business Phone 2|Primary Phone|Company Main Phone",
    "PHONE.HOME": "Home Phone|Home Phone 2", "PHONE.FAX": "Business Fax|Home Fax|Other Fax", "PHONE.PAGER": "Pager",
    "PHONE.OTHER": "Other Phone|Car Phone|Radio Phone|Callback|ISDN",
    "EMAIL.WORK": "E-mail Address", "EMAIL.OTHER": "E-mail 2 Address|E-mail 3 Address", "WEB.WORK": "Web Page", "WEB.HOME": "Personal Web Page",
    "IM.OTHER": "IMAddress",
    **_OUTLOOK_ADDRESSES,
    "SKIP.person": "Assistant's Phone|Assistant's Name|Manager's Name|Spouse|Children|Referred By",
    "SKIP.neighbour": "E-mail Type|E-mail Display Name|E-mail 2 Type|E-mail 2 Display Name|E-mail 3 Type|E-mail 3 Display Name",
    "SKIP.constant": "Account|Billing Information|Directory Server|Gender|Internet Free Busy|Initials|Mileage|Priority|Private|Sensitivity|"
    "User 1|User 2|User 3|User 4|Keywords|Telex|TTY/TDD Phone",
    "SKIP.names": "Suffix|Nickname|Given Yomi|Surname Yomi|Company Yomi|Anniversary|Government ID Number|Hobby|Language|Location|Office Location|"
    "Organizational ID Number|Profession|Schools",
}  # fmt: skip
_OUTLOOK_ABOUT = (
    "Dates are written as the computer was set that exported them.",
    "Only one address goes with a contact: the business one, unless another is filled more often.",
)

_OUTLOOK_RU_ADDRESSES = {
    f"{target}@{group}": names
    for group, table in {
        "раб": {
            "ADDRESS": "Улица (раб. адрес)|Улица 2 (раб. адрес)|Улица 3 (раб. адрес)", "ADDRESS_CITY": "Город (раб. адрес)",
            "ADDRESS_PROVINCE": "Область (раб. адрес)", "ADDRESS_POSTAL_CODE": "Индекс (раб. адрес)",
            "ADDRESS_COUNTRY": "Страна или регион (раб. адрес)|Страна (раб. адрес)", "SKIP.names": "Почтовый ящик (раб. адрес)",
        },
        "дом": {
            "ADDRESS": "Улица (дом. адрес)|Улица 2 (дом. адрес)|Улица 3 (дом. адрес)", "ADDRESS_CITY": "Город (дом. адрес)",
            "ADDRESS_PROVINCE": "Область (дом. адрес)", "ADDRESS_POSTAL_CODE": "Почтовый код (дом.)",
            "ADDRESS_COUNTRY": "Страна или регион (дом. адрес)|Страна (дом. адрес)", "SKIP.names": "Почтовый ящик (дом. адрес)",
        },
        "другой": {
            "ADDRESS": "Улица (другой адрес)|Улица 2 (другой адрес)|Улица 3 (другой адрес)", "ADDRESS_CITY": "Город (другой адрес)",
            "ADDRESS_PROVINCE": "Область (другой адрес)", "ADDRESS_POSTAL_CODE": "Индекс (другой адрес)",
            "ADDRESS_COUNTRY": "Страна или регион (другой адрес)|Страна (другой адрес)", "SKIP.names": "Почтовый ящик (другой адрес)",
        },
    }.items()
    for target, names in table.items()
}  # fmt: skip

ADDRESS_BOOKS = (
    Export(
        "google-2024", "Google Contacts, the layout of 2024 and later", "google",
        must=("Phonetic First Name", "Organization Name", "Labels"), must_not=("Given Name",),
        extras=(r"^(E-mail|Phone) \d+ - Label$", "File As"),
        columns={
            "NAME": "First Name", "SECOND_NAME": "Middle Name", "LAST_NAME": "Last Name", "HONORIFIC": "Name Prefix", "COMPANY": "Organization Name",
            "POST": "Organization Title", "DEPARTMENT": "Organization Department", "BIRTHDATE": "Birthday", "COMMENTS": "Notes", "TAGS": "Labels",
            "SKIP.picture": "Photo",
            "SKIP.names": "Phonetic First Name|Phonetic Middle Name|Phonetic Last Name|Name Suffix|Nickname|File As",
            **_GOOGLE_ADDRESSES,
        },
        splits=_GOOGLE_SPLITS, dates=("%Y-%m-%d",), varying=_GOOGLE_VARYING, about=_GOOGLE_ABOUT,
    ),
    Export(
        "google-old", "Google Contacts, the layout before 2024", "google",
        must=("Given Name Yomi", "Group Membership"), must_not=("First Name",),
        extras=(r"^(E-mail|Phone) \d+ - Type$", "Organization 1 - Name"),
        columns={
            "NAME": "Given Name", "SECOND_NAME": "Additional Name", "LAST_NAME": "Family Name", "FULL_NAME": "Name", "HONORIFIC": "Name Prefix",
            "COMPANY": "Organization 1 - Name", "POST": "Organization 1 - Title", "DEPARTMENT": "Organization 1 - Department",
            "BIRTHDATE": "Birthday", "COMMENTS": "Notes", "TAGS": "Group Membership",
            "SKIP.picture": "Photo",
            "SKIP.names": "Yomi Name|Given Name Yomi|Additional Name Yomi|Family Name Yomi|Name Suffix|Initials|Nickname|Short Name|Maiden Name|File As|"
            "Gender|Location|Occupation|Hobby|Language|Organization 1 - Type|Organization 1 - Yomi Name|Organization 1 - Symbol|Organization 1 - Location|"
            "Organization 1 - Job Description",
            "SKIP.constant": "Billing Information|Directory Server|Mileage|Sensitivity|Priority|Subject",
            **_GOOGLE_ADDRESSES,
        },
        splits=_GOOGLE_SPLITS, dates=("%Y-%m-%d",), varying=_GOOGLE_VARYING, about=_GOOGLE_ABOUT,
    ),
    Export(
        "google-outlook", "Google Contacts, exported as \"Outlook CSV\"", "google",
        must=("E-mail Address", "Home Address", "Business Address"), must_not=("Given Yomi", "E-mail Type"), extras=("First Name", "Organizational ID Number"),
        columns=_OUTLOOK, splits={"TAGS": ";"}, about=_OUTLOOK_ABOUT[1:],
    ),
    Export(
        "outlook-en", "Outlook for Windows, English, 92 columns", "outlook",
        must=("Title", "E-mail Address", "E-mail Type", "Government ID Number"), must_not=("Given Yomi",), extras=("Business Address PO Box", "Web Page"),
        columns=_OUTLOOK, splits={"TAGS": ";"}, about=_OUTLOOK_ABOUT,
    ),
    Export(
        "outlook-web", "outlook.com and Outlook on the web, 61 columns", "outlook",
        must=("Given Yomi", "Surname Yomi", "IMAddress"), must_not=("E-mail Type",), extras=("Personal Web Page", "Schools"),
        columns=_OUTLOOK, splits={"TAGS": ";"}, about=_OUTLOOK_ABOUT,
    ),
    Export(
        "outlook-ru", "Outlook for Windows, Russian, 92 columns", "outlook",
        must=("Адрес эл. почты", "Тип эл. почты|Телефон переносной"), extras=("Обращение", "Сведения о доступности в Интернете"),
        columns={
            "HONORIFIC": "Обращение", "NAME": "Имя", "SECOND_NAME": "Отчество", "LAST_NAME": "Фамилия", "COMPANY": "Организация", "POST": "Должность",
            "DEPARTMENT": "Отдел", "COMMENTS": "Заметки", "WEB.WORK": "Веб-страница", "BIRTHDATE": "День рождения", "TAGS": "Категории",
            "PHONE.MOBILE": "Телефон переносной", "PHONE.WORK": "Рабочий телефон|Телефон раб. 2|Основной телефон|Основной телефон организации",
            "PHONE.HOME": "Домашний телефон|Телефон дом. 2", "PHONE.FAX": "Рабочий факс|Домашний факс|Другой факс", "PHONE.PAGER": "Пейджер",
            "PHONE.OTHER": "Другой телефон|Телефон в машине|Радиотелефон|Обратный вызов|ISDN",
            "EMAIL.WORK": "Адрес эл. почты", "EMAIL.OTHER": "Адрес 2 эл. почты|Адрес 3 эл. почты",
            **_OUTLOOK_RU_ADDRESSES,
            "SKIP.person": "Телефон помощника|Имя помощника|Руководитель|Супруг(а)|Дети|Отложено",
            "SKIP.neighbour": "Тип эл. почты|Краткое имя эл. почты|Тип 2 эл. почты|Краткое 2 имя эл. почты|Тип 3 эл. почты|Краткое 3 имя эл. почты",
            "SKIP.constant": "Важность|Ключевые слова|Пол|Пользователь 1|Пользователь 2|Пользователь 3|Пользователь 4|Пометка|Расстояние|"
            "Сведения о доступности в Интернете|Сервер каталогов|Счет|Счета|Частное|Инициалы|Телекс|Телетайп/телефон с титрами",
            "SKIP.names": "Суффикс|Годовщина|Код организации|Личный номер|Личный код|Профессия|Расположение|Расположение комнаты|Хобби|Язык",
        },
        splits={"TAGS": ";"}, dates=("%d.%m.%Y",), about=_OUTLOOK_ABOUT,
    ),
    Export(
        "outlook-de", "Outlook for Windows, German", "outlook",
        must=("Weitere Vornamen", "Straße geschäftlich"), extras=("E-Mail-Adresse",),
        columns={
            "HONORIFIC": "Anrede", "NAME": "Vorname", "SECOND_NAME": "Weitere Vornamen", "LAST_NAME": "Nachname", "COMPANY": "Firma", "POST": "Position",
            "DEPARTMENT": "Abteilung", "COMMENTS": "Notizen", "WEB.WORK": "Webseite", "BIRTHDATE": "Geburtstag", "TAGS": "Kategorien",
            "PHONE.MOBILE": "Mobiltelefon", "PHONE.WORK": "Telefon geschäftlich|Telefon geschäftlich 2|Haupttelefon|Telefon Firma",
            "PHONE.HOME": "Telefon privat|Telefon (privat)|Telefon privat 2|Telefon (privat 2)", "PHONE.FAX": "Fax geschäftlich|Fax privat|Weiteres Fax",
            "PHONE.PAGER": "Pager", "PHONE.OTHER": "Weiteres Telefon|Autotelefon|Mobiltelefon 2|Rückmeldung|ISDN",
            "EMAIL.WORK": "E-Mail-Adresse", "EMAIL.OTHER": "E-Mail 2: Adresse|E-Mail 3: Adresse",
            "ADDRESS@geschäftlich": "Straße geschäftlich|Straße geschäftlich 2|Straße geschäftlich 3", "ADDRESS_CITY@geschäftlich": "Ort geschäftlich",
            "ADDRESS_PROVINCE@geschäftlich": "Region geschäftlich", "ADDRESS_POSTAL_CODE@geschäftlich": "Postleitzahl geschäftlich",
            "ADDRESS_COUNTRY@geschäftlich": "Land/Region geschäftlich",
            "ADDRESS@privat": "Straße privat|Straße privat 2|Straße privat 3", "ADDRESS_CITY@privat": "Ort privat",
            "ADDRESS_PROVINCE@privat": "Bundesland/Kanton privat", "ADDRESS_POSTAL_CODE@privat": "Postleitzahl privat", "ADDRESS_COUNTRY@privat": "Land/Region privat",
            "ADDRESS@weitere": "Weitere Straße|Weitere Straße 2|Weitere Straße 3", "ADDRESS_CITY@weitere": "Weiterer Ort",
            "ADDRESS_PROVINCE@weitere": "Weiteres/r Bundesland/Kanton", "ADDRESS_POSTAL_CODE@weitere": "Weitere Postleitzahl",
            "ADDRESS_COUNTRY@weitere": "Weiteres/e Land/Region",
            "SKIP.person": "Telefon Assistent|Name Assistent|Name des/der Vorgesetzten|Kinder",
            "SKIP.neighbour": "E-Mail: Angezeigter Name|E-Mail 3: Typ",
            "SKIP.constant": "Abrechnungsinformation|Benutzer 1|Benutzer 2|Benutzer 3|Benutzer 4|Geschlecht|Telex|Telefon für Hörbehinderte",
            "SKIP.names": "Suffix|Ort",
        },
        splits={"TAGS": ";"}, dates=("%d.%m.%Y",), varying=r"^(?:E-Mail|Geburtstag|Notizen|Webseite|Geschlecht|Kinder|Ort$|Name)", about=_OUTLOOK_ABOUT,
    ),
    Export(
        "linkedin", "LinkedIn connections", "linkedin",
        must=("Connected On", "Position", "First Name"), extras=("URL", "Email Address"),
        columns={
            "NAME": "First Name", "LAST_NAME": "Last Name", "ORIGIN_ID": "URL", "WEB.OTHER": "URL", "EMAIL.WORK": "Email Address", "COMPANY": "Company",
            "POST": "Position", "CREATED": "Connected On",
        },
        dates=("%d %b %Y",),
        about=("Most rows have no e-mail address: LinkedIn exports only those that people show.", "Rows without a name are rejected."),
    ),
    Export(
        "mailchimp", "Mailchimp audience", "mailchimp", is_cased=True,
        must=("LEID", "EUID"), extras=("MEMBER_RATING", "OPTIN_TIME", "LAST_CHANGED"),
        columns={
            "ORIGIN_ID": "EUID", "EMAIL.MAILING": "Email Address", "NAME": "First Name", "LAST_NAME": "Last Name", "PHONE.WORK": "Phone Number",
            "ADDRESS": "Address", "SKIP.yearless": "Birthday", "COMMENTS": "NOTES", "TAGS": "TAGS", "CREATED": "OPTIN_TIME",
            "SKIP.ids": "LEID",
            "SKIP.work": "CONFIRM_TIME|CONFIRM_IP|OPTIN_IP|LAST_CHANGED|UNSUB_TIME|UNSUB_CAMPAIGN_TITLE|UNSUB_CAMPAIGN_ID|UNSUB_REASON|UNSUB_REASON_OTHER|"
            "CLEAN_TIME|CLEAN_CAMPAIGN_TITLE|CLEAN_CAMPAIGN_ID",
            "SKIP.numbers": "MEMBER_RATING|LATITUDE|LONGITUDE|GMTOFF|DSTOFF|TIMEZONE|CC|REGION",
        },
        varying=r"^(?:Address|Phone Number|Birthday|UNSUB_|CLEAN_)",
        about=(
            "The archive holds one file for each status; take the subscribed one. Columns UNSUB_… or CLEAN_… mean people who must not be written to.",
            "The birthday has no year there, so it is not taken. Contacts without a name are rejected.",
        ),
    ),
)  # fmt: skip
