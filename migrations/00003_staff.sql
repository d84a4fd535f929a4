-- +goose Up

CREATE TABLE staff_members (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email         text NOT NULL CHECK (email = lower(email)),
    name          text NOT NULL CHECK (name <> ''),
    password_hash text NOT NULL, -- argon2id, PHC string
    created_at    timestamptz NOT NULL,
    disabled_at   timestamptz,
    CONSTRAINT staff_members_email UNIQUE (email)
);

CREATE TABLE staff_roles (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member_id  bigint NOT NULL REFERENCES staff_members,
    role       text NOT NULL CHECK (role IN ('operator', 'kyc', 'finance', 'supervisor', 'admin', 'auditor')),
    granted_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE UNIQUE INDEX staff_roles_live ON staff_roles (member_id, role) WHERE revoked_at IS NULL;

-- The key is the SHA-256 of the 256-bit token in the cookie.
CREATE TABLE staff_sessions (
    token_hash   bytea PRIMARY KEY,
    member_id    bigint NOT NULL REFERENCES staff_members,
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    revoked_at   timestamptz,
    ip           text NOT NULL,
    user_agent   text NOT NULL
);
CREATE INDEX staff_sessions_member ON staff_sessions (member_id) WHERE revoked_at IS NULL;

-- What the throttle counts: failed sign-ins by address typed and by client address.
CREATE TABLE staff_signin_failures (
    id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL,
    ip    text NOT NULL,
    at    timestamptz NOT NULL
);
CREATE INDEX staff_signin_failures_email ON staff_signin_failures (email, at);
CREATE INDEX staff_signin_failures_ip ON staff_signin_failures (ip, at);

-- +goose Down
DROP TABLE staff_signin_failures, staff_sessions, staff_roles, staff_members;
