-- What Fill runs, one statement after the other. An order's number in the
-- crowd is i; its rows have the ids base + i, and nothing need be looked up.

CREATE TEMP TABLE lives ON COMMIT DROP AS
SELECT t.nr, r.*, o.service_version_id, o.answers, o.site, o.total_rials, o.budget_seconds, o.quote_id AS like_quote, m.name AS member_name
FROM stories s CROSS JOIN LATERAL jsonb_array_elements(s.told) WITH ORDINALITY AS t (told, nr)
CROSS JOIN LATERAL jsonb_to_record(t.told) AS r (
    state int, "like" bigint, member bigint, calendar bigint, placed timestamptz, started timestamptz, claimed timestamptz, since timestamptz,
    held_from timestamptz, held_to timestamptz, running timestamptz, paused timestamptz, stopped timestamptz, used int,
    due timestamptz, first_due timestamptz, purchased timestamptz, events jsonb)
JOIN orders o ON o.id = r."like" JOIN staff_members m ON m.id = r.member;

CREATE TEMP TABLE tales ON COMMIT DROP AS
SELECT l.nr, e.seq, r.* FROM lives l CROSS JOIN LATERAL jsonb_array_elements(l.events) WITH ORDINALITY AS e (told, seq)
CROSS JOIN LATERAL jsonb_to_record(e.told) AS r (at timestamptz, by text, verb text, "from" text, "to" text, detail jsonb);

ANALYZE lives, tales;

CREATE TEMP TABLE people ON COMMIT DROP AS
SELECT i, k.first + place % k.turns AS nr, base.* FROM crowd c
CROSS JOIN LATERAL generate_series(0, c.size - 1) AS i
CROSS JOIN LATERAL (SELECT (i * c.spread % c.size)::int AS place) p
CROSS JOIN LATERAL (SELECT CASE WHEN place < states[1] THEN 0 WHEN place < states[1] + states[2] THEN 1
                                WHEN place < states[1] + states[2] + states[3] THEN 2 ELSE 3 END AS state) s
JOIN (SELECT state, min(nr) AS first, count(*) AS turns FROM lives GROUP BY state) k ON k.state = s.state
CROSS JOIN (
    SELECT (SELECT coalesce(max(id), 0) + 1 FROM orders) AS o, (SELECT coalesce(max(id), 0) + 1 FROM quotes) AS q,
           (SELECT coalesce(max(id), 0) + 1 FROM checkouts) AS k, (SELECT coalesce(max(id), 0) + 1 FROM customers) AS p,
           (SELECT coalesce(max(id), 0) + 1 FROM visitors) AS v, (SELECT coalesce(max(id), 0) + 1 FROM identity_cases) AS c,
           (SELECT coalesce(max(id), 0) + 1 FROM order_clocks) AS t, (SELECT coalesce(max(id), 0) + 1 FROM order_events) AS e,
           (SELECT coalesce(max(id), 0) + 1 FROM claims) AS w, (SELECT coalesce(max(id), 0) + 1 FROM purchases) AS b,
           (SELECT coalesce(max(id), 0) + 1 FROM receipts) AS r
) base;

ANALYZE people;

INSERT INTO visitors (id, token_hash, created_at, last_seen_at) OVERRIDING SYSTEM VALUE
SELECT v + i / 4, sha256(int8send(i)), l.placed, l.placed FROM people JOIN lives l USING (nr) WHERE i % 4 = 0;

INSERT INTO customers (id, mobile, created_at) OVERRIDING SYSTEM VALUE
SELECT p + i / 4, '0999' || lpad((i / 4)::text, 7, '0'), l.placed FROM people JOIN lives l USING (nr) WHERE i % 4 = 0;

INSERT INTO identity_cases (id, customer_id, visitor_id, name, email, lang, national_code_mac, birth_date, submitted_at, verdict, decided_by, decided_at)
OVERRIDING SYSTEM VALUE
SELECT c + i / 4, p + i / 4, v + i / 4, given[1 + i / 4 % 12] || ' ' || family[1 + i / 48 % 12], 'crowd' || i / 4 || '@example.com',
       CASE i / 4 % 9 WHEN 4 THEN 'en' ELSE 'fa' END, sha256(int8send(i)), date '1970-01-01' + i / 4 % 12000, l.placed, 'approved', l.member, l.started
