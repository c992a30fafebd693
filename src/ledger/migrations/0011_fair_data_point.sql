-- People whom an operator lets in by e-mail and password, for clients of FAIR Data Points. The password is kept as a
-- slow hash (Argon2id); without one nobody can sign in. The changes they make carry the id, which says nothing of them.
CREATE TABLE local_users (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    role TEXT NOT NULL,
    catalogues TEXT NOT NULL,
    password TEXT,
    created_at BIGINT NOT NULL
);

-- The tokens that local users hold: from signing in, or keys that they made.
CREATE TABLE local_user_tokens (
    token TEXT NOT NULL PRIMARY KEY,
    local_user TEXT NOT NULL REFERENCES local_users (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX local_user_tokens_by_user ON local_user_tokens (local_user, purpose, created_at);

-- Small JSON documents that a FAIR Data Point keeps beside its records: saved queries, metadata schemas, entries of its
-- index. They are in no projection.
CREATE TABLE papers (
    shelf TEXT NOT NULL,
    id TEXT NOT NULL,
    content TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (shelf, id)
);
