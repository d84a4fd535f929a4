-- +goose Up

-- What became of an order that was worked to its end: one row a completion, written with it and never changed. The first
-- promise judges, whatever was agreed later; what was reopened has a row for each clock.
CREATE TABLE report_outcomes (
    clock_id         bigint PRIMARY KEY REFERENCES order_clocks,
    order_id         bigint NOT NULL REFERENCES orders,
    service_id       bigint NOT NULL REFERENCES services,
    member_id        bigint NOT NULL REFERENCES staff_members, -- who completed it
    done_at          timestamptz NOT NULL,
    day              date NOT NULL,     -- of done_at, in Tehran
    hour             smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),
    first_due_at     timestamptz NOT NULL,
    in_time          boolean NOT NULL,
    handling_seconds int CHECK (handling_seconds >= 0), -- working time from the claim to the end, holds apart; NULL: not measured
    CHECK (in_time = (done_at <= first_due_at))
);
CREATE INDEX report_outcomes_done ON report_outcomes (done_at, clock_id);
CREATE INDEX report_outcomes_service ON report_outcomes (service_id, done_at, clock_id) INCLUDE (handling_seconds);
CREATE INDEX report_outcomes_member ON report_outcomes (member_id, done_at, clock_id);
CREATE TRIGGER report_outcomes_append_only BEFORE UPDATE OR DELETE ON report_outcomes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER report_outcomes_keep BEFORE TRUNCATE ON report_outcomes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The outcomes counted, in the transaction of each: what a report of months reads. A row is one member's, so that colleagues
-- who complete orders at the same time do not wait for each other.
CREATE TABLE report_days (
    day        date NOT NULL,
    service_id bigint NOT NULL REFERENCES services,
    member_id  bigint NOT NULL REFERENCES staff_members,
    done       int NOT NULL CHECK (done >= 0),
    in_time    int NOT NULL CHECK (in_time BETWEEN 0 AND done),
    measured   int NOT NULL CHECK (measured BETWEEN 0 AND done), -- those whose handling time is known
    handling_seconds bigint NOT NULL CHECK (handling_seconds >= 0), -- of these together
    PRIMARY KEY (day, service_id, member_id)
);
CREATE TABLE report_hours (
    day       date NOT NULL,
    member_id bigint NOT NULL REFERENCES staff_members,
    hour      smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),
    done      int NOT NULL CHECK (done >= 0),
    PRIMARY KEY (day, member_id, hour)
);

INSERT INTO report_outcomes (clock_id, order_id, service_id, member_id, done_at, day, hour, first_due_at, in_time)
SELECT DISTINCT ON (k.id) k.id, k.order_id, v.service_id, c.member_id, k.stopped_at, (k.stopped_at AT TIME ZONE 'Asia/Tehran')::date,
       extract(hour FROM k.stopped_at AT TIME ZONE 'Asia/Tehran'), k.first_due_at, k.stopped_at <= k.first_due_at
FROM order_clocks k
JOIN orders o ON o.id = k.order_id
JOIN service_versions v ON v.id = o.service_version_id
JOIN claims c ON c.order_id = k.order_id AND c.ended_how = 'completed' AND c.ended_at = k.stopped_at
ORDER BY k.id, c.id;
INSERT INTO report_days SELECT day, service_id, member_id, count(*), count(*) FILTER (WHERE in_time), 0, 0 FROM report_outcomes GROUP BY 1, 2, 3;
INSERT INTO report_hours SELECT day, member_id, hour, count(*) FROM report_outcomes GROUP BY 1, 2, 3;

-- What runs against its clock, with all that the board asks of it: read in the order of its due times, never to the heap.
CREATE INDEX orders_running ON orders (due_at, id) INCLUDE (service_version_id, state, state_since) WHERE state IN ('paid', 'in_progress');
-- What came to nothing, for the counts of a day.
CREATE INDEX orders_ended ON orders (state, state_since, id) WHERE state IN ('cancelled', 'expired');

-- How many orders a day should be completed. The newest row counts.
CREATE TABLE report_targets (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    orders int NOT NULL CHECK (orders BETWEEN 1 AND 100000),
    set_at timestamptz NOT NULL,
    set_by bigint NOT NULL REFERENCES staff_members
);
CREATE TRIGGER report_targets_append_only BEFORE UPDATE OR DELETE ON report_targets
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Who wants the summary of each working day, and what was sent: once a day and member.
CREATE TABLE report_wishes (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member_id bigint NOT NULL REFERENCES staff_members,
    lang      text NOT NULL CHECK (lang IN ('fa', 'en')),
    since     timestamptz NOT NULL,
    ended_at  timestamptz CHECK (ended_at >= since)
);
CREATE UNIQUE INDEX report_wishes_live ON report_wishes (member_id) WHERE ended_at IS NULL;
CREATE TABLE report_summaries (
    day       date NOT NULL,
    member_id bigint NOT NULL REFERENCES staff_members,
    queued_at timestamptz NOT NULL,
    PRIMARY KEY (day, member_id)
);

-- +goose Down
DROP TABLE report_summaries, report_wishes, report_targets;
DROP INDEX orders_ended, orders_running;
DROP TABLE report_hours, report_days, report_outcomes;
