
CREATE TABLE runs (
    id              INTEGER PRIMARY KEY,
    run             TEXT NOT NULL UNIQUE,
    state           TEXT NOT NULL CHECK (state IN ('planning','ready','running','stopped','interrupted','finished')),
    started         REAL NOT NULL,
    finished        REAL,
    busy_s          REAL NOT NULL DEFAULT 0,
    source_path     TEXT NOT NULL,
    source_sha256   TEXT NOT NULL,
    source_sheet    TEXT,
    source_header   TEXT NOT NULL,
    mapping_path    TEXT NOT NULL,
    mapping_name    TEXT NOT NULL,
    mapping_sha256  TEXT NOT NULL,
    portal_host     TEXT NOT NULL,
    portal_user     TEXT NOT NULL,
    card_url        TEXT NOT NULL,
    settings        TEXT NOT NULL DEFAULT '{}',
    last_id_before  INTEGER,
    exit_code       INTEGER,
    stopped_by      TEXT,
    report_dir      TEXT
);

CREATE TABLE rows (
    run_id      INTEGER NOT NULL REFERENCES runs(id),
    row         INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    state       TEXT NOT NULL CHECK (state IN
                    ('new','sending','created','updated','skipped','rejected','unsettled')),
    originator  TEXT,
    origin_id   TEXT,
    contact_id  INTEGER,
    code        TEXT,
    column_name TEXT,
    problem     TEXT,
    attempts    INTEGER NOT NULL DEFAULT 0,
    request_id  INTEGER,
    PRIMARY KEY (run_id, row)
) WITHOUT ROWID;

CREATE INDEX rows_new ON rows (run_id, position, row) WHERE state = 'new';
CREATE INDEX rows_unsettled ON rows (run_id, position, row) WHERE state = 'unsettled';

CREATE TABLE contents (
    run_id      INTEGER NOT NULL,
    row         INTEGER NOT NULL,
    contact     TEXT,
    cells       TEXT NOT NULL,
    PRIMARY KEY (run_id, row)
) WITHOUT ROWID;

CREATE TABLE warnings (
    run_id      INTEGER NOT NULL,
    row         INTEGER NOT NULL,
    code        TEXT NOT NULL,
    column_name TEXT,
    problem     TEXT NOT NULL
);
CREATE INDEX warnings_by_run ON warnings (run_id, row);

CREATE TABLE requests (
    id          INTEGER PRIMARY KEY,
    run_id      INTEGER NOT NULL,
    purpose     TEXT NOT NULL CHECK (purpose IN ('add','find','read')),
    commands    INTEGER NOT NULL,
    attempt     INTEGER NOT NULL DEFAULT 1,
    started     REAL NOT NULL,
    finished    REAL,
    state       TEXT NOT NULL CHECK (state IN ('open','answered','limited','refused','lost')),
    http_status INTEGER,
    code        TEXT,
    created     INTEGER NOT NULL DEFAULT 0,
    operating_s REAL
);
CREATE INDEX requests_by_run ON requests (run_id, started);

CREATE TABLE pauses (
    run_id  INTEGER NOT NULL,
    began   REAL NOT NULL,
    ended   REAL NOT NULL,
    reason  TEXT NOT NULL
);

CREATE TABLE renamed_portals (
    old_host TEXT PRIMARY KEY,
    new_base TEXT NOT NULL,
    seen     REAL NOT NULL
);

-- A run that died in the middle: one row in each state that a death leaves.
INSERT INTO runs (id, run, state, started, source_path, source_sha256, source_header, mapping_path, mapping_name, mapping_sha256,
    portal_host, portal_user, card_url, last_id_before)
VALUES (1, '260101-0300-old1', 'running', 1000.0, '/data/contacts.csv', 'aa', '["Name"]', '/data/m.yaml', 'legacy', 'bb',
    'portal.example.com', 'Mara (1)', 'https://portal.example.com/crm/contact/details/{id}/', 7);
INSERT INTO rows VALUES
    (1, 2, 2, 'created', 'legacy', 'id-2', 41, NULL, NULL, NULL, 1, 1),
    (1, 3, 3, 'sending', 'legacy', 'id-3', NULL, NULL, NULL, NULL, 1, 2),
    (1, 4, 4, 'new', 'legacy', 'id-4', NULL, NULL, NULL, NULL, 0, NULL),
    (1, 5, 5, 'rejected', 'legacy', 'id-5', NULL, 'bad_date', 'Born', 'no date', 0, NULL);
INSERT INTO contents VALUES
    (1, 2, '{"NAME":"Row 2"}', '["Row 2"]'), (1, 3, '{"NAME":"Row 3"}', '["Row 3"]'),
    (1, 4, '{"NAME":"Row 4"}', '["Row 4"]'), (1, 5, NULL, '["Row 5"]');
INSERT INTO requests (id, run_id, purpose, commands, started, finished, state) VALUES
    (1, 1, 'add', 1, 1001.0, 1001.5, 'answered'), (2, 1, 'add', 1, 1002.0, NULL, 'open');
INSERT INTO warnings VALUES (1, 2, 'phone_guess', 'Phone', 'taken for a Russian number');
PRAGMA user_version = 1;
