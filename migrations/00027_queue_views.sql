-- +goose Up

-- What orders are found by: the words of the customer's name, the mobile and its last digits, the host of the
-- payment page and its labels, the code. Written with the order and when its identity case changes, and apart from
-- it, so that no change of state touches the index.
CREATE TABLE order_search (
    order_id bigint PRIMARY KEY REFERENCES orders,
    words    tsvector NOT NULL
);
CREATE INDEX order_search_words ON order_search USING gin (words);

-- As iran.Fold writes names: Persian letters for their Arabic kin, Latin digits, no marks, the half-space as a space.
-- +goose StatementBegin
CREATE FUNCTION folded(typed text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN translate(lower(typed),
    U&'\064A\0649\0643\0629\0622\0623\0625\0671\0624\0626\200C\06F0\06F1\06F2\06F3\06F4\06F5\06F6\06F7\06F8\06F9\0660\0661\0662\0663\0664\0665\0666\0667\0668\0669\064B\064C\064D\064E\064F\0650\0651\0652\0653\0654\0655\0670\0640',
    U&'\06CC\06CC\06A9\0647\0627\0627\0627\0627\0648\06CC 01234567890123456789');
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION search_words(code text, name text, mobile text, site text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_to_tsvector(array_remove(
    regexp_split_to_array(folded(name), '\s+') || string_to_array(lower(site), '.')
    || ARRAY[lower(code), lower(site), mobile, substr(mobile, 2), right(mobile, 7), right(mobile, 4)], ''));
-- +goose StatementEnd

INSERT INTO order_search (order_id, words)
SELECT o.id, search_words(o.code, i.name, c.mobile, o.site)
FROM orders o JOIN identity_cases i ON i.id = o.identity_case_id JOIN customers c ON c.id = o.customer_id;

-- The day by which the destination wants to be paid, when the form asks for it: the second clock.
ALTER TABLE orders ADD deadline_on date;
UPDATE orders SET deadline_on = coalesce(answers->>'deadline', answers->>'pay_by')::date
WHERE coalesce(answers->>'deadline', answers->>'pay_by') ~ '^\d{4}-\d\d-\d\d$';

-- The other orders of the open lists.
CREATE INDEX orders_open_amount ON orders (total_rials DESC, id DESC) WHERE state IN ('paid', 'in_progress', 'waiting_customer');
CREATE INDEX orders_open_placed ON orders (placed_at, id) WHERE state IN ('paid', 'in_progress', 'waiting_customer');
CREATE INDEX orders_unproven ON orders (state_since, id) WHERE state = 'awaiting_kyc';

-- Views of the queue that somebody has named: filters, order and columns, as the query of the page's address.
CREATE TABLE queue_views (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member_id bigint NOT NULL REFERENCES staff_members,
    name      text NOT NULL CHECK (name <> '' AND length(name) <= 60),
    query     text NOT NULL CHECK (length(query) <= 1000),
    shared    boolean NOT NULL,
    saved_at  timestamptz NOT NULL,
    CONSTRAINT queue_views_name UNIQUE (member_id, name)
);
CREATE INDEX queue_views_shared ON queue_views (name) WHERE shared;

-- How a member wants the queue to look.
CREATE TABLE queue_looks (
    member_id bigint PRIMARY KEY REFERENCES staff_members,
    hidden    text[] NOT NULL DEFAULT '{}', -- columns
    compact   boolean NOT NULL DEFAULT false
);

-- +goose Down
DROP TABLE queue_looks, queue_views;
DROP INDEX orders_unproven, orders_open_placed, orders_open_amount;
ALTER TABLE orders DROP deadline_on;
DROP TABLE order_search;
DROP FUNCTION search_words, folded;
