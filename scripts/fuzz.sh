#!/bin/sh
# Fuzzes the doors: fuzz.sh SECONDS [TARGET…]. Builds the targets of fuzz/ on stable Rust, with the coverage counters that
# libFuzzer wants but without a sanitizer (our code has no `unsafe`), and runs each for that long. Seeds are our records, our
# shapes and the standards' suites; what was learnt is kept beside what is built. A crash ends the run and says where it lies.
set -eu
cd "$(dirname "$0")/.."

seconds=${1:?say for how many seconds each target runs}
shift
targets=${*:-parsers shapes validate}
suites=${VESALIUS_SUITES:-../shared/suites}
built=$(mkdir -p "${CARGO_TARGET_DIR:-target}/fuzz" && cd "${CARGO_TARGET_DIR:-target}/fuzz" && pwd)
host=$(rustc -vV | sed -n 's/^host: //p')

# With --target, build scripts and macros stay without counters.
RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
-Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Clink-dead-code --cfg fuzzing" \
    cargo build --release --locked --manifest-path fuzz/Cargo.toml --target "$host" --target-dir "$built"

# name EXTENSION : the number of the format that the first byte of an input to `parsers` chooses.
number() {
    case $1 in
    ttl) printf '\000' ;; jsonld) printf '\001' ;; rdf) printf '\002' ;;
    nt) printf '\003' ;; nq) printf '\004' ;; trig) printf '\005' ;; n3) printf '\006' ;;
    esac
}

# seeds TARGET FOLDER : one file for each seed.
seeds() {
    case $1 in
    parsers) set -- "$1" "$2" tests/data demo "$suites/w3c-rdf-tests" "$suites/w3c-json-ld-api" ;;
    *) set -- "$1" "$2" "$suites/w3c-shacl-tests" "$suites/eucaim-fdp-shapes" shapes ;;
    esac
    target=$1 folder=$2
    shift 2
    for source; do
        [ -d "$source" ] || continue
        find "$source" -type f -size -16k | while read -r file; do
            seed="$folder/$(cksum <"$file" | cut -d' ' -f1)"
            case $target.${file##*.} in
            parsers.*) { number "${file##*.}" && cat "$file"; } >"$seed" ;;
            shapes.ttl) cp "$file" "$seed" ;;
            validate.ttl) { cat "$file" && printf '\n---\n' && cat "$file"; } >"$seed" ;;
            esac
        done
    done
}

sed -n 's/.*"http:\/\/www.w3.org\/ns\/shacl#\([A-Za-z]*\)".*/"sh:\1"/p' src/rdf/vocabulary/sh.rs >"$built/shacl.dict"
for target in $targets; do
    corpus=$built/corpus/$target
    if [ ! -d "$corpus" ]; then
        mkdir -p "$corpus"
        seeds "$target" "$corpus"
    fi
    mkdir -p "$built/found/$target"
    printf '=== %s: %s s, %s seeds\n' "$target" "$seconds" "$(find "$corpus" -type f | wc -l)"
    "$built/$host/release/$target" "$corpus" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=16384 \
        -dict="$built/shacl.dict" -artifact_prefix="$built/found/$target/" -print_final_stats=1
done
