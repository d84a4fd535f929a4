-- name: InsertEndpoint :one
INSERT INTO webhook_endpoints (client_id, url, created_at, created_by)
VALUES (@client_id, @url, @created_at, sqlc.narg(created_by))
RETURNING id;

-- name: SealSecret :exec
UPDATE webhook_endpoints SET secret = @secret WHERE id = @id;

-- name: RotateSecret :exec
UPDATE webhook_endpoints
SET old_secret = secret, old_until = @old_until, secret = @secret, secret_version = secret_version + 1
WHERE id = @id;

-- name: SetURL :execrows
UPDATE webhook_endpoints SET url = @url, failing_since = NULL WHERE client_id = @client_id AND disabled_at IS NULL;

-- name: LiveEndpoint :one
SELECT * FROM webhook_endpoints WHERE client_id = $1 AND disabled_at IS NULL;

-- name: LockLiveEndpoint :one
-- Events may be added meanwhile. Who locks both an endpoint and events of it
-- locks the endpoint first.
SELECT * FROM webhook_endpoints WHERE client_id = $1 AND disabled_at IS NULL FOR NO KEY UPDATE;

-- name: NewestEndpoint :one
SELECT * FROM webhook_endpoints WHERE client_id = $1 ORDER BY id DESC LIMIT 1;

-- name: LockEndpointOf :one
-- The endpoint of an event.
SELECT * FROM webhook_endpoints p WHERE p.id = (SELECT e.endpoint_id FROM webhook_events e WHERE e.id = @event_id)
FOR NO KEY UPDATE;

-- name: LockEndpoint :exec
SELECT id FROM webhook_endpoints WHERE id = $1 FOR NO KEY UPDATE;

-- name: TakeTurn :exec
UPDATE webhook_endpoints SET turn_until = @until WHERE id = @id;

-- name: GiveTurn :exec
UPDATE webhook_endpoints SET turn_until = NULL WHERE id = @id AND turn_until = @until;

-- name: EndpointWorks :exec
UPDATE webhook_endpoints SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL;

-- name: EndpointFails :one
UPDATE webhook_endpoints SET failing_since = coalesce(failing_since, @at) WHERE id = @id AND disabled_at IS NULL
RETURNING *;

-- name: DisableEndpoint :exec
UPDATE webhook_endpoints SET disabled_at = @at, disabled_note = @note WHERE id = @id AND disabled_at IS NULL;

-- name: FailPending :exec
UPDATE webhook_events SET state = 'failed', state_since = @at WHERE endpoint_id = @endpoint_id AND state = 'pending';

-- name: InsertEvent :one
INSERT INTO webhook_events (public_id, endpoint_id, client_id, order_id, type, body, created_at, state_since, next_try_at)
VALUES (@public_id, @endpoint_id, @client_id, @order_id, @type, @body, @at, @at, @at)
RETURNING id;

-- name: LockEvent :one
SELECT * FROM webhook_events WHERE id = $1 FOR UPDATE;

-- name: BeginTry :one
-- Until then the try is nobody else's; whoever dies meanwhile is followed by another.
UPDATE webhook_events SET tries = tries + 1, next_try_at = @until WHERE id = @id RETURNING tries, next_try_at;

-- name: EndTry :execrows
-- Nothing, once another try has begun or the event was resent. What was given
-- up meanwhile stays so, unless it has arrived after all.
UPDATE webhook_events SET state = @state, state_since = @at, next_try_at = @next_try_at
WHERE id = @id AND tries = @tries AND next_try_at = @begun_until AND (state = 'pending' OR @state = 'delivered');

-- name: DropEvent :exec
UPDATE webhook_events SET state = 'failed', state_since = @at WHERE id = @id AND state = 'pending';

-- name: ForgottenEvents :many
SELECT id FROM webhook_events WHERE state = 'pending' AND next_try_at < @before ORDER BY id LIMIT 500;

-- name: ReviveEvent :execrows
UPDATE webhook_events
SET state = 'pending', state_since = @at, tries = 0, next_try_at = @at, endpoint_id = @endpoint_id
WHERE id = @id AND client_id = @client_id;

-- name: InsertAttempt :exec
INSERT INTO webhook_attempts (event_id, at, status, answer, note) VALUES (@event_id, @at, sqlc.narg(status), @answer, @note);

-- name: EventsOf :many
SELECT e.id, e.public_id, e.client_id, e.order_id, (e.body::jsonb #>> '{data,order,code}')::text AS code, e.type, e.created_at, e.state, e.state_since, e.next_try_at,
       (SELECT count(*) FROM webhook_attempts a WHERE a.event_id = e.id)::int AS attempts,
       coalesce(l.status, 0)::int AS status, coalesce(l.note, '')::text AS note
FROM webhook_events e
LEFT JOIN LATERAL (SELECT a.status, a.note FROM webhook_attempts a WHERE a.event_id = e.id ORDER BY a.id DESC LIMIT 1) l ON true
WHERE e.client_id = $1 ORDER BY e.id DESC LIMIT 50;

-- name: AttemptsOf :many
SELECT a.at, a.status, a.answer, a.note
FROM webhook_attempts a JOIN webhook_events e ON e.id = a.event_id
WHERE e.id = @event_id AND e.client_id = @client_id ORDER BY a.id;
