-- Whoever follows every public change reads this alone, and never the graphs beside it.
DROP INDEX changes_public;
CREATE INDEX changes_public ON changes (sequence, record, effect, at, parent) WHERE effect <> 0;

-- Who is told when a feed has something new (WebSub). The secret signs what is sent, so it cannot be a hash.
CREATE TABLE feed_subscriptions (
    callback TEXT NOT NULL,
    topic TEXT NOT NULL,
    secret TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- The last change that the subscriber took.
    delivered BIGINT NOT NULL,
    failures BIGINT NOT NULL DEFAULT 0,
    -- Nothing is sent before.
    next_at BIGINT NOT NULL,
    PRIMARY KEY (callback, topic)
);
CREATE INDEX feed_subscriptions_by_time ON feed_subscriptions (next_at);