FROM people JOIN lives l USING (nr) CROSS JOIN (SELECT
    ARRAY['سارا', 'رضا', 'آرش', 'لیلا', 'محمد', 'زهرا', 'نیما', 'الهام', 'پویا', 'شیرین', 'حسین', 'نازنین'] AS given,
    ARRAY['احمدی', 'کریمی', 'قاسمی', 'راد', 'اکبری', 'موسوی', 'فرهادی', 'صالحی', 'نادری', 'بهرامی', 'جعفری', 'کاظمی'] AS family) names
WHERE i % 4 = 0;

INSERT INTO checkouts (id, visitor_id, customer_id, identity_case_id, total_rials, lang, placed_at) OVERRIDING SYSTEM VALUE
SELECT k + i, v + i / 4, p + i / 4, c + i / 4, l.total_rials, CASE i / 4 % 9 WHEN 4 THEN 'en' ELSE 'fa' END, l.placed FROM people JOIN lives l USING (nr);

INSERT INTO payment_attempts (id, checkout_id, gateway, amount_rials, mobile, state, state_since, created_at, ref_id, tran_id, rrn, card_mask)
SELECT 9000000000000 + k + i, k + i, 'asanpardakht', l.total_rials, '0999' || lpad((i / 4)::text, 7, '0'), 'settled', l.placed + interval '30 s', l.placed,
       'crowd', 'crowd' || i, lpad(i::text, 12, '0'), '502229xxxx' || lpad((i % 10000)::text, 4, '0')
FROM people JOIN lives l USING (nr);

INSERT INTO quotes (id, service_version_id, amount, currency, rate_id, rate_rials, lines, total_rials, quoted_at, expires_at, tariff_id, inputs)
OVERRIDING SYSTEM VALUE
SELECT q + i, y.service_version_id, y.amount, y.currency, y.rate_id, y.rate_rials, y.lines, y.total_rials, l.placed, l.placed + interval '30 min', y.tariff_id, y.inputs
FROM people JOIN lives l USING (nr) JOIN quotes y ON y.id = l.like_quote;

-- The codes go round all of 30^7 in leaps, too.
INSERT INTO orders (id, code, checkout_id, customer_id, identity_case_id, service_version_id, quote_id, answers, site, total_rials, budget_seconds, lang,
                    state, state_since, placed_at, pay_before, settled_at, verified_at, due_at)
OVERRIDING SYSTEM VALUE
SELECT o + i, d[1 + n % 30] || d[1 + n / 30 % 30] || d[1 + n / 900 % 30] || d[1 + n / 27000 % 30] || d[1 + n / 810000 % 30] || d[1 + n / 24300000 % 30] || d[1 + n / 729000000 % 30],
       k + i, p + i / 4, c + i / 4, l.service_version_id, q + i, l.answers, l.site, l.total_rials, l.budget_seconds, CASE i / 4 % 9 WHEN 4 THEN 'en' ELSE 'fa' END,
       (ARRAY['paid', 'in_progress', 'waiting_customer', 'done'])[1 + l.state], l.since, l.placed, l.placed + interval '30 min', l.placed + interval '30 s', l.started, l.due
FROM people JOIN lives l USING (nr)
CROSS JOIN LATERAL (SELECT ((i + 1) * 13516923641) % 21870000000 AS n) code
CROSS JOIN (SELECT string_to_array('23456789ABCDEFGHJKMNPQRSTVWXYZ', NULL) AS d) alphabet;

INSERT INTO order_viewers (visitor_id, order_id, since) SELECT v + i / 4, o + i, l.placed FROM people JOIN lives l USING (nr);

INSERT INTO order_clocks (id, order_id, calendar_version_id, budget_seconds, started_at, running_since, used_seconds, paused_at, due_at, first_due_at, stopped_at)
OVERRIDING SYSTEM VALUE
SELECT t + i, o + i, l.calendar, l.budget_seconds, l.started, l.running, l.used, l.paused, l.due, l.first_due, l.stopped FROM people JOIN lives l USING (nr);

