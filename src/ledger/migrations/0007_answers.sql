-- Answers to requests that came with an Idempotency-Key, so that the same request sent again is answered and not done again.
-- Without a status the request is still being answered.
CREATE TABLE answers (
    author TEXT NOT NULL,
    key TEXT NOT NULL,
    request BLOB NOT NULL,
    at BIGINT NOT NULL,
    status BIGINT,
    headers TEXT,
    body BLOB,
    PRIMARY KEY (author, key)
);
CREATE INDEX answers_by_time ON answers (at);
