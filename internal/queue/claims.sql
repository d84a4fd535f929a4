-- name: InsertClaim :exec
INSERT INTO claims (order_id, member_id, member_name, claimed_at) VALUES (@order_id, @member_id, @member_name, @claimed_at);

-- name: LiveClaim :one
SELECT id, member_id, member_name, claimed_at, purchase_since FROM claims WHERE order_id = $1 AND ended_at IS NULL;

-- name: EndClaim :execrows
-- While a purchase is under way or its outcome unknown, nothing ends a claim.
UPDATE claims SET ended_at = @at, ended_how = @how
WHERE order_id = @order_id AND member_id = @member_id AND ended_at IS NULL AND purchase_since IS NULL;

-- name: GuardPurchase :execrows
UPDATE claims SET purchase_since = $2 WHERE id = $1 AND ended_at IS NULL AND purchase_since IS NULL;

-- name: LiftGuard :execrows
UPDATE claims SET purchase_since = NULL WHERE id = $1 AND purchase_since IS NOT NULL;
