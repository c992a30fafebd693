-- What the public saw of a record at any time.
CREATE INDEX changes_by_time ON changes (record, at, sequence) WHERE effect <> 0;
-- When what the public sees was said, the oldest first.
CREATE INDEX heads_by_publication ON heads (published_at, record) WHERE public_version IS NOT NULL;

-- Somebody looked at what the public sees of a record, and found it still correct.
CREATE TABLE confirmations (
    record INTEGER NOT NULL REFERENCES heads (record),
    at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    author TEXT NOT NULL,
    note TEXT,
    PRIMARY KEY (record, at)
);

-- What may be said in public of a record that was taken away, and what stands in its place.
CREATE TABLE farewells (
    record INTEGER NOT NULL PRIMARY KEY REFERENCES heads (record),
    notice TEXT,
    replaced_by TEXT,
    author TEXT NOT NULL,
    at BIGINT NOT NULL
);

-- How many must agree before a record of a catalogue is published.
CREATE TABLE review_rules (
    catalogue TEXT NOT NULL PRIMARY KEY,
    approvals BIGINT NOT NULL,
    four_eyes BIGINT NOT NULL,
    author TEXT NOT NULL,
    at BIGINT NOT NULL
);

-- A draft that was handed in, until it is decided. Of one record there is one that is open.
CREATE TABLE reviews (
    review INTEGER NOT NULL PRIMARY KEY,
    record INTEGER NOT NULL REFERENCES heads (record),
    version BIGINT NOT NULL,
    stage TEXT NOT NULL,
    author TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    is_open BIGINT NOT NULL
);
CREATE UNIQUE INDEX reviews_open ON reviews (record) WHERE is_open = 1;
CREATE INDEX reviews_by_stage ON reviews (stage, review) WHERE is_open = 1;
CREATE INDEX reviews_by_record ON reviews (record, review);

-- What was said in a review: with a field, a remark on it; with a step, what it led to.
CREATE TABLE review_remarks (
    remark INTEGER NOT NULL PRIMARY KEY,
    review INTEGER NOT NULL REFERENCES reviews (review),
    version BIGINT NOT NULL,
    step TEXT NOT NULL,
    field TEXT,
    content TEXT,
    author TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX review_remarks_by_review ON review_remarks (review, remark);

-- Drafts that are to be published by themselves.
CREATE TABLE schedules (
    record INTEGER NOT NULL PRIMARY KEY REFERENCES heads (record),
    version BIGINT NOT NULL,
    publish_at BIGINT NOT NULL,
    author TEXT NOT NULL,
    reason TEXT,
    -- Why it was not published when its time came.
    trouble TEXT
);
CREATE INDEX schedules_by_time ON schedules (publish_at) WHERE trouble IS NULL;

-- What was done to many records at once, so that it can be undone.
CREATE TABLE bulks (
    bulk INTEGER NOT NULL PRIMARY KEY,
    step TEXT NOT NULL,
    author TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- JSON: of each record its IRI, the version that it had, the state that it had and has.
    content TEXT NOT NULL,
    undone_at BIGINT
);
