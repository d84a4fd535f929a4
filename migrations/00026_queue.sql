-- +goose Up

-- How the house hands work out; one row.
CREATE TABLE queue_terms (
    one           boolean PRIMARY KEY DEFAULT true CHECK (one),
    cap           int NOT NULL DEFAULT 5 CHECK (cap BETWEEN 1 AND 10000), -- claims that one person may have open
    lease_minutes int NOT NULL DEFAULT 30 CHECK (lease_minutes BETWEEN 1 AND 10000), -- working minutes without activity, then a warning
    grace_minutes int NOT NULL DEFAULT 5 CHECK (grace_minutes BETWEEN 1 AND 10000), -- working minutes from the warning until the order goes back
    skip_minutes  int NOT NULL DEFAULT 60 CHECK (skip_minutes BETWEEN 1 AND 10000) -- how long "next" passes over what was skipped
);
INSERT INTO queue_terms DEFAULT VALUES;

-- Services whose claims last longer, or shorter, than the house's.
CREATE TABLE queue_leases (
    slug          text PRIMARY KEY CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    lease_minutes int NOT NULL CHECK (lease_minutes BETWEEN 1 AND 10000)
);

-- What the queue knows of a person; who has no row is here and works on everything.
CREATE TABLE queue_members (
    member_id      bigint PRIMARY KEY REFERENCES staff_members,
    presence       text NOT NULL DEFAULT 'here' CHECK (presence IN ('here', 'break', 'away')),
    presence_since timestamptz,
    cap            int CHECK (cap BETWEEN 1 AND 10000), -- NULL: the house's
    services       text[] NOT NULL DEFAULT '{}', -- slugs; with none, and no family: all
    families       text[] NOT NULL DEFAULT '{}'
);

ALTER TABLE claims
    ADD COLUMN began_how text NOT NULL DEFAULT 'taken' CHECK (began_how IN ('taken', 'next', 'handed_over', 'stolen', 'reopened')),
    ADD COLUMN touched_at timestamptz, -- the claimant's last activity, to the minute
    ADD COLUMN lease_due timestamptz, -- the sweep's next look at it: the warning, then the return. NULL: none
    ADD COLUMN warned_at timestamptz; -- the claimant was warned, and has done nothing since
UPDATE claims SET touched_at = claimed_at;
ALTER TABLE claims
    ALTER COLUMN touched_at SET NOT NULL,
    DROP CONSTRAINT claims_ended_how_check,
    ADD CONSTRAINT claims_ended_how_check CHECK (ended_how IN ('released', 'completed', 'cancelled', 'skipped', 'handed_over', 'stolen', 'returned', 'lapsed')),
    ADD CONSTRAINT claims_lease CHECK (lease_due IS NULL OR ended_at IS NULL AND purchase_since IS NULL);
CREATE INDEX claims_lease_due ON claims (lease_due) WHERE lease_due IS NOT NULL;

-- A purchase was under way, or unknown, when a supervisor put the order back: whoever has the order next is guarded by it.
CREATE TABLE queue_guards (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id       bigint NOT NULL REFERENCES orders,
    claim_id       bigint NOT NULL REFERENCES claims, -- the claim that ended
    purchase_since timestamptz NOT NULL,
    left_at        timestamptz NOT NULL,
    taken_at       timestamptz
);
CREATE UNIQUE INDEX queue_guards_open ON queue_guards (order_id) WHERE taken_at IS NULL;

-- What somebody's "next" passes over for a while.
CREATE TABLE queue_skips (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id  bigint NOT NULL REFERENCES orders,
    member_id bigint NOT NULL REFERENCES staff_members,
    reason    text NOT NULL,
    at        timestamptz NOT NULL,
    until     timestamptz NOT NULL,
    CHECK (until > at)
);
CREATE INDEX queue_skips_order ON queue_skips (order_id, member_id, until);

-- What happened to somebody's order without them: the desk shows it until they have read it.
CREATE TABLE queue_notices (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member_id bigint NOT NULL REFERENCES staff_members,
    order_id  bigint NOT NULL REFERENCES orders,
    kind      text NOT NULL CHECK (kind IN ('stolen', 'returned', 'handed_over', 'handed_away', 'lapsed')),
    by_name   text NOT NULL,
    reason    text NOT NULL DEFAULT '',
    at        timestamptz NOT NULL,
    read_at   timestamptz
);
CREATE INDEX queue_notices_unread ON queue_notices (member_id, id) WHERE read_at IS NULL;

-- +goose Down
DROP TABLE queue_notices, queue_skips, queue_guards, queue_members, queue_leases, queue_terms;
DROP INDEX claims_lease_due;
ALTER TABLE claims DROP CONSTRAINT claims_lease, DROP CONSTRAINT claims_ended_how_check;
UPDATE claims SET ended_how = 'released' WHERE ended_how NOT IN ('released', 'completed', 'cancelled');
ALTER TABLE claims ADD CONSTRAINT claims_ended_how_check CHECK (ended_how IN ('released', 'completed', 'cancelled')),
    DROP COLUMN warned_at, DROP COLUMN lease_due, DROP COLUMN touched_at, DROP COLUMN began_how;
