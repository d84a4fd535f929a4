-- name: Feeds :many
SELECT * FROM rate_feeds ORDER BY currency;

-- name: ReadFeed :one
SELECT * FROM rate_feeds WHERE currency = @currency;

-- name: SaveFeed :exec
-- A feed that is set anew begins without failures, and is due at once.
INSERT INTO rate_feeds (currency, url, sell_path, buy_path, unit, margin_percent, every_minutes, enabled_at, enabled_by)
VALUES (@currency, @url, @sell_path, @buy_path, @unit, @margin_percent, @every_minutes, sqlc.narg(enabled_at), sqlc.narg(enabled_by))
ON CONFLICT (currency) DO UPDATE SET
    url = excluded.url, sell_path = excluded.sell_path, buy_path = excluded.buy_path, unit = excluded.unit,
    margin_percent = excluded.margin_percent, every_minutes = excluded.every_minutes,
    enabled_at = excluded.enabled_at, enabled_by = excluded.enabled_by,
    last_run_at = NULL, last_error = '', last_detail = '', failures = 0;

-- name: TakeDueFeeds :many
-- Of two workers at once the second waits for the row, sees it taken, and leaves it.
UPDATE rate_feeds SET last_run_at = @now::timestamptz
WHERE enabled_at IS NOT NULL
    AND (last_run_at IS NULL OR last_run_at + make_interval(mins => every_minutes) <= @now::timestamptz)
RETURNING *;

-- name: EndFeedRun :one
-- No row: the feed was set anew or switched off meanwhile, and what was read does not count.
UPDATE rate_feeds SET last_error = @last_error, last_detail = @last_detail,
    failures = CASE WHEN @last_error::text = '' THEN 0 ELSE failures + 1 END
WHERE currency = @currency AND last_run_at = @run_at::timestamptz AND enabled_at IS NOT NULL
RETURNING failures;
