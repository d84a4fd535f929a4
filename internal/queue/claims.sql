-- name: InsertClaim :exec
-- A purchase that was left open when the order was put back guards the new
-- claim from its first moment; such a claim has no lease.
WITH left_open AS (
    UPDATE queue_guards SET taken_at = @at WHERE order_id = @order_id AND taken_at IS NULL RETURNING purchase_since
)
INSERT INTO claims (order_id, member_id, member_name, claimed_at, began_how, touched_at, purchase_since, lease_due)
SELECT @order_id, @member_id, @member_name, @at, @began_how, @at, coalesce(sqlc.narg(purchase_since)::timestamptz, g.purchase_since),
       CASE WHEN coalesce(sqlc.narg(purchase_since)::timestamptz, g.purchase_since) IS NULL THEN sqlc.narg(lease_due)::timestamptz END
FROM (VALUES (true)) one LEFT JOIN left_open g ON true;

-- name: LiveClaim :one
SELECT id, member_id, member_name, claimed_at, purchase_since, touched_at, warned_at, lease_due FROM claims WHERE order_id = $1 AND ended_at IS NULL;

-- name: EndClaim :execrows
-- While a purchase is under way or its outcome unknown, nothing ends a claim.
UPDATE claims SET ended_at = @at, ended_how = @how, lease_due = NULL
WHERE id = @id AND ended_at IS NULL AND purchase_since IS NULL;

-- name: EndClaimDespitePurchase :execrows
-- A supervisor's, who was warned: the guard goes on with the order.
UPDATE claims SET ended_at = @at, ended_how = @how, lease_due = NULL, purchase_since = NULL
WHERE id = @id AND ended_at IS NULL;

-- name: LeaveGuard :exec
INSERT INTO queue_guards (order_id, claim_id, purchase_since, left_at) VALUES (@order_id, @claim_id, @purchase_since, @left_at);

-- name: DropGuard :exec
UPDATE queue_guards SET taken_at = @at WHERE order_id = @order_id AND taken_at IS NULL;

-- name: GuardPurchase :execrows
UPDATE claims SET purchase_since = @at, lease_due = NULL, warned_at = NULL WHERE id = @id AND ended_at IS NULL AND purchase_since IS NULL;

-- name: LiftGuard :execrows
UPDATE claims SET purchase_since = NULL, lease_due = sqlc.narg(lease_due), touched_at = @at WHERE id = @id AND purchase_since IS NOT NULL;

-- name: PickNext :one
-- The earliest due that nobody else is taking at this moment, without what
-- this member has skipped.
SELECT o.id FROM orders o
WHERE o.state = 'paid'
  AND NOT EXISTS (SELECT FROM queue_skips s WHERE s.order_id = o.id AND s.member_id = @member_id AND s.until > @now)
ORDER BY o.due_at, o.id LIMIT 1 FOR UPDATE OF o SKIP LOCKED;

-- name: PickNextAmong :one
-- The same among the services that the member works on: of each the first few,
-- more than can be in other hands at this moment, so that nothing is read of a
-- long queue of other services.
SELECT o.id FROM unnest(@versions::bigint[]) AS v (id)
CROSS JOIN LATERAL (
    SELECT w.id, w.due_at FROM orders w
    WHERE w.state = 'paid' AND w.service_version_id = v.id
      AND NOT EXISTS (SELECT FROM queue_skips s WHERE s.order_id = w.id AND s.member_id = @member_id AND s.until > @now)
    ORDER BY w.due_at, w.id LIMIT 32
) first
JOIN orders o ON o.id = first.id AND o.state = 'paid'
ORDER BY first.due_at, first.id LIMIT 1 FOR UPDATE OF o SKIP LOCKED;

-- name: InsertSkip :exec
INSERT INTO queue_skips (order_id, member_id, reason, at, until) VALUES (@order_id, @member_id, @reason, @at, @until);

-- name: ServiceOfClaim :one
SELECT o.service_version_id FROM claims c JOIN orders o ON o.id = c.order_id WHERE c.id = $1;

-- name: GuardOfOrder :one
SELECT c.purchase_since::timestamptz AS since FROM claims c WHERE c.order_id = @order_id AND c.ended_at IS NULL AND c.purchase_since IS NOT NULL
UNION ALL
SELECT g.purchase_since FROM queue_guards g WHERE g.order_id = @order_id AND g.taken_at IS NULL
LIMIT 1;

-- name: GivenBack :one
-- What of an order's money is on its way back, or was sent back already.
SELECT coalesce(sum(amount_rials), 0)::bigint FROM refunds WHERE order_id = @order_id AND state <> 'failed';
