-- name: QueueViews :many
-- The member's own views and what colleagues share.
SELECT v.id, v.name, v.query, v.shared, v.member_id, m.name AS owner
FROM queue_views v JOIN staff_members m ON m.id = v.member_id
WHERE v.member_id = @member_id OR v.shared
ORDER BY v.member_id <> @member_id, v.name LIMIT 100;

-- name: SaveQueueView :exec
INSERT INTO queue_views (member_id, name, query, shared, saved_at) VALUES (@member_id, @name, @query, @shared, @at)
ON CONFLICT ON CONSTRAINT queue_views_name DO UPDATE SET query = excluded.query, shared = excluded.shared, saved_at = excluded.saved_at;

-- name: DropQueueView :execrows
DELETE FROM queue_views WHERE id = @id AND member_id = @member_id;

-- name: SaveKeysOff :exec
INSERT INTO queue_looks (member_id, hidden, keys_off) VALUES (@member_id, @hidden, @keys_off)
ON CONFLICT (member_id) DO UPDATE SET keys_off = excluded.keys_off;

-- name: SaveQueueLook :exec
INSERT INTO queue_looks (member_id, hidden, compact) VALUES (@member_id, @hidden, @compact)
ON CONFLICT (member_id) DO UPDATE SET hidden = excluded.hidden, compact = excluded.compact;
