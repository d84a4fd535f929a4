-- +goose Up

-- A browser at the shop: the owner of a basket, before and after it is known
-- whose it is. The key is the SHA-256 of the 256-bit token in the cookie.
CREATE TABLE visitors (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash   bytea NOT NULL UNIQUE,
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL
);

CREATE TABLE customers (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mobile     text NOT NULL CHECK (mobile ~ '^09[0-9]{9}$'),
    created_at timestamptz NOT NULL,
    CONSTRAINT customers_mobile UNIQUE (mobile)
);

-- One submission of who somebody is, and the reviewer's verdict on it.
CREATE TABLE identity_cases (
    id                   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id          bigint NOT NULL REFERENCES customers,
    visitor_id           bigint NOT NULL REFERENCES visitors,
    name                 text NOT NULL CHECK (name <> ''),
    email                text NOT NULL CHECK (email <> ''),
    lang                 text NOT NULL CHECK (lang IN ('fa', 'en')),
    national_code_sealed bytea, -- NULL once destroyed
    national_code_mac    bytea NOT NULL,
    birth_date           date NOT NULL,
    needs_care           boolean NOT NULL DEFAULT false, -- a code that was issued but looks made up
    submitted_at         timestamptz NOT NULL,
    verdict              text CHECK (verdict IN ('approved', 'rejected')),
    reason               text NOT NULL DEFAULT '',
    decided_by           bigint REFERENCES staff_members,
    decided_at           timestamptz,
    CHECK ((verdict IS NULL) = (decided_at IS NULL)),
    CHECK (verdict <> 'rejected' OR reason <> '')
);
CREATE INDEX identity_cases_open ON identity_cases (id) WHERE verdict IS NULL;
CREATE INDEX identity_cases_customer ON identity_cases (customer_id, id);
CREATE INDEX identity_cases_visitor ON identity_cases (visitor_id, id);

-- +goose Down
DROP TABLE identity_cases, customers, visitors;
