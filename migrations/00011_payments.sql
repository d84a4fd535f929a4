-- +goose Up

CREATE SEQUENCE payment_serials MAXVALUE 9999 CYCLE;

-- One trip to a gateway. Its id is the invoice number told to the gateway: the
-- second of its beginning and a serial, so that no number ever comes again,
-- not in a new installation and not after a backup was put back.
CREATE TABLE payment_attempts (
    id           bigint PRIMARY KEY,
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
CREATE INDEX payment_attempts_sent ON payment_attempts (checked_at NULLS FIRST, id) WHERE state = 'sent';
CREATE INDEX payment_attempts_created ON payment_attempts (created_at) WHERE state = 'created';
CREATE INDEX payment_attempts_checkout ON payment_attempts (checkout_id, id);
-- A checkout is paid at most once.
CREATE UNIQUE INDEX payment_attempts_paid ON payment_attempts (checkout_id) WHERE state IN ('verified', 'settled');

-- +goose Down
DROP TABLE payment_attempts;
DROP SEQUENCE payment_serials;
