-- name: InsertCampaign :one
INSERT INTO campaigns (code, name, percent, off_rials, starts_at, ends_at, audience, tiers, services, families,
                       max_uses, max_uses_each, created_by, created_at)
VALUES (@code, @name, sqlc.narg(percent), sqlc.narg(off_rials), @starts_at, @ends_at, @audience, @tiers, @services, @families,
        sqlc.narg(max_uses), sqlc.narg(max_uses_each), @created_by, @created_at)
RETURNING id;

-- name: InsertMembers :exec
INSERT INTO campaign_members (campaign_id, mobile) SELECT @campaign_id, unnest(@mobiles::text[]);

-- name: CampaignByID :one
SELECT * FROM campaigns WHERE id = $1;

-- name: CampaignByCode :one
SELECT * FROM campaigns WHERE replace(code, '-', '') = @code::text;

-- name: CampaignsBefore :many
SELECT * FROM campaigns WHERE @before::bigint = 0 OR id < @before ORDER BY id DESC LIMIT @most;

-- name: Mobiles :many
SELECT mobile FROM campaign_members WHERE campaign_id = $1 ORDER BY mobile;

-- name: IsListed :one
SELECT EXISTS (SELECT FROM campaign_members WHERE campaign_id = $1 AND mobile = $2);

-- name: EndCampaign :execrows
UPDATE campaigns SET ended_by = @by, ended_at = @at WHERE id = @id AND ended_at IS NULL AND ends_at > @at;
