-- +goose Up

-- The login and password of a customer at a destination site, sealed under a
-- keyset of its own, so that destroying that destroys it in backups too. It
-- is in the keeping of a visitor's basket until an order takes it over.
CREATE TABLE credentials (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sealed       bytea,
    created_at   timestamptz NOT NULL,
    destroyed_at timestamptz,
    CHECK ((sealed IS NULL) = (destroyed_at IS NOT NULL))
);

CREATE TABLE credential_reveals (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    credential_id bigint NOT NULL REFERENCES credentials,
    member_id     bigint NOT NULL REFERENCES staff_members,
    reason        text NOT NULL CHECK (reason <> ''),
    revealed_at   timestamptz NOT NULL
);
CREATE INDEX credential_reveals_member ON credential_reveals (member_id, revealed_at);
CREATE TRIGGER credential_reveals_append_only BEFORE UPDATE OR DELETE ON credential_reveals
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER credential_reveals_keep BEFORE TRUNCATE ON credential_reveals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE credential_reveals, credentials;
