-- name: InsertAttempt :one
INSERT INTO payment_attempts (checkout_id, gateway, amount_rials, mobile, state, state_since, created_at)
VALUES (@checkout_id, @gateway, @amount_rials, @mobile, 'created', @created_at, @created_at)
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

-- name: OpenAttempts :many
-- Attempts that nobody has heard of for a while: their callback may be lost.
SELECT id FROM payment_attempts
WHERE state IN ('created', 'sent') AND created_at <= @before AND (checked_at IS NULL OR checked_at <= @before)
ORDER BY id LIMIT 200;

-- name: AttemptsOfCheckout :many
SELECT * FROM payment_attempts WHERE checkout_id = $1 ORDER BY id;

-- name: HasOpenAttempt :one
SELECT EXISTS (SELECT FROM payment_attempts WHERE checkout_id = $1 AND state IN ('created', 'sent'));

-- name: UnfinishedAttempts :many
-- What finance looks at: verified and not settled, or in quarantine.
SELECT * FROM payment_attempts WHERE state IN ('verified', 'quarantined') ORDER BY id DESC LIMIT 100;
