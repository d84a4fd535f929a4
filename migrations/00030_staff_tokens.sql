-- +goose Up

-- What a member's own program shows to be let in as that member. The token itself is never stored.
CREATE TABLE staff_tokens (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member_id    bigint NOT NULL REFERENCES staff_members,
    name         text NOT NULL CHECK (name <> ''),
    prefix       text NOT NULL, -- the token's beginning, to tell tokens apart by
    token_hash   bytea NOT NULL CHECK (length(token_hash) = 32), -- SHA-256 of a 256-bit token
    scopes       text[] NOT NULL CHECK (cardinality(scopes) > 0),
    created_at   timestamptz NOT NULL,
    created_by   bigint REFERENCES staff_members, -- NULL: the command line
    expires_at   timestamptz NOT NULL CHECK (expires_at > created_at),
    last_used_at timestamptz, -- to the minute
    revoked_at   timestamptz,
    CONSTRAINT staff_tokens_hash UNIQUE (token_hash)
);
CREATE INDEX staff_tokens_member ON staff_tokens (member_id, id);

-- +goose Down
DROP TABLE staff_tokens;
