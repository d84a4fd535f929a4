-- +goose Up

-- Above this amount, who asks for a refund and who approves it are two people. The newest row holds.
CREATE TABLE refund_limits (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    limit_rials bigint NOT NULL CHECK (limit_rials >= 0 AND limit_rials % 10 = 0),
    set_at      timestamptz NOT NULL,
    set_by      bigint NOT NULL REFERENCES staff_members
);
CREATE TRIGGER refund_limits_append_only BEFORE UPDATE OR DELETE ON refund_limits
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refund_limits_keep BEFORE TRUNCATE ON refund_limits
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What was paid for an order, and what of it is refunded or about to be: never more.
CREATE TABLE refund_ledgers (
    order_id       bigint PRIMARY KEY REFERENCES orders,
    paid_rials     bigint NOT NULL CHECK (paid_rials > 0),
    refunded_rials bigint NOT NULL DEFAULT 0, -- asked, approved and sent
    CONSTRAINT refund_ledgers_covered CHECK (refunded_rials BETWEEN 0 AND paid_rials)
);

-- Money that goes back to the customer of an order.
CREATE TABLE refunds (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id       bigint NOT NULL REFERENCES orders,
    amount_rials   bigint NOT NULL CHECK (amount_rials > 0 AND amount_rials % 10 = 0),
    reason         text NOT NULL CHECK (reason <> ''),
    overruled      boolean NOT NULL DEFAULT false, -- a supervisor asked although a purchase was open
    destination    bytea,                          -- sealed: the customer's account or card
    destination_no bigint NOT NULL DEFAULT 0,      -- how often it was set
    masked         text NOT NULL DEFAULT '',       -- of the destination, what may be shown
    state          text NOT NULL CHECK (state IN ('asked', 'approved', 'sent', 'failed')),
    state_since    timestamptz NOT NULL,
    asked_by       bigint NOT NULL REFERENCES staff_members,
    asked_name     text NOT NULL,
    asked_at       timestamptz NOT NULL,
    approved_by    bigint REFERENCES staff_members,
    approved_name  text NOT NULL DEFAULT '',
    approved_at    timestamptz,
    limit_rials    bigint, -- that held when it was approved
    way            text CHECK (way IN ('transfer', 'gateway')), -- gateway: a reversal there was begun
    ended_by       bigint REFERENCES staff_members,
    ended_name     text NOT NULL DEFAULT '',
    ended_at       timestamptz,
    bank_reference text NOT NULL DEFAULT '',
    failure        text NOT NULL DEFAULT '',
    CHECK (state NOT IN ('approved', 'sent') OR approved_by IS NOT NULL),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL) AND (approved_by IS NULL) = (limit_rials IS NULL)),
    CHECK ((state IN ('sent', 'failed')) = (ended_at IS NOT NULL)),
    CHECK (state <> 'sent' OR bank_reference <> ''),
    CHECK (state <> 'failed' OR failure <> ''),
    CONSTRAINT refunds_two_people CHECK (approved_by IS NULL OR amount_rials <= limit_rials OR approved_by <> asked_by)
);
CREATE INDEX refunds_order ON refunds (order_id, id);
CREATE INDEX refunds_state ON refunds (state, id);

-- A way for the reader of a message to answer about one order. The token in its address is derived from the
-- nonce by a key that is not in the database.
CREATE TABLE order_links (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id   bigint NOT NULL REFERENCES orders,
    nonce      bytea NOT NULL,
    token_hash bytea NOT NULL CONSTRAINT order_links_token UNIQUE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at <= created_at + interval '14 days')
);

-- Money that an order needs besides its price, asked of its customer.
CREATE TABLE extra_payments (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id     bigint NOT NULL REFERENCES orders,
    amount_rials bigint NOT NULL CHECK (amount_rials > 0 AND amount_rials % 10 = 0),
    reason       text NOT NULL CHECK (reason <> ''),
    state        text NOT NULL CHECK (state IN ('asked', 'paid', 'withdrawn', 'expired')),
    state_since  timestamptz NOT NULL,
    asked_by     bigint NOT NULL REFERENCES staff_members,
    asked_name   text NOT NULL,
    asked_at     timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL
);
CREATE UNIQUE INDEX extra_payments_open ON extra_payments (order_id) WHERE state = 'asked';
CREATE INDEX extra_payments_order ON extra_payments (order_id, id);
CREATE INDEX extra_payments_expiring ON extra_payments (expires_at) WHERE state = 'asked';

-- A trip to a gateway pays for a checkout, or for one extra payment of an order of it.
ALTER TABLE payment_attempts ADD extra_id bigint REFERENCES extra_payments;
DROP INDEX payment_attempts_paid;
CREATE UNIQUE INDEX payment_attempts_paid ON payment_attempts (checkout_id) WHERE state IN ('verified', 'settled') AND extra_id IS NULL;
CREATE UNIQUE INDEX payment_attempts_extra_paid ON payment_attempts (extra_id) WHERE state IN ('verified', 'settled');
CREATE INDEX payment_attempts_extra ON payment_attempts (extra_id) WHERE extra_id IS NOT NULL;

-- What staff write on an order for each other. Its author can take one away.
CREATE TABLE order_notes (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id    bigint NOT NULL REFERENCES orders,
    member_id   bigint NOT NULL REFERENCES staff_members,
    member_name text NOT NULL,
    body        text NOT NULL CHECK (body <> ''),
    at          timestamptz NOT NULL,
    removed_at  timestamptz
);
CREATE INDEX order_notes_order ON order_notes (order_id, id);

-- What a member is writing on an order, and has not sent yet.
CREATE TABLE order_drafts (
    member_id bigint NOT NULL REFERENCES staff_members,
    order_id  bigint NOT NULL REFERENCES orders,
    field     text NOT NULL,
    body      text NOT NULL CHECK (body <> ''),
    saved_at  timestamptz NOT NULL,
    PRIMARY KEY (member_id, order_id, field)
);

-- +goose Down
DROP TABLE order_drafts, order_notes;
DROP INDEX payment_attempts_extra, payment_attempts_extra_paid, payment_attempts_paid;
CREATE UNIQUE INDEX payment_attempts_paid ON payment_attempts (checkout_id) WHERE state IN ('verified', 'settled');
ALTER TABLE payment_attempts DROP extra_id;
DROP TABLE extra_payments, order_links;
DROP TABLE refunds, refund_ledgers, refund_limits;
