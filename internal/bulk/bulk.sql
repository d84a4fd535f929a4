-- name: InsertUpload :one
INSERT INTO bulk_uploads (visitor_id, customer_id, service_version_id, file_name, state, total, sealed, findings, uploaded_at, ended_at)
VALUES (@visitor_id, sqlc.narg(customer_id), @service_version_id, @file_name, @state, @total, sqlc.narg(sealed), @findings, @uploaded_at, sqlc.narg(ended_at))
RETURNING id;

-- name: SealUpload :exec
-- The seal binds the row's id, which is known only now.
UPDATE bulk_uploads SET sealed = @sealed WHERE id = @id;

-- name: ForgetRefused :exec
-- What was wrong with a file is of no use once the next one comes.
DELETE FROM bulk_uploads WHERE visitor_id = @visitor_id AND state = 'refused';

-- name: Upload :one
SELECT id, visitor_id, customer_id, service_version_id, file_name, state, total, done, findings, failure, uploaded_at
FROM bulk_uploads
WHERE id = @id AND (visitor_id = @visitor_id OR customer_id = @customer_id::bigint);

-- name: Waiting :one
-- How many lines of earlier uploads are still to come.
SELECT coalesce(sum(total - done), 0)::bigint FROM bulk_uploads
WHERE state IN ('checked', 'adding') AND (visitor_id = @visitor_id OR customer_id = @customer_id::bigint);

-- name: LockUpload :one
SELECT * FROM bulk_uploads WHERE id = $1 FOR UPDATE;

-- name: Progress :exec
UPDATE bulk_uploads SET done = @done, state = 'adding' WHERE id = @id;

-- name: EndUpload :exec
-- What was typed is forgotten.
UPDATE bulk_uploads SET state = @state, done = @done, failure = sqlc.narg(failure), ended_at = @at, sealed = NULL WHERE id = @id;

-- name: JoinUploads :exec
UPDATE bulk_uploads SET customer_id = @customer_id::bigint WHERE visitor_id = @visitor_id AND customer_id IS NULL;
