-- name: KeepService :one
-- The update changes nothing: it returns the row that is already there, and
-- locks it, so that two loads at once give versions one after the other.
INSERT INTO services (slug, created_at) VALUES (@slug, @now)
ON CONFLICT (slug) DO UPDATE SET slug = excluded.slug
RETURNING id;

-- name: PublishVersion :execrows
-- jsonb is compared by meaning: order of members and white space do not count.
INSERT INTO service_versions (service_id, version, definition, published_at)
SELECT @service_id, coalesce(max(v.version), 0) + 1, @definition::jsonb, @now::timestamptz
FROM service_versions v
WHERE v.service_id = @service_id
HAVING (SELECT l.definition FROM service_versions l
        WHERE l.service_id = @service_id ORDER BY l.version DESC LIMIT 1) IS DISTINCT FROM @definition::jsonb;

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
