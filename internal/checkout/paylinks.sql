-- name: InsertPayLink :exec
INSERT INTO pay_links (token_hash, checkout_id, return_url, created_at)
VALUES (@token_hash, @checkout_id, @return_url, @created_at);

-- name: PayLinkByToken :one
SELECT * FROM pay_links WHERE token_hash = $1;

-- name: ReturnOf :one
SELECT return_url FROM pay_links WHERE checkout_id = $1;
