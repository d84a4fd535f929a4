# What there is to do.
_:
    @"{{just_executable()}}" --list --unsorted

# Run the product with sample people and orders, on a Postgres of its own
up *args:
    go run ./cmd/pishkhan up {{args}}

# Run every test, on a Postgres of its own; the browser's where there is Chromium
test *args:
    go test ./... {{args}}

# Run the whole product as people use it, in a real browser
e2e *args:
    PISHKHAN_BROWSER=required go test ./internal/e2e {{args}}

# Measure what must be quick
bench *args:
    go test -run '^$' -bench . -benchmem ./... {{args}}

# Measure the product over HTTP beside plain Postgres, one bench after the other; keeps bench-*.json
measure *args:
    for b in claim queue complete board quote; do go run ./cmd/pishkhan bench $b --out bench-$b.json {{args}} || exit 1; done

# Check format, go vet and staticcheck
lint:
    internal/tools/lint.sh

# Write the generated files anew: queries, pages, style and script
generate:
    internal/tools/generate.sh

# Write only style and script anew
css:
    internal/tools/generate.sh css

# Do what CI does
ci:
    bash .ci/run
