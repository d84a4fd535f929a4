-- name: CampaignUses :many
SELECT u.id, u.used_at, u.released_at, o.code, o.state, i.name,
       (SELECT coalesce(-sum((line->>'rials')::bigint), 0) FROM jsonb_array_elements(q.lines) line
        WHERE line->>'kind' = @kind::text)::bigint AS off_rials
FROM campaign_uses u
JOIN orders o ON o.id = u.order_id
JOIN identity_cases i ON i.id = o.identity_case_id
JOIN quotes q ON q.id = o.quote_id
WHERE u.campaign_id = @campaign_id AND (@before::bigint = 0 OR u.id < @before)
ORDER BY u.id DESC LIMIT @most;

-- name: CampaignCost :one
SELECT coalesce(-sum((line->>'rials')::bigint), 0)::bigint AS off_rials
FROM campaign_uses u
JOIN orders o ON o.id = u.order_id
JOIN quotes q ON q.id = o.quote_id
CROSS JOIN jsonb_array_elements(q.lines) line
WHERE u.campaign_id = @campaign_id AND u.released_at IS NULL AND line->>'kind' = @kind::text;
