-- name: OpenTask :exec
INSERT INTO contact_tasks (order_id, why, note, opened_at, due_at) VALUES (@order_id, @why, @note, @opened_at, @opened_at)
ON CONFLICT (order_id, why) WHERE closed_at IS NULL DO NOTHING;

-- name: CloseByFacts :exec
UPDATE contact_tasks SET closed_at = @at
WHERE order_id = @order_id AND why = ANY(@whys::text[]) AND closed_at IS NULL;

-- name: TaskByID :one
SELECT * FROM contact_tasks WHERE id = $1;

-- name: CloseTasks :execrows
-- One call to make, or all about the order.
UPDATE contact_tasks SET closed_at = @at, closed_by = @closed_by, outcome = @outcome
WHERE order_id = @order_id AND closed_at IS NULL AND (id = sqlc.narg(id)::bigint OR sqlc.narg(id)::bigint IS NULL);

-- name: PutOffTasks :execrows
UPDATE contact_tasks SET due_at = @due_at, agreed = true
WHERE order_id = @order_id AND closed_at IS NULL AND (id = sqlc.narg(id)::bigint OR sqlc.narg(id)::bigint IS NULL);

-- name: OpenAgreed :exec
INSERT INTO contact_tasks (order_id, why, opened_at, due_at, agreed) VALUES (@order_id, 'agreed', @opened_at, @due_at, true);

-- name: InsertCall :one
INSERT INTO contact_calls (order_id, member_id, member_name, at, outcome, note, next_at)
VALUES (@order_id, @member_id, @member_name, @at, @outcome, @note, sqlc.narg(next_at)) RETURNING id;

-- name: TasksOfOrder :many
SELECT * FROM contact_tasks WHERE order_id = $1 ORDER BY id;

-- name: CallsOfOrder :many
SELECT * FROM contact_calls WHERE order_id = $1 ORDER BY id;
