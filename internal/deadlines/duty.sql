-- name: NotHere :many
-- Which of the members have said that they take a break, or are away.
SELECT member_id FROM queue_members WHERE member_id = ANY(@members::bigint[]) AND presence <> 'here';
