"""What stands in the columns of each sample export: a pattern over a person of `export_people`; columns not named stay empty."""

from __future__ import annotations

_ENGLISH_OUTLOOK = {
    "Title": "{sir}", "First Name": "{first}", "Middle Name": "{middle}", "Last Name": "{last}", "Company": "{company}", "Job Title": "{post}", "Notes": "{note}",
    "Mobile Phone": "{mobile}", "Business Phone": "{work}", "Home Phone": "{home}", "E-mail Address": "{email}", "E-mail 2 Address": "{email2}", "Birthday": "{born_us}",
    "Business Street": "{street}", "Business City": "{city}", "Business State": "{state}", "Business Postal Code": "{zip}", "Business Country/Region": "{country}",
    "Business Country": "{country}", "Categories": "myContacts;Clients",
}
# What Outlook itself writes into every row.
_CONSTANTS = {"Gender": "Unspecified", "Priority": "Normal", "Private": "False", "Sensitivity": "Normal", "E-mail Type": "SMTP", "Anniversary": "0/0/00", "Initials": "X.X."}
_SALESFORCE = {
    "Salutation": "{sir}", "Title": "{post}", "Account Name": "{company}", "Phone": "{work}", "Mobile": "{mobile}", "Email": "{email}", "Lead Source": "{source}",
    "Description": "{note}", "First Name": "{first}", "Last Name": "{last}",
}
_AMO = {
    "Полное имя контакта": "{first} {last}", "Рабочий телефон": "{work}", "Мобильный телефон": "{mobile}", "Домашний телефон": "{home}", "Рабочий email": "{email}",
    "Личный email": "{email2}", "Должность": "{post}", "Теги": "клиент, чай",
}
_BITRIX = {
    "ru": {
        "ID": "{id}", "Обращение": "{sir}", "Имя": "{first}", "Фамилия": "{last}", "Отчество": "{middle}", "Дата рождения": "{born_ru}", "Должность": "{post}",
        "Компания": "{company}", "Тип контакта": "Клиенты", "Ответственный": "{owner}", "Телефон": "{mobile}", "E-mail": "{email}", "Рабочий телефон": "{work}",
        "Мобильный телефон": "{mobile}", "Домашний телефон": "{home}", "Рабочий e-mail": "{email}", "Частный e-mail": "{email2}", "Комментарий": "{note}",
        "Источник": "{source}", "Экспорт": "да", "Кем создан": "Иван Петров", "Дата создания": "14.03.2025 10:20:00", "Дата изменения": "02.04.2025 09:00:00",
    },
}  # fmt: skip

