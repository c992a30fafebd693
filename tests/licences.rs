//! Keeps what `deny.toml` promises: every dependency's licence, name and origin is one that we accept.

#![cfg(test)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

#[test]
fn every_licence_is_one_we_accept() {
    let allowed = Allowed(strings(&deny()["licenses"]["allow"]));
    let refused: Vec<_> = packages()
        .iter()
        .filter(|package| !allowed.accepts(package["license"].as_str().unwrap_or_default()))
        .map(|package| {
            format!(
                "{} {}: {}",
                package["name"], package["version"], package["license"]
            )
        })
        .collect();
    assert!(refused.is_empty(), "\n{}", refused.join("\n"));
}

#[test]
fn no_banned_crate_is_in_the_build() {
    let deny = deny();
    let banned: BTreeSet<_> = deny["bans"]["deny"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["crate"].as_str().unwrap().to_owned())
        .collect();
    assert!(banned.contains("openssl"), "the list of bans was not read");
    let found: Vec<_> = packages()
        .iter()
        .map(|package| package["name"].as_str().unwrap().to_owned())
        .filter(|name| banned.contains(name))
        .collect();
    assert!(found.is_empty(), "banned crates in Cargo.lock: {found:?}");
}

#[test]
fn everything_comes_from_an_accepted_registry() {
    let registries = strings(&deny()["sources"]["allow-registry"]);
    let foreign: Vec<_> = packages()
        .iter()
        .filter_map(|package| package["source"].as_str().map(str::to_owned))
        .filter(|source| {
            let registry = source.strip_prefix("registry+");
            registry.is_none_or(|registry| !registries.contains(registry))
        })
        .collect();
    assert!(foreign.is_empty(), "{foreign:?}");
}

#[test]
fn an_expression_is_met_by_its_parts() {
    let allowed = Allowed(["MIT", "ISC", "Apache-2.0"].map(str::to_owned).into());
    for met in [
        "MIT",
        "MIT/GPL-3.0",
        "GPL-3.0 OR MIT",
        "(GPL-3.0 OR ISC) AND MIT",
        "MIT OR ISC AND GPL-3.0",
    ] {
        assert!(allowed.accepts(met), "{met}");
    }
    for unmet in [
        "",
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "(MIT OR ISC) AND GPL-3.0",
        "Apache-2.0 WITH LLVM-exception",
    ] {
        assert!(!allowed.accepts(unmet), "{unmet}");
    }
}

struct Allowed(BTreeSet<String>);

impl Allowed {
    /// Whether an SPDX expression can be met: `AND` binds stronger than `OR`, and `/` is an old `OR`.
    fn accepts(&self, expression: &str) -> bool {
        let spaced = expression
            .replace('(', " ( ")
            .replace(')', " ) ")
            .replace('/', " OR ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let mut rest = words.as_slice();
        !words.is_empty() && self.any(&mut rest) && rest.is_empty()
    }

    fn any(&self, words: &mut &[&str]) -> bool {
        let mut met = self.all(words);
        while take(words, "OR") {
            met |= self.all(words);
        }
        met
    }

    fn all(&self, words: &mut &[&str]) -> bool {
        let mut met = self.one(words);
        while take(words, "AND") {
            met &= self.one(words);
        }
        met
    }

    fn one(&self, words: &mut &[&str]) -> bool {
        if take(words, "(") {
            let met = self.any(words);
            return take(words, ")") && met;
        }
        let Some((name, rest)) = words.split_first() else {
            return false;
        };
        *words = rest;
        let mut licence = (*name).to_owned();
        if take(words, "WITH")
            && let Some((exception, rest)) = words.split_first()
        {
            *words = rest;
            licence = format!("{licence} WITH {exception}");
        }
        self.0.contains(&licence)
    }
}

fn take(words: &mut &[&str], wanted: &str) -> bool {
    let found = words.first() == Some(&wanted);
    if found {
        *words = &words[1..];
    }
    found
}

/// Every package of Cargo.lock, ours among them.
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo answers in JSON");
    let packages = metadata["packages"]
        .as_array()
        .expect("a list of packages")
        .clone();
    assert!(
        packages.len() > 100,
        "cargo knows only {} packages",
        packages.len()
    );
    packages
}

fn deny() -> toml::Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml");
    std::fs::read_to_string(path).unwrap().parse().unwrap()
}

fn strings(list: &toml::Value) -> BTreeSet<String> {
    let texts = list.as_array().expect("a list").iter();
    texts
        .map(|text| text.as_str().expect("a text").to_owned())
        .collect()
}
