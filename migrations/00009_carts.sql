-- +goose Up

CREATE TABLE cart_lines (
    id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    visitor_id         bigint NOT NULL REFERENCES visitors,
    service_version_id bigint NOT NULL REFERENCES service_versions,
    answers            jsonb NOT NULL, -- without the sealed ones
    site               text NOT NULL,  -- host of the payment page
    credential_id      bigint REFERENCES credentials,
    quote_id           bigint NOT NULL REFERENCES quotes,
    form_key           text,           -- which filling of the form this is: sent twice, it is one line
    added_at           timestamptz NOT NULL,
    removed_at         timestamptz, -- by the customer, or because it became an order
    CONSTRAINT cart_lines_credential UNIQUE (credential_id)
);
CREATE UNIQUE INDEX cart_lines_form ON cart_lines (visitor_id, form_key) WHERE removed_at IS NULL;
CREATE INDEX cart_lines_live ON cart_lines (visitor_id, id) WHERE removed_at IS NULL;

-- +goose Down
DROP TABLE cart_lines;
