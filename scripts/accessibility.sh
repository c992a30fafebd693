#!/bin/sh
# Checks the pages of the demonstration Atlas, signed out and in, with axe-core and by keyboard: scripts/accessibility.sh [BINARY] [FOLDER FOR SCREENSHOTS]
# Needs npm and Chromium (Debian: apt-get install npm chromium). Any violation fails.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
binary=${1:-${CARGO_TARGET_DIR:-$here/../target}/release/vesalius}
pictures=${2:-}
address=${ADDRESS:-127.0.0.1:18947}
issuer=http://${PROVIDER:-127.0.0.1:18948}
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
[ -x "$binary" ] || { echo "$binary is not there: make build" >&2; exit 2; }
[ -n "$browser" ] && command -v npm >/dev/null || { echo "npm or Chromium is not there: sudo apt-get install npm chromium" >&2; exit 2; }
[ -z "$pictures" ] || mkdir -p "$pictures"

[ -d "$here/accessibility/node_modules" ] || (cd "$here/accessibility" && npm ci --silent --no-audit --no-fund)
folder=$(mktemp -d)
cat >"$folder/settings.toml" <<END
[outbound]
allow_private = ["127.0.0.0/8"]
[sign_in.providers.desk]
title = "The desk"
issuer = "$issuer"
client_id = "atlas"
scopes = ["openid", "profile", "email"]
[[sign_in.rules]]
role = "operator"
catalogues = ["*"]
providers = ["desk"]
subject = "anatomist"
END
export VESALIUS_CONFIG="$folder/settings.toml"
token=$(VESALIUS_DATA=$folder VESALIUS_LISTEN=$address VESALIUS_BASE=http://$address "$binary" token new --role steward)
VESALIUS_DATA=$folder VESALIUS_LISTEN=$address VESALIUS_BASE=http://$address "$binary" serve --demo >"$folder/log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$folder"' EXIT
tries=0
until curl -fs "http://$address/ready" >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ $tries -lt 600 ] && kill -0 $server || { cat "$folder/log" >&2; exit 2; }
    sleep 0.1
done
TOKEN=$token ISSUER=$issuer node "$here/accessibility/check.mjs" "http://$address" "$browser" ${pictures:+"$pictures"}
