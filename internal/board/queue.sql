-- name: QueueRows :many
SELECT o.id, o.code, o.service_version_id, o.total_rials, o.site, o.state, o.state_since, o.due_at, o.placed_at, o.deadline_on,
       i.name, cu.mobile, coalesce(s.tier, '')::text AS tier, k.calendar_version_id,
       a.due_at AS call_at,
       c.member_id AS holder_id, c.member_name AS holder_name, c.claimed_at AS held_since
FROM orders o
JOIN identity_cases i ON i.id = o.identity_case_id
JOIN customers cu ON cu.id = o.customer_id
LEFT JOIN club_standings s ON s.customer_id = o.customer_id
LEFT JOIN order_clocks k ON k.order_id = o.id AND k.stopped_at IS NULL
LEFT JOIN claims c ON c.order_id = o.id AND c.ended_at IS NULL
LEFT JOIN LATERAL (
    SELECT t.id FROM contact_tasks t WHERE t.order_id = o.id AND t.closed_at IS NULL AND t.agreed ORDER BY t.due_at LIMIT 1) call ON true
LEFT JOIN contact_tasks a ON a.id = call.id
WHERE o.id = ANY(@ids::bigint[]);

-- name: QueueCounts :one
-- Never counts further than anybody wants to read.
SELECT
  (SELECT count(*) FROM (SELECT FROM orders WHERE state = 'paid' LIMIT @most::int) f)::int AS free,
  (SELECT count(*) FROM (SELECT FROM claims m WHERE m.member_id = @member_id AND m.ended_at IS NULL LIMIT @most::int) m)::int AS mine,
  (SELECT count(*) FROM (SELECT FROM orders WHERE state = 'waiting_customer' LIMIT @most::int) h)::int AS held,
  (SELECT count(*) FROM (SELECT FROM orders WHERE state = 'awaiting_kyc' LIMIT @most::int) u)::int AS unproven,
  (SELECT count(*) FROM (SELECT FROM orders WHERE state IN ('paid', 'in_progress') AND due_at < @now::timestamptz LIMIT @most::int) l)::int AS late;
