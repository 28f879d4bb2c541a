"""Header rows of other systems' exports, verbatim, by the id of the ready mapping. Facts only; no row of any real file."""

from __future__ import annotations

_OUTLOOK_EN = (
    "Title, First Name, Middle Name, Last Name, Suffix, Company, Department, Job Title, Business Street, Business Street 2, Business Street 3, Business City, "
    "Business State, Business Postal Code, Business Country/Region, Home Street, Home Street 2, Home Street 3, Home City, Home State, Home Postal Code, "
    "Home Country/Region, Other Street, Other Street 2, Other Street 3, Other City, Other State, Other Postal Code, Other Country/Region, Assistant's Phone, "
    "Business Fax, Business Phone, Business Phone 2, Callback, Car Phone, Company Main Phone, Home Fax, Home Phone, Home Phone 2, ISDN, Mobile Phone, Other Fax, "
    "Other Phone, Pager, Primary Phone, Radio Phone, TTY/TDD Phone, Telex, Account, Anniversary, Assistant's Name, Billing Information, Birthday, "
    "Business Address PO Box, Categories, Children, Directory Server, E-mail Address, E-mail Type, E-mail Display Name, E-mail 2 Address, E-mail 2 Type, "
    "E-mail 2 Display Name, E-mail 3 Address, E-mail 3 Type, E-mail 3 Display Name, Gender, Government ID Number, Hobby, Home Address PO Box, Initials, "
    "Internet Free Busy, Keywords, Language, Location, Manager's Name, Mileage, Notes, Office Location, Organizational ID Number, Other Address PO Box, Priority, "
    "Private, Profession, Referred By, Sensitivity, Spouse, User 1, User 2, User 3, User 4, Web Page"
)
# The double spaces are Outlook's own.
_OUTLOOK_RU = (
    "Обращение, Имя, Отчество, Фамилия, Суффикс, Организация, Отдел, Должность, Улица (раб. адрес), Улица 2 (раб. адрес), Улица 3 (раб. адрес), Город (раб. адрес), "
    "Область (раб. адрес), Индекс (раб. адрес), Страна или регион (раб. адрес), Улица (дом. адрес), Улица 2 (дом. адрес), Улица 3 (дом. адрес), Город (дом. адрес), "
    "Область (дом. адрес), Почтовый код (дом.), Страна или регион (дом. адрес), Улица (другой адрес), Улица  2 (другой адрес), Улица  3 (другой адрес), "
    "Город  (другой адрес), Область  (другой адрес), Индекс  (другой адрес), Страна или регион  (другой адрес), Телефон помощника, Рабочий факс, Рабочий телефон, "
    "Телефон раб. 2, Обратный вызов, Телефон в машине, Основной телефон организации, Домашний факс, Домашний телефон, Телефон дом. 2, ISDN, Телефон переносной, "
    "Другой факс, Другой телефон, Пейджер, Основной телефон, Радиотелефон, Телетайп/телефон с титрами, Телекс, Важность, Веб-страница, Годовщина, День рождения, Дети, "
    "Заметки, Имя помощника, Инициалы, Категории, Ключевые слова, Код организации, Личный номер, Отложено, Пол, Пользователь 1, Пользователь 2, Пользователь 3, "
    "Пользователь 4, Пометка, Почтовый ящик (дом. адрес), Почтовый ящик (другой адрес), Почтовый ящик (раб. адрес), Профессия, Расположение, Расположение комнаты, "
    "Расстояние, Руководитель, Сведения о доступности в Интернете, Сервер каталогов, Супруг(а), Счет, Счета, Хобби, Частное, Адрес эл. почты, Тип эл. почты, "
    "Краткое имя эл. почты, Адрес 2 эл. почты, Тип 2 эл. почты, Краткое 2 имя эл. почты, Адрес 3 эл. почты, Тип 3 эл. почты, Краткое 3 имя эл. почты, Язык"
)
_OUTLOOK_DE = (
    "Anrede, Vorname, Weitere Vornamen, Nachname, Suffix, Firma, Abteilung, Position, Straße geschäftlich, Straße geschäftlich 2, Straße geschäftlich 3, Ort geschäftlich, "
    "Region geschäftlich, Postleitzahl geschäftlich, Land/Region geschäftlich, Straße privat, Straße privat 2, Straße privat 3, Ort privat, Bundesland/Kanton privat, "
    "Postleitzahl privat, Land/Region privat, Weitere Straße, Weitere Straße 2, Weitere Straße 3, Weiterer Ort, Weiteres/r Bundesland/Kanton, Weitere Postleitzahl, "
    "Weiteres/e Land/Region, Telefon Assistent, Fax geschäftlich, Telefon geschäftlich, Telefon geschäftlich 2, Rückmeldung, Autotelefon, Telefon Firma, Fax privat, "
    "Telefon privat, Telefon privat 2, ISDN, Mobiltelefon, Weiteres Fax, Weiteres Telefon, Pager, Haupttelefon, Mobiltelefon 2, Telefon für Hörbehinderte, Telex, "
    "Abrechnungsinformation, Benutzer 1, Benutzer 2, Benutzer 3, Benutzer 4, E-Mail-Adresse, E-Mail: Angezeigter Name, E-Mail 2: Adresse, Geburtstag, Geschlecht, Notizen, Webseite"
)
_GOOGLE_OUTLOOK = (
    "First Name, Middle Name, Last Name, Title, Suffix, Initials, Web Page, Gender, Birthday, Anniversary, Location, Language, Internet Free Busy, Notes, E-mail Address, "
    "E-mail 2 Address, E-mail 3 Address, Primary Phone, Home Phone, Home Phone 2, Mobile Phone, Pager, Home Fax, Home Address, Home Street, Home Street 2, Home Street 3, "
    "Home Address PO Box, Home City, Home State, Home Postal Code, Home Country, Spouse, Children, Manager's Name, Assistant's Name, Referred By, Company Main Phone, "
    "Business Phone, Business Phone 2, Business Fax, Assistant's Phone, Company, Job Title, Department, Office Location, Organizational ID Number, Profession, Account, "
    "Business Address, Business Street, Business Street 2, Business Street 3, Business Address PO Box, Business City, Business State, Business Postal Code, "
    "Business Country, Other Phone, Other Fax, Other Address, Other Street, Other Street 2, Other Street 3, Other Address PO Box, Other City, Other State, "
    "Other Postal Code, Other Country, Callback, Car Phone, ISDN, Radio Phone, TTY/TDD Phone, Telex, User 1, User 2, User 3, User 4, Keywords, Mileage, Hobby, "
    "Billing Information, Directory Server, Sensitivity, Priority, Private, Categories"
)
_OUTLOOK_WEB = (
    "First Name, Middle Name, Last Name, Title, Suffix, Nickname, Given Yomi, Surname Yomi, E-mail Address, E-mail 2 Address, E-mail 3 Address, Home Phone, Home Phone 2, "
    "Business Phone, Business Phone 2, Mobile Phone, Car Phone, Other Phone, Primary Phone, Pager, Business Fax, Home Fax, Other Fax, Company Main Phone, Callback, "
    "Radio Phone, Telex, TTY/TDD Phone, IMAddress, Job Title, Department, Company, Office Location, Manager's Name, Assistant's Name, Assistant's Phone, Company Yomi, "
    "Business Street, Business City, Business State, Business Postal Code, Business Country/Region, Home Street, Home City, Home State, Home Postal Code, "
    "Home Country/Region, Other Street, Other City, Other State, Other Postal Code, Other Country/Region, Personal Web Page, Spouse, Schools, Hobby, Location, Web Page, "
    "Birthday, Anniversary, Notes"
)
_GOOGLE_2024 = (
    "First Name, Middle Name, Last Name, Phonetic First Name, Phonetic Middle Name, Phonetic Last Name, Name Prefix, Name Suffix, Nickname, File As, Organization Name, "
    "Organization Title, Organization Department, Birthday, Notes, Photo, Labels, E-mail 1 - Label, E-mail 1 - Value, E-mail 2 - Label, E-mail 2 - Value, Phone 1 - Label, "
    "Phone 1 - Value, Phone 2 - Label, Phone 2 - Value, Address 1 - Label, Address 1 - Formatted, Address 1 - Street, Address 1 - City, Address 1 - PO Box, "
    "Address 1 - Region, Address 1 - Postal Code, Address 1 - Country, Address 1 - Extended Address, Website 1 - Label, Website 1 - Value"
)
_GOOGLE_OLD = (
    "Name, Given Name, Additional Name, Family Name, Yomi Name, Given Name Yomi, Additional Name Yomi, Family Name Yomi, Name Prefix, Name Suffix, Initials, Nickname, "
    "Short Name, Maiden Name, Birthday, Gender, Location, Billing Information, Directory Server, Mileage, Occupation, Hobby, Sensitivity, Priority, Subject, Notes, Language, "
    "Photo, Group Membership, E-mail 1 - Type, E-mail 1 - Value, Phone 1 - Type, Phone 1 - Value, Phone 2 - Type, Phone 2 - Value, Organization 1 - Type, "
    "Organization 1 - Name, Organization 1 - Yomi Name, Organization 1 - Title, Organization 1 - Department, Organization 1 - Symbol, Organization 1 - Location, "
    "Organization 1 - Job Description"
)
_SALESFORCE_API = (
    "Id, IsDeleted, MasterRecordId, AccountId, LastName, FirstName, Salutation, Name, OtherStreet, OtherCity, OtherState, OtherPostalCode, OtherCountry, MailingStreet, "
    "MailingCity, MailingState, MailingPostalCode, MailingCountry, Phone, Fax, MobilePhone, HomePhone, OtherPhone, AssistantPhone, ReportsToId, Email, Title, Department, "
    "AssistantName, LeadSource, Birthdate, Description, OwnerId, CreatedDate, CreatedById, LastModifiedDate, LastModifiedById, SystemModstamp, LastActivityDate, "
    "LastCURequestDate, LastCUUpdateDate, LastViewedDate, LastReferencedDate, EmailBouncedReason, EmailBouncedDate, IsEmailBounced, PhotoUrl, Jigsaw, JigsawContactId"
)
_PIPEDRIVE = "|".join(
    f"Person - {name}"
    for name in "ID|Name|First name|Last name|Organization|Phone - Work|Phone - Mobile|Email - Work|Email - Home|Labels|Owner|Person created|Open deals".split("|")
).replace("|", ", ")
_ZOHO = (
    "Record Id, Contact Owner.id, Contact Owner, Lead Source, First Name, Last Name, Account Name.id, Account Name, Vendor Name.id, Vendor Name, Email, Title, Department, "
    "Phone, Mobile, Created By.id, Created By, Modified By.id, Modified By, Created Time, Modified Time, Contact Name, Mailing Street, Other Street, Mailing City, Other City, "
    "Mailing State, Other State, Mailing Zip, Other Zip, Mailing Country, Other Country, Description, Email Opt Out, Salutation, Last Activity Time, Tag, Reporting To.id, "
    "Reporting To, Unsubscribed Mode, Unsubscribed Time, Change Log Time, First Visit, Visitor Score, Referrer, Average Time Spent (Minutes), Most Recent Visit, "
    "First Page Visited, Number Of Chats, Days Visited, Locked, Last Enriched Time, Enrich Status"
)
_AMO_PHONES = "Рабочий телефон, Рабочий прямой телефон, Мобильный телефон, Факс, Домашний телефон, Другой телефон, Рабочий email, Личный email, Другой email"
_AMO_CONTACTS = (
    "ID, Тип, Полное имя контакта, Имя, Фамилия, Название компании, Ответственный, Дата создания контакта, Кем создан контакт, Сделки, Дата редактирования, Кем редактирован, "
    f"Теги, Примечание 1, Примечание 2, Примечание 3, Примечание 4, Примечание 5, {_AMO_PHONES}, Web, Адрес, Город, Источник, Должность"
)
_AMO_DEALS = (
    "ID, Название сделки, Бюджет, Ответственный, Дата создания сделки, Кем создана сделка, Дата редактирования, Кем редактирована, Дата закрытия, Теги, Примечание, "
    "Примечание 2, Примечание 3, Примечание 4, Примечание 5, Этап сделки, Воронка, Полное имя контакта, Компания контакта, Ответственный за контакт, Компания, "
    f"{_AMO_PHONES}, Должность, Товар, Товар, utm_source, utm_medium, utm_campaign, utm_term, utm_content, _ym_uid, roistat"
)
_BITRIX_TYPED = {
    "ru": "Рабочий телефон, Мобильный телефон, Номер факса, Домашний телефон, Номер пейджера, Телефон для рассылок, Другой телефон, Корпоративный сайт, Личная страница, "
    "Страница Facebook, Страница ВКонтакте, Страница LiveJournal, Микроблог Twitter, Другой сайт, Рабочий e-mail, Частный e-mail, E-mail для рассылок, Другой e-mail, "
    "Контакт Facebook, Контакт Telegram, Контакт ВКонтакте, Контакт Skype, Контакт Viber, Комментарии Instagram, Контакт Битрикс24.Network, Онлайн-чат, "
    "Контакт Открытая линия, Контакт ICQ, Контакт MSN/Live!, Контакт Jabber, Другой контакт",
    "en": "Work Phone, Mobile, Fax, Home Phone, Pager Number, SMS marketing phone, Other Phone Number, Corporate Website, Personal Page, Facebook Page, VK Page, LiveJournal, "
    "Twitter, Other Website, Work E-mail, Home E-mail, Newsletters email, Other E-mail, Facebook account, Telegram account, VK account, Skype ID, Viber contact, "
    "Instagram comments, Bitrix24.Network account, Live Chat, Open Channel account, ICQ Number, MSN/Live!, Jabber, Other Contact",
}
_BITRIX_RU = (
    "ID, Фотография, Обращение, Имя, Фамилия, Отчество, Дата рождения, Должность, Компания, Тип контакта, Ответственный, Телефон, E-mail, Сайт, Мессенджер, "
    f"{_BITRIX_TYPED['ru']}, Комментарий, Источник, Дополнительно об источнике, Экспорт, Кем создан, Дата создания, Кем изменен, Дата изменения"
)
_BITRIX_EN = (
    "ID; Salutation; First Name; Last Name; Middle Name; First and Last Names; Date of birth; Photo; Company; Responsible person; "
    f"{_BITRIX_TYPED['en']}, Position, Comment, Contact Type, Source, Source information, Included in export, Available to everyone".replace(", ", "; ")
)
_SUITE = (
    "Last Name, First Name, ID, Salutation, Title, Department, Account Name, Email Address, Non Primary E-mails, Phone Mobile, Phone Work, Phone Home, Phone Other, Phone Fax, "
    "Primary Address Street, Primary Address City, Primary Address State, Primary Address Postal Code, Primary Address Country, Alternate Address Street, "
    "Alternate Address City, Alternate Address State, Alternate Address Postal Code, Alternate Address Country, Description, Birthdate, Lead Source, campaign_id, Do Not Call, "
    "Portal Name, Portal Active, Portal Application, Reports to ID, Assistant, Assistant Phone, Picture, Assigned User Name, Assigned User ID, Date Created, Date Modified, "
    "Modified By, Created By, Deleted"
)
_ESPO = (
    "id, name, salutationName, firstName, lastName, accountId, accountName, accountRole, description, emailAddress, emailAddressData, emailAddressIsOptedOut, phoneNumber, "
    "phoneNumberData, phoneNumberIsOptedOut, doNotCall, addressStreet, addressCity, addressState, addressCountry, addressPostalCode, createdAt, modifiedAt, createdById, "
    "createdByName, modifiedById, modifiedByName, assignedUserId, assignedUserName"
)
_FRESH = (
    "Id, First name, Last name, Emails, Job title, Work phone, Mobile, Account, Account id, Sales owner, Sales owner id, Lifecycle stage, Status, Subscription status, Time zone, "
    "Address, City, State, Zipcode, Country, LinkedIn, Source, Campaign, Tags, Last contacted mode, Recent note, Created at, Updated at"
)
_APOLLO = (
    "First Name, Last Name, Title, Company Name, Company Name for Emails, Email, Email Status, Seniority, Departments, Contact Owner, Work Direct Phone, Home Phone, Mobile Phone, "
    "Corporate Phone, Other Phone, Stage, Lists, Last Contacted, Account Owner, # Employees, Industry, Keywords, Person Linkedin Url, Website, Company Linkedin Url, City, State, "
    "Country, Company Address, Company City, Company State, Company Country, Company Phone, Technologies, Annual Revenue"
)
_MAILCHIMP = (
    "Email Address, First Name, Last Name, Address, Phone Number, Birthday, MEMBER_RATING, OPTIN_TIME, OPTIN_IP, CONFIRM_TIME, CONFIRM_IP, LATITUDE, LONGITUDE, GMTOFF, DSTOFF, "
    "TIMEZONE, CC, REGION, LAST_CHANGED, LEID, EUID, NOTES, TAGS"
)

