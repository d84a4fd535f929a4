-- name: KeepService :one
-- The update changes nothing: it returns the row that is already there, and
-- locks it, so that two who publish at once give versions one after the other.
INSERT INTO services (slug, created_at) VALUES (@slug, @now)
ON CONFLICT (slug) DO UPDATE SET slug = excluded.slug
RETURNING id;

-- name: ChangedDefinitions :many
-- Of the program's definitions, by slug, those to publish: new ones, and those
-- that say something else than the newest version, unless that is the desk's.
-- jsonb is compared by meaning: order of members and white space do not count.
SELECT d.key::text AS slug
FROM jsonb_each(@definitions::jsonb) AS d
LEFT JOIN services s ON s.slug = d.key
LEFT JOIN LATERAL (
    SELECT v.definition, v.origin FROM service_versions v
    WHERE v.service_id = s.id ORDER BY v.version DESC LIMIT 1
) newest ON true
WHERE newest.origin IS NULL OR newest.origin = 'program' AND newest.definition <> d.value;

-- name: InsertVersion :one
INSERT INTO service_versions (service_id, version, definition, published_at, published_by, note, origin)
SELECT @service_id, coalesce(max(v.version), 0) + 1, @definition::jsonb, @now::timestamptz, sqlc.narg(published_by)::bigint, @note::text, @origin::text
FROM service_versions v
WHERE v.service_id = @service_id
RETURNING id, version;

-- name: NewestOf :one
SELECT id FROM service_versions
WHERE service_id = @service_id ORDER BY version DESC LIMIT 1;

-- name: NewestVersions :many
SELECT DISTINCT ON (v.service_id) v.id
FROM service_versions v JOIN services s ON s.id = v.service_id
WHERE s.retired_at IS NULL
ORDER BY v.service_id, v.version DESC;

-- name: NewestVersion :one
SELECT v.id
FROM service_versions v JOIN services s ON s.id = v.service_id
WHERE s.slug = @slug AND s.retired_at IS NULL
ORDER BY v.version DESC LIMIT 1;

-- name: ReadVersion :one
SELECT id, service_id, version, definition, published_at FROM service_versions WHERE id = @id;

-- name: NumberedVersion :one
SELECT v.id
FROM service_versions v JOIN services s ON s.id = v.service_id
WHERE s.slug = @slug AND v.version = @version;

-- name: ListVersions :many
SELECT v.id, v.version, v.published_at, v.published_by, v.note, v.origin
FROM service_versions v JOIN services s ON s.id = v.service_id
WHERE s.slug = @slug
ORDER BY v.version DESC;

-- name: ListServices :many
SELECT DISTINCT ON (s.id) v.id, v.published_at, v.published_by, v.origin, s.retired_at, d.saved_at AS draft_saved_at
FROM services s
JOIN service_versions v ON v.service_id = s.id
LEFT JOIN service_drafts d ON d.slug = s.slug
ORDER BY s.id, v.version DESC;

-- name: ListNewDrafts :many
-- Drafts of services that were never published.
SELECT d.slug, d.saved_at
FROM service_drafts d
WHERE d.definition IS NOT NULL AND NOT EXISTS (SELECT FROM services s WHERE s.slug = d.slug)
ORDER BY d.slug;

-- name: RetireService :execrows
UPDATE services SET retired_at = @now::timestamptz WHERE slug = @slug AND retired_at IS NULL;

-- name: RestoreService :execrows
UPDATE services SET retired_at = NULL WHERE slug = @slug AND retired_at IS NOT NULL;

-- name: ServiceExists :one
SELECT EXISTS (SELECT FROM services WHERE slug = @slug);

-- name: VersionLabels :many
SELECT v.id, s.slug, (v.definition->>'family')::text AS family FROM service_versions v JOIN services s ON s.id = v.service_id;
