-- +goose Up

-- Why an edit was made, in its author's words.
ALTER TABLE calendar_versions ADD COLUMN note text NOT NULL DEFAULT '';

-- The next calendar in the making: one that all share. No calendar: nobody has begun one.
CREATE TABLE calendar_draft (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    revision bigint NOT NULL DEFAULT 0,
    calendar jsonb,
    saved_at timestamptz,
    saved_by bigint REFERENCES staff_members,
    CHECK ((calendar IS NULL) = (saved_at IS NULL) AND (calendar IS NULL) = (saved_by IS NULL))
);
INSERT INTO calendar_draft DEFAULT VALUES;

-- An extension agreed with the customer is working time on top of the budget; the first promise stays on record.
ALTER TABLE order_clocks
    ADD COLUMN extra_micros bigint NOT NULL DEFAULT 0 CHECK (extra_micros >= 0),
    ADD COLUMN first_due_at timestamptz; -- the due time without the extension
UPDATE order_clocks SET first_due_at = due_at;
ALTER TABLE order_clocks ALTER COLUMN first_due_at SET NOT NULL;
CREATE INDEX order_clocks_behind ON order_clocks (calendar_version_id, order_id) WHERE stopped_at IS NULL;

-- When a clock waited for the customer.
CREATE TABLE clock_holds (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    clock_id bigint NOT NULL REFERENCES order_clocks,
    from_at  timestamptz NOT NULL,
    to_at    timestamptz, -- NULL: it still does
    CHECK (to_at >= from_at)
);
CREATE INDEX clock_holds_clock ON clock_holds (clock_id, id);
CREATE UNIQUE INDEX clock_holds_open ON clock_holds (clock_id) WHERE to_at IS NULL;
INSERT INTO clock_holds (clock_id, from_at, to_at)
SELECT c.id, h.at, (SELECT a.at FROM order_events a WHERE a.order_id = h.order_id AND a.verb = 'answer' AND a.id > h.id ORDER BY a.id LIMIT 1)
FROM order_events h JOIN order_clocks c ON c.order_id = h.order_id
WHERE h.verb = 'hold' ORDER BY h.id;

-- One step that moves the open clocks to a version of the calendar, and how far it has come.
CREATE TABLE retimings (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version_id    bigint NOT NULL REFERENCES calendar_versions,
    approved_by   bigint NOT NULL REFERENCES staff_members,
    approved_name text NOT NULL,
    approved_at   timestamptz NOT NULL,
    last_order_id bigint NOT NULL DEFAULT 0, -- orders up to this one are done
    total         int NOT NULL CHECK (total >= 0),
    done          int NOT NULL DEFAULT 0,
    moved         int NOT NULL DEFAULT 0, -- deadlines that are others now
    cured         int NOT NULL DEFAULT 0, -- breaches that vanished
    broken        int NOT NULL DEFAULT 0, -- breaches that appeared
    stuck         int NOT NULL DEFAULT 0, -- clocks left as they were: the version has not so much open time
    finished_at   timestamptz
);
CREATE UNIQUE INDEX retimings_running ON retimings ((true)) WHERE finished_at IS NULL;

-- The deadlines that a step has moved.
CREATE TABLE retimed_clocks (
    retiming_id bigint NOT NULL REFERENCES retimings,
    order_id    bigint NOT NULL REFERENCES orders,
    clock_id    bigint NOT NULL REFERENCES order_clocks,
    from_due    timestamptz NOT NULL,
    to_due      timestamptz NOT NULL,
    was_late    boolean NOT NULL,
    is_late     boolean NOT NULL,
    PRIMARY KEY (retiming_id, order_id)
);

-- +goose Down
DROP TABLE retimed_clocks, retimings, clock_holds;
DROP INDEX order_clocks_behind;
ALTER TABLE order_clocks DROP COLUMN extra_micros, DROP COLUMN first_due_at;
DROP TABLE calendar_draft;
ALTER TABLE calendar_versions DROP COLUMN note;
