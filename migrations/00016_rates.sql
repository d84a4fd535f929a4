-- +goose Up

-- What the company buys one unit for, who said so, and who agreed to a jump.
ALTER TABLE exchange_rates
    ADD buy_rials   bigint CHECK (buy_rials > 0 AND buy_rials % 10 = 0), -- NULL: not told
    ADD source      text CHECK (source IN ('desk', 'command', 'feed', 'sample')),
    ADD approved_by bigint REFERENCES staff_members,
    ADD CONSTRAINT exchange_rates_margin CHECK (buy_rials <= sell_rials),
    ADD CONSTRAINT exchange_rates_second_person CHECK (approved_by <> set_by);
-- A rate that nobody at the desk has set is on the record when it came from the command line.
UPDATE exchange_rates r SET source = CASE
    WHEN r.set_by IS NOT NULL THEN 'desk'
    WHEN EXISTS (SELECT FROM audit_entries a WHERE a.verb = 'rate.set' AND a.subject = 'rate:' || r.id) THEN 'command'
    ELSE 'sample' END;
ALTER TABLE exchange_rates ALTER source SET NOT NULL;
CREATE INDEX exchange_rates_course ON exchange_rates (currency, set_at);
CREATE TRIGGER exchange_rates_append_only BEFORE UPDATE OR DELETE ON exchange_rates
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER exchange_rates_keep BEFORE TRUNCATE ON exchange_rates
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- How old a rate may be, and how far it may jump without a second person. The newest row counts.
CREATE TABLE rate_terms (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    max_age_minutes int NOT NULL CHECK (max_age_minutes BETWEEN 10 AND 527040),
    jump_percent    numeric(5, 2) NOT NULL CHECK (jump_percent > 0 AND jump_percent <= 100),
    set_at          timestamptz NOT NULL,
    set_by          bigint REFERENCES staff_members -- NULL: the program
);
CREATE TRIGGER rate_terms_append_only BEFORE UPDATE OR DELETE ON rate_terms
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rate_terms_keep BEFORE TRUNCATE ON rate_terms
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A rate that jumps too far to hold before a second person agrees.
CREATE TABLE rate_proposals (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    currency    text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    buy_rials   bigint CHECK (buy_rials > 0 AND buy_rials % 10 = 0),
    sell_rials  bigint NOT NULL CHECK (sell_rials > 0 AND sell_rials % 10 = 0),
    source      text NOT NULL CHECK (source IN ('desk', 'command', 'feed')),
    proposed_at timestamptz NOT NULL,
    proposed_by bigint REFERENCES staff_members, -- NULL: nobody at the desk
    decided_at  timestamptz,
    decided_by  bigint REFERENCES staff_members,
    verdict     text CHECK (verdict IN ('approved', 'rejected', 'withdrawn', 'replaced')),
    CHECK (buy_rials <= sell_rials),
    CHECK ((decided_at IS NULL) = (verdict IS NULL)),
    CHECK (decided_by IS NOT NULL OR verdict IS NULL OR verdict IN ('withdrawn', 'replaced')),
    CONSTRAINT rate_proposals_second_person CHECK (decided_by <> proposed_by)
);
CREATE UNIQUE INDEX rate_proposals_open ON rate_proposals (currency) WHERE decided_at IS NULL;

-- Finance is told once that a rate grows old.
CREATE TABLE rate_alerts (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    currency   text NOT NULL,
    rate_id    bigint NOT NULL REFERENCES exchange_rates,
    alerted_at timestamptz NOT NULL,
    UNIQUE (currency, rate_id)
);

-- Where rates are read from by themselves.
CREATE TABLE rate_feeds (
    currency       text PRIMARY KEY CHECK (currency ~ '^[A-Z]{3}$'),
    url            text NOT NULL,
    sell_path      text NOT NULL,            -- RFC 9535
    buy_path       text NOT NULL DEFAULT '', -- '': it names no price for buying
    unit           text NOT NULL CHECK (unit IN ('rial', 'toman')),
    margin_percent numeric(5, 2) NOT NULL CHECK (margin_percent BETWEEN 0 AND 50), -- added to what it sells for
    every_minutes  int NOT NULL CHECK (every_minutes BETWEEN 5 AND 1440),
    enabled_at     timestamptz, -- NULL: off
    enabled_by     bigint REFERENCES staff_members,
    last_run_at    timestamptz,
    last_error     text NOT NULL DEFAULT '', -- a message key; '': it went well
    last_detail    text NOT NULL DEFAULT '', -- for that message
    failures       int NOT NULL DEFAULT 0,   -- in a row
    CHECK ((enabled_at IS NULL) = (enabled_by IS NULL))
);

-- +goose Down
DROP TABLE rate_feeds, rate_alerts, rate_proposals, rate_terms;
DROP TRIGGER exchange_rates_keep ON exchange_rates;
DROP TRIGGER exchange_rates_append_only ON exchange_rates;
DROP INDEX exchange_rates_course;
ALTER TABLE exchange_rates DROP buy_rials, DROP source, DROP approved_by;
