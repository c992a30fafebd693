-- People who sign in. What is known of them is here and in no projection; the changes they make carry the name of
-- the account, which says nothing about the person, so that an account can be forgotten and the history stays.
CREATE TABLE accounts (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT,
    email TEXT,
    created_at BIGINT NOT NULL
);

-- An identity is a subject of an issuer; a person may have several.
CREATE TABLE identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    claims TEXT NOT NULL,
    linked_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_by_account ON identities (account);

-- The secret in the browser's cookie is kept as a hash only.
CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    issuer TEXT NOT NULL,
    client TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_account ON sessions (account, created_at);

-- Sign-ins that wait for the person to come back. The state is kept as a hash; nonce and PKCE verifier are drawn from
-- the secret in the browser's cookie and are kept nowhere.
CREATE TABLE sign_ins (
    state BLOB NOT NULL PRIMARY KEY,
    secret BLOB NOT NULL,
    issuer TEXT NOT NULL,
    return_to TEXT NOT NULL,
    account TEXT REFERENCES accounts (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sign_ins_by_end ON sign_ins (expires_at);
