-- name: OldestRefunds :many
SELECT r.id, r.amount_rials, r.reason, r.state, r.state_since, r.asked_name, r.approved_name, r.ended_name, r.bank_reference, r.failure, r.masked,
       o.code, i.name
FROM refunds r JOIN orders o ON o.id = r.order_id JOIN identity_cases i ON i.id = o.identity_case_id
WHERE r.state = @state AND r.id > @after ORDER BY r.id LIMIT @most;

-- name: NewestRefunds :many
SELECT r.id, r.amount_rials, r.reason, r.state, r.state_since, r.asked_name, r.approved_name, r.ended_name, r.bank_reference, r.failure, r.masked,
       o.code, i.name
FROM refunds r JOIN orders o ON o.id = r.order_id JOIN identity_cases i ON i.id = o.identity_case_id
WHERE r.state = @state AND r.id < @before ORDER BY r.id DESC LIMIT @most;

-- name: RefundCounts :one
-- What waits for finance, each counted no further than @most.
SELECT (SELECT count(*) FROM (SELECT FROM refunds WHERE state = 'asked' LIMIT @most) a)::int AS asked,
       (SELECT count(*) FROM (SELECT FROM refunds WHERE state = 'approved' LIMIT @most) b)::int AS approved;
