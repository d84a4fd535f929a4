-- name: InsertMessage :one
-- The business key is what must not happen twice: no row means that it is queued already.
INSERT INTO messages (business_key, order_id, kind, channel, recipient, lang, detail, receipt_id, state, queued_at)
VALUES (@business_key, sqlc.narg(order_id), @kind, @channel, @recipient, @lang, @detail, sqlc.narg(receipt_id), 'queued', @queued_at)
ON CONFLICT (business_key) DO NOTHING
RETURNING id;

-- name: MarkSending :one
UPDATE messages SET state = 'sending', tries = tries + 1 WHERE id = $1 AND state IN ('queued', 'sending')
RETURNING *;

-- name: MarkSent :exec
UPDATE messages SET state = 'sent', sent_at = @at, provider = @provider, provider_id = @provider_id,
       subject = @subject, body = @body, last_error = ''
WHERE id = @id AND state = 'sending';

-- name: MarkFailed :exec
UPDATE messages SET state = 'failed', last_error = @last_error WHERE id = @id AND state = 'sending';

-- name: NoteError :exec
UPDATE messages SET last_error = @last_error WHERE id = @id AND state = 'sending';

-- name: MessagesOfOrder :many
SELECT * FROM messages WHERE order_id = @order_id::bigint ORDER BY id;

-- name: NewestMessages :many
SELECT * FROM messages WHERE id < @before ORDER BY id DESC LIMIT @most;

