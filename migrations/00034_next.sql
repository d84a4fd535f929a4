-- +goose Up
-- Next among the services that somebody works on: the earliest due of each,
-- however long the queue of the others is.
CREATE INDEX orders_queue_service ON orders (service_version_id, due_at, id) WHERE state = 'paid';

-- +goose Down
DROP INDEX orders_queue_service;
