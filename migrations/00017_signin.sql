-- +goose Up

-- Files that customers hand in with a form or as an identity document; the
-- file itself is sealed in the blob store.
CREATE TABLE attachments (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    visitor_id bigint REFERENCES visitors,
    client_id  bigint, -- of the API: whose key it came with
    name       text NOT NULL CHECK (name <> ''),
    mime       text NOT NULL,
    size_bytes bigint NOT NULL CHECK (size_bytes > 0),
    blob_key   text NOT NULL,
    added_at   timestamptz NOT NULL,
    CHECK (num_nonnulls(visitor_id, client_id) = 1)
);
CREATE INDEX attachments_visitor ON attachments (visitor_id, added_at) WHERE visitor_id IS NOT NULL;
CREATE INDEX attachments_client ON attachments (client_id, added_at) WHERE client_id IS NOT NULL;

-- A browser in which a customer's account is open, until it is signed out.
ALTER TABLE visitors
    ADD customer_id  bigint REFERENCES customers,
    ADD signed_in_at timestamptz,
    ADD ended_at     timestamptz, -- signed out: its token opens nothing any more
    ADD CONSTRAINT visitors_signed_in CHECK ((customer_id IS NULL) = (signed_in_at IS NULL));

-- One code by SMS, good for one sign-in of the browser that asked for it.
CREATE TABLE signin_codes (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    visitor_id   bigint NOT NULL REFERENCES visitors,
    mobile       text NOT NULL CHECK (mobile ~ '^09[0-9]{9}$'),
    ip           text NOT NULL,
    code_mac     bytea, -- by which the typed code is checked; NULL only while the row is being written
    code_sealed  bytea, -- for the SMS; NULL once used or over
    requested_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    wrong_tries  int NOT NULL DEFAULT 0 CHECK (wrong_tries BETWEEN 0 AND 5),
    used_at      timestamptz
);
CREATE INDEX signin_codes_visitor ON signin_codes (visitor_id, id);
CREATE INDEX signin_codes_mobile ON signin_codes (mobile, requested_at);
CREATE INDEX signin_codes_ip ON signin_codes (ip, requested_at);
CREATE INDEX signin_codes_sealed ON signin_codes (expires_at) WHERE code_sealed IS NOT NULL;

-- Some services ask for more than details: for a picture of a document.
ALTER TABLE identity_cases
    ADD level       text NOT NULL DEFAULT 'basic' CHECK (level IN ('basic', 'document')),
    ADD document_id bigint REFERENCES attachments,
    ADD CONSTRAINT identity_cases_document CHECK ((level = 'document') = (document_id IS NOT NULL));

-- A sign-in code is about no order.
ALTER TABLE messages ALTER order_id DROP NOT NULL;

-- +goose Down
DELETE FROM messages WHERE order_id IS NULL;
ALTER TABLE messages ALTER order_id SET NOT NULL;
ALTER TABLE identity_cases DROP level, DROP document_id;
DROP TABLE signin_codes;
ALTER TABLE visitors DROP customer_id, DROP signed_in_at, DROP ended_at;
DROP TABLE attachments;
