-- The board of the supervisors. Whatever is open is read on an index that holds nothing else, and never further than a
-- cap; what is over was counted when it ended (report_days).

-- name: RunningOrders :many
SELECT id, due_at, state_since, service_version_id, state = 'paid' AS free FROM orders
WHERE state IN ('paid', 'in_progress') ORDER BY due_at, id LIMIT @most;

-- name: LiveClaims :many
SELECT order_id, member_id, member_name, claimed_at FROM claims WHERE ended_at IS NULL LIMIT @most;

-- name: StateCounts :one
SELECT
  (SELECT count(*) FROM (SELECT FROM orders WHERE state = 'awaiting_payment' LIMIT @most::int) x)::int AS awaiting_payment,
  (SELECT count(*) FROM (SELECT FROM orders WHERE state = 'awaiting_kyc' LIMIT @most::int) x)::int AS awaiting_kyc,
  (SELECT count(*) FROM (SELECT FROM orders WHERE state = 'paid' LIMIT @most::int) x)::int AS paid,
  (SELECT count(*) FROM (SELECT FROM orders WHERE state = 'in_progress' LIMIT @most::int) x)::int AS in_progress,
  (SELECT count(*) FROM (SELECT FROM orders WHERE state = 'waiting_customer' LIMIT @most::int) x)::int AS waiting_customer,
  (SELECT count(*) FROM (SELECT FROM orders WHERE state = 'cancelled' AND state_since >= @since::timestamptz LIMIT @most::int) x)::int AS cancelled,
  (SELECT count(*) FROM (SELECT FROM orders WHERE state = 'expired' AND state_since >= @since::timestamptz LIMIT @most::int) x)::int AS expired;

-- name: StaffOn :many
-- Who works on orders now: who holds one, and operators who were seen; not who has said to be away or at a break.
SELECT m.id, m.name FROM staff_members m
LEFT JOIN queue_members p ON p.member_id = m.id
WHERE m.disabled_at IS NULL AND coalesce(p.presence, 'here') = 'here'
  AND (EXISTS (SELECT FROM claims c WHERE c.member_id = m.id AND c.ended_at IS NULL)
       OR EXISTS (SELECT FROM staff_roles r WHERE r.member_id = m.id AND r.role = 'operator' AND r.revoked_at IS NULL)
          AND EXISTS (SELECT FROM staff_sessions s WHERE s.member_id = m.id AND s.revoked_at IS NULL AND s.last_seen_at >= @seen_since))
ORDER BY m.id;

-- name: HandlingTimes :many
-- The median of the newest of each service.
SELECT s.id AS service_id, m.n::int AS n, coalesce(m.median, 0)::float8 AS median_seconds
FROM services s
CROSS JOIN LATERAL (
    SELECT count(*) AS n, percentile_cont(0.5) WITHIN GROUP (ORDER BY r.handling_seconds) AS median
    FROM (SELECT o.handling_seconds FROM report_outcomes o
          WHERE o.service_id = s.id AND o.handling_seconds IS NOT NULL
          ORDER BY o.done_at DESC, o.clock_id DESC LIMIT @most) r) m
WHERE m.n > 0;

-- name: HandlingTime :one
SELECT count(*)::int AS n, coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY r.handling_seconds), 0)::float8 AS median_seconds
FROM (SELECT handling_seconds FROM report_outcomes WHERE handling_seconds IS NOT NULL ORDER BY done_at DESC, clock_id DESC LIMIT @most) r;

-- name: ServiceOfVersion :one
SELECT service_id FROM service_versions WHERE id = $1;

-- name: NewestVersionOf :one
SELECT id FROM service_versions WHERE service_id = $1 ORDER BY version DESC LIMIT 1;

-- name: Target :one
SELECT coalesce((SELECT orders FROM report_targets ORDER BY id DESC LIMIT 1), 0)::int AS orders;
