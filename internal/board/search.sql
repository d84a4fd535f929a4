-- name: FindOrders :many
-- Names are compared as iran.Fold writes them: Persian letters for their
-- Arabic kin, no marks, the half-space as a space.
SELECT o.id FROM orders o
JOIN identity_cases i ON i.id = o.identity_case_id
JOIN customers c ON c.id = o.customer_id
WHERE (@mobile::text <> '' AND c.mobile = @mobile)
   OR (@site::text <> '' AND o.site LIKE '%' || @site || '%')
   OR (@name::text <> '' AND translate(lower(i.name), U&'\064A\0649\0643\0629\0622\0623\0625\0671\0624\0626\200C\064B\064C\064D\064E\064F\0650\0651\0652\0653\0654\0655\0670\0640',
                                                      U&'\06CC\06CC\06A9\0647\0627\0627\0627\0627\0648\06CC ') LIKE '%' || @name || '%')
ORDER BY o.id DESC LIMIT @most;
