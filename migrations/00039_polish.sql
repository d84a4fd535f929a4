-- +goose Up

-- Above the limit, who says where a refund goes does not approve it either: else one person could send another's refund to themselves.
-- What was approved before stays as it was.
ALTER TABLE refunds ADD COLUMN destination_by bigint REFERENCES staff_members; -- who set the account last
UPDATE refunds r SET destination_by = coalesce(
    (SELECT a.actor_id FROM audit_entries a
     WHERE a.subject = 'refund:' || r.id AND a.verb = 'refund.destination' ORDER BY a.id DESC LIMIT 1), r.asked_by)
WHERE destination_no > 0 AND approved_by IS NULL;
ALTER TABLE refunds ADD CONSTRAINT refunds_two_people_account
    CHECK (approved_by IS NULL OR order_rials <= limit_rials OR approved_by IS DISTINCT FROM destination_by);

-- With which token of the member a deed was done; NULL: by the member themselves.
ALTER TABLE audit_entries ADD COLUMN token_id bigint, ADD COLUMN token_name text NOT NULL DEFAULT '',
    ADD CONSTRAINT audit_entries_token CHECK (token_id IS NOT NULL OR token_name = '');

-- What is of no use any more is cleared, oldest first.
CREATE INDEX order_links_expiring ON order_links (expires_at);
CREATE INDEX order_drafts_saved ON order_drafts (saved_at);
CREATE INDEX alerts_seen_seen ON alerts_seen (seen_at);

-- +goose Down
DROP INDEX alerts_seen_seen, order_drafts_saved, order_links_expiring;
ALTER TABLE audit_entries DROP COLUMN token_name, DROP COLUMN token_id;
ALTER TABLE refunds DROP COLUMN destination_by;
