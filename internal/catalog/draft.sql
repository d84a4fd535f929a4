-- name: ReadDraft :one
SELECT slug, revision, definition, base_version, saved_at, saved_by FROM service_drafts WHERE slug = @slug;

-- name: LockDraft :one
SELECT slug, revision, definition, base_version, saved_at, saved_by FROM service_drafts WHERE slug = @slug FOR UPDATE;

-- name: SaveDraft :one
-- Where there is no row nothing has been saved or published since the service
-- was read: revision 0. Nor is there anything to read of a new service whose
-- draft was discarded.
INSERT INTO service_drafts AS d (slug, revision, definition, base_version, saved_at, saved_by)
VALUES (@slug, 1, @definition::text,
    (SELECT max(v.version) FROM service_versions v JOIN services s ON s.id = v.service_id WHERE s.slug = @slug),
    @now::timestamptz, sqlc.narg(saved_by)::bigint)
ON CONFLICT (slug) DO UPDATE SET revision = d.revision + 1, definition = excluded.definition,
    base_version = excluded.base_version, saved_at = excluded.saved_at, saved_by = excluded.saved_by
WHERE d.revision = @revision::bigint
    OR @revision::bigint = 0 AND d.definition IS NULL AND NOT EXISTS (SELECT FROM services s WHERE s.slug = d.slug)
RETURNING revision, base_version;

-- name: EmptyDraft :execrows
UPDATE service_drafts SET revision = revision + 1, definition = NULL, base_version = NULL, saved_at = NULL, saved_by = NULL
WHERE slug = @slug AND revision = @revision AND definition IS NOT NULL;

-- name: OutdateDraft :exec
-- A version was published: who has read the service before that reads it anew
-- before saving a draft. A draft that there is stays.
INSERT INTO service_drafts AS d (slug, revision) VALUES (@slug, 1)
ON CONFLICT (slug) DO UPDATE SET revision = d.revision + 1;
