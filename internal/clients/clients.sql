-- name: InsertClient :one
INSERT INTO api_clients (name, return_origins, created_at, created_by)
VALUES (@name, @return_origins, @created_at, sqlc.narg(created_by))
RETURNING id;

-- name: UpdateClient :execrows
UPDATE api_clients SET name = @name, return_origins = @return_origins WHERE id = @id;

-- name: DisableClient :exec
UPDATE api_clients SET disabled_at = @at WHERE id = @id AND disabled_at IS NULL;

-- name: ClientByID :one
SELECT * FROM api_clients WHERE id = $1;

-- name: Clients :many
SELECT * FROM api_clients ORDER BY id;

-- name: InsertKey :one
INSERT INTO api_keys (client_id, name, prefix, key_hash, scopes, created_at, created_by, expires_at)
VALUES (@client_id, @name, @prefix, @key_hash, @scopes, @created_at, sqlc.narg(created_by), sqlc.narg(expires_at))
RETURNING id;

-- name: RevokeKey :execrows
-- What was revoked before stays so since then.
UPDATE api_keys SET revoked_at = coalesce(revoked_at, @at) WHERE id = @id AND client_id = @client_id;

-- name: KeysOf :many
SELECT * FROM api_keys WHERE client_id = $1 ORDER BY id DESC;

-- name: KeyByHash :one
SELECT k.id, k.client_id, k.scopes, k.last_used_at, c.name AS client_name, c.return_origins, c.created_at AS client_since
FROM api_keys k JOIN api_clients c ON c.id = k.client_id
WHERE k.key_hash = @key_hash AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > @now)
  AND c.disabled_at IS NULL;

-- name: TouchKey :exec
UPDATE api_keys SET last_used_at = @at WHERE id = @id;

-- name: InsertQuote :exec
INSERT INTO api_quotes (id, client_id, quote_id, together, created_at)
VALUES (@id, @client_id, @quote_id, @together, @created_at);

-- name: QuoteOf :one
SELECT * FROM api_quotes WHERE id = @id AND client_id = @client_id;

-- name: ClaimKey :execrows
-- No row: the key is in use. Another transaction that has just claimed it is waited for.
INSERT INTO api_idempotency (client_id, key, request_tag, created_at)
VALUES (@client_id, @key, @request_tag, @created_at)
ON CONFLICT (client_id, key) DO NOTHING;

-- name: KeepAnswer :exec
UPDATE api_idempotency SET status = @status::int, response = @response WHERE client_id = @client_id AND key = @key;

-- name: AnswerTo :one
SELECT request_tag, status, response FROM api_idempotency WHERE client_id = @client_id AND key = @key;

-- name: CleanAnswers :exec
DELETE FROM api_idempotency WHERE created_at < $1;
