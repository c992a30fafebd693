-- Who did what. The hash of an event covers the one before it; an event about changes covers their rows, too.
CREATE TABLE audit (
    number INTEGER NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    deed TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash BLOB NOT NULL
);
CREATE INDEX audit_by_actor ON audit (actor, number);
CREATE INDEX audit_by_subject ON audit (subject, number);

-- Where the chain begins: the number and hash of the last event that is not kept, and the last change before it.
INSERT INTO memory (name, content)
SELECT 'audit anchor', '0 0000000000000000000000000000000000000000000000000000000000000000 ' || COALESCE(MAX(sequence), 0)
FROM changes;
