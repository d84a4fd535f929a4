-- +goose Up

-- The account that was open in the browser which placed the order. It sees
-- the order from anywhere; the account of the number given with the order
-- does so once the identity is verified.
ALTER TABLE orders ADD placed_as bigint REFERENCES customers; -- NULL: nobody was signed in, or a client's
CREATE INDEX orders_placed_as ON orders (placed_as, id) WHERE placed_as IS NOT NULL;
UPDATE orders o SET placed_as = v.customer_id
FROM checkouts c JOIN visitors v ON v.id = c.visitor_id
WHERE c.id = o.checkout_id AND o.client_id IS NULL AND v.signed_in_at <= o.placed_at;

-- +goose Down
ALTER TABLE orders DROP placed_as;
