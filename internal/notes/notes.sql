-- name: InsertNote :one
INSERT INTO order_notes (order_id, member_id, member_name, body, at) VALUES (@order_id, @member_id, @member_name, @body, @at) RETURNING id;

-- name: RemoveNote :execrows
UPDATE order_notes SET removed_at = @at WHERE id = @id AND order_id = @order_id AND member_id = @member_id AND removed_at IS NULL;

-- name: RestoreNote :execrows
UPDATE order_notes SET removed_at = NULL WHERE id = @id AND order_id = @order_id AND member_id = @member_id AND removed_at >= @since;

-- name: NotesOfOrder :many
SELECT * FROM order_notes WHERE order_id = @order_id AND (removed_at IS NULL OR member_id = @member_id AND removed_at >= @since) ORDER BY id;

-- name: KeepDraft :exec
INSERT INTO order_drafts (member_id, order_id, field, body, saved_at) VALUES (@member_id, @order_id, @field, @body, @saved_at)
ON CONFLICT (member_id, order_id, field) DO UPDATE SET body = excluded.body, saved_at = excluded.saved_at;

-- name: DropDraft :exec
DELETE FROM order_drafts WHERE member_id = @member_id AND order_id = @order_id AND field = ANY(@fields::text[]);

-- name: DraftsOf :many
SELECT field, body FROM order_drafts WHERE member_id = @member_id AND order_id = @order_id;

-- name: ClearDrafts :execrows
-- The oldest, by order_drafts_saved; one that was written on meanwhile stays.
DELETE FROM order_drafts d USING (SELECT member_id, order_id, field FROM order_drafts o WHERE o.saved_at < @before ORDER BY o.saved_at LIMIT @most) old
WHERE d.member_id = old.member_id AND d.order_id = old.order_id AND d.field = old.field AND d.saved_at < @before;
