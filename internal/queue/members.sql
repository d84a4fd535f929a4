-- name: LockMember :exec
-- One after the other takes orders for the same person: so their cap holds.
-- How they stand is another statement's to read, which sees what was done
-- while this one waited.
SELECT FROM staff_members WHERE id = $1 FOR NO KEY UPDATE;

-- name: Standing :one
-- The terms of the house, and how somebody stands by them at this moment.
-- Whoever was shut out has no name.
SELECT coalesce(s.name, '')::text AS name,
       (SELECT coalesce(array_agg(r.role), '{}') FROM staff_roles r WHERE r.member_id = s.id AND r.revoked_at IS NULL)::text[] AS roles,
       coalesce(m.presence, 'here')::text AS presence, coalesce(m.cap, t.cap)::int AS cap,
       coalesce(m.services, '{}')::text[] AS services, coalesce(m.families, '{}')::text[] AS families,
       (SELECT count(*) FROM claims c WHERE c.member_id = @member_id AND c.ended_at IS NULL)::int AS open,
       t.lease_minutes, t.grace_minutes, t.skip_minutes,
       (SELECT coalesce(jsonb_object_agg(l.slug, l.lease_minutes), '{}') FROM queue_leases l)::jsonb AS leases,
       (SELECT coalesce(max(v.id), 0) FROM calendar_versions v)::bigint AS calendar
FROM queue_terms t LEFT JOIN queue_members m ON m.member_id = @member_id
LEFT JOIN staff_members s ON s.id = @member_id AND s.disabled_at IS NULL;

-- name: VersionsOf :many
-- The versions of the services that somebody works on.
SELECT v.id FROM service_versions v JOIN services s ON s.id = v.service_id
WHERE s.slug = ANY(@services::text[]) OR v.definition->>'family' = ANY(@families::text[]);

-- name: SetPresence :exec
INSERT INTO queue_members AS m (member_id, presence, presence_since) VALUES (@member_id, @presence, @at)
ON CONFLICT (member_id) DO UPDATE SET presence = excluded.presence, presence_since = excluded.presence_since
WHERE m.presence <> excluded.presence OR m.presence_since IS NULL;

-- name: OpenClaims :many
-- What somebody holds, in the order in which transactions lock it.
SELECT o.id AS order_id, o.code, o.state, o.service_version_id, o.due_at, c.claimed_at, c.purchase_since
FROM claims c JOIN orders o ON o.id = c.order_id
WHERE c.member_id = $1 AND c.ended_at IS NULL ORDER BY o.id;

-- name: Members :many
-- The staff with how they stand in the queue.
SELECT m.id, m.name, m.email, m.disabled_at,
       (SELECT coalesce(array_agg(r.role ORDER BY r.role), '{}') FROM staff_roles r
        WHERE r.member_id = m.id AND r.revoked_at IS NULL)::text[] AS roles,
       coalesce(s.presence, 'here')::text AS presence, s.presence_since, s.cap AS own_cap, coalesce(s.cap, t.cap)::int AS cap,
       coalesce(s.services, '{}')::text[] AS services, coalesce(s.families, '{}')::text[] AS families,
       (SELECT count(*) FROM claims c WHERE c.member_id = m.id AND c.ended_at IS NULL)::int AS open
FROM staff_members m CROSS JOIN queue_terms t LEFT JOIN queue_members s ON s.member_id = m.id
WHERE @id::bigint = 0 OR m.id = @id
ORDER BY m.disabled_at IS NOT NULL, m.name, m.id;

-- name: SetSkills :exec
INSERT INTO queue_members (member_id, cap, services, families) VALUES (@member_id, sqlc.narg(cap), @services, @families)
ON CONFLICT (member_id) DO UPDATE SET cap = excluded.cap, services = excluded.services, families = excluded.families;

-- name: Terms :one
SELECT cap, lease_minutes, grace_minutes, skip_minutes FROM queue_terms;

-- name: SetTerms :exec
UPDATE queue_terms SET cap = @cap, lease_minutes = @lease_minutes, grace_minutes = @grace_minutes, skip_minutes = @skip_minutes;

-- name: Leases :many
SELECT slug, lease_minutes FROM queue_leases ORDER BY slug;

-- name: SetServiceLease :exec
INSERT INTO queue_leases (slug, lease_minutes) VALUES (@slug, @lease_minutes)
ON CONFLICT (slug) DO UPDATE SET lease_minutes = excluded.lease_minutes;

-- name: DropLeasesExcept :exec
-- For all others the house's lease counts again.
DELETE FROM queue_leases WHERE NOT slug = ANY(@slugs::text[]);

-- name: CountServices :one
SELECT count(*) FROM services WHERE slug = ANY(@slugs::text[]);
