-- +goose Up

-- A clock whose record contradicts itself is set aside by a step that moves clocks: it stays as it was, and somebody has to look at it.
ALTER TABLE retimings ADD COLUMN aside int NOT NULL DEFAULT 0;
CREATE TABLE retiming_asides (
    retiming_id bigint NOT NULL REFERENCES retimings,
    order_id    bigint NOT NULL REFERENCES orders,
    clock_id    bigint NOT NULL REFERENCES order_clocks,
    why         text NOT NULL CHECK (why <> ''), -- for whoever mends it
    PRIMARY KEY (retiming_id, order_id, clock_id)
);

-- A sweep looks at the alarms of the orders that it has locked.
CREATE INDEX clock_alarms_order ON clock_alarms (order_id);

-- In which language a member is written to.
ALTER TABLE alert_choices ADD COLUMN lang text NOT NULL DEFAULT 'fa' CHECK (lang IN ('fa', 'en'));

-- +goose Down
ALTER TABLE alert_choices DROP COLUMN lang;
DROP INDEX clock_alarms_order;
DROP TABLE retiming_asides;
ALTER TABLE retimings DROP COLUMN aside;
