-- name: RecordEntry :exec
INSERT INTO audit_entries (at, actor_kind, actor_id, actor_name, ip, verb, subject, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: EntriesAbout :many
SELECT at, actor_kind, actor_id, actor_name, ip, verb, subject, detail
FROM audit_entries WHERE subject = $1 ORDER BY id DESC LIMIT $2;
