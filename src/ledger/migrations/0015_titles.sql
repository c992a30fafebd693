-- The children of a record by title: the pages of lists.
CREATE INDEX heads_by_public_title ON heads (public_parent, kind, COALESCE(public_title, ''), record) WHERE public_version IS NOT NULL;
