-- name: InsertReceipt :one
INSERT INTO receipts (order_id, name, mime, size_bytes, blob_key, added_by, added_at)
VALUES (@order_id, @name, @mime, @size_bytes, @blob_key, @added_by, @added_at)
RETURNING id;

-- name: ReceiptsOfOrder :many
SELECT * FROM receipts WHERE order_id = $1 AND removed_at IS NULL ORDER BY id;

-- name: ReceiptOfOrder :one
SELECT * FROM receipts WHERE order_id = $1 AND id = $2 AND removed_at IS NULL;

-- name: ReceiptByID :one
SELECT * FROM receipts WHERE id = $1;

-- name: RemoveReceipt :execrows
UPDATE receipts SET removed_at = @at WHERE order_id = @order_id AND id = @id AND removed_at IS NULL;
