-- name: NewestTariff :one
SELECT id FROM tariffs ORDER BY id DESC LIMIT 1;

-- name: TariffIDs :many
SELECT id FROM tariffs ORDER BY id DESC;

-- name: TariffOfVersion :one
SELECT id FROM tariffs WHERE version = @version;

-- name: ReadTariff :one
SELECT id, version, tariff, note, origin, published_at, published_by FROM tariffs WHERE id = @id;

-- name: InsertTariff :one
-- Who holds the lock of the draft's row is alone in this.
INSERT INTO tariffs (version, tariff, note, origin, published_at, published_by)
VALUES ((SELECT coalesce(max(version), 0) + 1 FROM tariffs), @tariff, @note, @origin, @published_at, sqlc.narg(published_by)::bigint)
RETURNING id;

-- name: DeskPublished :one
SELECT EXISTS (SELECT FROM tariffs WHERE origin <> 'program');

-- name: ReadDraft :one
SELECT id, revision, tariff, saved_at, saved_by FROM tariff_draft;

-- name: LockDraft :one
SELECT id, revision, tariff, saved_at, saved_by FROM tariff_draft FOR UPDATE;

-- name: SaveDraft :one
UPDATE tariff_draft SET revision = revision + 1, tariff = @tariff::jsonb, saved_at = @saved_at, saved_by = @saved_by
WHERE revision = @revision
RETURNING revision;

-- name: EmptyDraft :execrows
UPDATE tariff_draft SET revision = revision + 1, tariff = NULL, saved_at = NULL, saved_by = NULL
WHERE revision = @revision AND tariff IS NOT NULL;
