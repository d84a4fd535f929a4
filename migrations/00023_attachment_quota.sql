-- +goose Up

-- Browsers are free, addresses less so: what came from one is counted as well.
ALTER TABLE attachments
    ADD ip text; -- an IPv4 address or an IPv6 /64; NULL: from a client of the API
CREATE INDEX attachments_ip ON attachments (ip, added_at) WHERE ip IS NOT NULL;

-- +goose Down

DROP INDEX attachments_ip;
ALTER TABLE attachments DROP ip;
