-- What became of the orders of a stretch of days: from the counts of each day.

-- name: DoneByDay :many
SELECT day, sum(done)::int AS done, sum(in_time)::int AS in_time FROM report_days
WHERE day BETWEEN @from_day AND @to_day GROUP BY day ORDER BY day;

-- name: DoneByService :many
SELECT d.service_id, sum(d.done)::int AS done, sum(d.in_time)::int AS in_time,
       sum(d.measured)::int AS measured, sum(d.handling_seconds)::bigint AS handling_seconds,
       (SELECT v.id FROM service_versions v WHERE v.service_id = d.service_id ORDER BY v.version DESC LIMIT 1)::bigint AS service_version_id
FROM report_days d WHERE d.day BETWEEN @from_day AND @to_day GROUP BY d.service_id ORDER BY done DESC, d.service_id;

-- name: DoneByMember :many
SELECT d.member_id, m.name, sum(d.done)::int AS done, sum(d.in_time)::int AS in_time,
       sum(d.measured)::int AS measured, sum(d.handling_seconds)::bigint AS handling_seconds
FROM report_days d JOIN staff_members m ON m.id = d.member_id
WHERE d.day BETWEEN @from_day AND @to_day GROUP BY d.member_id, m.name ORDER BY done DESC, d.member_id;

-- name: DoneByHour :many
SELECT member_id, hour, sum(done)::int AS done FROM report_hours
WHERE day BETWEEN @from_day AND @to_day GROUP BY member_id, hour ORDER BY member_id, hour;

-- The orders behind a number.

-- name: OutcomesDone :many
SELECT clock_id FROM report_outcomes
WHERE done_at >= @from_at AND done_at < @to_at AND (done_at, clock_id) > (@after_at::timestamptz, @after_id::bigint)
  AND (sqlc.narg(in_time)::bool IS NULL OR in_time = sqlc.narg(in_time)::bool)
ORDER BY done_at, clock_id LIMIT @most;

-- name: OutcomesOfService :many
SELECT clock_id FROM report_outcomes
WHERE service_id = @service_id AND done_at >= @from_at AND done_at < @to_at AND (done_at, clock_id) > (@after_at::timestamptz, @after_id::bigint)
  AND (sqlc.narg(in_time)::bool IS NULL OR in_time = sqlc.narg(in_time)::bool)
ORDER BY done_at, clock_id LIMIT @most;

-- name: OutcomesOfMember :many
SELECT clock_id FROM report_outcomes
WHERE member_id = @member_id AND done_at >= @from_at AND done_at < @to_at AND (done_at, clock_id) > (@after_at::timestamptz, @after_id::bigint)
  AND (sqlc.narg(in_time)::bool IS NULL OR in_time = sqlc.narg(in_time)::bool)
  AND (sqlc.narg(hour)::int IS NULL OR hour = sqlc.narg(hour)::int)
ORDER BY done_at, clock_id LIMIT @most;

-- name: OutcomeRows :many
SELECT r.clock_id, r.order_id, r.done_at, r.first_due_at, r.in_time, r.handling_seconds, r.member_id, m.name AS member_name,
       o.code, o.service_version_id, o.state, o.total_rials
FROM report_outcomes r
JOIN orders o ON o.id = r.order_id
JOIN staff_members m ON m.id = r.member_id
WHERE r.clock_id = ANY(@ids::bigint[]) ORDER BY r.done_at, r.clock_id;

-- name: DueOrders :many
-- What runs and is due after one instant, and not after another.
SELECT id FROM orders
WHERE state IN ('paid', 'in_progress') AND due_at > @from_at::timestamptz AND due_at <= @to_at::timestamptz
  AND (due_at, id) > (@after_due::timestamptz, @after_id::bigint)
ORDER BY due_at, id LIMIT @most;

-- name: OrdersInState :many
SELECT id FROM orders WHERE state = @state AND id > @after_id ORDER BY id LIMIT @most;

-- name: OrdersEnded :many
SELECT id FROM orders
WHERE state = @state AND state IN ('cancelled', 'expired') AND state_since >= @from_at::timestamptz AND (state_since, id) > (@after_at::timestamptz, @after_id::bigint)
ORDER BY state_since, id LIMIT @most;

-- name: OrdersLate :many
SELECT id FROM orders
WHERE state IN ('paid', 'in_progress') AND due_at < @now::timestamptz
  AND (due_at, id) > (@after_due::timestamptz, @after_id::bigint)
ORDER BY due_at, id LIMIT @most;

-- name: OrdersUnclaimed :many
SELECT id FROM orders
WHERE state = 'paid' AND (due_at, id) > (@after_due::timestamptz, @after_id::bigint)
ORDER BY due_at, id LIMIT @most;

-- name: OrdersHeldBy :many
-- From the claims to their orders one by one: somebody holds a few.
SELECT o.id FROM (SELECT order_id FROM claims WHERE member_id = @member_id AND ended_at IS NULL LIMIT 5000) c
CROSS JOIN LATERAL (SELECT id, due_at FROM orders WHERE id = c.order_id OFFSET 0) o
WHERE (o.due_at, o.id) > (@after_due::timestamptz, @after_id::bigint)
ORDER BY o.due_at, o.id LIMIT @most;
