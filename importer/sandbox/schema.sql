-- The sandbox portal's memory. Column names are the portal's field names in lower case; dates are kept as the
-- portal prints them, in its one zone, so that they sort as text. Nothing here belongs to one API door.

CREATE TABLE IF NOT EXISTS contact (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,   -- ids are never given twice, as on the portal
    honorific           TEXT,                                -- STATUS_ID of the directory HONORIFIC
    name                TEXT,
    second_name         TEXT,
    last_name           TEXT,
    photo               INTEGER,                             -- file.id
    birthdate           TEXT,
    type_id             TEXT,
    source_id           TEXT,
    source_description  TEXT,
    post                TEXT,
    address             TEXT,
    address_2           TEXT,
    address_city        TEXT,
    address_postal_code TEXT,
    address_region      TEXT,
    address_province    TEXT,
    address_country     TEXT,
    address_country_code TEXT,
    address_loc_addr_id INTEGER,
    comments            TEXT,
    opened              TEXT,
    export              TEXT,
    has_phone           TEXT,
    has_email           TEXT,
    has_imol            TEXT,
    assigned_by_id      INTEGER,
    date_create         TEXT,
    date_modify         TEXT,
    created_by_id       INTEGER,
    modify_by_id        INTEGER,
    company_id          INTEGER,                             -- the primary link of contact_company
    lead_id             INTEGER,
    originator_id       TEXT,
    origin_id           TEXT,
    origin_version      TEXT,
    face_id             INTEGER,
    utm_source          TEXT,
    utm_medium          TEXT,
    utm_campaign        TEXT,
    utm_content         TEXT,
    utm_term            TEXT,
    trace               TEXT,                                -- accepted, never given back
    last_activity_time  TEXT,
    last_activity_by    INTEGER,
    extra               TEXT NOT NULL DEFAULT '{}'           -- JSON: UF_CRM_* and PARENT_ID_*
);
CREATE INDEX IF NOT EXISTS contact_by_origin ON contact (origin_id, originator_id);
CREATE INDEX IF NOT EXISTS contact_by_date ON contact (date_create);

CREATE TABLE IF NOT EXISTS company (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    title               TEXT,
    company_type        TEXT,
    logo                INTEGER,
    address             TEXT,
    address_2           TEXT,
    address_city        TEXT,
    address_postal_code TEXT,
    address_region      TEXT,
    address_province    TEXT,
    address_country     TEXT,
    address_country_code TEXT,
    address_loc_addr_id INTEGER,
    industry            TEXT,
    employees           TEXT,
    currency_id         TEXT,
    revenue             REAL,
    banking_details     TEXT,
    comments            TEXT,
    opened              TEXT,
    is_my_company       TEXT,
    has_phone           TEXT,
    has_email           TEXT,
    has_imol            TEXT,
    assigned_by_id      INTEGER,
    date_create         TEXT,
    date_modify         TEXT,
    created_by_id       INTEGER,
    modify_by_id        INTEGER,
    lead_id             INTEGER,
    originator_id       TEXT,
    origin_id           TEXT,
    origin_version      TEXT,
    utm_source          TEXT,
    utm_medium          TEXT,
    utm_campaign        TEXT,
    utm_content         TEXT,
    utm_term            TEXT,
    trace               TEXT,
    last_activity_time  TEXT,
    last_activity_by    INTEGER,
    extra               TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX IF NOT EXISTS company_by_title ON company (title);
CREATE INDEX IF NOT EXISTS company_by_origin ON company (origin_id, originator_id);

CREATE TABLE IF NOT EXISTS multifield (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,            -- one counter for all kinds
    owner_type TEXT NOT NULL,                                -- contact | company
    owner_id   INTEGER NOT NULL,
    kind       TEXT NOT NULL,                                -- PHONE | EMAIL | WEB | IM | LINK
    value      TEXT NOT NULL,
    value_type TEXT NOT NULL,
    compared   TEXT NOT NULL                                 -- value as a search for duplicates compares it
);
CREATE INDEX IF NOT EXISTS multifield_by_compared ON multifield (kind, compared);
CREATE INDEX IF NOT EXISTS multifield_by_owner ON multifield (owner_type, owner_id);
CREATE INDEX IF NOT EXISTS multifield_by_value ON multifield (kind, value);

CREATE TABLE IF NOT EXISTS contact_company (
    contact_id INTEGER NOT NULL,
    company_id INTEGER NOT NULL,
    sort       INTEGER NOT NULL,
    is_primary INTEGER NOT NULL,
    PRIMARY KEY (contact_id, company_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS contact_company_by_company ON contact_company (company_id);

CREATE TABLE IF NOT EXISTS file (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    name    TEXT NOT NULL,
    content BLOB NOT NULL
);

CREATE TABLE IF NOT EXISTS status (                          -- directories: SOURCE, CONTACT_TYPE, HONORIFIC …
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    entity_id TEXT NOT NULL,
    status_id TEXT NOT NULL,
    name      TEXT NOT NULL,
    name_init TEXT NOT NULL,                                 -- the name of a system entry before anyone changed it
    sort      INTEGER NOT NULL,
    system    TEXT NOT NULL,                                 -- Y | N
    color     TEXT,
    UNIQUE (entity_id, status_id)
);

CREATE TABLE IF NOT EXISTS person (                          -- users of the portal
    id            INTEGER PRIMARY KEY,
    active        INTEGER NOT NULL,
    email         TEXT NOT NULL,
    name          TEXT NOT NULL,
    last_name     TEXT NOT NULL,
    second_name   TEXT NOT NULL,
    work_position TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS userfield (                       -- custom fields of contacts
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    field_name   TEXT NOT NULL UNIQUE,
    user_type_id TEXT NOT NULL,
    label        TEXT NOT NULL,
    sort         INTEGER NOT NULL,
    multiple     TEXT NOT NULL,                              -- Y | N
    mandatory    TEXT NOT NULL,                              -- Y | N
    settings     TEXT NOT NULL,                              -- JSON
    items        TEXT NOT NULL                               -- JSON: [{"ID","SORT","VALUE","DEF","XML_ID"}] of an enumeration
);

CREATE TABLE IF NOT EXISTS requisite (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    entity_type_id INTEGER NOT NULL,                         -- 3 contact, 4 company
    entity_id      INTEGER NOT NULL,
    preset_id      INTEGER NOT NULL,
    name           TEXT NOT NULL,
    fields         TEXT NOT NULL                             -- JSON: RQ_* and the rest, as sent
);
CREATE INDEX IF NOT EXISTS requisite_by_owner ON requisite (entity_type_id, entity_id);

CREATE TABLE IF NOT EXISTS requisite_preset (
    id             INTEGER PRIMARY KEY,
    entity_type_id INTEGER NOT NULL,
    name           TEXT NOT NULL,
    xml_id         TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS address (                         -- one per type and owner
    type_id        INTEGER NOT NULL,
    entity_type_id INTEGER NOT NULL,                         -- 8 requisite
    entity_id      INTEGER NOT NULL,
    fields         TEXT NOT NULL,                            -- JSON: ADDRESS_1, CITY …
    PRIMARY KEY (type_id, entity_type_id, entity_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS notification (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    message TEXT NOT NULL
);
