-- name: InsertClock :exec
INSERT INTO order_clocks (order_id, calendar_version_id, budget_seconds, started_at, running_since, due_at)
VALUES (@order_id, @calendar_version_id, @budget_seconds, @started_at, @started_at, @due_at);

-- name: LatestClock :one
SELECT * FROM order_clocks WHERE order_id = $1 ORDER BY id DESC LIMIT 1;

-- name: UpdateClock :exec
UPDATE order_clocks SET running_since = sqlc.narg(running_since), used_seconds = @used_seconds,
       paused_at = sqlc.narg(paused_at), due_at = @due_at, stopped_at = sqlc.narg(stopped_at)
WHERE id = @id AND stopped_at IS NULL;
