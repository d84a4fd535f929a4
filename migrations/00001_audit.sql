-- +goose Up

-- Who did what: appended to by every room through internal/audit, changed by nobody.
CREATE TABLE audit_entries (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL,
    actor_kind text NOT NULL CHECK (actor_kind IN ('staff', 'customer', 'system')),
    actor_id   bigint NOT NULL,
    actor_name text NOT NULL,
    ip         text NOT NULL DEFAULT '',
    verb       text NOT NULL,
    subject    text NOT NULL, -- 'order:41', 'member:7'
    detail     jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_entries_subject ON audit_entries (subject, id);

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
-- +goose StatementEnd

CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entries_keep BEFORE TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE audit_entries;
DROP FUNCTION refuse_change;
