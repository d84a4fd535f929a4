-- name: InsertClock :one
INSERT INTO order_clocks (order_id, calendar_version_id, budget_seconds, started_at, running_since, due_at, first_due_at)
VALUES (@order_id, @calendar_version_id, @budget_seconds, @started_at, @started_at, @due_at, @due_at)
RETURNING id;

-- name: LatestClock :one
SELECT * FROM order_clocks WHERE order_id = $1 ORDER BY id DESC LIMIT 1;

-- name: ClocksOf :many
SELECT * FROM order_clocks WHERE order_id = $1 ORDER BY id;

-- name: UpdateClock :exec
UPDATE order_clocks SET running_since = sqlc.narg(running_since), used_seconds = @used_seconds,
       paused_at = sqlc.narg(paused_at), due_at = @due_at, first_due_at = @first_due_at,
       extra_micros = @extra_micros, stopped_at = sqlc.narg(stopped_at)
WHERE id = @id AND stopped_at IS NULL;

-- name: MoveDue :exec
UPDATE orders SET due_at = @due_at WHERE id = @id;

-- name: InsertHold :exec
INSERT INTO clock_holds (clock_id, from_at) VALUES ($1, $2);

-- name: EndHold :exec
UPDATE clock_holds SET to_at = @at WHERE clock_id = @clock_id AND to_at IS NULL;

-- name: HoldsOf :many
SELECT from_at, to_at FROM clock_holds WHERE clock_id = $1 ORDER BY id;

-- name: BeginStart :exec
-- Whoever moves clocks to a newer calendar waits until this one is there, too.
SELECT pg_advisory_xact_lock_shared(hashtext('orders: a clock starts'));
