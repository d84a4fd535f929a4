-- name: ClaimToTouch :one
-- A claim of the member's whose activity was last written down a while ago.
SELECT c.id, o.service_version_id
FROM orders o JOIN claims c ON c.order_id = o.id AND c.ended_at IS NULL
WHERE o.code = @code AND c.member_id = @member_id AND (c.touched_at <= @before OR c.warned_at IS NOT NULL);

-- name: TouchClaim :exec
-- Where no lease runs, none begins.
UPDATE claims SET touched_at = @at, warned_at = NULL, lease_due = CASE WHEN lease_due IS NOT NULL THEN sqlc.narg(lease_due)::timestamptz END
WHERE id = @id AND ended_at IS NULL;

-- name: SetLease :exec
-- A purchase under way needs none.
UPDATE claims SET lease_due = CASE WHEN purchase_since IS NULL THEN sqlc.narg(lease_due)::timestamptz END, warned_at = NULL
WHERE order_id = @order_id AND ended_at IS NULL;

-- name: LeasesDue :many
SELECT id, order_id FROM claims WHERE lease_due <= @now ORDER BY lease_due LIMIT @most;

-- name: WarnClaim :exec
UPDATE claims SET warned_at = @at, lease_due = sqlc.narg(lease_due) WHERE id = @id AND ended_at IS NULL AND warned_at IS NULL;
