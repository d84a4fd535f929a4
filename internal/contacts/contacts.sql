-- name: OpenTask :exec
INSERT INTO contact_tasks (order_id, why, note, opened_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (order_id, why) WHERE closed_at IS NULL DO NOTHING;

-- name: CloseByFacts :exec
UPDATE contact_tasks SET closed_at = @at
WHERE order_id = @order_id AND why = ANY(@whys::text[]) AND closed_at IS NULL;

-- name: CloseTask :one
UPDATE contact_tasks SET closed_at = @at, closed_by = @closed_by, outcome = @outcome
WHERE id = @id AND closed_at IS NULL
RETURNING order_id;

-- name: OpenTasks :many
SELECT * FROM contact_tasks WHERE closed_at IS NULL AND (opened_at, id) > (@after_at::timestamptz, @after_id::bigint)
ORDER BY opened_at, id LIMIT @most;

-- name: TasksOfOrder :many
SELECT * FROM contact_tasks WHERE order_id = $1 ORDER BY id;
