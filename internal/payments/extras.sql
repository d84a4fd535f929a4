-- name: InsertExtra :one
INSERT INTO extra_payments (order_id, amount_rials, reason, state, state_since, asked_by, asked_name, asked_at, expires_at)
VALUES (@order_id, @amount_rials, @reason, 'asked', @at, @asked_by, @asked_name, @at, @expires_at)
RETURNING *;

-- name: ExtraByID :one
SELECT * FROM extra_payments WHERE id = $1;

-- name: OpenExtra :one
SELECT * FROM extra_payments WHERE order_id = $1 AND state = 'asked';

-- name: ExtrasOfOrder :many
SELECT * FROM extra_payments WHERE order_id = $1 ORDER BY id;

-- name: EndExtra :execrows
UPDATE extra_payments SET state = @state, state_since = @at WHERE id = @id AND state = 'asked';

-- name: ExpiredExtras :many
SELECT id FROM extra_payments WHERE state = 'asked' AND expires_at <= $1 ORDER BY expires_at LIMIT 200;

-- name: PaidExtras :one
SELECT coalesce(sum(amount_rials), 0)::bigint FROM extra_payments WHERE order_id = $1 AND state = 'paid';

-- name: InsertExtraAttempt :one
INSERT INTO payment_attempts (id, checkout_id, extra_id, gateway, amount_rials, mobile, state, state_since, created_at)
VALUES (extract(epoch FROM @created_at::timestamptz)::bigint * 10000 + nextval('payment_serials'),
        @checkout_id, @extra_id::bigint, @gateway, @amount_rials, @mobile, 'created', @created_at, @created_at)
RETURNING *;

-- name: ExtraUnderWay :one
SELECT EXISTS (SELECT FROM payment_attempts WHERE extra_id = @extra_id::bigint AND state IN ('created', 'sent'));
