-- name: InsertCredential :one
INSERT INTO credentials (sealed, created_at) VALUES ('', $1) RETURNING id;

-- name: SealCredential :exec
-- The seal binds the row's id, which is known only now.
UPDATE credentials SET sealed = $2 WHERE id = $1;

-- name: CredentialByID :one
SELECT * FROM credentials WHERE id = $1;

-- name: DestroyCredential :exec
UPDATE credentials SET sealed = NULL, destroyed_at = $2 WHERE id = $1 AND destroyed_at IS NULL;

-- name: InsertReveal :exec
INSERT INTO credential_reveals (credential_id, member_id, reason, revealed_at) VALUES ($1, $2, $3, $4);

-- name: QueueUp :exec
-- One member's reveals go one after the other, so that the count below is right.
SELECT pg_advisory_xact_lock(hashtext('credential_reveals'), @member_id::int);

-- name: CountReveals :one
SELECT count(*) FROM credential_reveals WHERE member_id = $1 AND revealed_at > $2;
