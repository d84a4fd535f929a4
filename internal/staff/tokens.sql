-- name: InsertToken :one
-- No row when the member was shut out, or got another password than the one that
-- was asked for. The lock makes whoever does that wait, and revoke this token too.
INSERT INTO staff_tokens (member_id, name, prefix, token_hash, scopes, created_at, created_by, expires_at)
SELECT m.id, @name, @prefix, @token_hash, @scopes::text[], @created_at, sqlc.narg(created_by), @expires_at
FROM staff_members m
WHERE m.id = @member_id AND m.disabled_at IS NULL AND m.password_hash = coalesce(sqlc.narg(password_hash), m.password_hash)
FOR SHARE
RETURNING id;

-- name: TokenMember :one
-- Whose token it is, with the roles of this very moment.
SELECT t.id AS token_id, t.name AS token_name, t.scopes, t.last_used_at, m.id, m.name,
       (SELECT coalesce(array_agg(r.role), '{}') FROM staff_roles r
        WHERE r.member_id = m.id AND r.revoked_at IS NULL)::text[] AS roles
FROM staff_tokens t JOIN staff_members m ON m.id = t.member_id
WHERE t.token_hash = @token_hash AND t.revoked_at IS NULL AND t.expires_at > @now AND m.disabled_at IS NULL;

-- name: TouchToken :exec
UPDATE staff_tokens SET last_used_at = @at WHERE id = @id AND last_used_at IS DISTINCT FROM @at;

-- name: TokensOf :many
SELECT t.id, t.member_id, m.name AS member_name, t.name, t.prefix, t.scopes, t.created_at, t.expires_at, t.last_used_at, t.revoked_at
FROM staff_tokens t JOIN staff_members m ON m.id = t.member_id
WHERE t.member_id = @member_id ORDER BY t.revoked_at IS NULL AND t.expires_at > @now DESC, t.id DESC LIMIT 200;

-- name: Tokens :many
SELECT t.id, t.member_id, m.name AS member_name, t.name, t.prefix, t.scopes, t.created_at, t.expires_at, t.last_used_at, t.revoked_at
FROM staff_tokens t JOIN staff_members m ON m.id = t.member_id
ORDER BY t.revoked_at IS NULL AND t.expires_at > @now DESC, t.id DESC LIMIT 200;

-- name: RevokeToken :one
-- What was revoked before stays so since then. Of nobody in particular: anybody's.
UPDATE staff_tokens SET revoked_at = coalesce(revoked_at, @at)
WHERE id = @id AND (member_id = sqlc.narg(member_id)::bigint OR sqlc.narg(member_id)::bigint IS NULL)
RETURNING member_id, name, prefix;

-- name: RevokeTokens :execrows
UPDATE staff_tokens SET revoked_at = $2 WHERE member_id = $1 AND revoked_at IS NULL;
