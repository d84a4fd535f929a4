-- name: FindOrders :many
-- typed is a tsquery. What fits is read up to a bound before the newest are
-- chosen: who gets more than that has to type more.
SELECT f.order_id FROM (SELECT order_id FROM order_search WHERE words @@ CAST(sqlc.arg(typed)::text AS tsquery) LIMIT 2000) f
ORDER BY f.order_id DESC LIMIT @most;
