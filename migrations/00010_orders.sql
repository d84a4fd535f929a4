-- +goose Up

-- One trip through the checkout: the orders that one payment pays for.
CREATE TABLE checkouts (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    visitor_id       bigint NOT NULL REFERENCES visitors,
    customer_id      bigint NOT NULL REFERENCES customers,
    identity_case_id bigint NOT NULL REFERENCES identity_cases,
    total_rials      bigint NOT NULL CHECK (total_rials > 0 AND total_rials % 10 = 0),
    lang             text NOT NULL CHECK (lang IN ('fa', 'en')),
    placed_at        timestamptz NOT NULL
);

CREATE TABLE orders (
    id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code               text NOT NULL CHECK (code ~ '^[2-9A-HJKMNP-TV-Z]{7}$'),
    checkout_id        bigint NOT NULL REFERENCES checkouts,
    customer_id        bigint NOT NULL REFERENCES customers,
    identity_case_id   bigint NOT NULL REFERENCES identity_cases,
    service_version_id bigint NOT NULL REFERENCES service_versions,
    quote_id           bigint NOT NULL REFERENCES quotes,
    credential_id      bigint REFERENCES credentials,
    answers            jsonb NOT NULL,
    site               text NOT NULL DEFAULT '', -- host of the payment page, for search
    total_rials        bigint NOT NULL CHECK (total_rials > 0 AND total_rials % 10 = 0),
    budget_seconds     int NOT NULL CHECK (budget_seconds > 0), -- working time promised by the service
    lang               text NOT NULL CHECK (lang IN ('fa', 'en')),
    state              text NOT NULL CHECK (state IN ('awaiting_payment', 'awaiting_kyc', 'paid', 'in_progress',
                                                      'waiting_customer', 'done', 'cancelled', 'expired')),
    state_since        timestamptz NOT NULL,
    placed_at          timestamptz NOT NULL,
    pay_before         timestamptz NOT NULL, -- the quote's expiry and a grace for the gateway's page
    settled_at         timestamptz, -- the money is ours
    verified_at        timestamptz, -- the identity is
    due_at             timestamptz, -- of the live clock; the queue's order
    CONSTRAINT orders_code UNIQUE (code),
    CONSTRAINT orders_quote UNIQUE (quote_id),
    CHECK (state NOT IN ('paid', 'in_progress', 'waiting_customer', 'done')
           OR (settled_at IS NOT NULL AND verified_at IS NOT NULL AND due_at IS NOT NULL)),
    CHECK (state <> 'awaiting_kyc' OR settled_at IS NOT NULL)
);
CREATE INDEX orders_queue ON orders (due_at, id) WHERE state = 'paid';
CREATE INDEX orders_open_due ON orders (due_at, id) WHERE state IN ('paid', 'in_progress', 'waiting_customer');
CREATE INDEX orders_unpaid ON orders (pay_before) WHERE state = 'awaiting_payment';
CREATE INDEX orders_state ON orders (state, id);
CREATE INDEX orders_checkout ON orders (checkout_id);
CREATE INDEX orders_case ON orders (identity_case_id);
CREATE INDEX orders_customer ON orders (customer_id, id);

-- The working-time clocks of an order; reopening adds one.
CREATE TABLE order_clocks (
    id                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id            bigint NOT NULL REFERENCES orders,
    calendar_version_id bigint NOT NULL REFERENCES calendar_versions,
    budget_seconds      int NOT NULL CHECK (budget_seconds > 0),
    started_at          timestamptz NOT NULL,
    running_since       timestamptz, -- NULL while on hold and after the end
    used_seconds        int NOT NULL DEFAULT 0 CHECK (used_seconds >= 0), -- before running_since
    paused_at           timestamptz, -- the start of the present hold
    due_at              timestamptz NOT NULL,
    stopped_at          timestamptz,
    CHECK (stopped_at IS NULL OR running_since IS NULL)
);
CREATE UNIQUE INDEX order_clocks_live ON order_clocks (order_id) WHERE stopped_at IS NULL;

-- The history of an order: one row a transition or note, never changed.
CREATE TABLE order_events (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id   bigint NOT NULL REFERENCES orders,
    at         timestamptz NOT NULL,
    actor_kind text NOT NULL CHECK (actor_kind IN ('staff', 'customer', 'system')),
    actor_id   bigint NOT NULL,
    actor_name text NOT NULL,
    verb       text NOT NULL,
    from_state text,
    to_state   text,
    reason     text NOT NULL DEFAULT '',
    detail     jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX order_events_order ON order_events (order_id, id);
CREATE TRIGGER order_events_append_only BEFORE UPDATE OR DELETE ON order_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER order_events_keep BEFORE TRUNCATE ON order_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Which browsers may see an order: the one that placed it, and those that
-- proved code and mobile.
CREATE TABLE order_viewers (
    visitor_id bigint NOT NULL REFERENCES visitors,
    order_id   bigint NOT NULL REFERENCES orders,
    since      timestamptz NOT NULL,
    PRIMARY KEY (visitor_id, order_id)
);

-- Failed tries at code and mobile, for the throttle.
CREATE TABLE tracking_failures (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ip text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX tracking_failures_ip ON tracking_failures (ip, at);

-- +goose Down
DROP TABLE tracking_failures, order_viewers, order_events, order_clocks, orders, checkouts;
