-- A token's secret is kept as a hash only.
CREATE TABLE tokens (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    role TEXT NOT NULL,
    catalogues TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    revoked_at BIGINT
);

-- Small things that must outlive a restart, by name.
CREATE TABLE memory (
    name TEXT NOT NULL PRIMARY KEY,
    content TEXT NOT NULL
);
