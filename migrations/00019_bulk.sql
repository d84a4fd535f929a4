-- +goose Up

-- A file with many orders of one service. What was typed in it is sealed, with keys of its own, until it is in the basket.
CREATE TABLE bulk_uploads (
    id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    visitor_id         bigint NOT NULL REFERENCES visitors,
    customer_id        bigint REFERENCES customers, -- whose account was open
    service_version_id bigint NOT NULL REFERENCES service_versions,
    file_name          text NOT NULL,
    state              text NOT NULL CHECK (state IN ('refused', 'checked', 'adding', 'added', 'failed')),
    total              int NOT NULL CHECK (total >= 0), -- lines of the file
    done               int NOT NULL DEFAULT 0 CHECK (done BETWEEN 0 AND total), -- those in the basket
    sealed             bytea,                       -- the lines as typed
    findings           jsonb NOT NULL DEFAULT '[]', -- what is wrong with a refused file, odd in another; no values
    failure            jsonb,                       -- in words, why the adding ended: {"fa": …, "en": …}
    uploaded_at        timestamptz NOT NULL,
    ended_at           timestamptz,
    CHECK ((sealed IS NOT NULL) = (state IN ('checked', 'adding'))),
    CHECK ((ended_at IS NULL) = (state IN ('checked', 'adding'))),
    CHECK ((failure IS NOT NULL) = (state = 'failed'))
);
CREATE INDEX bulk_uploads_visitor ON bulk_uploads (visitor_id, id);
CREATE INDEX bulk_uploads_customer ON bulk_uploads (customer_id, id) WHERE customer_id IS NOT NULL;

ALTER TABLE cart_lines
    ADD customer_id bigint REFERENCES customers, -- in whose basket it is, whatever the browser; NULL: in the browser's own
    ADD upload_id   bigint REFERENCES bulk_uploads;
CREATE INDEX cart_lines_customer ON cart_lines (customer_id, id) WHERE removed_at IS NULL AND customer_id IS NOT NULL;
CREATE INDEX cart_lines_upload ON cart_lines (upload_id) WHERE upload_id IS NOT NULL;

-- The discount code that a basket is to be paid with.
CREATE TABLE cart_codes (
    visitor_id  bigint REFERENCES visitors,
    customer_id bigint REFERENCES customers,
    code        text NOT NULL,
    set_at      timestamptz NOT NULL,
    CHECK (num_nonnulls(visitor_id, customer_id) = 1),
    CONSTRAINT cart_codes_visitor UNIQUE (visitor_id),
    CONSTRAINT cart_codes_customer UNIQUE (customer_id)
);

-- +goose Down
DROP TABLE cart_codes;
ALTER TABLE cart_lines DROP customer_id, DROP upload_id;
DROP TABLE bulk_uploads;
