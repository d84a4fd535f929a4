-- name: Reader :one
-- What a page of the desk needs to know of its reader, in one crossing.
SELECT coalesce(p.presence, 'here')::text AS presence,
       (EXISTS (SELECT FROM queue_notices n WHERE n.member_id = m.id AND n.read_at IS NULL)
           OR EXISTS (SELECT FROM claims c WHERE c.member_id = m.id AND c.ended_at IS NULL AND c.warned_at IS NOT NULL AND c.lease_due IS NOT NULL))::bool AS news,
       EXISTS (SELECT FROM queue_views v WHERE v.member_id = m.id OR v.shared) AS saved,
       coalesce(l.keys_off, false)::bool AS keys_off, coalesce(l.compact, false)::bool AS compact, l.hidden
FROM staff_members m
LEFT JOIN queue_members p ON p.member_id = m.id
LEFT JOIN queue_looks l ON l.member_id = m.id
WHERE m.id = $1;
