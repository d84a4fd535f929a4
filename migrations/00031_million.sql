-- +goose Up

-- What pages of one order read, which years of other orders lie beside.
CREATE INDEX order_clocks_order ON order_clocks (order_id, id);
CREATE INDEX purchases_order ON purchases (order_id, id);

-- What finance looks at, which stays short however many payments there were.
CREATE INDEX payment_attempts_unfinished ON payment_attempts (id) WHERE state IN ('verified', 'quarantined');

-- +goose Down
DROP INDEX order_clocks_order, purchases_order, payment_attempts_unfinished;
