-- name: InsertMember :one
INSERT INTO staff_members (email, name, password_hash, created_at) VALUES (@email, @name, @password_hash, @created_at)
RETURNING id;

-- name: GrantRole :exec
INSERT INTO staff_roles (member_id, role, granted_at) VALUES ($1, $2, $3)
ON CONFLICT (member_id, role) WHERE revoked_at IS NULL DO NOTHING;

-- name: MemberByEmail :one
SELECT id, name, password_hash, disabled_at FROM staff_members WHERE email = $1;

-- name: Members :many
SELECT m.id, m.email, m.name, m.created_at, m.disabled_at,
       (SELECT coalesce(array_agg(r.role ORDER BY r.role), '{}') FROM staff_roles r
        WHERE r.member_id = m.id AND r.revoked_at IS NULL)::text[] AS roles
FROM staff_members m ORDER BY m.id;

-- name: InsertSession :exec
INSERT INTO staff_sessions (token_hash, member_id, created_at, last_seen_at, ip, user_agent)
VALUES (@token_hash, @member_id, @at, @at, @ip, @user_agent);

-- name: SessionMember :one
-- Who holds a session, with the roles of this very moment.
SELECT s.created_at, s.last_seen_at, m.id, m.name, m.email,
       (SELECT coalesce(array_agg(r.role), '{}') FROM staff_roles r
        WHERE r.member_id = m.id AND r.revoked_at IS NULL)::text[] AS roles
FROM staff_sessions s JOIN staff_members m ON m.id = s.member_id
WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND m.disabled_at IS NULL;

-- name: TouchSession :exec
UPDATE staff_sessions SET last_seen_at = $2 WHERE token_hash = $1;

-- name: RevokeSession :exec
UPDATE staff_sessions SET revoked_at = $2 WHERE token_hash = $1 AND revoked_at IS NULL;

-- name: InsertFailure :exec
INSERT INTO staff_signin_failures (email, ip, at) VALUES ($1, $2, $3);

-- name: CountFailures :one
-- By address and client together: a stranger elsewhere cannot lock the owner out.
SELECT count(*) FILTER (WHERE email = @email) AS of_email, count(*) AS of_ip
FROM staff_signin_failures WHERE ip = @ip AND at > @since;
