-- +goose Up

-- One trip to a gateway. Its id is the invoice number told to the gateway, new for every attempt.
CREATE TABLE payment_attempts (
    id           bigint GENERATED ALWAYS AS IDENTITY (START WITH 100001) PRIMARY KEY,
    checkout_id  bigint NOT NULL REFERENCES checkouts,
    gateway      text NOT NULL,
    amount_rials bigint NOT NULL CHECK (amount_rials > 0),
    mobile       text NOT NULL,
    state        text NOT NULL CHECK (state IN ('created', 'sent', 'verified', 'settled', 'failed', 'quarantined', 'reversed')),
    state_since  timestamptz NOT NULL,
    created_at   timestamptz NOT NULL,
    ref_id       text NOT NULL DEFAULT '', -- the gateway's token
    tran_id      text,                     -- the gateway's transaction
    rrn          text NOT NULL DEFAULT '',
    card_mask    text NOT NULL DEFAULT '',
    checked_at   timestamptz,              -- when the gateway was last asked
    note         text NOT NULL DEFAULT '', -- why it failed or is in quarantine
    CONSTRAINT payment_attempts_tran UNIQUE (gateway, tran_id)
);
CREATE INDEX payment_attempts_open ON payment_attempts (id) WHERE state IN ('created', 'sent', 'verified');
CREATE INDEX payment_attempts_checkout ON payment_attempts (checkout_id, id);
-- A checkout is paid at most once.
CREATE UNIQUE INDEX payment_attempts_paid ON payment_attempts (checkout_id) WHERE state IN ('verified', 'settled');

-- +goose Down
DROP TABLE payment_attempts;
