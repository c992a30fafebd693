-- A token that a person made acts for their account, within what they may do themselves, and for the named actions.
ALTER TABLE tokens ADD COLUMN account TEXT REFERENCES accounts (id) ON DELETE CASCADE;
ALTER TABLE tokens ADD COLUMN actions TEXT NOT NULL DEFAULT '["*"]';
CREATE INDEX tokens_by_account ON tokens (account, created_at) WHERE account IS NOT NULL;

-- What a steward gave to a person, besides what their identity provider says of them.
CREATE TABLE memberships (
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    catalogues TEXT NOT NULL,
    given_by TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    PRIMARY KEY (account, role)
);

-- Whoever brings the secret of an invitation becomes a member, once. Only its hash is kept.
CREATE TABLE invitations (
    id TEXT NOT NULL PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    role TEXT NOT NULL,
    catalogues TEXT NOT NULL,
    note TEXT NOT NULL,
    invited_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- Which datasets a person may use, as visas said that were verified when they came (GA4GH Passport).
CREATE TABLE visas (
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- The identity provider that brought it.
    provider TEXT NOT NULL,
    issuer TEXT NOT NULL,
    dataset TEXT NOT NULL,
    source TEXT NOT NULL,
    asserted_by TEXT NOT NULL,
    asserted_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (account, provider, issuer, dataset, source)
);
