-- name: GivenBack :one
-- What of an order's money is on its way back, or was sent back already.
SELECT coalesce(sum(amount_rials), 0)::bigint FROM refunds WHERE order_id = @order_id AND state <> 'failed';

-- name: InsertPurchase :exec
INSERT INTO purchases (order_id, claim_id, member_id, started_at) VALUES (@order_id, @claim_id, @member_id, @started_at);

-- name: LivePurchase :one
-- At most one is not known to be unpaid.
SELECT * FROM purchases WHERE order_id = $1 AND outcome IS DISTINCT FROM 'not_paid';

-- name: PurchasesOfOrder :many
SELECT * FROM purchases WHERE order_id = $1 ORDER BY id;

-- name: AbandonPurchase :exec
UPDATE purchases SET outcome = 'unknown', outcome_at = @at, note = @note WHERE id = @id AND outcome IS NULL;

-- name: EndPurchase :execrows
UPDATE purchases SET outcome = @outcome, outcome_at = @at, charged_amount = sqlc.narg(charged_amount),
       charged_currency = sqlc.narg(charged_currency), reference = @reference, note = @note
WHERE id = @id AND (outcome IS NULL OR outcome = 'unknown');
