-- +goose Up

-- What two people are needed for is what goes back of one order in all: parts of it, each below the limit, are one amount.
ALTER TABLE refunds ADD COLUMN order_rials bigint; -- of the order, asked for, approved and sent, when this one was approved
UPDATE refunds SET order_rials = amount_rials WHERE approved_by IS NOT NULL; -- as it was looked at then
ALTER TABLE refunds
    DROP CONSTRAINT refunds_two_people,
    ADD CONSTRAINT refunds_two_people CHECK (approved_by IS NULL OR order_rials <= limit_rials OR approved_by <> asked_by),
    ADD CONSTRAINT refunds_order_rials CHECK ((approved_by IS NULL) = (order_rials IS NULL) AND order_rials >= amount_rials);

-- +goose Down
ALTER TABLE refunds DROP CONSTRAINT refunds_order_rials, DROP CONSTRAINT refunds_two_people;
ALTER TABLE refunds DROP COLUMN order_rials;
ALTER TABLE refunds ADD CONSTRAINT refunds_two_people CHECK (approved_by IS NULL OR amount_rials <= limit_rials OR approved_by <> asked_by);
