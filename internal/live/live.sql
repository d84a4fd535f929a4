-- name: ChangesAfter :many
SELECT e.id, e.order_id, o.code, e.verb, coalesce(e.from_state, '')::text AS from_state, coalesce(e.to_state, '')::text AS to_state,
       e.actor_kind, e.actor_id, e.actor_name, e.at
FROM order_events e JOIN orders o ON o.id = e.order_id
WHERE e.id > @after ORDER BY e.id LIMIT @most;

-- name: ChangesAt :many
SELECT e.id, e.order_id, o.code, e.verb, coalesce(e.from_state, '')::text AS from_state, coalesce(e.to_state, '')::text AS to_state,
       e.actor_kind, e.actor_id, e.actor_name, e.at
FROM order_events e JOIN orders o ON o.id = e.order_id
WHERE e.id = ANY(@ids::bigint[]) ORDER BY e.id;

-- name: LastChange :one
SELECT coalesce(max(id), 0)::bigint FROM order_events;

-- name: Tell :exec
SELECT pg_notify(@channel::text, @payload::text);
