-- The lists of the queue. Each first finds the orders of one page on an index
-- that holds only open work; only those are then read in full.

-- name: FreeOrders :many
SELECT id FROM orders
WHERE state = 'paid' AND (due_at, id) > (@after_due::timestamptz, @after_id::bigint)
ORDER BY due_at, id LIMIT @most;

-- name: OpenOrders :many
SELECT id FROM orders
WHERE state IN ('paid', 'in_progress', 'waiting_customer') AND (due_at, id) > (@after_due::timestamptz, @after_id::bigint)
ORDER BY due_at, id LIMIT @most;

-- name: LateOrders :many
-- What waits for the customer is not late: its clock stands still.
SELECT id FROM orders
WHERE state IN ('paid', 'in_progress') AND due_at < @now::timestamptz
  AND (due_at, id) > (@after_due::timestamptz, @after_id::bigint)
ORDER BY due_at, id LIMIT @most;

-- name: HeldOrders :many
SELECT id FROM orders
WHERE state = 'waiting_customer' AND (due_at, id) > (@after_due::timestamptz, @after_id::bigint)
ORDER BY due_at, id LIMIT @most;

-- name: OrdersOfMember :many
SELECT o.id FROM claims c JOIN orders o ON o.id = c.order_id
WHERE c.member_id = @member_id AND c.ended_at IS NULL
  AND (o.due_at, o.id) > (@after_due::timestamptz, @after_id::bigint)
ORDER BY o.due_at, o.id LIMIT @most;

-- name: QueueRows :many
SELECT o.id, o.code, o.service_version_id, o.total_rials, o.site, o.state, o.state_since, o.due_at,
       i.name, cu.mobile, k.calendar_version_id,
       c.member_id AS holder_id, c.member_name AS holder_name, c.claimed_at AS held_since
FROM orders o
JOIN identity_cases i ON i.id = o.identity_case_id
JOIN customers cu ON cu.id = o.customer_id
LEFT JOIN order_clocks k ON k.order_id = o.id AND k.stopped_at IS NULL
LEFT JOIN claims c ON c.order_id = o.id AND c.ended_at IS NULL
WHERE o.id = ANY(@ids::bigint[])
ORDER BY o.due_at, o.id;

-- name: QueueCounts :one
-- Never counts further than anybody wants to read.
SELECT
  (SELECT count(*) FROM (SELECT FROM orders WHERE state = 'paid' LIMIT @most::int) f)::int AS free,
  (SELECT count(*) FROM (SELECT FROM claims m WHERE m.member_id = @member_id AND m.ended_at IS NULL LIMIT @most::int) m)::int AS mine,
  (SELECT count(*) FROM (SELECT FROM orders WHERE state = 'waiting_customer' LIMIT @most::int) h)::int AS held,
  (SELECT count(*) FROM (SELECT FROM orders WHERE state IN ('paid', 'in_progress') AND due_at < @now::timestamptz LIMIT @most::int) l)::int AS late;
