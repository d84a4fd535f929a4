-- name: InsertLink :one
INSERT INTO order_links (order_id, nonce, token_hash, created_at, expires_at)
VALUES (@order_id, @nonce, @token_hash, @created_at, @expires_at)
RETURNING id;

-- name: LinkByID :one
SELECT * FROM order_links WHERE id = $1;

-- name: LinkByHash :one
SELECT * FROM order_links WHERE token_hash = $1;
