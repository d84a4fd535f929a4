-- name: CountIn :one
-- One more use. The row's lock makes those who use the code one after the
-- other. No row: it is not running, or used up.
UPDATE campaigns SET used = used + 1
WHERE id = @id AND starts_at <= @now AND ends_at > @now AND ended_at IS NULL AND (used < max_uses) IS NOT FALSE
RETURNING max_uses_each;

-- name: CountUses :one
SELECT count(*) FROM campaign_uses WHERE campaign_id = $1 AND customer_id = $2 AND released_at IS NULL;

-- name: InsertUse :exec
INSERT INTO campaign_uses (campaign_id, order_id, customer_id, used_at)
VALUES (@campaign_id, @order_id, @customer_id, @used_at);

-- name: ReleaseUses :exec
WITH released AS (
    UPDATE campaign_uses SET released_at = @at WHERE order_id = ANY(@order_ids::bigint[]) AND released_at IS NULL
    RETURNING campaign_id
), counted AS (
    SELECT campaign_id, count(*)::int AS n FROM released GROUP BY campaign_id
)
UPDATE campaigns SET used = used - counted.n FROM counted WHERE campaigns.id = counted.campaign_id;
