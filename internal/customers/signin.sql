-- name: LockAsking :exec
-- Who asks for codes to one number, or from one network, is counted one after
-- the other. Callers lock the number first.
SELECT pg_advisory_xact_lock(hashtext('signin_codes'), hashtext(@whose::text));

-- name: CodesForMobile :many
SELECT requested_at, ip FROM signin_codes WHERE mobile = $1 AND requested_at > @since ORDER BY requested_at DESC;

-- name: CodesForIP :many
SELECT requested_at FROM signin_codes WHERE ip = $1 AND requested_at > @since ORDER BY requested_at DESC;

-- name: InsertCode :one
INSERT INTO signin_codes (visitor_id, mobile, ip, requested_at, expires_at)
VALUES (@visitor_id, @mobile, @ip, @requested_at, @expires_at)
RETURNING id;

-- name: SealCode :exec
-- Tag and seal bind the row's id, which is known only now.
UPDATE signin_codes SET code_mac = @code_mac, code_sealed = @code_sealed WHERE id = @id;

-- name: DropSpentCodes :exec
UPDATE signin_codes SET code_sealed = NULL
WHERE id IN (SELECT c.id FROM signin_codes c WHERE c.code_sealed IS NOT NULL AND c.expires_at <= @now FOR UPDATE SKIP LOCKED);

-- name: LatestCode :one
-- A newer code replaces the older ones.
SELECT * FROM signin_codes WHERE visitor_id = $1 ORDER BY id DESC LIMIT 1;

-- name: LockCode :one
SELECT * FROM signin_codes WHERE visitor_id = $1 ORDER BY id DESC LIMIT 1 FOR UPDATE;

-- name: CodeByID :one
SELECT * FROM signin_codes WHERE id = $1;

-- name: CountWrongTry :exec
UPDATE signin_codes SET wrong_tries = wrong_tries + 1 WHERE id = $1;

-- name: UseCode :exec
UPDATE signin_codes SET used_at = @at, code_sealed = NULL WHERE id = @id AND used_at IS NULL;
