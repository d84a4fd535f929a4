-- name: OpenCalls :many
SELECT t.id, t.why, t.note, t.opened_at, t.due_at, t.agreed, o.code, o.state, o.lang, i.name, c.mobile
FROM contact_tasks t
JOIN orders o ON o.id = t.order_id
JOIN identity_cases i ON i.id = o.identity_case_id
JOIN customers c ON c.id = o.customer_id
WHERE t.closed_at IS NULL AND (t.due_at, t.id) > (@after_at::timestamptz, @after_id::bigint)
ORDER BY t.due_at, t.id LIMIT @most;

-- name: Outbox :many
SELECT m.id, m.kind, m.channel, m.recipient, m.lang, m.state, m.queued_at, m.sent_at, m.tries, m.provider, m.subject, m.body,
       m.last_error, coalesce((m.detail->>'signin')::bigint, 0)::bigint AS signin,
       coalesce((m.detail->>'link')::bigint, 0)::bigint AS link,
       coalesce(o.code, '') AS code, r.name AS attachment
FROM messages m
LEFT JOIN orders o ON o.id = m.order_id
LEFT JOIN receipts r ON r.id = m.receipt_id
WHERE m.id < @before ORDER BY m.id DESC LIMIT @most;

-- name: OrdersOfCases :many
SELECT identity_case_id, code, state FROM orders WHERE identity_case_id = ANY(@ids::bigint[]) ORDER BY id DESC LIMIT 500;

-- name: CodesOfCheckouts :many
SELECT checkout_id, code FROM orders WHERE checkout_id = ANY(@ids::bigint[]) ORDER BY id;
