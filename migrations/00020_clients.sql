-- +goose Up

-- A shop front of somebody else's that orders through the API.
CREATE TABLE api_clients (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name           text NOT NULL CHECK (name <> ''),
    return_origins text[] NOT NULL DEFAULT '{}', -- scheme://host[:port] that customers may be sent back to
    created_at     timestamptz NOT NULL,
    created_by     bigint REFERENCES staff_members, -- NULL: the command line
    disabled_at    timestamptz
);

-- What a client shows to be let in. The token itself is never stored.
CREATE TABLE api_keys (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client_id    bigint NOT NULL REFERENCES api_clients,
    name         text NOT NULL CHECK (name <> ''),
    prefix       text NOT NULL, -- the token's beginning, to tell keys apart by
    key_hash     bytea NOT NULL CHECK (length(key_hash) = 32), -- SHA-256 of a 256-bit token
    scopes       text[] NOT NULL CHECK (cardinality(scopes) > 0),
    created_at   timestamptz NOT NULL,
    created_by   bigint REFERENCES staff_members,
    expires_at   timestamptz,
    last_used_at timestamptz, -- to the minute
    revoked_at   timestamptz,
    CONSTRAINT api_keys_hash UNIQUE (key_hash)
);
CREATE INDEX api_keys_client ON api_keys (client_id, id);

-- A frozen price that a client asked for, under the name that it was told.
CREATE TABLE api_quotes (
    id         text PRIMARY KEY,
    client_id  bigint NOT NULL REFERENCES api_clients,
    quote_id   bigint NOT NULL REFERENCES quotes,
    together   int NOT NULL CHECK (together > 0), -- how many orders the price was made for
    created_at timestamptz NOT NULL,
    CONSTRAINT api_quotes_quote UNIQUE (quote_id)
);

-- Answers that are given again when a client repeats a request. Both request
-- and answer may hold what is nobody else's business: of the first there is a
-- keyed tag, the second is sealed. Rows go after 48 hours.
CREATE TABLE api_idempotency (
    client_id   bigint NOT NULL REFERENCES api_clients,
    key         text NOT NULL,
    request_tag bytea NOT NULL,
    status      int,   -- NULL only inside the transaction that does the work
    response    bytea, -- sealed
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (client_id, key)
);
CREATE INDEX api_idempotency_age ON api_idempotency (created_at);

ALTER TABLE orders ADD COLUMN client_id bigint REFERENCES api_clients; -- NULL: from our own shop
CREATE INDEX orders_client ON orders (client_id, id) WHERE client_id IS NOT NULL;

-- A way to pay for orders placed by a client: the address is given to the
-- customer. The key is the SHA-256 of the 256-bit token in it.
CREATE TABLE pay_links (
    token_hash  bytea PRIMARY KEY,
    checkout_id bigint NOT NULL REFERENCES checkouts,
    return_url  text NOT NULL DEFAULT '', -- where the customer goes after paying
    created_at  timestamptz NOT NULL,
    CONSTRAINT pay_links_checkout UNIQUE (checkout_id)
);

-- Where a client hears of its orders.
CREATE TABLE webhook_endpoints (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client_id      bigint NOT NULL REFERENCES api_clients,
    url            text NOT NULL CHECK (url ~ '^https?://'),
    secret         bytea,  -- sealed; NULL only inside the transaction that makes it
    secret_version bigint NOT NULL DEFAULT 1,
    old_secret     bytea,  -- signs too, until old_until
    old_until      timestamptz,
    created_at     timestamptz NOT NULL,
    created_by     bigint REFERENCES staff_members,
    failing_since  timestamptz, -- nothing was delivered since
    disabled_at    timestamptz,
    disabled_note  text NOT NULL DEFAULT '',
    CHECK ((old_secret IS NULL) = (old_until IS NULL))
);
CREATE UNIQUE INDEX webhook_endpoints_live ON webhook_endpoints (client_id) WHERE disabled_at IS NULL;
CREATE INDEX webhook_endpoints_client ON webhook_endpoints (client_id, id);

-- What is to be told to an endpoint, word for word.
CREATE TABLE webhook_events (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id    text NOT NULL, -- by which the receiver knows doubles
    endpoint_id  bigint NOT NULL REFERENCES webhook_endpoints,
    client_id    bigint NOT NULL REFERENCES api_clients,
    order_id     bigint NOT NULL REFERENCES orders,
    type         text NOT NULL, -- "order.paid"
    body         text NOT NULL,
    created_at   timestamptz NOT NULL,
    state        text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
    state_since  timestamptz NOT NULL,
    tries        int NOT NULL DEFAULT 0, -- since it was made, or resent
    next_try_at  timestamptz NOT NULL,
    CONSTRAINT webhook_events_public UNIQUE (public_id)
);
CREATE INDEX webhook_events_client ON webhook_events (client_id, id);
CREATE INDEX webhook_events_pending ON webhook_events (endpoint_id) WHERE state = 'pending';

-- The delivery log: one row a try.
CREATE TABLE webhook_attempts (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id bigint NOT NULL REFERENCES webhook_events,
    at       timestamptz NOT NULL,
    status   int,                      -- of the answer; NULL: there was none
    answer   text NOT NULL DEFAULT '', -- its beginning
    note     text NOT NULL DEFAULT '' -- why there was none
);
CREATE INDEX webhook_attempts_event ON webhook_attempts (event_id, id);

-- +goose Down
DROP TABLE webhook_attempts, webhook_events, webhook_endpoints, pay_links;
ALTER TABLE orders DROP COLUMN client_id;
DROP TABLE api_idempotency, api_quotes, api_keys, api_clients;
