-- name: InsertEarning :execrows
-- An order that was reopened and completed again counts once.
INSERT INTO club_earnings (order_id, customer_id, fees_rials, earned_at) VALUES ($1, $2, $3, $4) ON CONFLICT (order_id) DO NOTHING;

-- name: LockStanding :one
-- The row is there from the first order on. The no-op update locks it: who
-- counts the customer's orders sees those of everybody who counted before.
INSERT INTO club_standings (customer_id, tier, orders, fees_rials, computed_at) VALUES ($1, '', 0, 0, $2)
ON CONFLICT (customer_id) DO UPDATE SET customer_id = excluded.customer_id
RETURNING tier;

-- name: LockStandingsBefore :many
-- Those that another process counts at this moment are left to it.
SELECT customer_id, tier FROM club_standings WHERE computed_at < @before ORDER BY computed_at, customer_id LIMIT @most
FOR UPDATE SKIP LOCKED;

-- name: Earned :many
SELECT customer_id, count(*)::int AS orders, sum(fees_rials)::bigint AS fees_rials FROM club_earnings
WHERE customer_id = ANY(@customer_ids::bigint[]) AND earned_at > @since GROUP BY customer_id;

-- name: SaveStandings :exec
UPDATE club_standings s SET tier = n.tier, orders = n.orders, fees_rials = n.fees_rials, computed_at = @at
FROM (SELECT unnest(@customer_ids::bigint[]) AS customer_id, unnest(@tiers::text[]) AS tier,
             unnest(@orders::int[]) AS orders, unnest(@fees_rials::bigint[]) AS fees_rials) n
WHERE s.customer_id = n.customer_id;

-- name: InsertChanges :exec
INSERT INTO club_changes (customer_id, from_tier, to_tier, at)
SELECT unnest(@customer_ids::bigint[]), unnest(@from_tiers::text[]), unnest(@to_tiers::text[]), @at;

-- name: StandingOf :one
SELECT tier, orders, fees_rials, computed_at FROM club_standings WHERE customer_id = $1;
