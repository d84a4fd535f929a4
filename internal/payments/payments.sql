-- name: InsertAttempt :one
INSERT INTO payment_attempts (id, checkout_id, gateway, amount_rials, mobile, state, state_since, created_at)
VALUES (extract(epoch FROM @created_at::timestamptz)::bigint * 10000 + nextval('payment_serials'),
        @checkout_id, @gateway, @amount_rials, @mobile, 'created', @created_at, @created_at)
RETURNING *;

-- name: AttemptByID :one
SELECT * FROM payment_attempts WHERE id = $1;

-- name: LockAttempt :one
SELECT * FROM payment_attempts WHERE id = $1 FOR UPDATE;

-- name: MarkSent :execrows
UPDATE payment_attempts SET state = 'sent', state_since = @at, ref_id = @ref_id WHERE id = @id AND state = 'created';

-- name: MarkVerified :execrows
UPDATE payment_attempts SET state = 'verified', state_since = @at, tran_id = @tran_id, rrn = @rrn, card_mask = @card_mask
WHERE id = @id AND state IN ('created', 'sent');

-- name: MarkSettled :execrows
UPDATE payment_attempts SET state = 'settled', state_since = @at, note = '' WHERE id = @id AND state = 'verified';

-- name: MarkEnded :execrows
UPDATE payment_attempts SET state = @state, state_since = @at, note = @note
WHERE id = @id AND state IN ('created', 'sent');

-- name: MarkChecked :exec
UPDATE payment_attempts SET checked_at = @at, note = @note WHERE id = @id AND state IN ('created', 'sent', 'verified');

-- name: SilentAttempts :many
-- Attempts that nobody has heard of for a while: their callback may be lost.
-- Those never asked about, or longest ago, come first.
SELECT id FROM payment_attempts
WHERE state = 'sent' AND gateway = @gateway AND state_since <= @before AND (checked_at IS NULL OR checked_at <= @before)
ORDER BY checked_at NULLS FIRST, id LIMIT 200;

-- name: EndUnsent :exec
-- Attempts whose customer was never sent to the gateway: nobody can pay them.
UPDATE payment_attempts SET state = 'failed', state_since = @at, note = 'never sent to the gateway'
WHERE state = 'created' AND created_at <= @before;

-- name: AttemptsOfCheckout :many
SELECT * FROM payment_attempts WHERE checkout_id = $1 ORDER BY id;

-- name: HasOpenAttempt :one
SELECT EXISTS (SELECT FROM payment_attempts WHERE checkout_id = $1 AND extra_id IS NULL AND state IN ('created', 'sent'));

-- name: UnfinishedAttempts :many
-- What finance looks at: verified and not settled, or in quarantine.
SELECT * FROM payment_attempts WHERE state IN ('verified', 'quarantined') ORDER BY id DESC LIMIT 100;
