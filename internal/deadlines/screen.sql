-- name: OrdersInHand :many
-- What a member works on, the earliest due first.
SELECT o.id FROM claims c JOIN orders o ON o.id = c.order_id
WHERE c.member_id = @member_id AND c.ended_at IS NULL AND o.state = 'in_progress'
ORDER BY o.due_at, o.id LIMIT @most;

-- name: OrdersDue :many
-- The open orders that run and are due within a time, the earliest first, behind one.
SELECT id, due_at FROM orders
WHERE state IN ('paid', 'in_progress') AND (due_at, id) > (@after_due::timestamptz, @after::bigint) AND due_at < @until::timestamptz
ORDER BY due_at, id LIMIT @most;

-- name: SeenBy :many
SELECT subject, seen_at FROM alerts_seen WHERE member_id = @member_id AND subject = ANY(@subjects::text[]);

-- name: MarkSeen :exec
INSERT INTO alerts_seen (member_id, subject, seen_at)
SELECT @member_id, unnest(@subjects::text[]), @seen_at
ON CONFLICT (member_id, subject) DO UPDATE SET seen_at = EXCLUDED.seen_at;

-- name: ClearSeen :execrows
-- The oldest, by alerts_seen_seen.
DELETE FROM alerts_seen s USING (SELECT member_id, subject FROM alerts_seen o WHERE o.seen_at < @before ORDER BY o.seen_at LIMIT @most) old
WHERE s.member_id = old.member_id AND s.subject = old.subject AND s.seen_at < @before;
