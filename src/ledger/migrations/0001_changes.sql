-- What every record is now. `record` is its number in order of creation; the IRI, kind and path never change.
CREATE TABLE heads (
    record INTEGER NOT NULL PRIMARY KEY,
    iri TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    path TEXT NOT NULL UNIQUE,
    parent TEXT,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    digest BLOB NOT NULL,
    title TEXT,
    owner TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    graph_sequence BIGINT NOT NULL,
    -- The public face: absent for a record that is not public now.
    public_version BIGINT,
    public_digest BLOB,
    public_parent TEXT,
    public_title TEXT,
    published_at BIGINT,
    public_graph_sequence BIGINT,
    -- These stay when the record is taken away, for its tombstone.
    first_published_at BIGINT,
    public_sequence BIGINT
);
CREATE INDEX heads_by_parent ON heads (parent, kind, record);
CREATE INDEX heads_by_public_parent ON heads (public_parent, kind, record) WHERE public_version IS NOT NULL;
CREATE INDEX heads_by_kind ON heads (kind, state, record);
CREATE INDEX heads_by_owner ON heads (owner, record);

-- Every change of every record in commit order. A change that carries no graph points to the one that does.
CREATE TABLE changes (
    sequence INTEGER NOT NULL PRIMARY KEY,
    record INTEGER NOT NULL REFERENCES heads (record),
    version BIGINT NOT NULL,
    action TEXT NOT NULL,
    state TEXT NOT NULL,
    effect SMALLINT NOT NULL,
    parent TEXT,
    title TEXT,
    digest BLOB NOT NULL,
    author TEXT NOT NULL,
    reason TEXT,
    at BIGINT NOT NULL,
    first_published_at BIGINT,
    graph_sequence BIGINT NOT NULL,
    report BLOB,
    graph BLOB
);
CREATE INDEX changes_by_record ON changes (record, version, sequence);
CREATE INDEX changes_public ON changes (sequence) WHERE effect <> 0;
