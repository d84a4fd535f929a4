-- +goose Up

CREATE TABLE services (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug       text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    created_at timestamptz NOT NULL,
    retired_at timestamptz
);

-- An order keeps the version that it was placed with; the newest is on show.
CREATE TABLE service_versions (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    service_id   bigint NOT NULL REFERENCES services,
    version      int NOT NULL,
    definition   jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    UNIQUE (service_id, version)
);
CREATE TRIGGER service_versions_append_only BEFORE UPDATE OR DELETE ON service_versions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE service_versions, services;
