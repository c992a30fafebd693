#!/bin/sh
# Checks the pages of the demonstration Atlas with axe-core: scripts/accessibility.sh [BINARY] [FOLDER FOR SCREENSHOTS]
# Needs npm and Chromium (Debian: apt-get install npm chromium). Any violation fails.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
binary=${1:-${CARGO_TARGET_DIR:-$here/../target}/release/vesalius}
pictures=${2:-}
address=${ADDRESS:-127.0.0.1:18947}
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
[ -x "$binary" ] || { echo "$binary is not there: make build" >&2; exit 2; }
[ -n "$browser" ] && command -v npm >/dev/null || { echo "npm or Chromium is not there: sudo apt-get install npm chromium" >&2; exit 2; }
[ -z "$pictures" ] || mkdir -p "$pictures"

(cd "$here/accessibility" && npm ci --silent --no-audit --no-fund)
folder=$(mktemp -d)
VESALIUS_DATA=$folder VESALIUS_LISTEN=$address VESALIUS_BASE=http://$address "$binary" serve --demo >"$folder/log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$folder"' EXIT
tries=0
until curl -fs "http://$address/ready" >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ $tries -lt 600 ] && kill -0 $server || { cat "$folder/log" >&2; exit 2; }
    sleep 0.1
done
node "$here/accessibility/check.mjs" "http://$address" "$browser" ${pictures:+"$pictures"}
