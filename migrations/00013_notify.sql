-- +goose Up

-- One SMS or e-mail, and what became of it. The business key is what must not happen twice.
CREATE TABLE messages (
    id           bigint GENERATED ALWAYS AS IDENTITY (START WITH 5001) PRIMARY KEY,
    business_key text NOT NULL UNIQUE, -- 'order:41:done:sms'
    order_id     bigint NOT NULL REFERENCES orders,
    kind         text NOT NULL,        -- 'order_done'
    channel      text NOT NULL CHECK (channel IN ('sms', 'email')),
    recipient    text NOT NULL,
    lang         text NOT NULL CHECK (lang IN ('fa', 'en')),
    detail       jsonb NOT NULL DEFAULT '{}', -- what the words need; never a secret
    receipt_id   bigint REFERENCES receipts,  -- attached
    state        text NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed')),
    queued_at    timestamptz NOT NULL,
    sent_at      timestamptz,
    tries        int NOT NULL DEFAULT 0,
    provider     text NOT NULL DEFAULT '',
    provider_id  text NOT NULL DEFAULT '',
    subject      text NOT NULL DEFAULT '', -- as sent
    body         text NOT NULL DEFAULT '', -- as sent
    last_error   text NOT NULL DEFAULT ''
);
CREATE INDEX messages_order ON messages (order_id, id);

-- +goose Down
DROP TABLE messages;
