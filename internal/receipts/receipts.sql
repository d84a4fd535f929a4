-- name: InsertReceipt :one
-- No row: the order got this very paper under the same claim. The caller has
-- locked the order, so that of two at once the second sees the first.
INSERT INTO receipts (order_id, name, mime, size_bytes, blob_key, added_by, added_at)
SELECT @order_id, @name, @mime, @size_bytes, @blob_key, @added_by, @added_at
WHERE NOT EXISTS (
    SELECT FROM receipts r
    WHERE r.order_id = @order_id AND r.blob_key = @blob_key AND r.removed_at IS NULL AND r.added_at >= @claimed_at::timestamptz
)
RETURNING id;

-- name: ReceiptsOfOrder :many
SELECT * FROM receipts WHERE order_id = $1 AND removed_at IS NULL ORDER BY id;

-- name: ReceiptOfOrder :one
SELECT * FROM receipts WHERE order_id = $1 AND id = $2 AND removed_at IS NULL;

-- name: ReceiptByID :one
SELECT * FROM receipts WHERE id = $1;

-- name: RemoveReceipt :execrows
UPDATE receipts SET removed_at = @at WHERE order_id = @order_id AND id = @id AND removed_at IS NULL;
