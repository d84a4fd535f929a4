-- +goose Up

-- While an endpoint fails it is tried by one delivery at a time, so that it
-- does not keep those of other clients waiting: who tries it now has the turn
-- until then. NULL: nobody.
ALTER TABLE webhook_endpoints ADD COLUMN turn_until timestamptz;

-- +goose Down
ALTER TABLE webhook_endpoints DROP COLUMN turn_until;
