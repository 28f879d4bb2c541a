-- The journal: one file that knows, at any moment and after any death, what may have happened to each row.
-- Times are Unix seconds. A row's states and the moves between them stand in states.py, which tests hold.

CREATE TABLE runs (
    id              INTEGER PRIMARY KEY,
    -- short, sortable, typable, and unique across machines: it is part of the identity stamped on contacts
    run             TEXT NOT NULL UNIQUE,
    -- planning: rows are still being read; nothing was sent. A run found so after a death is forgotten
    -- ready: every row is journaled, nothing was sent yet
    -- running: calls may have left. A run found so after a death is resumable
    -- stopped, interrupted: ended in good order before the last row; resumable
    -- finished: no row is left to send; settled as far as can be
    state           TEXT NOT NULL CHECK (state IN ('planning','ready','running','stopped','interrupted','finished')),
    started         REAL NOT NULL,
    finished        REAL,
    -- seconds spent, over all the processes that worked on the run
    busy_s          REAL NOT NULL DEFAULT 0,
    source_path     TEXT NOT NULL,
    source_sha256   TEXT NOT NULL,
    source_sheet    TEXT,
    -- JSON list: the source's columns, for rejects.csv
    source_header   TEXT NOT NULL,
    mapping_path    TEXT NOT NULL,
    mapping_name    TEXT NOT NULL,
    mapping_sha256  TEXT NOT NULL,
    portal_host     TEXT NOT NULL,
    portal_user     TEXT NOT NULL,
    -- the contact's card: https://…/{id}/
    card_url        TEXT NOT NULL,
    -- JSON object: the plan and limits the run counts on, options that shaped it
    settings        TEXT NOT NULL DEFAULT '{}',
    -- the newest contact id before the first row was sent: an origin found at or below it is not ours
    last_id_before  INTEGER,
    exit_code       INTEGER,
    -- why the run is stopped or interrupted, for a person
    stopped_by      TEXT,
    report_dir      TEXT,
    -- the run that this one takes back; NULL for an import
    undoes          INTEGER
);

CREATE TABLE rows (
    run_id      INTEGER NOT NULL REFERENCES runs(id),
    -- 0: a row of the source, which becomes a contact · what such rows need, created before them: 1: a company ·
    -- 2: an entry of a directory or an item of a field's list (originator: which; origin_id: the code it gets there)
    entity      INTEGER NOT NULL DEFAULT 0 CHECK (entity IN (0, 1, 2)),
    -- the sheet's row number, or the line on which the record begins; companies and entries are numbered from 1
    row         INTEGER NOT NULL,
    -- the order of sending; differs from `row` when the run is sorted by DATE_CREATE
    position    INTEGER NOT NULL,
    -- what is asked of the portal for the row; of an undo: delete what its run created, restore what it updated
    action      TEXT NOT NULL DEFAULT 'create' CHECK (action IN ('create','update','delete','restore')),
    state       TEXT NOT NULL CHECK (state IN
                    ('new','sending','created','updated','deleted','restored','skipped','rejected','unsettled')),
    originator  TEXT,
    origin_id   TEXT,
    -- what the row became in the portal: a contact's id, of a company or entry its own. Of a row that is not to be
    -- created: the contact it is about. Also of an unsettled row, when only the contact's address is in doubt
    contact_id  INTEGER,
    code        TEXT,
    column_name TEXT,
    problem     TEXT,
    -- how many times the row has left for the portal
    attempts    INTEGER NOT NULL DEFAULT 0,
    -- the request that carried it last
    request_id  INTEGER,
    PRIMARY KEY (run_id, entity, row)
) WITHOUT ROWID;

-- The queue, in the order of sending. Only rows that are still to do stand in it: settling one costs one entry.
CREATE INDEX rows_new ON rows (run_id, entity, position, row) WHERE state = 'new';
CREATE INDEX rows_unsettled ON rows (run_id, entity, position, row) WHERE state = 'unsettled';

