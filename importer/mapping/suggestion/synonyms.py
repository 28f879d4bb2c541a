"""What people and systems call the columns of a contact list, by language.

Collected from the sources listed in the reference on exports; where one word means several things, `matching` decides
by what stands beside it and by the values. Compared by `header_words.key`, so case, hyphens and points do not count.
"""

from __future__ import annotations

#: names that languages share with others whose words are not known here (Telefon and Firma are Polish, Czech, Danish …, Nome is
#: Italian): they tell what a column holds, and not which country the file is from
SHARED_NAMES = (
    "telefon|telefonnummer|mobiltelefon|mobil|mobilnummer|firma|adresse|adress|land|region|titel|typ|nr|position|funktion|organisation|kommentar|kommentare|"
    "jobtitel|email|e mail|mail|fax|telefax|website|webseite|web|status|notiz|"
    "nome|telefono|provincia|cellulare|indirizzo|nom|adresse email|telefone|contacto|comercial|particular|service"
)

#: target → language → names, separated by bars
SYNONYMS: dict[str, dict[str, str]] = {
    "FULL_NAME": {
        "ru": "фио|полное имя|полное имя контакта|имя фамилия|фамилия имя|фамилия имя отчество|контактное лицо|контакт|клиент|"
              "наименование|имя клиента|фио клиента|представитель|сотрудник фио",
        "en": "name|full name|contact name|contact full name|display name|contact|person name|your name|client name|customer name|client|file as",
        "de": "vollständiger name|vor und nachname|ansprechpartner|kontaktname|name vorname",
        "es": "nombre completo|nombre y apellidos|contacto", "pt": "nome completo|contato",
        "uk": "піб|імя прізвище|контактна особа|повне імя", "kk": "аты жөні|т а ә|тегі аты әкесінің аты|байланыс тұлғасы|байланыс",
        "fr": "nom complet|nom et prénom|prénom et nom|nom prénom|interlocuteur",
    },
    "NAME": {
        "ru": "имя|имя контакта", "en": "first name|fname|given name|forename|first", "de": "vorname|rufname",
        "es": "nombre|primer nombre|nombres", "pt": "primeiro nome|nome|nome próprio", "uk": "імя", "kk": "аты|есімі",
        "fr": "prénom|prénoms|prenom",
    },
    "LAST_NAME": {
        "ru": "фамилия|фамилия контакта", "en": "last name|lname|surname|family name|last", "de": "nachname|familienname|zuname",
        "es": "apellido|apellidos|primer apellido", "pt": "sobrenome|apelido|último nome", "uk": "прізвище", "kk": "тегі",
        "fr": "nom|nom de famille",
    },
    "SECOND_NAME": {
        "ru": "отчество|отчество при наличии|второе имя", "en": "middle name|additional name|patronymic|second name",
        "de": "zweiter vorname|weitere vornamen|mittelname", "es": "segundo nombre", "pt": "nome do meio|segundo nome",
        "uk": "по батькові", "kk": "әкесінің аты",
        "fr": "deuxième prénom",
    },
    "HONORIFIC": {
        "ru": "обращение", "en": "salutation|name prefix|prefix|honorific|courtesy title", "de": "anrede|titel", "es": "saludo|tratamiento",
        "pt": "saudação|tratamento", "uk": "звернення|привітання",
        "fr": "civilité|civilite",
    },
    "POST": {
        "ru": "должность|позиция|роль|должность по визитке", "en": "job title|title|position|post|job|role|designation|occupation|organization title|function",
        "de": "position|funktion|stellung|berufsbezeichnung|jobtitel", "es": "cargo|puesto|título", "pt": "cargo|função", "uk": "посада",
        "kk": "лауазымы|лауазым|қызметі",
        "fr": "fonction|poste|intitulé du poste",
    },
    "COMPANY": {
        "ru": "компания|организация|название компании|компания контакта|контрагент|наименование организации|фирма|предприятие|место работы|"
              "юрлицо|партнер|наименование в программе",
        "en": "company|company name|account name|account|organization|organisation|organization name|organisation name|org|associated company|"
              "employer|business name|person organization",
        "de": "firma|unternehmen|firmenname|organisation|betrieb", "es": "empresa|organización|cuenta|compañía|nombre de la empresa",
        "pt": "empresa|conta|organização|razão social", "uk": "компанія|контрагент|організація|фірма",
        "kk": "компания|компания атауы|ұйым|ұйым атауы|мекеме|атауы",
        "fr": "société|societe|entreprise|raison sociale|nom de la société|compagnie",
    },
    "PHONE.WORK": {
        "ru": "телефон|номер телефона|телефон номер|тел|телефоны|контактный телефон|конт телефон|основной телефон|раб тел|рабочий телефон|"
              "рабочий прямой телефон|телефон рабочий|телефон раб|служебный телефон|офисный|телефон офисный|основной телефон организации",
        "en": "phone|phones|phone number|telephone|telephone number|phone no|tel|contact number|primary phone|contact phone|work phone|business phone|"
              "work direct phone|corporate phone|company main phone|office phone|direct phone|phone work|phone office|person phone work|person phone|work",
        "de": "telefon|tel nr|telefonnummer|rufnummer|tel gesch|tel geschäftlich|festnetz|haupttelefon|telefon geschäftlich|telefon firma|telefon büro|dienstlich",
        "es": "teléfono|telefono|número de teléfono|teléfono del trabajo|teléfono oficina|fijo trabajo",
        "pt": "telefone|fone|telefone de contato|telefone escritório|telefone comercial|comercial",
        "uk": "телефон|номер телефону|н р телефону|робочий телефон|офісний",
        "kk": "телефон|телефон нөмірі|байланыс телефоны|жұмыс телефоны",
        "fr": "téléphone|tél|numéro de téléphone|téléphone fixe|fixe|téléphone professionnel|téléphone bureau|tél professionnel",
    },
    "PHONE.MOBILE": {
        "ru": "мобильный телефон|мобильный|моб|моб тел|мобильник|сотовый|сотовый телефон|телефон переносной|телефон мобильный|личный телефон",
        "en": "mobile|mobile phone|cell|cell phone|cellular|mobile number|phone mobile|person phone mobile|iphone",
        "de": "mobiltelefon|mobil|handy|handynummer|handy nr|telefon mobil", "es": "móvil|móvil trabajo|teléfono móvil|celular",
        "pt": "celular|telemóvel|telefone móvel|telefone celular", "uk": "мобільний|мобільний телефон", "kk": "ұялы телефон|ұялы",
        "fr": "portable|téléphone portable|téléphone mobile|tél portable|tél mobile|mobile",
    },
    "PHONE.HOME": {
        "ru": "домашний телефон|телефон дом|дом тел|телефон домашний", "en": "home phone|home|phone home|person phone home",
        "de": "telefon privat|tel privat", "es": "particular|fijo particular|teléfono casa", "pt": "telefone casa|residencial", "uk": "домашній",
        "kk": "үй телефон|үй телефоны",
        "fr": "téléphone domicile|téléphone personnel",
    },
    "PHONE.FAX": {
        "ru": "факс|номер факса|рабочий факс|домашний факс|другой факс|телефон факс", "en": "fax|fax number|business fax|home fax|other fax|phone fax",
        "de": "fax|fax geschäftlich|fax privat|weiteres fax|telefon fax", "es": "fax|fax del trabajo|teléfono fax", "pt": "fax|telefone fax", "uk": "факс",
        "kk": "факс",
        "fr": "fax|télécopie|télécopieur",
    },
    "PHONE.OTHER": {
        "ru": "другой телефон|телефон дополнительно|доп телефон|дополнительный телефон|резервный телефон|телефон в машине|радиотелефон|обратный вызов",
        "en": "other phone|other phone number|other phone numbers|alternate phone|extra phone|person phone other|car phone|radio phone|callback|isdn",
        "de": "weiteres telefon|telefon andere|autotelefon", "es": "otro teléfono|teléfono otro", "pt": "telefone outro",
        "uk": "додатковий телефон|резервний н р телефону", "kk": "қосымша нөмір",
        "fr": "autre téléphone",
    },
    "PHONE.PAGER": {"ru": "пейджер|номер пейджера", "en": "pager|pager number", "de": "pager"},
    "PHONE.MAILING": {"ru": "телефон для рассылок", "en": "sms marketing phone"},
    "EMAIL.WORK": {
        "ru": "email|почта|эл почта|электронная почта|электронный адрес|адрес эл почты|адрес электронной почты|имейл|мейл|рабочий email",
        "en": "email|emails|email address|mail|email id|work email|primary email|electronic mail|person email work|person email|business email",
        "de": "email|email adresse|mail|email adresse geschäftlich|primäre email adresse", "es": "correo|correo electrónico|dirección de correo electrónico|correo trabajo",
        "pt": "correio|correio eletrônico|endereço de email", "uk": "електронна пошта|пошта|ел пошта", "kk": "электрондық пошта|э пошта|пошта",
        "fr": "courriel|email|adresse email|adresse électronique|adresse de messagerie|mél|email professionnel",
    },
    "EMAIL.HOME": {
        "ru": "личный email|частный email|личная почта", "en": "home email|personal email|private email|person email home", "de": "email privat",
        "es": "correo particular", "pt": "email pessoal", "uk": "особиста пошта",
        "fr": "email personnel|courriel personnel",
    },
    "EMAIL.OTHER": {
        "ru": "другой email|адрес 2 эл почты|адрес 3 эл почты", "en": "other email|secondary email|email 2 address|email 3 address|additional email addresses|email 2|person email other",
        "de": "email 2 adresse|email 3 adresse", "es": "dirección de correo electrónico 2", "pt": "outro email",
    },
    "EMAIL.MAILING": {"ru": "email для рассылок", "en": "newsletters email"},
    "WEB.WORK": {
        "ru": "сайт|веб сайт|веб страница|корпоративный сайт|адрес сайта", "en": "website|web|web page|website url|url|homepage|site|corporate website|www",
        "de": "webseite|homepage|internetseite", "es": "sitio web|página web|dirección web", "pt": "página", "uk": "сайт|вебсайт", "kk": "сайт|веб сайт",
        "fr": "site web|site internet",
    },
    "WEB.OTHER": {"en": "linkedin|linkedin url|person linkedin url|xing", "es": "url de linkedin", "ru": "ссылка|другой сайт"},
    "WEB.FACEBOOK": {"en": "facebook|facebook page", "ru": "страница facebook|фейсбук"},
    "WEB.VK": {"en": "vk page", "ru": "страница вконтакте|вк|вконтакте"},
    "WEB.TWITTER": {"en": "twitter", "ru": "микроблог twitter"},
    "IM.TELEGRAM": {"en": "telegram|telegram account", "ru": "контакт telegram|телеграм|телеграмм|тг"},
    "IM.SKYPE": {"en": "skype|skype id", "ru": "скайп|контакт skype"},
    "IM.VIBER": {"en": "viber|viber contact", "ru": "вайбер|контакт viber"},
    "IM.INSTAGRAM": {"en": "instagram", "ru": "инстаграм"},
    "IM.ICQ": {"en": "icq|icq number", "ru": "контакт icq"},
    "IM.JABBER": {"en": "jabber", "ru": "контакт jabber"},
    "IM.OTHER": {"en": "im|imaddress|instant messenger|person instant messenger|messenger|whatsapp", "ru": "мессенджер|вотсап|ватсап", "uk": "месенджер"},
    "BIRTHDATE": {
        "ru": "дата рождения|день рождения|др|дата рожд|рождение", "en": "birthday|birthdate|date of birth|dob|born|bday",
        "de": "geburtstag|geburtsdatum|geb|geb datum", "es": "fecha de nacimiento|cumpleaños", "pt": "data de nascimento|nascimento|aniversário",
        "uk": "дата народження|день народження", "kk": "туған күні",
        "fr": "date de naissance|anniversaire|né le",
    },
    "COMMENTS": {
        "ru": "комментарий|комментарии|примечание|примечания|заметки|заметка|описание|доп информация|дополнительно|информация",
        "en": "comments|comment|notes|note|description|remarks|about|recent note|memo|person notes", "de": "kommentar|notizen|bemerkungen|bemerkung|beschreibung|anmerkung",
        "es": "comentarios|notas|descripción|observaciones", "pt": "comentários|observações|descrição|notas", "uk": "коментар|опис|примітка|нотатки",
        "kk": "сипаттама|сипаттамасы|ескертпе|түсініктеме",
        "fr": "commentaire|commentaires|remarques|notes",
    },
    "ASSIGNED_BY": {
        "ru": "ответственный|ответственные|ответственный за контакт|менеджер|основной менеджер|куратор|сотрудник",
        "en": "contact owner|owner|assigned to|assigned user|assigned user name|responsible person|responsible user|responsible|sales owner|person owner|lead owner|manager|account owner|account manager|sales manager|sales rep",
        "de": "verantwortlich|zugewiesener benutzer|betreuer|zuständig", "es": "propietario del contacto|usuario asignado|responsable",
        "pt": "usuário designado|responsável|proprietário", "uk": "відповідальний", "kk": "жауапты",
        "fr": "propriétaire du contact|propriétaire|responsable",
    },
    "SOURCE_ID": {
        "ru": "источник|источник контакта|откуда узнал|рекламный канал|канал", "en": "source|lead source|original source|original traffic source|channel|how did you hear",
        "de": "quelle|leadquelle|herkunft", "es": "fuente|origen|toma de contacto", "pt": "origem|fonte", "uk": "джерело", "kk": "дереккөз",
        "fr": "source|origine|provenance",
    },
    "SOURCE_DESCRIPTION": {
        "ru": "дополнительно об источнике|описание источника", "en": "source information|source description|lead source detail",
        "de": "informationen zur quelle", "uk": "додатково про джерело",
    },
    "TYPE_ID": {
        "ru": "тип контакта|тип клиента|категория|статус клиента|сегмент", "en": "contact type|type|lifecycle stage|category|segment|customer type", "de": "kontakttyp|typ",
        "es": "tipo", "pt": "tipo", "uk": "тип контакту", "kk": "түрі|санаты",
        "fr": "type de contact|type|catégorie",
    },
    "ADDRESS": {
        "ru": "адрес|улица|улица дом корпус строение|фактический адрес|юридический адрес|адрес доставки|почтовый адрес|адрес проживания|домашний адрес",
        "en": "address|street|street address|address line 1|mailing street|business street|home street|other street|primary address street|alternate address street|street building|mailing address|home address|postal address",
        "de": "adresse|straße|anschrift", "es": "dirección|domicilio|calle|calle del trabajo", "pt": "endereço|rua|logradouro",
        "uk": "адреса|вулиця|адреса доставки", "kk": "мекенжай|мекенжайы|тұрғылықты мекенжайы|заңды мекенжайы",
        "fr": "adresse|rue|adresse postale",
    },
    "ADDRESS_2": {
        "ru": "квартира|квартира офис|офис|кв", "en": "address line 2|suite apartment|apartment suite|extended address|business street 2|unit",
        "de": "adresszusatz", "es": "piso|interior", "pt": "complemento", "uk": "квартира", "kk": "пәтер|кеңсе",
        "fr": "complément d'adresse",
    },
    "ADDRESS_CITY": {
        "ru": "город|населенный пункт|нас пункт", "en": "city|town|mailing city|business city|home city|other city|locality|primary address city|alternate address city",
        "de": "stadt|ort|wohnort", "es": "ciudad|ciudad de trabajo|localidad|municipio", "pt": "cidade|município", "uk": "місто|населений пункт",
        "kk": "қала|елді мекен",
        "fr": "ville|commune|localité",
    },
    "ADDRESS_REGION": {"ru": "район", "en": "county|district", "de": "kreis", "uk": "район", "kk": "аудан"},
    "ADDRESS_PROVINCE": {
        "ru": "область|регион|край", "en": "state|state province|state region|mailing state province|mailing state|province|business state|home state|region",
        "de": "bundesland|region", "es": "provincia|estado|provincia o estado de trabajo|región", "pt": "estado|uf|região", "uk": "область", "kk": "облыс",
        "fr": "région",
    },
    "ADDRESS_POSTAL_CODE": {
        "ru": "индекс|почтовый индекс|почтовый код", "en": "zip|zip code|postal code|postcode|mailing zip|mailing zip postal code|postal|zip postal code|business postal code|home postal code",
        "de": "plz|postleitzahl", "es": "código postal|c p|código postal del trabajo", "pt": "cep|código postal", "uk": "поштовий індекс|індекс", "kk": "пошта индексі|индекс",
        "fr": "code postal|cp",
    },
    "ADDRESS_COUNTRY": {
        "ru": "страна|страна регистрации|страна или регион", "en": "country|country region|mailing country|business country region|business country|home country",
        "de": "land|land region", "es": "país|país región|país o región del trabajo", "pt": "país", "uk": "країна", "kk": "ел|елі",
        "fr": "pays",
    },
    "UTM_SOURCE": {"en": "utm source|deal utm source|pd utm source"},
    "UTM_MEDIUM": {"en": "utm medium|deal utm medium|pd utm medium"},
    "UTM_CAMPAIGN": {"en": "utm campaign|deal utm campaign|pd utm campaign"},
    "UTM_CONTENT": {"en": "utm content|deal utm content|pd utm content"},
    "UTM_TERM": {"en": "utm term|deal utm term|pd utm term"},
    "ORIGIN_ID": {
        "ru": "ид|код|внешний id|идентификатор|id контакта|id клиента|код клиента|номер клиента",
        "en": "id|record id|contact id|person id|uuid|guid|external id|customer id|client id|item id auto generated|leid|euid|code|legacy id|customer number|no клиента",
        "de": "kundennummer|kunden nr|kd nr|nr", "es": "id de registro|código", "pt": "código", "uk": "код", "kk": "коды",
        "fr": "identifiant|code client|numéro client|référence client",
    },
    "TAGS": {
        "ru": "теги|метки|категории|группы|сегменты", "en": "tags|tag|labels|label|group membership|categories|lists", "de": "kategorien|stichwörter",
        "es": "etiquetas|categorías", "pt": "etiquetas|categorias", "uk": "теги|мітки", "kk": "тегтер",
        "fr": "étiquettes|catégories",
    },
    "DEPARTMENT": {
        "ru": "отдел|подразделение|департамент", "en": "department|organization department", "de": "abteilung", "es": "departamento", "pt": "departamento",
        "uk": "відділ", "kk": "бөлімі|бөлім",
        "fr": "service",
    },
    "CREATED": {
        "ru": "дата создания|создан|дата добавления", "en": "created at|created time|create date|created|date created|created date|created on", "de": "erstellt am",
        "es": "fecha de creación|creado en", "pt": "criado em", "uk": "дата створення|створений у",
        "fr": "date de création|créé le",
    },
}  # fmt: skip

