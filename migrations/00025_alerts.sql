-- +goose Up

-- Where a member is reached by SMS.
ALTER TABLE staff_members ADD COLUMN mobile text CHECK (mobile ~ '^09[0-9]{9}$');

-- When warnings come, and who is told when a promise is broken. The newest version counts; each
-- but the first names the one that it was made from, and none is made from the same one twice.
CREATE TABLE alert_rules (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    previous bigint REFERENCES alert_rules,
    rules    jsonb NOT NULL,
    made_at  timestamptz NOT NULL,
    made_by  bigint REFERENCES staff_members, -- NULL: it came with the program
    CONSTRAINT alert_rules_previous UNIQUE NULLS NOT DISTINCT (previous)
);
INSERT INTO alert_rules (rules, made_at) VALUES (
    '{"shares": [50, 80], "steps": [{"after_minutes": 0, "to": "duty"}, {"after_minutes": 15, "to": "supervisors"},
      {"after_minutes": 60, "to": "admins"}], "holiday_days": 3}', now());
CREATE TRIGGER alert_rules_append_only BEFORE UPDATE OR DELETE ON alert_rules
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER alert_rules_keep BEFORE TRUNCATE ON alert_rules
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- When somebody must look at a running clock next: at a warning, at the breach, at a step of the escalation.
-- Nothing is due of a clock without a row: it stands still, it has ended, or all is told.
CREATE TABLE clock_alarms (
    clock_id bigint PRIMARY KEY REFERENCES order_clocks,
    order_id bigint NOT NULL REFERENCES orders,
    next_at  timestamptz NOT NULL,
    rules_id bigint NOT NULL -- that next_at was worked out by; older ones are looked at anew
);
CREATE INDEX clock_alarms_next ON clock_alarms (next_at);
CREATE INDEX clock_alarms_rules ON clock_alarms (rules_id);
INSERT INTO clock_alarms (clock_id, order_id, next_at, rules_id)
SELECT id, order_id, now(), 0 FROM order_clocks WHERE running_since IS NOT NULL AND stopped_at IS NULL;

-- What came true of a promise, once each. A turn of the clock that undoes it lifts it: what comes true again is told again.
CREATE TABLE deadline_alerts (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    clock_id  bigint NOT NULL REFERENCES order_clocks,
    order_id  bigint NOT NULL REFERENCES orders,
    kind      text NOT NULL CHECK (kind IN ('warning', 'breach', 'escalation')),
    level     int NOT NULL, -- a warning's percentage; an escalation's working minutes late; 0
    at        timestamptz NOT NULL, -- when it came true
    due_at    timestamptz NOT NULL, -- the promise of then
    noted_at  timestamptz NOT NULL,
    lifted_at timestamptz
);
CREATE UNIQUE INDEX deadline_alerts_once ON deadline_alerts (clock_id, kind, level) WHERE lifted_at IS NULL;

-- What a member wants to be told, as 'breach:email'. No row: what the program proposes.
CREATE TABLE alert_choices (
    member_id bigint PRIMARY KEY REFERENCES staff_members,
    choices   text[] NOT NULL,
    warn_from int NOT NULL CHECK (warn_from BETWEEN 1 AND 99), -- warnings of smaller shares are not for them
    chosen_at timestamptz NOT NULL
);

-- What a member has seen on the screen, such as 'clock:41:0:warning:80' or 'holiday:2026-11-22'.
CREATE TABLE alerts_seen (
    member_id bigint NOT NULL REFERENCES staff_members,
    subject   text NOT NULL,
    seen_at   timestamptz NOT NULL,
    PRIMARY KEY (member_id, subject)
);

-- Provisional holidays that somebody was reminded of.
CREATE TABLE holiday_reminders (
    date        date PRIMARY KEY,
    name        text NOT NULL,
    reminded_at timestamptz NOT NULL
);

-- +goose Down
DROP TABLE holiday_reminders, alerts_seen, alert_choices, deadline_alerts, clock_alarms, alert_rules;
ALTER TABLE staff_members DROP COLUMN mobile;
