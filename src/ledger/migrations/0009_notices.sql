-- What happened to records that no change of theirs tells: a review asked for and given, a check that is due, a
-- description that became worse. The key names one happening, so that it is told once.
CREATE TABLE events (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    key TEXT UNIQUE,
    kind TEXT NOT NULL,
    record INTEGER NOT NULL REFERENCES heads (record),
    author TEXT NOT NULL,
    words TEXT,
    at BIGINT NOT NULL
);
CREATE INDEX events_by_record ON events (record, number);
CREATE INDEX events_by_kind ON events (kind, number);

-- How far those who follow the ledger have come. It moves in the transaction that writes what they made of it.
CREATE TABLE followers (
    name TEXT NOT NULL PRIMARY KEY,
    reached BIGINT NOT NULL
);

-- How a person is spoken to, and when they got mail.
CREATE TABLE addressees (
    account TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    language TEXT NOT NULL,
    mailed_at BIGINT,
    digest_at BIGINT
);

-- The ways in which a person wants to hear of a kind of event; absent for what is usual.
CREATE TABLE choices (
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    ways SMALLINT NOT NULL,
    PRIMARY KEY (account, kind)
);

-- What a person wants to hear of, besides their own records.
CREATE TABLE subscriptions (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    topic TEXT NOT NULL,
    value TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (account, topic, value)
);

-- What a person was told. One happening is told to a person once.
CREATE TABLE notices (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    record INTEGER NOT NULL REFERENCES heads (record),
    title TEXT,
    author TEXT NOT NULL,
    words TEXT,
    topic TEXT NOT NULL,
    is_public SMALLINT NOT NULL,
    at BIGINT NOT NULL,
    in_area SMALLINT NOT NULL,
    mail TEXT,
    read_at BIGINT,
    UNIQUE (account, source)
);
CREATE INDEX notices_by_account ON notices (account, in_area, id);
CREATE INDEX notices_to_mail ON notices (mail, account, id) WHERE mail IS NOT NULL;

-- Where programs are told. No secret is here: it is drawn from the operator's key, the name and the generation.
CREATE TABLE webhooks (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    topic TEXT NOT NULL,
    value TEXT NOT NULL,
    kinds TEXT NOT NULL,
    generation BIGINT NOT NULL,
    rotated_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    failing_since BIGINT,
    disabled_at BIGINT
);
CREATE INDEX webhooks_by_account ON webhooks (account, created_at);

-- What a program is told, until it has taken it; then the log of it.
CREATE TABLE deliveries (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    webhook TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    message TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT,
    tried_at BIGINT,
    status BIGINT,
    failure TEXT,
    delivered_at BIGINT,
    UNIQUE (webhook, message)
);
CREATE INDEX deliveries_waiting ON deliveries (webhook) WHERE next_at IS NOT NULL;
CREATE INDEX deliveries_due ON deliveries (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX deliveries_by_webhook ON deliveries (webhook, id);
