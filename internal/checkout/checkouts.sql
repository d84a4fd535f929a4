-- name: InsertCheckout :one
INSERT INTO checkouts (visitor_id, customer_id, identity_case_id, total_rials, lang, placed_at)
VALUES (@visitor_id, @customer_id, @identity_case_id, @total_rials, @lang, @placed_at)
RETURNING id;

-- name: CheckoutByID :one
SELECT * FROM checkouts WHERE id = $1;
