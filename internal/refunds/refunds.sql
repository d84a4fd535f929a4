-- name: OpenLedger :exec
-- What was paid for an order only grows, by payments asked for later.
INSERT INTO refund_ledgers (order_id, paid_rials) VALUES (@order_id, @paid_rials)
ON CONFLICT (order_id) DO UPDATE SET paid_rials = greatest(refund_ledgers.paid_rials, excluded.paid_rials);

-- name: Claim :execrows
-- The row's lock and its CHECK let no two refunds take the same money.
UPDATE refund_ledgers SET refunded_rials = refunded_rials + @amount_rials WHERE order_id = @order_id;

-- name: GiveUpClaim :exec
UPDATE refund_ledgers SET refunded_rials = refunded_rials - @amount_rials WHERE order_id = @order_id;

-- name: Refunded :one
SELECT refunded_rials FROM refund_ledgers WHERE order_id = $1;

-- name: InsertRefund :one
INSERT INTO refunds (order_id, amount_rials, reason, overruled, state, state_since, asked_by, asked_name, asked_at)
VALUES (@order_id, @amount_rials, @reason, @overruled, 'asked', @at, @asked_by, @asked_name, @at)
RETURNING *;

-- name: SetDestination :execrows
UPDATE refunds SET destination = @sealed, destination_no = @no, masked = @masked
WHERE id = @id AND state IN ('asked', 'approved') AND destination_no = @before;

-- name: RefundByID :one
SELECT * FROM refunds WHERE id = $1;

-- name: LockRefund :one
SELECT * FROM refunds WHERE id = $1 FOR UPDATE;

-- name: Approve :execrows
-- Above the limit of the moment, nobody approves what they asked for.
UPDATE refunds SET state = 'approved', state_since = @at, approved_by = @by, approved_name = @name, approved_at = @at, limit_rials = @limit_rials
WHERE id = @id AND state = 'asked' AND (amount_rials <= @limit_rials OR asked_by <> @by::bigint);

-- name: MarkSent :execrows
UPDATE refunds SET state = 'sent', state_since = @at, ended_by = @by, ended_name = @name, ended_at = @at,
       bank_reference = @bank_reference, way = @way
WHERE id = @id AND state = 'approved';

-- name: MarkFailed :execrows
UPDATE refunds SET state = 'failed', state_since = @at, ended_by = @by, ended_name = @name, ended_at = @at, failure = @failure
WHERE id = @id AND state IN ('asked', 'approved') AND way IS NULL;

-- name: RefundsOfOrder :many
SELECT * FROM refunds WHERE order_id = $1 ORDER BY id;

-- name: NewestLimit :one
SELECT * FROM refund_limits ORDER BY id DESC LIMIT 1;

-- name: InsertLimit :exec
INSERT INTO refund_limits (limit_rials, set_at, set_by) VALUES ($1, $2, $3);
