-- name: LiveClocks :many
-- The open clocks of orders, running or on hold.
SELECT c.*, o.code, o.service_version_id FROM order_clocks c JOIN orders o ON o.id = c.order_id
WHERE c.order_id = ANY(@orders::bigint[]) AND c.stopped_at IS NULL
ORDER BY c.order_id;
