-- +goose Up

-- Working hours and holidays, in the form of sla's calendar file. The newest counts for new clocks.
CREATE TABLE calendar_versions (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    calendar   jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    created_by bigint REFERENCES staff_members
);
CREATE TRIGGER calendar_versions_append_only BEFORE UPDATE OR DELETE ON calendar_versions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER calendar_versions_keep BEFORE TRUNCATE ON calendar_versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE calendar_versions;
