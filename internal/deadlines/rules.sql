-- name: NewestRulesID :one
SELECT id FROM alert_rules ORDER BY id DESC LIMIT 1;

-- name: RulesByID :one
SELECT * FROM alert_rules WHERE id = $1;

-- name: NewestRules :many
SELECT * FROM alert_rules ORDER BY id DESC LIMIT $1;

-- name: InsertRules :one
INSERT INTO alert_rules (previous, rules, made_at, made_by) VALUES (@previous, @rules, @made_at, @made_by)
RETURNING id;

-- name: ChoicesOf :many
SELECT * FROM alert_choices WHERE member_id = ANY(@members::bigint[]);

-- name: KeepChoices :exec
INSERT INTO alert_choices (member_id, choices, warn_from, lang, chosen_at) VALUES (@member_id, @choices, @warn_from, @lang, @chosen_at)
ON CONFLICT (member_id) DO UPDATE SET choices = EXCLUDED.choices, warn_from = EXCLUDED.warn_from, lang = EXCLUDED.lang, chosen_at = EXCLUDED.chosen_at;
