-- The bare statements that the product is measured beside, on a database that
-- is thrown away: nobody's rooms are written here.

-- name: claim
UPDATE orders SET state = 'in_progress', state_since = now() WHERE code = $1 AND state = 'paid' RETURNING id;

-- name: hold
INSERT INTO claims (order_id, member_id, member_name, claimed_at, touched_at) VALUES ($1, $2, $3, now(), now());

-- name: page
SELECT o.id, o.code, o.service_version_id, o.total_rials, o.site, o.state, o.state_since, o.due_at, i.name, cu.mobile,
       k.calendar_version_id, c.member_id, c.member_name, c.claimed_at
FROM orders o
JOIN identity_cases i ON i.id = o.identity_case_id
JOIN customers cu ON cu.id = o.customer_id
LEFT JOIN order_clocks k ON k.order_id = o.id AND k.stopped_at IS NULL
LEFT JOIN claims c ON c.order_id = o.id AND c.ended_at IS NULL
WHERE o.state = 'paid' ORDER BY o.due_at, o.id LIMIT 50;

-- name: done
UPDATE orders SET state = 'done', state_since = now() WHERE code = $1 AND state = 'in_progress' RETURNING id;

-- name: end
UPDATE claims SET ended_at = now(), ended_how = 'completed', purchase_since = NULL, lease_due = NULL WHERE order_id = $1 AND ended_at IS NULL;

-- name: rate
SELECT id, sell_rials, buy_rials, set_at FROM exchange_rates WHERE currency = 'USD' ORDER BY id DESC LIMIT 1;

-- name: running
SELECT id, due_at, state_since, service_version_id, state = 'paid' AS free FROM orders WHERE state IN ('paid', 'in_progress') ORDER BY due_at, id LIMIT 5000;