#: words that are taken for this only when nothing better is there
WEAK: dict[str, str] = {
    "POST": "профессия|profession", "TYPE_ID": "status|stage|lead status|статус|estado del lead", "ADDRESS": "location", "WEB.WORK": "domain",
    "ADDRESS_COUNTRY": "cc|country code", "ORIGIN_ID": "номер|number|no",
}  # fmt: skip

#: a person of their own, marks on the neighbour, other systems' bookkeeping: never mapped
NEVER: dict[str, str] = {
    "belongs to another person": "assistants phone|asst phone|assistant phone|assistant|assistants name|assistant name|managers name|manager name|reports to|"
    "reporting to|spouse|children|referred by|телефон помощника|имя помощника|руководитель|супруг а|супруг|дети|telefon assistent|name assistent|kinder",
    "is a consent flag, which proves no consent elsewhere": "email opt out|unsubscribed|subscription status|subscription types|marketing status|do not call|подписан на рассылку|"
    "unsubscribed from all email|marketing contact status|has opted out of email|double opt in|person marketing status|person double opt in|email status",
    "says something of its neighbour": "email type|email 2 type|email 3 type|email display name|email 2 display name|email 3 display name|тип эл почты|"
    "тип 2 эл почты|тип 3 эл почты|краткое имя эл почты|краткое 2 имя эл почты|краткое 3 имя эл почты",
    "says who or when somebody worked on the record": "created by|modified by|updated by|updated at|modified at|modified time|date modified|last modified date|last activity|"
    "last activity date|last activity time|last contacted|кем создан|кем создан контакт|кем изменен|кем редактирован|дата изменения|дата редактирования|geändert am|"
    "última actividad|modificado em|змінений у|ближайшая задача",
    "counts or names deals, which are not contacts": "сделки|deals|open deals|leads|associated deal",
    "is no name of the contact": "file name|user name|username|login|имя файла|логин|nickname|name suffix|suffix|initials|maiden name|суффикс|инициалы",
    "is filled with the same constant in every row": "billing information|mileage|private|priority|sensitivity|directory server|частное|важность|пометка",
}
