-- The DOIs of records: what their registry was told, and what it must still be told.
CREATE TABLE dois (
    record INTEGER NOT NULL PRIMARY KEY REFERENCES heads (record),
    doi TEXT NOT NULL UNIQUE,
    standing TEXT NOT NULL,
    -- The newest public change of the record that the registry knows.
    told BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    -- When the registry is told; absent when it knows everything, or has refused the newest version.
    next_at BIGINT,
    failure TEXT
);
CREATE INDEX dois_due ON dois (next_at) WHERE next_at IS NOT NULL;
