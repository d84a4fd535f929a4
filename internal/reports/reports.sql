-- name: InsertOutcome :exec
-- The outcome, and the counts of its day and its hour.
WITH fact AS (
    INSERT INTO report_outcomes (clock_id, order_id, service_id, member_id, done_at, day, hour, first_due_at, in_time, handling_seconds)
    SELECT @clock_id, @order_id, v.service_id, @member_id, @done_at, @day, @hour, @first_due_at, @in_time, @handling_seconds::int
    FROM service_versions v WHERE v.id = @service_version_id
    RETURNING day, hour, service_id, member_id, in_time, handling_seconds
), hours AS (
    INSERT INTO report_hours (day, member_id, hour, done) SELECT day, member_id, hour, 1 FROM fact
    ON CONFLICT (day, member_id, hour) DO UPDATE SET done = report_hours.done + 1
)
INSERT INTO report_days (day, service_id, member_id, done, in_time, measured, handling_seconds)
SELECT day, service_id, member_id, 1, in_time::int, 1, handling_seconds FROM fact
ON CONFLICT (day, service_id, member_id) DO UPDATE
SET done = report_days.done + 1, in_time = report_days.in_time + excluded.in_time, measured = report_days.measured + 1,
    handling_seconds = report_days.handling_seconds + excluded.handling_seconds;

-- name: InsertTarget :exec
INSERT INTO report_targets (orders, set_at, set_by) VALUES ($1, $2, $3);

-- name: NewestTarget :one
SELECT orders, set_at, set_by FROM report_targets ORDER BY id DESC LIMIT 1;

-- name: InsertWish :exec
INSERT INTO report_wishes (member_id, lang, since) VALUES ($1, $2, $3);

-- name: EndWish :execrows
UPDATE report_wishes SET ended_at = @at WHERE member_id = @member_id AND ended_at IS NULL;

-- name: WishOf :one
SELECT lang FROM report_wishes WHERE member_id = $1 AND ended_at IS NULL;

-- name: UnmetWishes :many
-- Who is owed the summary of a day that closed at that instant.
SELECT w.member_id, w.lang FROM report_wishes w
WHERE w.ended_at IS NULL AND w.since <= @closed_at
  AND NOT EXISTS (SELECT FROM report_summaries s WHERE s.day = @day AND s.member_id = w.member_id)
ORDER BY w.member_id;

-- name: InsertSummary :execrows
INSERT INTO report_summaries (day, member_id, queued_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;
