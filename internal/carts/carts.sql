-- name: InsertLine :one
-- No row: this filling of the form is in the basket already.
INSERT INTO cart_lines (visitor_id, service_version_id, answers, site, credential_id, quote_id, form_key, added_at)
VALUES (@visitor_id, @service_version_id, @answers, @site, sqlc.narg(credential_id), @quote_id, sqlc.narg(form_key), @added_at)
ON CONFLICT (visitor_id, form_key) WHERE removed_at IS NULL DO NOTHING
RETURNING id;

-- name: LiveLines :many
SELECT * FROM cart_lines WHERE visitor_id = $1 AND removed_at IS NULL ORDER BY id;

-- name: LockLiveLines :many
SELECT * FROM cart_lines WHERE visitor_id = $1 AND removed_at IS NULL ORDER BY id FOR UPDATE;

-- name: CountLive :one
SELECT count(*) FROM cart_lines WHERE visitor_id = $1 AND removed_at IS NULL;

-- name: RemoveLine :one
UPDATE cart_lines SET removed_at = @at WHERE id = @id AND visitor_id = @visitor_id AND removed_at IS NULL
RETURNING credential_id;

-- name: ClearLines :exec
UPDATE cart_lines SET removed_at = @at WHERE id = ANY(@ids::bigint[]) AND removed_at IS NULL;

-- name: SetQuote :exec
UPDATE cart_lines SET quote_id = @quote_id WHERE id = @id AND removed_at IS NULL;
