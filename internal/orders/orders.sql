-- name: InsertOrder :one
INSERT INTO orders (code, checkout_id, customer_id, identity_case_id, service_version_id, quote_id, credential_id,
                    answers, site, total_rials, budget_seconds, lang, state, state_since, placed_at, pay_before, client_id, placed_as,
                    deadline_on)
VALUES (@code, @checkout_id, @customer_id, @identity_case_id, @service_version_id, @quote_id, @credential_id,
        @answers, @site, @total_rials, @budget_seconds, @lang, 'awaiting_payment', @placed_at, @placed_at, @pay_before,
        sqlc.narg(client_id), sqlc.narg(placed_as), sqlc.narg(deadline_on))
ON CONFLICT (code) DO NOTHING
RETURNING id;

-- name: OrderByID :one
SELECT * FROM orders WHERE id = $1;

-- name: OrderByCode :one
SELECT * FROM orders WHERE code = $1;

-- name: AnyOrder :one
SELECT EXISTS (SELECT FROM orders);

-- name: LockOrder :one
SELECT * FROM orders WHERE id = $1 FOR UPDATE;

-- name: LockOrderByCode :one
SELECT * FROM orders WHERE code = $1 FOR UPDATE;

-- name: OrderOfCustomer :one
SELECT * FROM orders WHERE code = $1 AND customer_id = $2;

-- name: LockOrdersOfCheckout :many
SELECT * FROM orders WHERE checkout_id = $1 ORDER BY id FOR UPDATE;

-- name: LockOrdersOfCase :many
-- The orders that wait for, or will profit from, the verdict on an identity.
SELECT * FROM orders WHERE identity_case_id = $1 AND state IN ('awaiting_payment', 'awaiting_kyc')
ORDER BY id FOR UPDATE;

-- name: OrderForViewer :one
-- A number is easily mistyped: what a stranger has ordered under it is the
-- account's only once the identity behind it is verified. What came through a
-- client of the API is at the client's price, which is not for its customer
-- to see.
SELECT * FROM orders o
WHERE o.code = @code
  AND (EXISTS (SELECT FROM order_viewers v WHERE v.order_id = o.id AND v.visitor_id = @visitor_id)
       OR o.placed_as = @customer_id::bigint
       OR o.customer_id = @customer_id::bigint AND o.verified_at IS NOT NULL AND o.client_id IS NULL);

-- name: OrdersOfViewer :many
SELECT * FROM orders WHERE id IN (
    SELECT v.order_id FROM order_viewers v WHERE v.visitor_id = @visitor_id
    UNION SELECT o.id FROM orders o WHERE o.placed_as = @customer_id::bigint
    UNION SELECT o.id FROM orders o WHERE o.customer_id = @customer_id::bigint AND o.verified_at IS NOT NULL AND o.client_id IS NULL
) ORDER BY id DESC LIMIT 50;

-- name: OrderOfClient :one
SELECT * FROM orders WHERE code = @code AND client_id = @client_id::bigint;

-- name: OrdersOfClient :many
SELECT * FROM orders WHERE client_id = @client_id::bigint AND id > @after ORDER BY id LIMIT @most;

-- name: OrdersOfCheckout :many
SELECT * FROM orders WHERE checkout_id = $1 ORDER BY id;

-- name: MoveOrder :one
-- The only statement that changes a state. No row: somebody else was first.
UPDATE orders SET state = @to_state, state_since = @at,
       settled_at = coalesce(settled_at, sqlc.narg(settled_at)),
       verified_at = coalesce(verified_at, sqlc.narg(verified_at)),
       due_at = coalesce(sqlc.narg(due_at), due_at)
WHERE id = @id AND state = @from_state
RETURNING *;

-- name: MarkVerified :execrows
UPDATE orders SET verified_at = @at WHERE id = @id AND state = 'awaiting_payment' AND verified_at IS NULL;

-- name: ReplaceCase :exec
-- A customer whose identity was rejected has handed in a new case.
UPDATE orders SET identity_case_id = @new_case, customer_id = @customer_id WHERE id = @id AND state IN ('awaiting_payment', 'awaiting_kyc');

-- name: InsertEvent :exec
INSERT INTO order_events (order_id, at, actor_kind, actor_id, actor_name, verb, from_state, to_state, reason, detail)
VALUES (@order_id, @at, @actor_kind, @actor_id, @actor_name, @verb, sqlc.narg(from_state), sqlc.narg(to_state), @reason, @detail);

-- name: EventsOf :many
SELECT * FROM order_events WHERE order_id = $1 ORDER BY id;

-- name: InsertViewer :exec
INSERT INTO order_viewers (visitor_id, order_id, since) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: ExpiredOrders :many
SELECT id FROM orders WHERE state = 'awaiting_payment' AND pay_before <= $1 ORDER BY pay_before LIMIT 500;

-- name: LockTracking :exec
-- Guesses of one address are counted one after the other.
SELECT pg_advisory_xact_lock(hashtext('tracking_failures'), hashtext(@ip::text));

-- name: CountTrackingFailures :one
SELECT count(*) FROM tracking_failures WHERE ip = $1 AND at > $2;

-- name: InsertTrackingFailure :exec
INSERT INTO tracking_failures (ip, at) VALUES ($1, $2);

-- name: IndexOrder :exec
-- What the order is found by, from its identity case and its customer.
INSERT INTO order_search (order_id, words)
SELECT o.id, search_words(o.code, i.name, c.mobile, o.site)
FROM orders o JOIN identity_cases i ON i.id = o.identity_case_id JOIN customers c ON c.id = o.customer_id
WHERE o.id = @id
ON CONFLICT (order_id) DO UPDATE SET words = excluded.words;
