-- What harvesters ask by: the time of a public change, and the sets that its record belonged to then. Memberships are
-- drawn from the graphs of the changes and can be made again.
CREATE INDEX changes_public_by_time ON changes (at, sequence, effect) WHERE effect <> 0;
CREATE TABLE sets (
    number INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);
CREATE TABLE change_sets (
    set_number INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (set_number, sequence)
) WITHOUT ROWID;