-- What a row is made of, written once and never changed: apart from its state, so that a batch's two moves
-- rewrite two small pages and not fifty large ones. With a rowid, for without one a row of over 1,000 bytes spills into a
-- page of its own: 4,685 bytes of file for it and not 1,044 (source of the bound: sqlite.org, "Database file format").
CREATE TABLE contents (
    run_id      INTEGER NOT NULL,
    entity      INTEGER NOT NULL DEFAULT 0,
    row         INTEGER NOT NULL,
    -- JSON object: the fields as they are sent, files by their path; NULL for a row rejected before sending
    contact     TEXT,
    -- JSON object: the address that goes with the contact; NULL when there is none
    address     TEXT,
    -- JSON list: the source's own cells, for rejects.csv; empty of a row that needs nothing
    cells       TEXT NOT NULL,
    -- what tells the row from others in the next file, and all that was made of it, as digests: a row of which both
    -- are the same again needs no call. NULL where rows are not matched with contacts
    identity    TEXT,
    digest      TEXT,
    -- JSON object: field → digest of its files' names, sizes and times; NULL when there are none
    files       TEXT,
    PRIMARY KEY (run_id, entity, row)
);

-- What a row's contact held before we changed it, written before the change is sent, and kept as it was first seen.
CREATE TABLE before_images (
    run_id      INTEGER NOT NULL,
    row         INTEGER NOT NULL,
    contact_id  INTEGER NOT NULL,
    -- JSON object: field → its value as the portal gave it
    held        TEXT NOT NULL,
    -- JSON object: field → what was sent for it, of the last sending
    sent        TEXT NOT NULL,
    PRIMARY KEY (run_id, row)
);
CREATE INDEX before_images_by_contact ON before_images (contact_id);

-- What is known of rows that were brought into a portal: the next night their like costs no call. One line a contact.
CREATE TABLE known (
    portal_host     TEXT NOT NULL,
    identity        TEXT NOT NULL,
    mapping_sha256  TEXT NOT NULL,
    digest          TEXT NOT NULL,
    files           TEXT,
    contact_id      INTEGER NOT NULL,
    PRIMARY KEY (portal_host, identity)
) WITHOUT ROWID;
CREATE UNIQUE INDEX known_contact ON known (portal_host, contact_id);

-- What the row's person should know although the row goes on; a row of the source may have several.
CREATE TABLE warnings (
    run_id      INTEGER NOT NULL,
    row         INTEGER NOT NULL,
    code        TEXT NOT NULL,
    column_name TEXT,
    problem     TEXT NOT NULL
);
CREATE INDEX warnings_by_run ON warnings (run_id, row);

-- One HTTP request to the portal: written before it leaves, completed by its answer.
CREATE TABLE requests (
    id          INTEGER PRIMARY KEY,
    run_id      INTEGER NOT NULL,
    -- add: sends rows · find: looks rows up by origin · beside: writes what contacts need or have beside them
    -- (companies, list entries, addresses) · read: everything else
    purpose     TEXT NOT NULL CHECK (purpose IN ('add','find','beside','read')),
    commands    INTEGER NOT NULL,
    -- 1 for the first sending of these commands, more when they are sent again
    attempt     INTEGER NOT NULL DEFAULT 1,
    started     REAL NOT NULL,
    finished    REAL,
    -- open: no answer yet (after a death: none will come) · answered: every command has its answer
    -- limited: refused by a limit, nothing ran · refused: refused otherwise, nothing ran
    -- lost: it may or may not have run
    state       TEXT NOT NULL CHECK (state IN ('open','answered','limited','refused','lost')),
    http_status INTEGER,
    -- the portal's code, or ours; of an answered request: that of its commands which a limit refused
    code        TEXT,
    -- contacts created, and operating seconds this request used, where the portal told
    created     INTEGER NOT NULL DEFAULT 0,
    operating_s REAL
);
CREATE INDEX requests_by_run ON requests (run_id, started);

-- Pauses the portal's budget imposed, for the picture of throughput: from, until, why.
CREATE TABLE pauses (
    run_id  INTEGER NOT NULL,
    began   REAL NOT NULL,
    ended   REAL NOT NULL,
    reason  TEXT NOT NULL
);

-- Addresses of portals that were renamed while we worked (302), so that the next run asks the new one.
CREATE TABLE renamed_portals (
    old_host TEXT PRIMARY KEY,
    new_base TEXT NOT NULL,
    seen     REAL NOT NULL
);
