-- +goose Up

-- A discount code and whom it is for. It takes a share or an amount off the fee.
CREATE TABLE campaigns (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code          text NOT NULL CHECK (code ~ '^[A-Z0-9]+(-[A-Z0-9]+)*$' AND length(code) BETWEEN 3 AND 30),
    name          text NOT NULL CHECK (name <> ''), -- for the staff
    percent       numeric(5, 2) CHECK (percent > 0 AND percent <= 100),
    off_rials     bigint CHECK (off_rials > 0 AND off_rials % 10 = 0),
    starts_at     timestamptz NOT NULL,
    ends_at       timestamptz NOT NULL CHECK (ends_at > starts_at), -- from then on it is over
    audience      text NOT NULL CHECK (audience IN ('everyone', 'members', 'tiers', 'listed')),
    tiers         text[] NOT NULL DEFAULT '{}', -- of the club; for the audience of that name
    services      text[] NOT NULL DEFAULT '{}', -- slugs; with families empty too: every service
    families      text[] NOT NULL DEFAULT '{}',
    max_uses      int CHECK (max_uses > 0),      -- orders in all; NULL: any number
    max_uses_each int CHECK (max_uses_each > 0), -- orders of one customer
    used          int NOT NULL DEFAULT 0 CHECK (used >= 0), -- live rows of campaign_uses
    created_by    bigint NOT NULL REFERENCES staff_members,
    created_at    timestamptz NOT NULL,
    ended_by      bigint REFERENCES staff_members, -- before its time
    ended_at      timestamptz,
    CHECK ((percent IS NULL) <> (off_rials IS NULL)),
    CHECK ((audience = 'tiers') = (tiers <> '{}')),
    CHECK ((ended_by IS NULL) = (ended_at IS NULL)),
    CONSTRAINT campaigns_used CHECK (used <= max_uses)
);
-- People leave the dashes out.
CREATE UNIQUE INDEX campaigns_code ON campaigns (replace(code, '-', ''));

-- The customers of a campaign for listed ones; some may not have come yet.
CREATE TABLE campaign_members (
    campaign_id bigint NOT NULL REFERENCES campaigns,
    mobile      text NOT NULL CHECK (mobile ~ '^09[0-9]{9}$'),
    PRIMARY KEY (campaign_id, mobile)
);

-- An order placed with a code. Released: it expired or was cancelled.
CREATE TABLE campaign_uses (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign_id bigint NOT NULL REFERENCES campaigns,
    order_id    bigint NOT NULL REFERENCES orders,
    customer_id bigint NOT NULL REFERENCES customers,
    used_at     timestamptz NOT NULL,
    released_at timestamptz,
    CONSTRAINT campaign_uses_order UNIQUE (order_id)
);
CREATE INDEX campaign_uses_campaign ON campaign_uses (campaign_id, id);
CREATE INDEX campaign_uses_customer ON campaign_uses (campaign_id, customer_id) WHERE released_at IS NULL;

-- What a completed order counts for in the club.
CREATE TABLE club_earnings (
    order_id    bigint PRIMARY KEY REFERENCES orders,
    customer_id bigint NOT NULL REFERENCES customers,
    fees_rials  bigint NOT NULL CHECK (fees_rials >= 0), -- paid for our work, discounts taken off
    earned_at   timestamptz NOT NULL
);
CREATE INDEX club_earnings_customer ON club_earnings (customer_id, earned_at);
CREATE TRIGGER club_earnings_append_only BEFORE UPDATE OR DELETE ON club_earnings
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER club_earnings_keep BEFORE TRUNCATE ON club_earnings
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Where each customer stood in the club when last counted.
CREATE TABLE club_standings (
    customer_id bigint PRIMARY KEY REFERENCES customers,
    tier        text NOT NULL, -- key of the tariff's tier; empty: none yet
    orders      int NOT NULL CHECK (orders >= 0),
    fees_rials  bigint NOT NULL CHECK (fees_rials >= 0),
    computed_at timestamptz NOT NULL
);
CREATE INDEX club_standings_computed ON club_standings (computed_at);

CREATE TABLE club_changes (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers,
    from_tier   text NOT NULL,
    to_tier     text NOT NULL,
    at          timestamptz NOT NULL,
    CHECK (from_tier <> to_tier)
);
CREATE INDEX club_changes_customer ON club_changes (customer_id, id);
CREATE TRIGGER club_changes_append_only BEFORE UPDATE OR DELETE ON club_changes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER club_changes_keep BEFORE TRUNCATE ON club_changes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE club_changes, club_standings, club_earnings, campaign_uses, campaign_members, campaigns;
