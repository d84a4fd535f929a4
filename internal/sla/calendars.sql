-- name: InsertCalendar :one
INSERT INTO calendar_versions (calendar, created_at, created_by, note) VALUES (@calendar, @created_at, sqlc.narg(created_by), @note)
RETURNING id;

-- name: NewestCalendarID :one
SELECT id FROM calendar_versions ORDER BY id DESC LIMIT 1;

-- name: CalendarByID :one
SELECT calendar FROM calendar_versions WHERE id = $1;

-- name: VersionByID :one
SELECT v.id, v.note, v.created_at, v.created_by,
       coalesce((SELECT p.id FROM calendar_versions p WHERE p.id < v.id ORDER BY p.id DESC LIMIT 1), 0)::bigint AS previous
FROM calendar_versions v WHERE v.id = $1;

-- name: VersionsBefore :many
SELECT v.id, v.note, v.created_at, v.created_by,
       coalesce((SELECT p.id FROM calendar_versions p WHERE p.id < v.id ORDER BY p.id DESC LIMIT 1), 0)::bigint AS previous
FROM calendar_versions v WHERE @before::bigint = 0 OR v.id < @before ORDER BY v.id DESC LIMIT @most;

-- name: ReadDraft :one
SELECT one, revision, calendar, saved_at, saved_by FROM calendar_draft;

-- name: LockDraft :one
-- Who holds this lock is alone in publishing.
SELECT one, revision, calendar, saved_at, saved_by FROM calendar_draft FOR UPDATE;

-- name: SaveDraft :one
UPDATE calendar_draft SET revision = revision + 1, calendar = @calendar::jsonb, saved_at = @saved_at, saved_by = @saved_by
WHERE revision = @revision
RETURNING revision;

-- name: EmptyDraft :execrows
UPDATE calendar_draft SET revision = revision + 1, calendar = NULL, saved_at = NULL, saved_by = NULL
WHERE revision = @revision AND calendar IS NOT NULL;
