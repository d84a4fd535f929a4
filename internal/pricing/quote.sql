-- name: InsertQuotes :many
-- Quotes of one service at one moment. IDs are given after sorting, so that they ascend as the arrays do.
INSERT INTO quotes (service_version_id, tariff_id, quoted_at, expires_at,
    amount, currency, rate_id, rate_rials, lines, inputs, total_rials)
SELECT @service_version_id::bigint, @tariff_id::bigint, @quoted_at::timestamptz, @expires_at::timestamptz,
    (@amounts::text[])[i]::numeric, (@currencies::text[])[i], (@rate_ids::bigint[])[i], (@rates_rials::bigint[])[i],
    (@lines::text[])[i]::jsonb, (@inputs::text[])[i]::jsonb, (@totals_rials::bigint[])[i]
FROM generate_subscripts(@amounts::text[], 1) AS i
ORDER BY i
RETURNING id;

-- name: ReadQuotes :many
SELECT id, service_version_id, amount, currency, rate_id, rate_rials, lines, total_rials, quoted_at, expires_at,
    tariff_id, inputs
FROM quotes WHERE id = ANY (@ids::bigint[]);
