-- +goose Up

-- Staff hand files in as well.
ALTER TABLE attachments
    ADD member_id bigint REFERENCES staff_members,
    DROP CONSTRAINT attachments_check,
    ADD CONSTRAINT attachments_owner CHECK (num_nonnulls(visitor_id, client_id, member_id) = 1);
CREATE INDEX attachments_member ON attachments (member_id, added_at) WHERE member_id IS NOT NULL;

-- The files that lie with an order besides its form: what staff put there for each other, and what its
-- customer sent with an answer. One that is taken away stays on record.
CREATE TABLE order_files (
    attachment_id bigint PRIMARY KEY REFERENCES attachments,
    order_id      bigint NOT NULL REFERENCES orders,
    member_id     bigint REFERENCES staff_members, -- who put it there; NULL: the customer
    member_name   text NOT NULL DEFAULT '',
    place         int NOT NULL CHECK (place BETWEEN 1 AND 20), -- of at most twenty of the desk's, and twenty of the customer's
    at            timestamptz NOT NULL,
    removed_at    timestamptz,
    removed_by    bigint REFERENCES staff_members,
    removed_why   text NOT NULL DEFAULT '',
    CHECK ((removed_at IS NULL) = (removed_by IS NULL)),
    CHECK ((member_id IS NULL) = (member_name = '')),
    -- Nobody takes away what others put there without saying why.
    CHECK (removed_at IS NULL OR removed_by IS NOT DISTINCT FROM member_id OR removed_why <> '')
);
CREATE UNIQUE INDEX order_files_place ON order_files (order_id, (member_id IS NULL), place) WHERE removed_at IS NULL;

-- +goose Down

DROP TABLE order_files;
DELETE FROM attachments WHERE member_id IS NOT NULL;
ALTER TABLE attachments
    DROP CONSTRAINT attachments_owner,
    DROP member_id,
    ADD CONSTRAINT attachments_check CHECK (num_nonnulls(visitor_id, client_id) = 1);
