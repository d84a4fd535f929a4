-- name: InsertCalendar :one
INSERT INTO calendar_versions (calendar, created_at, created_by) VALUES ($1, $2, $3) RETURNING id;

-- name: NewestCalendarID :one
SELECT id FROM calendar_versions ORDER BY id DESC LIMIT 1;

-- name: CalendarByID :one
SELECT calendar FROM calendar_versions WHERE id = $1;
