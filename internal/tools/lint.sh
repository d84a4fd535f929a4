#!/usr/bin/env bash
# Reads all code for what a machine can find wrong: format, go vet, staticcheck. Changes nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."

unformatted=$(git ls-files '*.go' | grep -vE '_templ\.go$|/sqlq/' | xargs gofmt -l)
if [ -n "$unformatted" ]; then
  printf 'gofmt -w these:\n%s\n' "$unformatted"
  exit 1
fi

go vet ./...

# Not ST1018: Persian is written with the zero-width non-joiner. Not ST1005: an error may begin with a name, as of Postgres.
go tool -modfile=internal/tools/go.mod staticcheck -checks inherit,-ST1005,-ST1018 ./...
