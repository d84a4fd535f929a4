-- name: LockRate :exec
-- Held to the end of the transaction: each new rate is compared with the one before it.
SELECT pg_advisory_xact_lock(hashtext('exchange_rates'), hashtext(@currency::text));

-- name: InsertRate :one
INSERT INTO exchange_rates (currency, buy_rials, sell_rials, source, set_at, set_by, approved_by)
VALUES (@currency, sqlc.narg(buy_rials), @sell_rials, @source, @set_at, sqlc.narg(set_by), sqlc.narg(approved_by))
RETURNING *;

-- name: NewestRate :one
SELECT sqlc.embed(exchange_rates),
    coalesce((SELECT max_age_minutes FROM rate_terms ORDER BY rate_terms.id DESC LIMIT 1), 0)::int AS max_age_minutes
FROM exchange_rates WHERE currency = @currency ORDER BY exchange_rates.id DESC LIMIT 1;

-- name: NewestRates :many
-- One look into the index for each currency, however long the history is.
SELECT sqlc.embed(exchange_rates)
FROM unnest(@currencies::text[]) WITH ORDINALITY AS asked (currency, place)
JOIN exchange_rates ON exchange_rates.id =
    (SELECT r.id FROM exchange_rates r WHERE r.currency = asked.currency ORDER BY r.id DESC LIMIT 1)
ORDER BY asked.place;

-- name: RateHistory :many
SELECT * FROM exchange_rates WHERE currency = @currency AND id < @before ORDER BY id DESC LIMIT @most;

-- name: RateBefore :one
-- What held when the course begins.
SELECT * FROM exchange_rates WHERE currency = @currency AND set_at <= @since ORDER BY set_at DESC, id DESC LIMIT 1;

-- name: RateCourse :many
-- The last rate of each stretch of so many seconds, with the highest and the lowest.
SELECT min(sell_rials)::bigint AS low, max(sell_rials)::bigint AS high,
    ((array_agg(sell_rials ORDER BY id DESC))[1])::bigint AS sell_rials,
    coalesce((array_agg(buy_rials ORDER BY id DESC))[1], 0)::bigint AS buy_rials,
    max(set_at)::timestamptz AS set_at
FROM exchange_rates
WHERE currency = @currency AND set_at > @since
GROUP BY date_bin(make_interval(secs => @seconds::float8), set_at, @origin::timestamptz)
ORDER BY max(set_at);

-- name: NewestRateTerms :one
SELECT * FROM rate_terms ORDER BY id DESC LIMIT 1;

-- name: InsertRateTerms :exec
INSERT INTO rate_terms (max_age_minutes, jump_percent, set_at, set_by)
VALUES (@max_age_minutes, @jump_percent, @set_at, sqlc.narg(set_by));

-- name: InsertProposal :one
INSERT INTO rate_proposals (currency, buy_rials, sell_rials, source, proposed_at, proposed_by)
VALUES (@currency, sqlc.narg(buy_rials), @sell_rials, @source, @proposed_at, sqlc.narg(proposed_by))
RETURNING *;

-- name: OpenProposals :many
SELECT * FROM rate_proposals WHERE decided_at IS NULL ORDER BY id;

-- name: OpenProposal :one
SELECT * FROM rate_proposals WHERE currency = @currency AND decided_at IS NULL;

-- name: ReadProposal :one
SELECT * FROM rate_proposals WHERE id = @id;

-- name: EndProposal :exec
-- The word that came later counts.
UPDATE rate_proposals SET decided_at = @at, verdict = @verdict
WHERE id = @id AND decided_at IS NULL;

-- name: DecideProposal :one
-- Of two who decide one is first, and nobody decides on their own.
UPDATE rate_proposals SET decided_at = @at, decided_by = @decided_by::bigint, verdict = @verdict
WHERE id = @id AND decided_at IS NULL AND proposed_by IS DISTINCT FROM @decided_by::bigint
RETURNING *;

-- name: InsertAlert :one
-- No row: finance was told of this rate before.
INSERT INTO rate_alerts (currency, rate_id, alerted_at) VALUES (@currency, @rate_id, @alerted_at)
ON CONFLICT (currency, rate_id) DO NOTHING
RETURNING id;
