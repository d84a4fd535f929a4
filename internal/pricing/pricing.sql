-- name: InsertRate :one
INSERT INTO exchange_rates (currency, sell_rials, set_at, set_by)
VALUES (@currency, @sell_rials, @set_at, sqlc.narg('set_by')::bigint)
RETURNING id;

-- name: InsertSampleRate :exec
INSERT INTO exchange_rates (currency, sell_rials, set_at)
SELECT @currency::text, @sell_rials::bigint, @set_at::timestamptz
WHERE NOT EXISTS (SELECT FROM exchange_rates WHERE currency = @currency::text);

-- name: NewestRate :one
SELECT id, currency, sell_rials, set_at, set_by
FROM exchange_rates WHERE currency = @currency ORDER BY id DESC LIMIT 1;

-- name: NewestRates :many
SELECT DISTINCT ON (currency) id, currency, sell_rials, set_at, set_by
FROM exchange_rates ORDER BY currency, id DESC;
