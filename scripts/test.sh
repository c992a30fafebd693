#!/bin/sh
# All tests: with cargo-nextest where it is there, with cargo test otherwise. Says loudly what could not run.
set -eu
cd "$(dirname "$0")/.."

suites=${VESALIUS_SUITES:-../shared/suites}
skipped=
if [ -d "$suites" ]; then
    VESALIUS_SUITES=$(cd "$suites" && pwd)
    export VESALIUS_SUITES
else
    skipped="the standards' own suites (W3C SHACL, RDF, SPARQL, JSON-LD; DCAT-AP …): no folder $suites; set VESALIUS_SUITES to where they lie"
fi

no_peer=
scripts/setup.sh pyshacl || no_peer="the comparison with pySHACL (tests/conformance/peers.rs): it could not be installed"

if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --locked --no-fail-fast --no-tests pass
    cargo test --locked --doc
else
    cargo test --locked --no-fail-fast
fi

if [ -z "$skipped$no_peer" ]; then
    printf '\n=== all tests ran, with the suites in %s\n' "$VESALIUS_SUITES"
fi
for one in "$skipped" "$no_peer"; do
    [ -z "$one" ] || printf '\n=== SKIPPED: %s\n' "$one"
done
