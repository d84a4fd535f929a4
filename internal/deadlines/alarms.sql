-- name: LockDue :many
-- Orders with a clock to look at, locked as everybody locks who turns a clock.
-- Those that somebody moves at this moment are for the next round.
SELECT o.id FROM clock_alarms a JOIN orders o ON o.id = a.order_id
WHERE a.next_at <= @now
ORDER BY a.next_at LIMIT @most FOR UPDATE OF o SKIP LOCKED;

-- name: LockOutdated :many
-- The same for clocks whose alarm was worked out by older rules.
SELECT o.id FROM clock_alarms a JOIN orders o ON o.id = a.order_id
WHERE a.rules_id < @rules_id
ORDER BY a.rules_id LIMIT @most FOR UPDATE OF o SKIP LOCKED;

-- name: StillArmed :many
-- Which clocks of the locked orders have an alarm: a neighbour may have looked
-- at them, or turned them, before the lock was ours.
SELECT clock_id FROM clock_alarms WHERE order_id = ANY(@orders::bigint[]) AND (next_at <= @now OR rules_id < @rules_id);

-- name: Arm :exec
INSERT INTO clock_alarms (clock_id, order_id, next_at, rules_id)
SELECT unnest(@clocks::bigint[]), unnest(@orders::bigint[]), unnest(@nexts::timestamptz[]), @rules_id
ON CONFLICT (clock_id) DO UPDATE SET next_at = EXCLUDED.next_at, rules_id = EXCLUDED.rules_id;

-- name: Disarm :exec
DELETE FROM clock_alarms WHERE clock_id = ANY(@clocks::bigint[]);

-- name: AlertsOf :many
-- What stands of the clocks.
SELECT id, clock_id, kind, level FROM deadline_alerts WHERE clock_id = ANY(@clocks::bigint[]) AND lifted_at IS NULL;

-- name: InsertAlerts :many
-- What is on record already is left out of the answer: it was told.
INSERT INTO deadline_alerts (clock_id, order_id, kind, level, at, due_at, noted_at)
SELECT unnest(@clocks::bigint[]), unnest(@orders::bigint[]), unnest(@kinds::text[]), unnest(@levels::int[]),
       unnest(@ats::timestamptz[]), unnest(@dues::timestamptz[]), @noted_at
ON CONFLICT (clock_id, kind, level) WHERE lifted_at IS NULL DO NOTHING
RETURNING id, clock_id, kind, level;

-- name: LiftAlerts :exec
UPDATE deadline_alerts SET lifted_at = @at WHERE id = ANY(@ids::bigint[]) AND lifted_at IS NULL;

-- name: InsertReminder :one
INSERT INTO holiday_reminders (date, name, reminded_at) VALUES (@date, @name, @reminded_at)
ON CONFLICT (date) DO NOTHING
RETURNING date;
