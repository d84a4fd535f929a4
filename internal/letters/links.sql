-- name: InsertLink :one
INSERT INTO order_links (order_id, nonce, token_hash, created_at, expires_at)
VALUES (@order_id, @nonce, @token_hash, @created_at, @expires_at)
RETURNING id;

-- name: LinkByID :one
SELECT * FROM order_links WHERE id = $1;

-- name: LinkByHash :one
SELECT * FROM order_links WHERE token_hash = $1;

-- name: ClearLinks :execrows
-- The oldest that lead nowhere, by order_links_expiring.
DELETE FROM order_links WHERE id IN (SELECT l.id FROM order_links l WHERE l.expires_at < @before ORDER BY l.expires_at LIMIT @most);
