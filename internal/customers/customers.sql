-- name: InsertVisitor :one
INSERT INTO visitors (token_hash, created_at, last_seen_at) VALUES ($1, $2, $2) RETURNING id;

-- name: VisitorByToken :one
SELECT id, customer_id, signed_in_at, last_seen_at FROM visitors WHERE token_hash = $1 AND ended_at IS NULL;

-- name: TouchVisitor :exec
UPDATE visitors SET last_seen_at = $2 WHERE id = $1;

-- name: SignVisitorIn :execrows
-- The token changes: whoever knew the old one is a stranger from here on.
UPDATE visitors SET token_hash = @token_hash, customer_id = @customer_id, signed_in_at = @at, last_seen_at = @at
WHERE id = @id AND customer_id IS NULL AND ended_at IS NULL;

-- name: EndVisitor :execrows
UPDATE visitors SET ended_at = @at WHERE id = @id AND ended_at IS NULL;

-- name: EndOtherVisitors :execrows
UPDATE visitors SET ended_at = @at WHERE customer_id = @customer_id::bigint AND id <> @id AND ended_at IS NULL;

-- name: InsertCustomer :exec
-- Nothing happens to a customer who is there: their row is not locked, so that
-- those who hold its basket, or refer to it, do not wait for each other.
INSERT INTO customers (mobile, created_at) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT customers_mobile DO NOTHING;

-- name: FindCustomer :one
SELECT id FROM customers WHERE mobile = $1;

-- name: SameCase :one
-- An earlier submission of the very same details, by the same browser or by
-- one in which the customer is signed in, that proves as much; unless it was
-- rejected. Another document is another submission, until one was approved.
SELECT id, verdict, decided_at FROM identity_cases i
WHERE i.customer_id = @customer_id AND national_code_mac = @national_code_mac
  AND birth_date = @birth_date AND name = @name AND email = @email AND verdict IS DISTINCT FROM 'rejected'
  AND (visitor_id = @visitor_id
       OR EXISTS (SELECT FROM visitors v WHERE v.id = @visitor_id AND v.customer_id = i.customer_id))
  AND (sqlc.narg(document_id)::bigint IS NULL OR document_id = sqlc.narg(document_id)
       OR level = 'document' AND verdict = 'approved')
ORDER BY id DESC LIMIT 1
FOR SHARE; -- no verdict may slip in before the order that relies on it is written

-- name: InsertCase :one
INSERT INTO identity_cases (customer_id, visitor_id, name, email, lang, national_code_mac, birth_date, needs_care, submitted_at, level, document_id)
VALUES (@customer_id, @visitor_id, @name, @email, @lang, @national_code_mac, @birth_date, @needs_care, @submitted_at, @level, sqlc.narg(document_id))
RETURNING id;

-- name: SealCase :exec
-- The seal binds the row's id, which is known only now.
UPDATE identity_cases SET national_code_sealed = $2 WHERE id = $1;

-- name: CaseByID :one
SELECT i.*, c.mobile FROM identity_cases i JOIN customers c ON c.id = i.customer_id WHERE i.id = $1;

-- name: OpenCases :many
SELECT i.*, c.mobile FROM identity_cases i JOIN customers c ON c.id = i.customer_id
WHERE i.verdict IS NULL AND i.id > $1 ORDER BY i.id LIMIT $2;

-- name: LatestOfVisitor :one
SELECT i.*, c.mobile FROM identity_cases i JOIN customers c ON c.id = i.customer_id
WHERE i.visitor_id = $1 ORDER BY i.id DESC LIMIT 1;

-- name: LatestOfCustomer :one
-- A number is easily mistyped: what a stranger has said under it is the
-- account's only once a reviewer has approved it.
SELECT i.*, c.mobile FROM identity_cases i JOIN customers c ON c.id = i.customer_id
WHERE i.customer_id = $1
  AND (i.verdict = 'approved' OR EXISTS (SELECT FROM visitors v WHERE v.id = i.visitor_id AND v.customer_id = i.customer_id))
ORDER BY i.id DESC LIMIT 1;

-- name: ApprovedOfCustomer :one
SELECT i.*, c.mobile FROM identity_cases i JOIN customers c ON c.id = i.customer_id
WHERE i.customer_id = @customer_id AND i.verdict = 'approved' AND (i.level = 'document' OR @level::text = 'basic')
ORDER BY i.id DESC LIMIT 1;

-- name: DecideCase :execrows
UPDATE identity_cases SET verdict = @verdict, reason = @reason, decided_by = @decided_by, decided_at = @decided_at
WHERE id = @id AND verdict IS NULL;
