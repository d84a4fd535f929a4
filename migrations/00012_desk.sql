-- +goose Up

-- A staff member holds an order. It ends once; an order has one live claim at most.
CREATE TABLE claims (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id       bigint NOT NULL REFERENCES orders,
    member_id      bigint NOT NULL REFERENCES staff_members,
    member_name    text NOT NULL, -- as it was then, to tell those who come second
    claimed_at     timestamptz NOT NULL,
    purchase_since timestamptz, -- while a purchase is under way or unknown, nothing may end the claim
    ended_at       timestamptz,
    ended_how      text CHECK (ended_how IN ('released', 'completed', 'cancelled')),
    CHECK ((ended_at IS NULL) = (ended_how IS NULL)),
    CHECK (ended_at IS NULL OR purchase_since IS NULL)
);
CREATE UNIQUE INDEX claims_live ON claims (order_id) WHERE ended_at IS NULL;
CREATE INDEX claims_member ON claims (member_id) WHERE ended_at IS NULL;

-- A call that somebody must make, and what came of it.
CREATE TABLE contact_tasks (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id  bigint NOT NULL REFERENCES orders,
    why       text NOT NULL CHECK (why IN ('identity_pending', 'identity_rejected', 'payment_quarantined', 'question')),
    note      text NOT NULL DEFAULT '',
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    closed_by bigint REFERENCES staff_members, -- NULL: closed by the facts (the identity was verified)
    outcome   text NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX contact_tasks_open ON contact_tasks (order_id, why) WHERE closed_at IS NULL;
CREATE INDEX contact_tasks_due ON contact_tasks (opened_at, id) WHERE closed_at IS NULL;

-- The operator's payment at the destination: begun, then paid, not paid, or unknown.
CREATE TABLE purchases (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id         bigint NOT NULL REFERENCES orders,
    claim_id         bigint NOT NULL REFERENCES claims,
    member_id        bigint NOT NULL REFERENCES staff_members,
    started_at       timestamptz NOT NULL,
    outcome          text CHECK (outcome IN ('paid', 'not_paid', 'unknown')),
    outcome_at       timestamptz,
    charged_amount   numeric(18, 4) CHECK (charged_amount > 0),
    charged_currency text CHECK (charged_currency ~ '^[A-Z]{3}$'),
    reference        text NOT NULL DEFAULT '',
    note             text NOT NULL DEFAULT '',
    CHECK ((outcome IS NULL) = (outcome_at IS NULL)),
    CHECK (outcome IS DISTINCT FROM 'paid' OR (charged_amount IS NOT NULL AND charged_currency IS NOT NULL))
);
-- What keeps the company from paying twice: one purchase that is not known to be unpaid.
CREATE UNIQUE INDEX purchases_live ON purchases (order_id) WHERE outcome IS DISTINCT FROM 'not_paid';

-- Proof of work done; the file itself is sealed in the blob store.
CREATE TABLE receipts (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id    bigint NOT NULL REFERENCES orders,
    name        text NOT NULL,
    mime        text NOT NULL,
    size_bytes  bigint NOT NULL CHECK (size_bytes > 0),
    blob_key    text NOT NULL,
    added_by    bigint NOT NULL REFERENCES staff_members,
    added_at    timestamptz NOT NULL,
    removed_at  timestamptz
);
CREATE INDEX receipts_order ON receipts (order_id, id) WHERE removed_at IS NULL;

-- +goose Down
DROP TABLE receipts, purchases, contact_tasks, claims;