INSERT INTO clock_holds (clock_id, from_at, to_at)
SELECT t + i, l.held_from, l.held_to FROM people JOIN lives l USING (nr) WHERE l.held_from IS NOT NULL;

INSERT INTO order_events (id, order_id, at, actor_kind, actor_id, actor_name, verb, from_state, to_state, detail) OVERRIDING SYSTEM VALUE
SELECT e + i * 12 + x.seq, o + i, x.at, CASE x.by WHEN 'reviewer' THEN 'staff' ELSE x.by END,
       CASE x.by WHEN 'customer' THEN v + i / 4 WHEN 'system' THEN 0 ELSE l.member END,
       CASE x.by WHEN 'customer' THEN 'customer' WHEN 'system' THEN 'pishkhan' ELSE l.member_name END, x.verb, x."from", x."to", coalesce(x.detail, '{}')
FROM people JOIN lives l USING (nr) JOIN tales x USING (nr);

INSERT INTO claims (id, order_id, member_id, member_name, claimed_at, touched_at, ended_at, ended_how) OVERRIDING SYSTEM VALUE
SELECT w + i, o + i, l.member, l.member_name, l.claimed, l.claimed, l.stopped, CASE WHEN l.stopped IS NOT NULL THEN 'completed' END
FROM people JOIN lives l USING (nr) WHERE l.claimed IS NOT NULL;

INSERT INTO purchases (id, order_id, claim_id, member_id, started_at, outcome, outcome_at, charged_amount, charged_currency, reference)
OVERRIDING SYSTEM VALUE
SELECT b + i, o + i, w + i, l.member, l.purchased, 'paid', l.stopped, 50, 'USD', 'CROWD-' || i
FROM people JOIN lives l USING (nr) WHERE l.purchased IS NOT NULL;

INSERT INTO receipts (id, order_id, name, mime, size_bytes, blob_key, added_by, added_at) OVERRIDING SYSTEM VALUE
SELECT r + i, o + i, 'receipt.pdf', 'application/pdf', 599, 'crowd', l.member, l.stopped FROM people JOIN lives l USING (nr) WHERE l.stopped IS NOT NULL;

INSERT INTO contact_calls (order_id, member_id, member_name, at, outcome, note, next_at)
SELECT o + i, l.member, l.member_name, l.claimed, 'no_answer', '', l.claimed + interval '1 hour' FROM people JOIN lives l USING (nr) WHERE i % 5 = 0 AND l.claimed IS NOT NULL;

INSERT INTO contact_tasks (order_id, why, opened_at, due_at, agreed, closed_at, closed_by)
SELECT o + i, 'agreed', l.claimed, l.claimed + interval '1 hour', true, l.stopped, CASE WHEN l.stopped IS NOT NULL THEN l.member END
FROM people JOIN lives l USING (nr) WHERE i % 5 = 0 AND l.claimed IS NOT NULL;

INSERT INTO messages (business_key, order_id, kind, channel, recipient, lang, detail, receipt_id, state, queued_at, sent_at, tries, provider, body)
SELECT 'order:' || o + i || ':done:' || ch, o + i, 'order_done', ch, CASE ch WHEN 'sms' THEN '0999' || lpad((i / 4)::text, 7, '0') ELSE 'crowd' || i / 4 || '@example.com' END,
       'fa', '{}', CASE ch WHEN 'email' THEN r + i END, 'sent', l.stopped, l.stopped, 1, 'outbox', '-'
FROM people JOIN lives l USING (nr) CROSS JOIN (VALUES ('sms'), ('email')) AS channels (ch) WHERE l.stopped IS NOT NULL;

SELECT setval(pg_get_serial_sequence(x, 'id'), (xpath('/row/m/text()', query_to_xml(format('SELECT coalesce(max(id), 1) AS m FROM %I', x), false, true, '')))[1]::text::bigint)
FROM unnest(ARRAY['visitors', 'customers', 'identity_cases', 'checkouts', 'quotes', 'orders', 'order_clocks', 'order_events', 'claims', 'purchases', 'receipts']) AS x