#: id of the ready mapping → column → pattern
CELLS: dict[str, dict[str, str]] = {
    "google-2024": {
        "First Name": "{first}", "Middle Name": "{middle}", "Last Name": "{last}", "Organization Name": "{company}", "Organization Title": "{post}", "Birthday": "{born_iso}",
        "Notes": "{note}", "Labels": "Clients ::: * myContacts", "E-mail 1 - Label": "* Work", "E-mail 1 - Value": "{email}", "E-mail 2 - Label": "Home",
        "E-mail 2 - Value": "{email2}", "Phone 1 - Label": "Mobile", "Phone 1 - Value": "{mobile}", "Phone 2 - Label": "Work", "Phone 2 - Value": "{work}",
        "Address 1 - Label": "Work", "Address 1 - Street": "{street}", "Address 1 - City": "{city}", "Address 1 - Region": "{state}", "Address 1 - Postal Code": "{zip}",
        "Address 1 - Country": "{country}",
    },
    "google-old": {
        "Name": "{full}", "Given Name": "{first}", "Additional Name": "{middle}", "Family Name": "{last}", "Birthday": "{born_iso}", "Notes": "{note}",
        "Group Membership": "Clients ::: * myContacts", "E-mail 1 - Type": "* Work", "E-mail 1 - Value": "{email}", "Phone 1 - Type": "Mobile", "Phone 1 - Value": "{mobile}",
        "Phone 2 - Type": "Home", "Phone 2 - Value": "{home}", "Organization 1 - Name": "{company}", "Organization 1 - Title": "{post}",
    },
    "google-outlook": {key: text for key, text in _ENGLISH_OUTLOOK.items() if key != "Title"},
    "outlook-en": _ENGLISH_OUTLOOK | _CONSTANTS | {"Birthday": "{born_us}", "E-mail Display Name": "{full} ({email})"},
    "outlook-web": _ENGLISH_OUTLOOK | {"Categories": ""},
    "outlook-ru": {
        "Имя": "{first}", "Отчество": "{middle}", "Фамилия": "{last}", "Организация": "{company}", "Должность": "{post}", "Улица (раб. адрес)": "{street}",
        "Город (раб. адрес)": "{city}", "Область (раб. адрес)": "{state}", "Индекс (раб. адрес)": "{zip}", "Страна или регион (раб. адрес)": "{country}",
        "Рабочий телефон": "{work}", "Телефон переносной": "{mobile}", "Домашний телефон": "{home}", "День рождения": "{born_ru}", "Заметки": "{note}",
        "Адрес эл. почты": "{email}", "Адрес 2 эл. почты": "{email2}", "Тип эл. почты": "SMTP", "Важность": "Обычная", "Пол": "Не указан", "Частное": "Ложь", "Годовщина": "0.0.00",
    },
    "outlook-de": {
        "Anrede": "{sir}", "Vorname": "{first}", "Weitere Vornamen": "{middle}", "Nachname": "{last}", "Firma": "{company}", "Position": "{post}", "Straße geschäftlich": "{street}",
        "Ort geschäftlich": "{city}", "Postleitzahl geschäftlich": "{zip}", "Land/Region geschäftlich": "{country}", "Telefon geschäftlich": "{work}", "Mobiltelefon": "{mobile}",
        "Telefon privat": "{home}", "E-Mail-Adresse": "{email}", "Geburtstag": "{born_ru}", "Geschlecht": "Keine Angabe", "Notizen": "{note}",
    },
    "linkedin": {
        "First Name": "{first}", "Last Name": "{last}", "URL": "https://www.linkedin.com/in/example-{id}", "Company": "{company}", "Position": "{post}", "Connected On": "12 Mar 2024",
    },
    "mailchimp": {
        "Email Address": "{email}", "First Name": "{first}", "Last Name": "{last}", "Address": "{street}  {city}", "Phone Number": "{mobile}", "Birthday": "{born_md}",
        "MEMBER_RATING": "3", "OPTIN_TIME": "2024-05-02 09:14:00", "OPTIN_IP": "192.0.2.7", "CC": "GB", "LEID": "88{id}", "EUID": "a1b2c3{id}", "NOTES": "{note}",
        "TAGS": '"Newsletter","Tea"', "LAST_CHANGED": "2025-01-09 11:00:00",
    },
    "hubspot": {
        "Record ID": "77{id}", "First Name": "{first}", "Last Name": "{last}", "Email": "{email}", "Phone Number": "{work}", "Contact owner": "{owner}", "Lead Status": "New",
        "Create Date": "2024-02-03 10:15", "Job Title": "{post}", "Associated Company": "{company}", "Associated Company IDs": "90{id}", "Lifecycle Stage": "Customer",
        "Original Source": "{source}", "City": "{city}", "Country/Region": "{country}",
    },
    "hubspot-es": {
        "ID de registro": "78{id}", "Nombre": "{first}", "Apellidos": "{last}", "Correo": "{email}", "Número de teléfono": "{mobile}", "Propietario del contacto": "{owner}",
        "Estado del lead": "Nuevo", "Fecha de creación": "2024-02-03 10:15", "Cargo": "{post}", "Ciudad": "{city}", "País/región": "{country}",
    },
    "salesforce-report": _SALESFORCE | {
        "Mailing Street": "{street}", "Mailing City": "{city}", "Mailing State/Province": "{state}", "Mailing Zip/Postal Code": "{zip}", "Mailing Country": "{country}",
        "Birthdate": "{born_us}", "Email Opt Out": "0", "Contact Owner": "{owner}", "Contact ID": "0031x00000a{id}",
    },
    "salesforce-api": {
        "Id": "0031x00000a{id}QAA", "IsDeleted": "false", "AccountId": "0011x00000b{id}QAA", "LastName": "{last}", "FirstName": "{first}", "Salutation": "{sir}", "Name": "{first} {last}",
        "MailingStreet": "{street}", "MailingCity": "{city}", "MailingState": "{state}", "MailingPostalCode": "{zip}", "MailingCountry": "{country}", "Phone": "{work}",
        "MobilePhone": "{mobile}", "HomePhone": "{home}", "Email": "{email}", "Title": "{post}", "LeadSource": "{source}", "Birthdate": "{born_iso}", "Description": "{note}",
        "OwnerId": "0051x00000c0001QAA", "CreatedDate": "2023-05-06T07:08:09.000Z", "SystemModstamp": "2024-01-02T03:04:05.000Z", "IsEmailBounced": "false",
    },
    "pipedrive": {
        "Person - ID": "{id}", "Person - Name": "{first} {last}", "Person - First name": "{first}", "Person - Last name": "{last}", "Person - Organization": "{company}",
        "Person - Phone - Work": "{work}", "Person - Phone - Mobile": "{mobile}", "Person - Email - Work": "{email}", "Person - Email - Home": "{email2}",
        "Person - Labels": "Customer", "Person - Owner": "{owner}", "Person - Person created": "2024-03-04 05:06:07", "Person - Open deals": "1",
    },
    "zoho": {
        "Record Id": "zcrm_44200000{id}", "Contact Owner.id": "zcrm_4420000000001", "Contact Owner": "{owner}", "Lead Source": "{source}", "First Name": "{first}", "Last Name": "{last}",
        "Account Name.id": "zcrm_44300000{id}", "Account Name": "{company}", "Email": "{email}", "Title": "{post}", "Phone": "{work}", "Mobile": "{mobile}",
        "Created Time": "2024-03-04 05:06:07", "Modified Time": "2024-03-05 05:06:07", "Contact Name": "{first} {last}", "Mailing Street": "{street}", "Mailing City": "{city}",
        "Mailing State": "{state}", "Mailing Zip": "{zip}", "Mailing Country": "{country}", "Description": "{note}", "Email Opt Out": "false", "Salutation": "{sir}",
        "Tag": "tea,retail", "Locked": "false",
    },
    "suitecrm": {
        "Last Name": "{last}", "First Name": "{first}", "ID": "5f0c8a1e-0000-4000-8000-00000000{id}", "Salutation": "{sir}", "Title": "{post}", "Account Name": "{company}",
        "Email Address": "{email}", "Non Primary E-mails": "{email2}", "Phone Mobile": "{mobile}", "Phone Work": "{work}", "Phone Home": "{home}", "Primary Address Street": "{street}",
        "Primary Address City": "{city}", "Primary Address State": "{state}", "Primary Address Postal Code": "{zip}", "Primary Address Country": "{country}", "Description": "{note}",
        "Birthdate": "{born_iso}", "Lead Source": "{source}", "Do Not Call": "0", "Assigned User Name": "{owner}", "Assigned User ID": "1", "Date Created": "03/04/2024 05:06",
        "Deleted": "0",
    },
    "espocrm": {
        "id": "64f0c0ffee000{id}", "name": "{first} {last}", "salutationName": "{sir}", "firstName": "{first}", "lastName": "{last}", "accountId": "64f0c0ffee9990001", "accountName": "{company}",
        "accountRole": "{post}", "description": "{note}", "emailAddress": "{email}", "phoneNumber": "'{mobile}", "addressStreet": "{street}", "addressCity": "{city}",
        "addressState": "{state}", "addressCountry": "{country}", "addressPostalCode": "{zip}", "createdAt": "2024-03-04 05:06:07", "assignedUserId": "1", "assignedUserName": "{owner}",
    },
    "freshsales": {
        "Id": "1500{id}", "First name": "{first}", "Last name": "{last}", "Emails": "{email};{email2}", "Job title": "{post}", "Work phone": "{work}", "Mobile": "{mobile}",
        "Account": "{company}", "Sales owner": "{owner}", "Lifecycle stage": "Customer", "Status": "Won", "Address": "{street}", "City": "{city}", "State": "{state}",
        "Zipcode": "{zip}", "Country": "{country}", "Source": "{source}", "Campaign": "spring", "Tags": "tea;retail", "Recent note": "{note}", "Created at": "2024-03-04 05:06:07",
    },
    "monday": {"Name": "{first} {last}", "Email": "{email}", "Phone": "{mobile}", "Company": "{company}", "Title": "{post}", "Status": "Working on it", "Item ID (auto generated)": "55500{id}"},
    "apollo": {
        "First Name": "{first}", "Last Name": "{last}", "Title": "{post}", "Company Name": "{company}", "Email": "{email}", "Email Status": "Verified", "Contact Owner": "{owner}",
        "Work Direct Phone": "{work}", "Mobile Phone": "'{mobile}", "Stage": "Cold", "Lists": "Tea", "# Employees": "40", "Industry": "food", "City": "{city}", "State": "{state}",
        "Person Linkedin Url": "http://www.linkedin.com/in/example-{id}", "Website": "http://www.example.com", "Country": "{country}",
    },
    "amocrm-contacts-ru": _AMO | {
        "ID": "31{id}", "Тип": "контакт", "Имя": "", "Фамилия": "", "Название компании": "{company}", "Ответственный": "{owner}", "Дата создания контакта": "14.03.2025 10:20:00",
        "Кем создан контакт": "{owner}", "Примечание 1": "{note}", "Город": "{city}", "Источник": "{source}", "Адрес": "{street}",
    },
    "amocrm-deals-ru": _AMO | {
        "ID": "99{id}", "Название сделки": "Поставка чая №{id}", "Бюджет": "45000", "Ответственный": "{owner}", "Дата создания сделки": "14.03.2025 10:20:00", "Этап сделки": "Переговоры",
        "Воронка": "Основная", "Компания контакта": "{company}", "Ответственный за контакт": "{owner}", "Примечание": "{note}", "utm_source": "yandex", "utm_medium": "cpc",
    },
    "bitrix24-ru": _BITRIX["ru"],
    "bitrix24-en": {
        "ID": "{id}", "First Name": "{first}", "Last Name": "{last}", "Middle Name": "{middle}", "Date of birth": "{born_us}", "Company": "{company}", "Responsible person": "{owner}",
        "Work Phone": "{work}", "Mobile": "{mobile}", "Work E-mail": "{email}", "Home E-mail": "{email2}", "Position": "{post}", "Comment": "{note}", "Included in export": "Yes",
        "Available to everyone": "Yes",
    },
    "bitrix24-codes": {
        "NAME": "{first}", "LAST_NAME": "{last}", "SECOND_NAME": "{middle}", "PHONE_WORK": "{work}", "PHONE_MOBILE": "{mobile}", "EMAIL_WORK": "{email}", "EMAIL_HOME": "{email2}",
        "POST": "{post}", "COMMENTS": "{note}", "TYPE_ID": "CLIENT", "SOURCE_ID": "{source}", "ADDRESS": "{street}",
    },
    "1c-counterparties": {
        "Наименование в программе": "{company}", "Полное наименование": "{company}", "ИНН": "0000000{id}", "КПП": "000001001", "Код": "00-000{id}", "Вид контрагента": "Юридическое лицо",
        "Это группа": "Нет", "Входит в группу": "Покупатели", "Контактное лицо": "{last} {first} {middle}", "Телефон": "{work}, {mobile}", "Email": "{email}",
        "Фактический адрес": "{zip} {city} {street}", "Комментарий": "{note}",
    },
}  # fmt: skip
