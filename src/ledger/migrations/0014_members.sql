-- The published records of a kind in the order in which they came: the pages of containers.
CREATE INDEX heads_public_by_kind ON heads (kind, record) WHERE public_version IS NOT NULL;
