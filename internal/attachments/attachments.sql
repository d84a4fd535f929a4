-- name: LockOwner :exec
-- One upload of an owner after the other, so that the quota is counted right.
SELECT pg_advisory_xact_lock(hashtextextended('attachments:' || @owner::text, 0));

-- name: Spent :one
-- What an owner has handed in since then.
SELECT count(*) AS files, coalesce(sum(size_bytes), 0)::bigint AS bytes FROM attachments
WHERE added_at > @since
  AND (visitor_id = sqlc.narg(visitor_id)::bigint OR client_id = sqlc.narg(client_id)::bigint OR member_id = sqlc.narg(member_id)::bigint);

-- name: SpentFrom :one
-- What has come from an address since then.
SELECT count(*) AS files, coalesce(sum(size_bytes), 0)::bigint AS bytes FROM attachments
WHERE added_at > @since AND ip = @ip::text;

-- name: InsertAttachment :one
INSERT INTO attachments (visitor_id, client_id, member_id, ip, name, mime, size_bytes, blob_key, added_at)
VALUES (sqlc.narg(visitor_id), sqlc.narg(client_id), sqlc.narg(member_id), sqlc.narg(ip), @name, @mime, @size_bytes, @blob_key, @added_at)
RETURNING *;

-- name: CountOwned :one
SELECT count(*) FROM attachments
WHERE id = ANY(@ids::bigint[])
  AND (visitor_id = sqlc.narg(visitor_id)::bigint OR client_id = sqlc.narg(client_id)::bigint);

-- name: AttachmentByID :one
SELECT * FROM attachments WHERE id = $1;

-- name: AttachmentsByID :many
SELECT * FROM attachments WHERE id = ANY(@ids::bigint[]) ORDER BY id;
