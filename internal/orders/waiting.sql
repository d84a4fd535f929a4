-- name: WaitingOrders :many
-- A page of the queue, read from the index that holds nothing else.
SELECT id, code, service_version_id, site, total_rials, state_since, placed_at, due_at
FROM orders
WHERE state = 'paid' AND (due_at, id) > (@after_due::timestamptz, @after_id::bigint)
ORDER BY due_at, id LIMIT @most;
