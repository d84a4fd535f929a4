-- name: InsertNotice :exec
INSERT INTO queue_notices (member_id, order_id, kind, by_name, reason, at) VALUES (@member_id, @order_id, @kind, @by_name, @reason, @at);

-- name: UnreadNotices :many
SELECT n.id, n.kind, n.by_name, n.reason, n.at, o.code
FROM queue_notices n JOIN orders o ON o.id = n.order_id
WHERE n.member_id = @member_id AND n.read_at IS NULL ORDER BY n.id DESC LIMIT @most;

-- name: ReadNotice :execrows
UPDATE queue_notices SET read_at = coalesce(read_at, @at) WHERE id = @id AND member_id = @member_id;

-- name: WarnedClaims :many
-- The claims that go back to the queue soon.
SELECT o.code, c.lease_due::timestamptz AS returns_at
FROM claims c JOIN orders o ON o.id = c.order_id
WHERE c.member_id = @member_id AND c.ended_at IS NULL AND c.warned_at IS NOT NULL AND c.lease_due IS NOT NULL
ORDER BY c.lease_due;
