-- name: MobileOf :one
SELECT mobile FROM customers WHERE id = $1;
