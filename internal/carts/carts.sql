-- name: LockBasket :exec
-- What changes one basket goes one after the other: each line's price depends on the others.
SELECT pg_advisory_xact_lock(hashtextextended(@basket::text, 0));

-- name: InsertLine :one
-- No row: this filling of the form is in the basket already.
INSERT INTO cart_lines (visitor_id, customer_id, service_version_id, answers, site, credential_id, quote_id, form_key, added_at)
VALUES (@visitor_id, sqlc.narg(customer_id), @service_version_id, @answers, @site, sqlc.narg(credential_id), @quote_id, sqlc.narg(form_key), @added_at)
ON CONFLICT (visitor_id, form_key) WHERE removed_at IS NULL DO NOTHING
RETURNING id;

-- name: InsertLines :exec
-- Lines of an upload. No credential is 0.
INSERT INTO cart_lines (visitor_id, customer_id, service_version_id, upload_id, answers, site, credential_id, quote_id, form_key, added_at)
SELECT @visitor_id::bigint, sqlc.narg(customer_id)::bigint, @service_version_id::bigint, @upload_id::bigint,
    (@answers::text[])[i]::jsonb, (@sites::text[])[i], nullif((@credential_ids::bigint[])[i], 0), (@quote_ids::bigint[])[i],
    (@form_keys::text[])[i], @added_at::timestamptz
FROM generate_subscripts(@answers::text[], 1) AS i
ORDER BY i;

-- name: LiveLines :many
-- A customer's basket is the same in every browser; a guest's is that of the browser. The other of the two is 0.
SELECT * FROM cart_lines
WHERE removed_at IS NULL AND (customer_id = @customer_id::bigint OR visitor_id = @guest_id::bigint AND customer_id IS NULL)
ORDER BY id;

-- name: LockLiveLines :many
SELECT * FROM cart_lines
WHERE removed_at IS NULL AND (customer_id = @customer_id::bigint OR visitor_id = @guest_id::bigint AND customer_id IS NULL)
ORDER BY id FOR UPDATE;

-- name: CountLive :one
SELECT count(*) FROM cart_lines
WHERE removed_at IS NULL AND (customer_id = @customer_id::bigint OR visitor_id = @guest_id::bigint AND customer_id IS NULL);

-- name: RemoveLines :exec
UPDATE cart_lines SET removed_at = @at WHERE id = ANY(@ids::bigint[]) AND removed_at IS NULL;

-- name: ChangeLine :exec
UPDATE cart_lines
SET service_version_id = @service_version_id, answers = @answers, site = @site, credential_id = sqlc.narg(credential_id), quote_id = @quote_id
WHERE id = @id AND removed_at IS NULL;

-- name: SetQuotes :exec
UPDATE cart_lines l SET quote_id = n.quote_id
FROM (SELECT unnest(@ids::bigint[]) AS id, unnest(@quote_ids::bigint[]) AS quote_id) AS n
WHERE l.id = n.id AND l.removed_at IS NULL;

-- name: JoinLines :exec
UPDATE cart_lines SET customer_id = @customer_id::bigint WHERE visitor_id = @visitor_id AND customer_id IS NULL AND removed_at IS NULL;

-- name: Code :one
SELECT code FROM cart_codes WHERE customer_id = @customer_id::bigint OR visitor_id = @guest_id::bigint;

-- name: SetGuestCode :exec
INSERT INTO cart_codes (visitor_id, code, set_at) VALUES (@visitor_id, @code, @set_at)
ON CONFLICT ON CONSTRAINT cart_codes_visitor DO UPDATE SET code = excluded.code, set_at = excluded.set_at;

-- name: SetCustomerCode :exec
INSERT INTO cart_codes (customer_id, code, set_at) VALUES (@customer_id, @code, @set_at)
ON CONFLICT ON CONSTRAINT cart_codes_customer DO UPDATE SET code = excluded.code, set_at = excluded.set_at;

-- name: ClearCode :exec
DELETE FROM cart_codes WHERE customer_id = @customer_id::bigint OR visitor_id = @guest_id::bigint;

-- name: JoinCode :exec
-- A customer who has a code already keeps it.
UPDATE cart_codes SET visitor_id = NULL, customer_id = @customer_id::bigint
WHERE visitor_id = @visitor_id::bigint AND NOT EXISTS (SELECT FROM cart_codes c WHERE c.customer_id = @customer_id::bigint);
