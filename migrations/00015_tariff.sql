-- +goose Up

-- What the company charges and takes off. The newest version counts; a quote keeps the one that made it.
CREATE TABLE tariffs (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version      int NOT NULL UNIQUE CHECK (version > 0),
    tariff       jsonb NOT NULL,
    note         text NOT NULL DEFAULT '' CHECK (length(note) <= 500),
    origin       text NOT NULL CHECK (origin IN ('program', 'desk', 'rollback')),
    published_at timestamptz NOT NULL,
    published_by bigint REFERENCES staff_members,
    CHECK (origin = 'program' OR published_by IS NOT NULL)
);
CREATE TRIGGER tariffs_append_only BEFORE UPDATE OR DELETE ON tariffs
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER tariffs_keep BEFORE TRUNCATE ON tariffs
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The one draft that all share. Its row stays when the draft goes, so that a revision is never seen twice;
-- who publishes holds its lock.
CREATE TABLE tariff_draft (
    id       boolean PRIMARY KEY DEFAULT true CHECK (id),
    revision bigint NOT NULL DEFAULT 0,
    tariff   jsonb, -- NULL: nobody has begun one
    saved_at timestamptz,
    saved_by bigint REFERENCES staff_members,
    CHECK (num_nulls(tariff, saved_at, saved_by) IN (0, 3))
);
INSERT INTO tariff_draft DEFAULT VALUES;

-- Quotes from before have neither: their terms were in the service's version.
ALTER TABLE quotes
    ADD COLUMN tariff_id bigint REFERENCES tariffs,
    ADD COLUMN inputs jsonb NOT NULL DEFAULT '{}';

-- +goose Down
ALTER TABLE quotes DROP COLUMN inputs, DROP COLUMN tariff_id;
DROP TABLE tariff_draft, tariffs;
