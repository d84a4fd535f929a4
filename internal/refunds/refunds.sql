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
-- An approval is of the amount and of where it goes: another account has to be approved anew.
UPDATE refunds SET destination = @sealed, destination_no = @no, destination_by = @by, masked = @masked, state = 'asked',
       state_since = CASE WHEN state = 'approved' THEN @at ELSE state_since END,
       approved_by = NULL, approved_name = '', approved_at = NULL, limit_rials = NULL, order_rials = NULL
WHERE id = @id AND state IN ('asked', 'approved') AND way IS NULL AND destination_no = @before;

-- name: RefundByID :one
SELECT * FROM refunds WHERE id = $1;

-- name: LockRefund :one
SELECT * FROM refunds WHERE id = $1 FOR UPDATE;

-- name: Approve :execrows
-- Above the limit of the moment, nobody approves what they asked for, or where it goes by their own word. What counts is all that goes back of the
-- order, which its ledger adds up: in parts it is no less.
UPDATE refunds r SET state = 'approved', state_since = @at, approved_by = @by, approved_name = @name, approved_at = @at,
       limit_rials = @limit_rials, order_rials = l.refunded_rials
FROM refund_ledgers l
WHERE r.id = @id AND l.order_id = r.order_id AND r.state = 'asked' AND r.destination_no > 0
  AND (l.refunded_rials <= @limit_rials OR r.asked_by <> @by::bigint AND r.destination_by IS DISTINCT FROM @by::bigint);

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
