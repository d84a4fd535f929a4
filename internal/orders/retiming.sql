-- name: OpenClocks :many
-- Every open clock with its holds, in the order of the orders. A hold that
-- lasts ends in the year 1.
SELECT c.id, c.order_id, o.code, o.service_version_id, c.calendar_version_id, c.budget_seconds, c.extra_micros, c.started_at,
       c.running_since, c.used_seconds, c.paused_at, c.due_at, c.first_due_at,
       coalesce(h.froms, '{}')::timestamptz[] AS hold_froms, coalesce(h.tos, '{}')::timestamptz[] AS hold_tos
FROM order_clocks c JOIN orders o ON o.id = c.order_id
LEFT JOIN LATERAL (
    SELECT array_agg(h.from_at ORDER BY h.id) AS froms, array_agg(coalesce(h.to_at, '0001-01-01 00:00:00+00') ORDER BY h.id) AS tos
    FROM clock_holds h WHERE h.clock_id = c.id
) h ON true
WHERE c.stopped_at IS NULL AND c.order_id > @after
ORDER BY c.order_id LIMIT @most;

-- name: LockBehind :many
-- The orders of the next batch, locked before their clocks are read: whoever
-- moves one of them has finished, or waits.
SELECT o.id FROM orders o
WHERE o.id IN (
    SELECT c.order_id FROM order_clocks c
    WHERE c.stopped_at IS NULL AND c.calendar_version_id < @version AND c.order_id > @after
    ORDER BY c.order_id LIMIT @most
) ORDER BY o.id FOR UPDATE;

-- name: ClocksBehind :many
SELECT c.id, c.order_id, o.code, o.service_version_id, c.calendar_version_id, c.budget_seconds, c.extra_micros, c.started_at,
       c.running_since, c.used_seconds, c.paused_at, c.due_at, c.first_due_at,
       coalesce(h.froms, '{}')::timestamptz[] AS hold_froms, coalesce(h.tos, '{}')::timestamptz[] AS hold_tos
FROM order_clocks c JOIN orders o ON o.id = c.order_id
LEFT JOIN LATERAL (
    SELECT array_agg(h.from_at ORDER BY h.id) AS froms, array_agg(coalesce(h.to_at, '0001-01-01 00:00:00+00') ORDER BY h.id) AS tos
    FROM clock_holds h WHERE h.clock_id = c.id
) h ON true
WHERE c.stopped_at IS NULL AND c.calendar_version_id < @version AND c.order_id = ANY(@orders::bigint[])
ORDER BY c.order_id;

-- name: CountBehind :one
SELECT count(*) FROM order_clocks WHERE stopped_at IS NULL AND calendar_version_id < @version;

-- name: InsertRetiming :one
INSERT INTO retimings (version_id, approved_by, approved_name, approved_at, total)
VALUES (@version_id, @approved_by, @approved_name, @approved_at, @total)
ON CONFLICT ((true)) WHERE finished_at IS NULL DO NOTHING
RETURNING *;

-- name: AwaitStarts :exec
-- Waits for the clocks that are being started by an older calendar.
SELECT pg_advisory_xact_lock(hashtext('orders: a clock starts'));

-- name: LockRetiming :one
-- No row: somebody else is at it, or it is finished.
SELECT * FROM retimings WHERE id = $1 AND finished_at IS NULL FOR UPDATE SKIP LOCKED;

-- name: RetimingByID :one
SELECT * FROM retimings WHERE id = $1;

-- name: NewestRetimings :many
SELECT * FROM retimings ORDER BY id DESC LIMIT $1;

-- name: UnfinishedRetiming :one
SELECT * FROM retimings WHERE finished_at IS NULL;

-- name: RetimeClocks :exec
UPDATE order_clocks c SET calendar_version_id = @version, used_seconds = v.used_seconds, due_at = v.due_at, first_due_at = v.first_due_at
FROM (SELECT unnest(@ids::bigint[]) AS id, unnest(@used::int[]) AS used_seconds,
             unnest(@dues::timestamptz[]) AS due_at, unnest(@first_dues::timestamptz[]) AS first_due_at) v
WHERE c.id = v.id AND c.stopped_at IS NULL;

-- name: MoveDues :exec
UPDATE orders o SET due_at = v.due_at
FROM (SELECT unnest(@ids::bigint[]) AS id, unnest(@dues::timestamptz[]) AS due_at) v
WHERE o.id = v.id;

-- name: InsertShifts :exec
INSERT INTO retimed_clocks (retiming_id, order_id, clock_id, from_due, to_due, was_late, is_late)
SELECT @retiming_id, unnest(@orders::bigint[]), unnest(@clocks::bigint[]), unnest(@froms::timestamptz[]), unnest(@tos::timestamptz[]),
       unnest(@was_late::boolean[]), unnest(@is_late::boolean[]);

-- name: InsertRetimedEvents :exec
INSERT INTO order_events (order_id, at, actor_kind, actor_id, actor_name, verb, detail)
SELECT unnest(@orders::bigint[]), @at, @actor_kind, @actor_id, @actor_name, @verb, unnest(@details::text[])::jsonb;

-- name: InsertAsides :exec
INSERT INTO retiming_asides (retiming_id, order_id, clock_id, why)
SELECT @retiming_id, unnest(@orders::bigint[]), unnest(@clocks::bigint[]), unnest(@whys::text[]);

-- name: AsidesOf :many
SELECT a.order_id, o.code, a.why FROM retiming_asides a JOIN orders o ON o.id = a.order_id
WHERE a.retiming_id = @retiming_id AND a.order_id > @after
ORDER BY a.order_id LIMIT @most;

-- name: Advance :one
UPDATE retimings SET last_order_id = @last_order_id, done = done + @done, moved = moved + @moved, cured = cured + @cured,
       broken = broken + @broken, stuck = stuck + @stuck, aside = aside + @aside
WHERE id = @id
RETURNING *;

-- name: FinishRetiming :one
UPDATE retimings SET finished_at = @at::timestamptz WHERE id = @id RETURNING *;

-- name: ShiftsOf :many
SELECT r.order_id, o.code, r.from_due, r.to_due, r.was_late, r.is_late
FROM retimed_clocks r JOIN orders o ON o.id = r.order_id
WHERE r.retiming_id = @retiming_id AND r.order_id > @after
ORDER BY r.order_id LIMIT @most;
