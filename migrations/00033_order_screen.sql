-- +goose Up

-- When a call is to be made: as soon as it is asked for, or when it was agreed with the customer.
ALTER TABLE contact_tasks
    ADD due_at timestamptz,
    ADD agreed boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT contact_tasks_why_check,
    ADD CONSTRAINT contact_tasks_why_check
        CHECK (why IN ('identity_pending', 'identity_rejected', 'payment_quarantined', 'question', 'agreed'));
UPDATE contact_tasks SET due_at = opened_at;
ALTER TABLE contact_tasks ALTER due_at SET NOT NULL;
DROP INDEX contact_tasks_due;
CREATE INDEX contact_tasks_due ON contact_tasks (due_at, id) WHERE closed_at IS NULL;
CREATE INDEX contact_tasks_agreed ON contact_tasks (order_id) WHERE closed_at IS NULL AND agreed;
CREATE INDEX contact_tasks_order ON contact_tasks (order_id, id);

-- A call that was made, and what came of it. It happened: nobody changes it.
CREATE TABLE contact_calls (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id    bigint NOT NULL REFERENCES orders,
    member_id   bigint NOT NULL REFERENCES staff_members,
    member_name text NOT NULL,
    at          timestamptz NOT NULL,
    outcome     text NOT NULL CHECK (outcome IN ('reached', 'no_answer', 'busy', 'wrong_number', 'call_later')),
    note        text NOT NULL,
    next_at     timestamptz CHECK (next_at > at), -- NULL: no call is to follow
    CHECK (outcome NOT IN ('no_answer', 'busy', 'call_later') OR next_at IS NOT NULL)
);
CREATE INDEX contact_calls_order ON contact_calls (order_id, id);
CREATE TRIGGER contact_calls_append_only BEFORE UPDATE OR DELETE ON contact_calls
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER contact_calls_keep BEFORE TRUNCATE ON contact_calls
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Keys that work without Control can be switched off, by each for themselves.
ALTER TABLE queue_looks ADD keys_off boolean NOT NULL DEFAULT false;

-- +goose Down
ALTER TABLE queue_looks DROP keys_off;
DROP TABLE contact_calls;
DROP INDEX contact_tasks_order, contact_tasks_agreed, contact_tasks_due;
CREATE INDEX contact_tasks_due ON contact_tasks (opened_at, id) WHERE closed_at IS NULL;
DELETE FROM contact_tasks WHERE why = 'agreed';
ALTER TABLE contact_tasks
    DROP CONSTRAINT contact_tasks_why_check,
    ADD CONSTRAINT contact_tasks_why_check CHECK (why IN ('identity_pending', 'identity_rejected', 'payment_quarantined', 'question')),
    DROP agreed,
    DROP due_at;
