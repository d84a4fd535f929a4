-- +goose Up

-- Who published a version, why and where it came from. The program's own definitions never replace what the desk wrote.
ALTER TABLE service_versions
    ADD COLUMN published_by bigint REFERENCES staff_members,
    ADD COLUMN note text NOT NULL DEFAULT '' CHECK (length(note) <= 500),
    ADD COLUMN origin text NOT NULL DEFAULT 'program' CHECK (origin IN ('program', 'desk', 'import', 'rollback'));

-- A service's next definition in the making, as its editor left it: it may not be right yet. The row stays when the
-- draft goes, and each publication raises its revision: what was read before that cannot be saved over it.
CREATE TABLE service_drafts (
    slug         text PRIMARY KEY CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    revision     bigint NOT NULL,
    definition   text, -- NULL: nobody has begun one
    base_version int,  -- the newest version when it was saved; NULL for a new service
    saved_at     timestamptz,
    saved_by     bigint REFERENCES staff_members,
    CHECK (num_nulls(definition, saved_at) IN (0, 2))
);

-- +goose Down
DROP TABLE service_drafts;
ALTER TABLE service_versions DROP COLUMN origin, DROP COLUMN note, DROP COLUMN published_by;
