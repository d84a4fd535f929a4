-- name: RecordEntry :exec
INSERT INTO audit_entries (at, actor_kind, actor_id, actor_name, ip, verb, subject, detail, token_id, token_name)
VALUES (@at, @actor_kind, @actor_id, @actor_name, @ip, @verb, @subject, @detail, @token_id, @token_name);

-- name: EntriesAbout :many
SELECT at, actor_kind, actor_id, actor_name, ip, verb, subject, detail, token_id, token_name
FROM audit_entries WHERE subject = $1 ORDER BY id DESC LIMIT $2;
