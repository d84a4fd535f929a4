-- name: FilesOfOrder :many
SELECT f.attachment_id, f.member_id, f.member_name, f.at, a.name, a.mime, a.size_bytes
FROM order_files f JOIN attachments a ON a.id = f.attachment_id
WHERE f.order_id = $1 AND f.removed_at IS NULL
ORDER BY f.at, f.attachment_id;

-- name: FileOfOrder :one
SELECT f.attachment_id, f.member_id, f.member_name, f.at, a.name, a.mime, a.size_bytes
FROM order_files f JOIN attachments a ON a.id = f.attachment_id
WHERE f.order_id = $1 AND f.attachment_id = $2 AND f.removed_at IS NULL;

-- name: HasFile :one
-- Whether a member has put this very file on the order already.
SELECT EXISTS (
    SELECT FROM order_files f JOIN attachments a ON a.id = f.attachment_id
    WHERE f.order_id = @order_id AND f.member_id = @member_id AND a.blob_key = @blob_key AND f.removed_at IS NULL
);

-- name: CountFiles :one
-- How many of the desk's files, or of the customer's, lie with an order.
SELECT count(*)::int FROM order_files
WHERE order_id = @order_id AND (member_id IS NULL) = @of_customer::boolean AND removed_at IS NULL;

-- name: InsertOrderFile :execrows
-- The first free place is taken. No row: the file lies with an order already. The caller has locked the order,
-- and counted; where two of them meet all the same, the index refuses the second.
INSERT INTO order_files (attachment_id, order_id, member_id, member_name, place, at)
SELECT @attachment_id, @order_id, sqlc.narg(member_id), @member_name, min(p), @at
FROM generate_series(1, @most::int) p
WHERE NOT EXISTS (
    SELECT FROM order_files f
    WHERE f.order_id = @order_id AND (f.member_id IS NULL) = (sqlc.narg(member_id)::bigint IS NULL) AND f.place = p AND f.removed_at IS NULL
)
ON CONFLICT (attachment_id) DO NOTHING;

-- name: RemoveOrderFile :exec
UPDATE order_files SET removed_at = @at, removed_by = @by, removed_why = @why
WHERE order_id = @order_id AND attachment_id = @attachment_id AND removed_at IS NULL;
