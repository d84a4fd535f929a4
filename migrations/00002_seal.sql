-- +goose Up

-- One data keyset an owner and purpose, wrapped by the key-encryption key.
-- Destroying the wrapped keyset destroys all that it sealed.
CREATE TABLE sealed_keysets (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner        text NOT NULL,
    purpose      text NOT NULL,
    wrapped      bytea,
    kek_id       text NOT NULL,
    created_at   timestamptz NOT NULL,
    destroyed_at timestamptz,
    UNIQUE (owner, purpose),
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);

-- +goose Down
DROP TABLE sealed_keysets;
