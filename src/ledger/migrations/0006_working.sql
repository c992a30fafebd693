-- What people are writing and have not given to the catalogue yet: one copy for each of them and each record. An
-- owner is the author of changes; a person's copies go when the account is forgotten.
CREATE TABLE working_copies (
    owner TEXT NOT NULL,
    path TEXT NOT NULL,
    account TEXT REFERENCES accounts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    title TEXT,
    -- The version of the record that it was begun from; 0 for a new record.
    base BIGINT NOT NULL,
    -- Counts what was kept; a window that names the last number has seen everything.
    sequence BIGINT NOT NULL,
    -- The window that wrote last, and how often it has.
    client TEXT NOT NULL,
    turn BIGINT NOT NULL,
    content BLOB NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (owner, path)
);
CREATE INDEX working_copies_by_path ON working_copies (path, changed_at);

-- Usual values that people begin new records with.
CREATE TABLE form_templates (
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    account TEXT REFERENCES accounts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    content BLOB NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (owner, name)
);
