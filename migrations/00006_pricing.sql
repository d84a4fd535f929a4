-- +goose Up

-- What the company sells one unit of a currency for. The newest row counts.
CREATE TABLE exchange_rates (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    currency   text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    sell_rials bigint NOT NULL CHECK (sell_rials > 0 AND sell_rials % 10 = 0),
    set_at     timestamptz NOT NULL,
    set_by     bigint REFERENCES staff_members -- NULL: the sample rates of a demo
);
CREATE INDEX exchange_rates_newest ON exchange_rates (currency, id DESC);

-- A frozen price, with everything that made it.
CREATE TABLE quotes (
    id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    service_version_id bigint NOT NULL REFERENCES service_versions,
    amount             numeric(18, 4) NOT NULL CHECK (amount > 0),
    currency           text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    rate_id            bigint NOT NULL REFERENCES exchange_rates,
    rate_rials         bigint NOT NULL CHECK (rate_rials > 0),
    lines              jsonb NOT NULL, -- [{"kind": "currency", "rials": 1}, …]; they add up to the total
    total_rials        bigint NOT NULL CHECK (total_rials > 0 AND total_rials % 10 = 0),
    quoted_at          timestamptz NOT NULL,
    expires_at         timestamptz NOT NULL CHECK (expires_at > quoted_at)
);
CREATE TRIGGER quotes_append_only BEFORE UPDATE OR DELETE ON quotes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER quotes_keep BEFORE TRUNCATE ON quotes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE quotes, exchange_rates;
