#!/bin/sh
# Checks the tools that a build needs, and those named as arguments (python3, wrk, pyshacl …). Installs missing Debian
# packages when it may (as root, or with sudo that asks for no password); otherwise says what to install.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }

as_root=
may_install() {
    have apt-get || return 1
    [ "$(id -u)" = 0 ] && return 0
    have sudo && sudo -n true 2>/dev/null && as_root="sudo -n"
}

refreshed=
# install PACKAGE… : true when apt-get installed them.
install() {
    may_install || return 1
    say "=== installing with apt-get: $*"
    if [ -z "$refreshed" ]; then
        $as_root apt-get update -qq >&2 || say "=== apt-get update failed; trying with the lists that are there"
        refreshed=yes
    fi
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

# need COMMAND PACKAGE… : the command is there, or its packages are installed, or we stop and say how.
need() {
    tool=$1
    shift
    have "$tool" && return 0
    install "$@" && have "$tool" && return 0
    say "=== MISSING: $tool. On Debian or Ubuntu: sudo apt-get install $*"
    return 1
}

rust_wanted=$(sed -n 's/^rust-version *= *"\(.*\)"/\1/p' Cargo.toml)
rust_is_new_enough() {
    have cargo || return 1
    rust_found=$(cargo --version 2>/dev/null | cut -d' ' -f2 | cut -d- -f1)
    [ -n "$rust_found" ] || return 1
    oldest=$(printf '%s\n%s\n' "$rust_wanted" "$rust_found" | sort -V | head -n 1)
    [ "$oldest" = "$rust_wanted" ] || [ "$oldest" = "$rust_wanted.0" ]
}

# Debian's cargo is often older than we need, its rustup is not.
need_rust() {
    rust_is_new_enough && return 0
    if [ -d "$HOME/.cargo/bin" ]; then
        PATH="$HOME/.cargo/bin:$PATH"
        if rust_is_new_enough; then
            say "=== MISSING: cargo is in \$HOME/.cargo/bin but not in PATH. Do: . \"\$HOME/.cargo/env\""
            return 1
        fi
    fi
    if ! have rustup && install rustup ca-certificates; then
        rustup toolchain install stable --profile default >&2 && rustup default stable >&2 || true
        rust_is_new_enough && return 0
    fi
    say "=== MISSING: cargo $rust_wanted or newer (found: ${rust_found:-none}). Install it with rustup, https://rustup.rs:"
    say "===     curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh      (or, with rustup: rustup update stable)"
    return 1
}

# Not only a compiler but the headers of the C library: the build compiles SQLite, zstd, ring and mimalloc.
need_c() {
    compiler=${CC:-cc}
    compiles() { echo '#include <stdlib.h>' | "$compiler" -x c -fsyntax-only - 2>/dev/null; }
    have "$compiler" && compiles && return 0
    install gcc libc6-dev && compiles && return 0
    say "=== MISSING: a C compiler with the C library's headers. On Debian or Ubuntu: sudo apt-get install gcc libc6-dev"
    return 1
}

# A part of the Rust toolchain that minimal installations leave out.
need_component() {
    case $1 in clippy) tool=cargo-clippy ;; *) tool=$1 ;; esac
    "$tool" --version >/dev/null 2>&1 && return 0
    have rustup && rustup component add "$1" >&2 && return 0
    say "=== MISSING: $1. With rustup: rustup component add $1; on Debian or Ubuntu: sudo apt-get install rust-clippy rustfmt"
    return 1
}

# The validator that ours is compared with, in an environment of its own beside what is built.
pyshacl_version=0.40.1
need_pyshacl() {
    need python3 python3 python3-venv || return 1
    environment=${CARGO_TARGET_DIR:-target}/pyshacl
    has_it() { "$environment/bin/python3" -c "import pyshacl; assert pyshacl.__version__ == '$pyshacl_version'" 2>/dev/null; }
    has_it && return 0
    say "=== installing pySHACL $pyshacl_version in $environment"
    rm -rf "$environment"
    python3 -m venv "$environment" >&2 || { install python3-venv && python3 -m venv "$environment" >&2; } || return 1
    "$environment/bin/python3" -m pip install --quiet --disable-pip-version-check "pyshacl==$pyshacl_version" >&2 && has_it && return 0
    say "=== MISSING: pySHACL $pyshacl_version; it comes from https://pypi.org: $environment/bin/python3 -m pip install pyshacl==$pyshacl_version"
    return 1
}

missing=0
need_rust || missing=1
need_c || missing=1
for wanted in "$@"; do
    case $wanted in
    python3) need python3 python3 python3-venv || missing=1 ;;
    pyshacl) need_pyshacl || missing=1 ;;
    rustfmt | clippy) need_component "$wanted" || missing=1 ;;
    *) need "$wanted" "$wanted" || missing=1 ;;
    esac
done
exit $missing