_TEXTS = {
    "google-2024": _GOOGLE_2024, "google-old": _GOOGLE_OLD, "google-outlook": _GOOGLE_OUTLOOK, "outlook-en": _OUTLOOK_EN, "outlook-ru": _OUTLOOK_RU, "outlook-de": _OUTLOOK_DE,
    "outlook-web": _OUTLOOK_WEB, "linkedin": "First Name, Last Name, URL, Email Address, Company, Position, Connected On", "mailchimp": _MAILCHIMP,
    "hubspot": "Record ID, First Name, Last Name, Email, Phone Number, Contact owner, Lead Status, Create Date, Job Title, Associated Company, Associated Company IDs, Lifecycle Stage, "
    "Original Source, City, Country/Region",
    "hubspot-es": "ID de registro, Nombre, Apellidos, Correo, Número de teléfono, Propietario del contacto, Estado del lead, Fecha de creación, Cargo, Ciudad, País/región, "
    "Associated Company IDs (Primary)",
    "salesforce-report": "Salutation, First Name, Last Name, Title, Account Name, Mailing Street, Mailing City, Mailing State/Province, Mailing Zip/Postal Code, Mailing Country, Phone, "
    "Mobile, Email, Birthdate, Lead Source, Description, Email Opt Out, Contact Owner, Contact ID",
    "salesforce-api": _SALESFORCE_API, "pipedrive": _PIPEDRIVE, "zoho": _ZOHO, "suitecrm": _SUITE, "espocrm": _ESPO, "freshsales": _FRESH, "apollo": _APOLLO,
    "monday": "Name, Subitems, Email, Phone, Company, Title, Status, Item ID (auto generated)",
    "amocrm-contacts-ru": _AMO_CONTACTS, "amocrm-deals-ru": _AMO_DEALS, "bitrix24-ru": _BITRIX_RU,
    "1c-counterparties": "Наименование в программе, Полное наименование, ИНН, КПП, Код, Вид контрагента, Это группа, Входит в группу, Контактное лицо, Телефон, Email, "
    "Юридический адрес, Фактический адрес, Комментарий",
}  # fmt: skip

#: id of the ready mapping → names of the columns, in the file's order
HEADERS = {system: text.split(", ") for system, text in _TEXTS.items()}
HEADERS["bitrix24-en"] = _BITRIX_EN.split("; ")
HEADERS["bitrix24-codes"] = (
    "NAME;LAST_NAME;SECOND_NAME;PHONE_WORK;PHONE_MOBILE;PHONE_FAX;PHONE_HOME;PHONE_PAGER;PHONE_OTHER;WEB_WORK;WEB_HOME;WEB_FACEBOOK;WEB_LIVEJOURNAL;WEB_TWITTER;WEB_OTHER;"
    "EMAIL_WORK;EMAIL_HOME;EMAIL_OTHER;IM_ICQ;IM_SKYPE;IM_JABBER;IM_MSN;IM_OTHER;POST;ADDRESS;COMMENTS;TYPE_ID;SOURCE_ID;SOURCE_DESCRIPTION"
).split(";")
