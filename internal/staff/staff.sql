-- name: InsertMember :one
INSERT INTO staff_members (email, name, password_hash, created_at) VALUES (@email, @name, @password_hash, @created_at)
RETURNING id;

-- name: GrantRole :exec
INSERT INTO staff_roles (member_id, role, granted_at) VALUES ($1, $2, $3)
ON CONFLICT (member_id, role) WHERE revoked_at IS NULL DO NOTHING;

-- name: RevokeRole :exec
UPDATE staff_roles SET revoked_at = $3 WHERE member_id = $1 AND role = $2 AND revoked_at IS NULL;

-- name: DisableMember :one
-- Who was disabled before stays so since then.
UPDATE staff_members SET disabled_at = coalesce(disabled_at, @at) WHERE email = @email RETURNING id;

-- name: SetPasswordHash :one
UPDATE staff_members SET password_hash = @password_hash WHERE email = @email RETURNING id;

-- name: MemberByEmail :one
SELECT id, name, password_hash, disabled_at FROM staff_members WHERE email = $1;

-- name: EmailOf :one
SELECT email FROM staff_members WHERE id = $1;

-- name: Members :many
SELECT m.id, m.email, m.name, coalesce(m.mobile, '') AS mobile, m.created_at, m.disabled_at,
       (SELECT coalesce(array_agg(r.role ORDER BY r.role), '{}') FROM staff_roles r
        WHERE r.member_id = m.id AND r.revoked_at IS NULL)::text[] AS roles
FROM staff_members m ORDER BY m.id;

-- name: SetMobile :one
UPDATE staff_members SET mobile = nullif(@mobile::text, '') WHERE id = @id RETURNING id;

-- name: MembersAtTheDesk :many
-- Who holds one of the roles, with when they were last seen at the desk; the year 1 is never.
SELECT m.id, m.email, m.name, coalesce(m.mobile, '') AS mobile,
       (SELECT array_agg(r.role ORDER BY r.role) FROM staff_roles r
        WHERE r.member_id = m.id AND r.revoked_at IS NULL)::text[] AS roles,
       coalesce((SELECT max(s.last_seen_at) FROM staff_sessions s
        WHERE s.member_id = m.id AND s.revoked_at IS NULL), '0001-01-01 00:00:00+00')::timestamptz AS seen_at
FROM staff_members m
WHERE m.disabled_at IS NULL
  AND EXISTS (SELECT FROM staff_roles r WHERE r.member_id = m.id AND r.revoked_at IS NULL AND r.role = ANY(@roles::text[]))
ORDER BY m.id;

-- name: InsertSession :execrows
-- No row when the member was disabled, or the password changed, while it was
-- checked. The lock makes whoever does that wait, and end this session too.
INSERT INTO staff_sessions (token_hash, member_id, created_at, last_seen_at, ip, user_agent)
SELECT @token_hash, m.id, @at, @at, @ip, @user_agent
FROM staff_members m
WHERE m.id = @member_id AND m.password_hash = @password_hash AND m.disabled_at IS NULL
FOR SHARE;

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

-- name: RevokeSessions :execrows
UPDATE staff_sessions SET revoked_at = $2 WHERE member_id = $1 AND revoked_at IS NULL;

-- name: InsertFailure :exec
INSERT INTO staff_signin_failures (email, ip, at) VALUES ($1, $2, $3);

-- name: CountFailures :one
-- By address and client together: a stranger elsewhere cannot lock the owner out.
SELECT count(*) FILTER (WHERE email = @email) AS of_email, count(*) AS of_ip
FROM staff_signin_failures WHERE ip = @ip AND at > @since;
