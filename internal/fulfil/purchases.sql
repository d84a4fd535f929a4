-- name: InsertPurchase :exec
INSERT INTO purchases (order_id, claim_id, member_id, started_at) VALUES (@order_id, @claim_id, @member_id, @started_at);

-- name: LivePurchase :one
-- At most one is not known to be unpaid.
SELECT * FROM purchases WHERE order_id = $1 AND outcome IS DISTINCT FROM 'not_paid';

-- name: PurchasesOfOrder :many
SELECT * FROM purchases WHERE order_id = $1 ORDER BY id;

-- name: AbandonPurchase :execrows
-- What was said of one that is unknown already stays.
UPDATE purchases SET outcome = 'unknown', outcome_at = coalesce(outcome_at, @at), note = CASE WHEN outcome IS NULL THEN @note ELSE note END
WHERE id = @id AND (outcome IS NULL OR outcome = 'unknown');

-- name: EndPurchase :execrows
UPDATE purchases SET outcome = @outcome, outcome_at = @at, charged_amount = sqlc.narg(charged_amount),
       charged_currency = sqlc.narg(charged_currency), reference = @reference, note = @note
WHERE id = @id AND (outcome IS NULL OR outcome = 'unknown');
