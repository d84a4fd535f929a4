#!/usr/bin/env bash
# Writes what tools write, from what people write: generate.sh [sqlc|templ|css]..., all three by default.
# The results are committed, so that Go alone builds the product; the same inputs give the same bytes.
set -euo pipefail
cd "$(dirname "$0")/../.."

tool() { go tool -modfile=internal/tools/go.mod "$@"; }

# What is left of a query file or a page that is gone goes too: the tools do not remove it.
sweep() { # OUTPUT SOURCE
  [ ! -e "$1" ] || [ -e "$2" ] || rm "$1"
}

# Without C: sqlc's parser of Postgres takes many minutes to compile as C, and says the same as WebAssembly.
generate_sqlc() {
  CGO_ENABLED=0 tool sqlc generate
  local file
  for file in internal/*/internal/sqlq/*.sql.go; do
    sweep "$file" "${file%/internal/sqlq/*}/$(basename "$file" .go)"
  done
}

# From here and for all pages at once: templ writes their paths, as seen from here, into what it generates.
generate_templ() {
  tool templ generate -path views -log-level warn
  local file
  for file in views/*/*_templ.go; do
    sweep "$file" "${file%_templ.go}.templ"
  done
}

# `npm ci` refuses where a registry lacks the native packages of other platforms, which an install that saves would write down differently each time.
generate_css() (
  cd static/src
  npm install --no-save --no-audit --no-fund --loglevel=error
  npm run --silent build
)

[ $# -gt 0 ] || set -- sqlc templ css
for part in "$@"; do
  case $part in
    sqlc | templ | css) echo "generate $part" && "generate_$part" ;;
    *) echo "usage: $0 [sqlc|templ|css]..." >&2 && exit 2 ;;
  esac
done
